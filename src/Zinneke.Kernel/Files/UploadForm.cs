using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Zinneke.Kernel;

/// <summary>What a form with photos may be.</summary>
public sealed record UploadLimits
{
    public static UploadLimits Default { get; } = new();

    public PhotoLimits Photo { get; init; } = PhotoLimits.Default;

    /// <summary>Name of the parts that are photos, whether they give a file name or not.</summary>
    public string PhotoField { get; init; } = "photo";

    public int PhotosMax { get; init; } = 4;

    /// <summary>Fields and photos together.</summary>
    public int PartsMax { get; init; } = 200;

    /// <summary>Bytes of one field's value; large enough for a JSON part.</summary>
    public int FieldBytesMax { get; init; } = 64 * 1024;

    /// <summary>Name of the part that is any other file, taken as it is; null when there is none.</summary>
    public string? FileField { get; init; }

    /// <summary>Bytes of that file.</summary>
    public long FileBytesMax { get; init; }

    /// <summary>Bytes of the whole body.</summary>
    public long BodyBytesMax => (PhotosMax * Photo.BytesMax) + FileBytesMax + (16L * FieldBytesMax);
}

/// <summary>A file as it was sent, beside the stored files until it is kept.</summary>
/// <param name="Name">As the sender's computer calls it, without folders; never a path here.</param>
public sealed record SentFile(string Name, IncomingFile Content);

/// <summary>
/// A form as it was sent, multipart or urlencoded, read while it streams in. Photos go through the stripper straight into the file store; nothing of them is ever held
/// elsewhere. Dispose it: photos that were not kept are deleted then.
/// </summary>
public sealed class UploadForm : IAsyncDisposable
{
    private readonly Dictionary<string, StringValues> fields = new(StringComparer.Ordinal);
    private readonly List<IncomingPhoto> photos = [];
    private readonly List<Refusal> refusals = [];

    private UploadForm()
    {
    }

    public IReadOnlyDictionary<string, StringValues> Fields => fields;

    /// <summary>The first value of a field; empty when it was not sent.</summary>
    public string this[string field] => fields.TryGetValue(field, out var values) ? values[0] ?? "" : "";

    /// <summary>The photos that can be taken, in the order in which they were sent.</summary>
    public IReadOnlyList<IncomingPhoto> Photos => photos;

    /// <summary>The file of <see cref="UploadLimits.FileField"/>; null when none was sent.</summary>
    public SentFile? File { get; private set; }

    /// <summary>Why other photos cannot be taken, so that a page can show the form again as it was filled. The field is <c>photo[n]</c>, counted from 0.</summary>
    public IReadOnlyList<Refusal> Refusals => refusals;

