using System.Buffers.Binary;
using System.Text;

namespace Zinneke.Kernel;

/// <summary>
/// Copies of a PNG (W3C PNG, third edition) what draws the picture: IHDR, PLTE, tRNS, IDAT, IEND and the colour space (gAMA, cHRM, sRGB, iCCP). Every chunk's CRC is checked.
/// Animations are refused. Texts, times, Exif, unknown chunks and every byte after IEND are dropped.
/// </summary>
internal static class PngStripper
{
    /// <summary>Exif blocks longer than this are dropped unread.</summary>
    private const uint ExifMax = 65_536;

    private static readonly string[] Named = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "acTL", "eXIf", "tEXt", "zTXt", "iTXt", "tIME", "pHYs"];

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private enum Pixels
    {
        None,
        Running,
        Over,
    }

    /// <summary>Strips a photo that begins with the signature.</summary>
    /// <returns>Null, or why the photo is refused; what was written is then of no use.</returns>
    public static async ValueTask<Refusal?> StripAsync(PhotoInput input, Stream output, PhotoFindings findings)
    {
        await input.PassAsync(output, Signature.Length);
        var pixels = Pixels.None;
        while (await input.HasAsync(8))
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(input.Bytes);
            var name = NameOf(input.Bytes[4..8]);
            if (name is null || length > int.MaxValue || (name == "IHDR") != (findings.Width == 0) || (name == "IDAT" && pixels == Pixels.Over))
            {
                return PhotoFindings.Broken;
            }
            if (name == "acTL")
            {
                return PhotoFindings.Animated;
            }
            if (name is "IHDR" or "eXIf" && await LookAsync(input, findings, name, length) is { } refusal)
            {
                return refusal;
            }
            pixels = name == "IDAT" ? Pixels.Running : pixels == Pixels.Running ? Pixels.Over : pixels;
            var kept = Kept(name, length, pixels);
            if (!kept)
            {
                findings.Remove(name, length + 12L);
            }
            if (!await PassChunkAsync(input, kept ? output : null, length))
            {
                return PhotoFindings.Broken;
            }
            if (name == "IEND")
            {
                if (await input.DropRestAsync() is > 0 and var trailing)
                {
                    findings.Remove("after IEND", trailing);
                }
                return kept && pixels != Pixels.None ? null : PhotoFindings.Broken;
            }
        }
        return PhotoFindings.Broken;
    }

    /// <returns>The chunk's name, "other chunk" for any that a decoder may pass over, null for an unknown one that it may not.</returns>
    private static string? NameOf(ReadOnlySpan<byte> type)
    {
        foreach (var name in Named)
        {
            if (Ascii.Equals(type, name))
            {
                return name;
            }
        }
        // Bit 5 of the first letter says whether the picture can be drawn without the chunk (section 5.4).
        return (type[0] & 0x20) != 0 ? "other chunk" : null;
    }

    /// <summary>What is kept has the size that the standard gives it, so that nothing travels inside.</summary>
    private static bool Kept(string name, uint length, Pixels pixels) => name switch
    {
        "IHDR" => length == 13,
        "IDAT" => true,
        "IEND" => length == 0,
        "PLTE" => pixels == Pixels.None && length is > 0 and <= 768 && length % 3 == 0,
        "tRNS" => pixels == Pixels.None && length is > 0 and <= 256,
        "gAMA" => pixels == Pixels.None && length == 4,
        "cHRM" => pixels == Pixels.None && length == 32,
        "sRGB" => pixels == Pixels.None && length == 1,
        "iCCP" => pixels == Pixels.None,
        _ => false,
    };

    /// <summary>Reads what a chunk says while it lies in the window.</summary>
    private static async ValueTask<Refusal?> LookAsync(PhotoInput input, PhotoFindings findings, string name, uint length)
    {
        if (name == "IHDR")
        {
            return length == 13 && await input.HasAsync(8 + 13) && SizeOf(input.Bytes[8..21]) is (var width, var height)
                ? findings.Measure(width, height)
                : PhotoFindings.Broken;
        }
        if (length <= ExifMax)
        {
            if (!await input.HasAsync(8 + (int)length))
            {
                return PhotoFindings.Broken;
            }
            findings.Look(input.Bytes.Slice(8, (int)length));
        }
        return null;
    }

    /// <returns>Width and height, or null when the header makes no sense (section 11.2.1).</returns>
    private static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> header)
    {
        var depthFits = (header[9], header[8]) is (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) or (2 or 4 or 6, 8 or 16);
        var width = BinaryPrimitives.ReadUInt32BigEndian(header);
        var height = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        return depthFits && header[10] == 0 && header[11] == 0 && header[12] <= 1 && width <= int.MaxValue && height <= int.MaxValue ? ((int)width, (int)height) : null;
    }

    /// <param name="output">Null to drop the chunk; its CRC is checked all the same.</param>
    /// <returns>False when the input ends inside the chunk or the CRC is wrong.</returns>
    private static async ValueTask<bool> PassChunkAsync(PhotoInput input, Stream? output, uint length)
    {
        var crc = Crc32.Append(0, input.Bytes[4..8]);
        await input.PassOrDropAsync(output, 8);
        for (var left = (int)length; left > 0;)
        {
            if (!await input.HasAsync(1))
            {
                return false;
            }
            var step = Math.Min(left, input.Bytes.Length);
            crc = Crc32.Append(crc, input.Bytes[..step]);
            await input.PassOrDropAsync(output, step);
            left -= step;
        }
        if (!await input.HasAsync(4) || BinaryPrimitives.ReadUInt32BigEndian(input.Bytes) != crc)
        {
            return false;
        }
        await input.PassOrDropAsync(output, 4);
        return true;
    }
}
