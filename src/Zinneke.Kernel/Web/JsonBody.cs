using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>Reads what a caller of the API sent, with the refusals that every module gives.</summary>
public static class JsonBody
{
    /// <returns>400 <c>notParseable</c> of the area, 422 <c>kernel.wrongValue</c> with the path of a value of the wrong kind; 415 when it is no JSON at all.</returns>
    public static async Task<Outcome<T>> ReadAsync<T>(HttpContext http, string area)
        where T : class
    {
        try
        {
            return await http.Request.ReadFromJsonAsync<T>(Json.Options, http.RequestAborted) is { } sent ? sent : new Refusal(RefusalKind.NotParseable, $"{area}.notParseable");
        }
        catch (JsonException malformed)
        {
            return RefusalOf(malformed, area);
        }
        catch (InvalidOperationException)
        {
            return new Refusal(RefusalKind.WrongType, "kernel.wrongType");
        }
    }

    /// <summary>The same for the JSON in a part of a form.</summary>
    /// <param name="part">Name of the part.</param>
    public static Outcome<T> Read<T>(string json, string area, string part)
        where T : class
    {
        var unreadable = new Refusal(RefusalKind.NotParseable, $"{area}.notParseable", part);
        try
        {
            return JsonSerializer.Deserialize<T>(json, Json.Options) is { } sent ? sent : unreadable;
        }
        catch (JsonException malformed)
        {
            return RefusalOf(malformed, area) is { Kind: RefusalKind.Invalid } wrong ? wrong : unreadable;
        }
    }

    /// <summary>JSON that breaks off or is none has another exception of the reader within; a value that does not fit its field has not.</summary>
    private static Refusal RefusalOf(JsonException malformed, string area)
    {
        var field = malformed.Path?.TrimStart('$', '.');
        return malformed.InnerException is JsonException || string.IsNullOrEmpty(field) ? new Refusal(RefusalKind.NotParseable, $"{area}.notParseable", field) : Refusal.Invalid("kernel.wrongValue", field);
    }
}
