using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>
/// The pictures that bodies chose as logos. In a catalogue stands the hash of a stored file; a file that is taken along holds the picture itself as a <c>data:</c> address, so that
/// it imports to the same state in another installation too.
/// </summary>
public static class BodyLogos
{
    /// <summary>1 MiB, 4 megapixels: shown at a hand's width at most.</summary>
    public static PhotoLimits Limits { get; } = new() { BytesMax = 1 << 20, PixelsMax = 4_000_000, SideMax = 4_096 };

    private const string Scheme = "data:image/", Coding = ";base64,";

    /// <summary>Signs of the longest logo as text.</summary>
    internal const int TextLengthMax = (4 << 20) / 3 + 64;

    /// <summary>The bytes of <c>data:image/png;base64,...</c>; null when it is anything else. What they are is seen when they are read.</summary>
    public static byte[]? BytesOf(string text)
    {
        if (!text.StartsWith(Scheme, StringComparison.Ordinal) || text.IndexOf(Coding, StringComparison.Ordinal) is not (> 0 and < 32 and var at))
        {
            return null;
        }
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64Chars(text.AsSpan(at + Coding.Length), bytes, out var count) && count > 0 ? bytes[..count] : null;
    }

    /// <summary>A picture as it stands in a file.</summary>
    public static string TextOf(PhotoFormat format, ReadOnlySpan<byte> bytes) => $"{Scheme}{format.ToString().ToLowerInvariant()}{Coding}{Convert.ToBase64String(bytes)}";

    /// <summary>A photo that was sent, as it stands in a file: stripped, and upright, because the file says no more how it was held.</summary>
    /// <exception cref="InvalidOperationException">It cannot be drawn, though it could be decoded.</exception>
    public static async Task<string> TextOfAsync(IncomingPhoto photo, FileStore files, CancellationToken cancellation = default)
    {
        var (kept, about) = (await photo.KeepAsync(cancellation), photo.About);
        var ending = StoredFile.EndingOf(about.Format);
        if (about.Orientation == 1)
        {
            return TextOf(about.Format, await ReadAsync(files, kept.Hash, ending, cancellation));
        }
        var drawn = await Task.Run(() => DrawRenditions.Draw(files.PathOf(kept.Hash, ending), about.Orientation, []), cancellation);
        return drawn.Is(out var upright, out var refusal) ? TextOf(PhotoFormat.Jpeg, upright.Large) : throw new InvalidOperationException(refusal.Code);
    }

    /// <summary>Puts a picture that lay in a file into the store.</summary>
    /// <returns>Null when it is no picture that is taken.</returns>
    internal static async Task<KeptPhoto?> KeepAsync(byte[] bytes, FileStore files, CancellationToken cancellation)
    {
        var taken = await IncomingPhoto.ReadAsync(new MemoryStream(bytes), files, Limits, cancellation);
        if (!taken.Is(out var photo, out _))
        {
            return null;
        }
        await using (photo)
        {
            return photo.About.Orientation == 1 ? await photo.KeepAsync(cancellation) : await KeepAsync(BytesOf(await TextOfAsync(photo, files, cancellation))!, files, cancellation);
        }
    }

    /// <summary>Path on this site of the picture as the tables have it now; null while it is not drawn.</summary>
    public static async Task<string?> PathAsync(Store store, string hash, CancellationToken cancellation = default) => (await PathsAsync(store, [hash], cancellation)).GetValueOrDefault(hash);

    /// <summary>Puts the pictures themselves where a list names them; one whose file is gone is left out.</summary>
    internal static async Task EmbedAsync(JsonNode list, Store store, FileStore files, CancellationToken cancellation)
    {
        foreach (var body in list["bodies"]!.AsArray().OfType<JsonObject>())
        {
            if ((string?)body["logo"] is not { } hash)
            {
                continue;
            }
            if (await RowOfAsync(store, hash, cancellation) is { } row && files.Has(row.Hash, row.Ending))
            {
                body["logo"] = TextOf(row.Format, await ReadAsync(files, row.Hash, row.Ending, cancellation));
            }
            else
            {
                body.Remove("logo");
            }
        }
    }

    /// <summary>A row of the picture that is open to all; null when there is none.</summary>
    internal static Task<StoredFile?> RowOfAsync(Store store, string hash, CancellationToken cancellation) =>
        store.Set<StoredFile>().AsNoTracking().Where(file => file.Hash == hash && file.Visibility == FileVisibility.Public && !file.OriginalGone).OrderBy(file => file.Id).FirstOrDefaultAsync(cancellation);

    /// <summary>Where the pictures are served, by their hash; those that are not drawn yet are missing.</summary>
    internal static async Task<Dictionary<string, string>> PathsAsync(Store store, IEnumerable<string> hashes, CancellationToken cancellation)
    {
        List<string> wanted = [.. hashes.Distinct(StringComparer.Ordinal)];
        if (wanted.Count == 0)
        {
            return [];
        }
        var drawn = await store.Set<StoredFile>().AsNoTracking().Where(file => wanted.Contains(file.Hash) && file.Visibility == FileVisibility.Public && file.Picture != null).OrderBy(file => file.Id).ToListAsync(cancellation);
        return drawn.DistinctBy(file => file.Hash).ToDictionary(file => file.Hash, file => file.PathOf("thumb")!, StringComparer.Ordinal);
    }

    private static async Task<byte[]> ReadAsync(FileStore files, string hash, string ending, CancellationToken cancellation)
    {
        await using var file = new FileStream(files.PathOf(hash, ending), new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }
}
