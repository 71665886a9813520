using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Zinneke.Kernel;

/// <summary>
/// What a person had filled in when a page refused to take it, because they were not signed in or not known well enough (K16). It goes back to them in the answer and lies
/// nowhere else; the page of the refusal finds it among the features of the request.
/// </summary>
/// <param name="Fields">Names and values as they were sent; files are not kept.</param>
/// <param name="MayHaveFiles">The form could carry files.</param>
public sealed record UnsentForm(IReadOnlyList<(string Name, string Value)> Fields, bool MayHaveFiles)
{
    private const int LettersMax = 256 * 1024;

    /// <summary>No part is taken for a photo or a file: what is sent of them runs through and is dropped.</summary>
    private static readonly UploadLimits FieldsOnly = UploadLimits.Default with { PhotoField = "", PhotosMax = 1 };

    /// <summary>Keeps the form of a page that is refused at the door, when its person can do something about it.</summary>
    internal static async Task KeepAsync(HttpContext http, Refusal refusal)
    {
        if (IsKept(http, refusal) && await ReadAsync(http) is { } unsent)
        {
            http.Features.Set(unsent);
        }
    }

    /// <summary>The same for a form that its use case has read and then refused.</summary>
    internal static void KeepRead(HttpContext http, Refusal refusal)
    {
        if (!IsKept(http, refusal) || http.Features.Get<UnsentForm>() is not null)
        {
            return;
        }
        IEnumerable<KeyValuePair<string, StringValues>>? fields = http.Features.Get<IFormFeature>()?.Form is { } form ? form : http.Features.Get<UploadForm>()?.Fields;
        if (fields is not null && Of(http, fields) is { } unsent)
        {
            http.Features.Set(unsent);
        }
    }

    private static bool IsKept(HttpContext http, Refusal refusal) => http.IsPage() && HttpMethods.IsPost(http.Request.Method) && Remedy.Of(refusal) is not null;

    /// <summary>Reads the form of a request that will not be carried out.</summary>
    /// <returns>Null for what is no form, or too big to be kept.</returns>
    public static async Task<UnsentForm?> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
        {
            return null;
        }
        var read = await UploadForm.ReadAsync(http.Request, http.RequestServices.GetRequiredService<FileStore>(), FieldsOnly);
        if (!read.Is(out var form, out _))
        {
            return null;
        }
        await using (form)
        {
            return Of(http, form.Fields);
        }
    }

    private static UnsentForm? Of(HttpContext http, IEnumerable<KeyValuePair<string, StringValues>> sent)
    {
        List<(string Name, string Value)> fields = [.. sent.SelectMany(field => Values(field.Value).Select(value => (field.Key, value)))];
        return fields.Sum(field => field.Name.Length + field.Value.Length) <= LettersMax
            ? new UnsentForm(fields, http.Request.ContentType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
            : null;
    }

    private static IEnumerable<string> Values(StringValues values) => values.Select(value => value ?? "");
}