    /// <summary>Reads the body of a request.</summary>
    /// <param name="files">Where photos are put.</param>
    /// <returns>The form, with the refusals of single photos in it; or a refusal of the whole: <c>kernel.wrongType</c> (415), <c>kernel.tooBig</c> (413), <c>kernel.notParseable</c> (400), <c>kernel.nulInText</c> (422).</returns>
    public static async Task<Outcome<UploadForm>> ReadAsync(HttpRequest request, FileStore files, UploadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        limits ??= UploadLimits.Default;
        if (request.ContentLength > limits.BodyBytesMax)
        {
            return TooBig;
        }
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limits.BodyBytesMax;
        }
        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed : null;
        var form = new UploadForm();
        try
        {
            var refusal = type?.MediaType.Value?.ToLowerInvariant() switch
            {
                "multipart/form-data" => await form.ReadPartsAsync(request, HeaderUtilities.RemoveQuotes(type.Boundary).Value, files, limits),
                "application/x-www-form-urlencoded" => await form.ReadPairsAsync(request, limits),
                _ => new Refusal(RefusalKind.WrongType, "kernel.wrongType"),
            };
            refusal ??= Refusal.OfNul(form.fields);
            if (refusal is null)
            {
                request.HttpContext.Features.Set(form); // The body is read once: see UnsentForm.
                return form;
            }
            await form.DisposeAsync();
            return refusal;
        }
        catch (Exception failure) when (RefusalOf(failure) is { } refusal)
        {
            await form.DisposeAsync();
            return refusal;
        }
        catch
        {
            await form.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var photo in photos)
        {
            await photo.DisposeAsync();
        }
        if (File is not null)
        {
            await File.Content.DisposeAsync();
        }
    }

    private static Refusal TooBig { get; } = new(RefusalKind.TooBig, "kernel.tooBig");

    private static Refusal Broken { get; } = new(RefusalKind.NotParseable, "kernel.notParseable");

    /// <summary>What the readers of the framework throw at bodies that are too big or no form; null for anything else, such as a sender that went away.</summary>
    internal static Refusal? RefusalOf(Exception failure) => failure switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooBig,
        BadHttpRequestException or InvalidDataException or DecoderFallbackException => Broken,
        // A multipart body that ends in the middle of a part. What the disk says carries an error number of the system.
        IOException { HResult: unchecked((int)0x80131620) } => Broken,
        _ => null,
    };

    private async Task<Refusal?> ReadPairsAsync(HttpRequest request, UploadLimits limits)
    {
        try
        {
            foreach (var (name, values) in await ReadPairsOfAsync(request, limits))
            {
                fields[name] = values;
            }
            return null;
        }
        catch (InvalidDataException)
        {
            return TooBig; // Pairs can be read whatever they are: only a limit stops them.
        }
    }

    /// <summary>Reads a urlencoded form, once; the framework finds it read. Its own reader refuses U+0000 without saying in which field.</summary>
    /// <exception cref="InvalidDataException">It is over a limit.</exception>
    internal static async Task<IFormCollection> ReadPairsOfAsync(HttpRequest request, UploadLimits limits)
    {
        if (request.HttpContext.Features.Get<IFormFeature>()?.Form is { } known)
        {
            return known;
        }
        using var reader = new FormReader(request.Body) { ValueCountLimit = limits.PartsMax, ValueLengthLimit = limits.FieldBytesMax, KeyLengthLimit = 200 };
        return request.Form = new FormCollection(await reader.ReadFormAsync(request.HttpContext.RequestAborted));
    }

    private async Task<Refusal?> ReadPartsAsync(HttpRequest request, string? boundary, FileStore files, UploadLimits limits)
    {
        if (boundary is not { Length: > 0 and <= 70 })
        {
            return Broken;
        }
        var cancel = request.HttpContext.RequestAborted;
        var reader = new MultipartReader(boundary, request.Body) { HeadersCountLimit = 8, HeadersLengthLimit = 4096, BodyLengthLimit = limits.BodyBytesMax };
        var sent = 0;
        for (var parts = 0; await reader.ReadNextSectionAsync(cancel) is { } part; parts++)
        {
            if (parts == limits.PartsMax)
            {
                return TooBig;
            }
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) || HeaderUtilities.RemoveQuotes(disposition.Name).Value is not { Length: > 0 and <= 200 } name)
            {
                return Broken;
            }
            if (name == limits.PhotoField)
            {
                // A file input that was left alone is sent as an empty file without a name.
                if (await TakePhotoAsync(part.Body, sent, files, limits, cancel))
                {
                    sent++;
                }
            }
            else if (name == limits.FileField && disposition.IsFileDisposition())
            {
                if (File is not null || await TakeFileAsync(HeaderUtilities.RemoveQuotes(disposition.FileName).Value ?? "", part.Body, files, limits, cancel) is not null)
                {
                    return TooBig with { Field = name };
                }
            }
            else if (!disposition.IsFileDisposition() && await TakeFieldAsync(name, part.Body, limits, cancel) is { } refusal)
            {
                return refusal;
            }
        }
        return null;
    }

    private async Task<Refusal?> TakeFieldAsync(string name, Stream body, UploadLimits limits, CancellationToken cancel)
    {
        var value = new byte[limits.FieldBytesMax + 1];
        var length = await body.ReadAtLeastAsync(value, value.Length, throwOnEndOfStream: false, cancel);
        if (length == value.Length)
        {
            return TooBig with { Field = name };
        }
        var words = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(value, 0, length);
        fields[name] = StringValues.Concat(fields.GetValueOrDefault(name), words);
        return null;
    }

    private async Task<Refusal?> TakeFileAsync(string name, Stream body, FileStore files, UploadLimits limits, CancellationToken cancel)
    {
        var file = new SentFile(name[(name.LastIndexOfAny(['/', '\\']) + 1)..], files.Begin());
        File = file;
        var chunk = new byte[64 * 1024];
        for (int count; (count = await body.ReadAsync(chunk, cancel)) > 0;)
        {
            await file.Content.Stream.WriteAsync(chunk.AsMemory(0, count), cancel);
            if (file.Content.Stream.Length > limits.FileBytesMax)
            {
                return TooBig;
            }
        }
        if (file.Content.Stream.Length == 0)
        {
            await file.Content.DisposeAsync(); // A file input that was left alone.
            File = null;
        }
        return null;
    }

    /// <returns>False when the part holds nothing.</returns>
    private async Task<bool> TakePhotoAsync(Stream body, int number, FileStore files, UploadLimits limits, CancellationToken cancel)
    {
        if (number == limits.PhotosMax)
        {
            refusals.Add(Refusal.Invalid("kernel.tooManyPhotos", limits.PhotoField, limits.PhotosMax));
        }
        if (number >= limits.PhotosMax)
        {
            return true;
        }
        var outcome = await IncomingPhoto.ReadAsync(body, files, limits.Photo, cancel);
        if (outcome.Is(out var photo, out var refusal))
        {
            photos.Add(photo);
        }
        else if (refusal.Code == "kernel.photoEmpty")
        {
            return false;
        }
        else
        {
            refusals.Add(refusal with { Field = $"{limits.PhotoField}[{number}]" });
        }
        return true;
    }
}
