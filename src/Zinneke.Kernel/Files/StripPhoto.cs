namespace Zinneke.Kernel;

/// <summary>
/// Takes a photo as somebody sends it and writes its pixels, and nothing else that it carries, while it streams by: no file with metadata ever exists. By allow-list, so that
/// what tomorrow's phones add is dropped too.
/// </summary>
public static class StripPhoto
{
    /// <param name="source">The photo from its first byte; read to its end unless it is refused.</param>
    /// <param name="target">Empty and seekable. Of no use after a refusal.</param>
    /// <returns>What is known of the photo; else a refusal of kind TooBig (bytes), WrongType (not a photo we take, with advice for HEIC and AVIF), or Invalid
    /// (broken, truncated, animated, too many pixels).</returns>
    public static async Task<Outcome<StrippedPhoto>> ToAsync(Stream source, Stream target, PhotoLimits? limits = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        limits ??= PhotoLimits.Default;
        using var input = new PhotoInput(source, limits.BytesMax, cancel);
        var begin = target.Position;
        var findings = new PhotoFindings(limits);
        await input.HasAsync(12);
        var format = FormatOf(input.Bytes);
        var refusal = format switch
        {
            PhotoFormat.Jpeg => await JpegStripper.StripAsync(input, target, findings),
            PhotoFormat.Png => await PngStripper.StripAsync(input, target, findings),
            PhotoFormat.Webp => await WebpStripper.StripAsync(input, target, findings),
            _ => WhyNot(input.Bytes),
        };
        if (input.TooBig)
        {
            return new Refusal(RefusalKind.TooBig, "kernel.photoTooBig") { Arguments = [limits.BytesMax / (1024 * 1024)] };
        }
        return refusal is not null
            ? refusal
            : new StrippedPhoto(format!.Value, target.Position - begin, findings.Width, findings.Height, findings.Orientation, findings.Hints, findings.Removed);
    }

    /// <summary>The format by its first twelve bytes; names and content types that senders give are not asked.</summary>
    public static PhotoFormat? FormatOf(ReadOnlySpan<byte> first) =>
        first.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? PhotoFormat.Jpeg
        : first.StartsWith(PngStripper.Signature) ? PhotoFormat.Png
        : WebpStripper.IsMagic(first) ? PhotoFormat.Webp
        : null;

    private static Refusal WhyNot(ReadOnlySpan<byte> first)
    {
        if (first.Length < 12)
        {
            return first.Length == 0 ? new Refusal(RefusalKind.Invalid, "kernel.photoEmpty") : PhotoFindings.Broken;
        }
        // ISO base media files name their brand behind "ftyp" (ISO/IEC 23008-12 for HEIF, AV1 image file format for AVIF).
        var heif = first[4..8].SequenceEqual("ftyp"u8)
            && (first[8..11].SequenceEqual("hei"u8) || first[8..11].SequenceEqual("hev"u8) || first[8..11].SequenceEqual("avi"u8) || first[8..12].SequenceEqual("mif1"u8)
                || first[8..12].SequenceEqual("msf1"u8));
        return new Refusal(RefusalKind.WrongType, heif ? "kernel.photoHeic" : "kernel.photoType");
    }
}
