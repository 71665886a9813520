using System.Buffers.Binary;
using System.Text;

namespace Zinneke.Kernel;

/// <summary>
/// Copies of a WebP (RFC 9649) what draws the picture: VP8X with its Exif and XMP flags cleared, VP8, VP8L, ALPH, ICCP. Animations are refused. Exif, XMP, unknown chunks and
/// every byte after the container are dropped. The container's size stands at its front and is written last, so the output must be seekable.
/// </summary>
internal static class WebpStripper
{
    private const uint ExifMax = 65_536;
    private const byte IccFlag = 0x20, AlphaFlag = 0x10, AnimationFlag = 0x02;

    private static readonly string[] Named = ["VP8X", "VP8 ", "VP8L", "ALPH", "ICCP", "ANIM", "ANMF", "EXIF", "XMP "];

    public static bool IsMagic(ReadOnlySpan<byte> bytes) => bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..12].SequenceEqual("WEBP"u8);

    /// <summary>Strips a photo for which <see cref="IsMagic"/> holds.</summary>
    /// <returns>Null, or why the photo is refused; what was written is then of no use.</returns>
    public static async ValueTask<Refusal?> StripAsync(PhotoInput input, Stream output, PhotoFindings findings)
    {
        var begin = output.Position;
        var inside = (long)BinaryPrimitives.ReadUInt32LittleEndian(input.Bytes[4..]) - 4;
        await input.PassAsync(output, 12);
        var drawn = false;
        while (inside >= 8)
        {
            if (!await input.HasAsync(8))
            {
                return PhotoFindings.Broken;
            }
            var name = NameOf(input.Bytes[..4]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(input.Bytes[4..]);
            var padded = length + (length & 1L);
            inside -= 8 + padded;
            if (inside < 0 || (drawn && name is "VP8 " or "VP8L") || (name == "VP8X" && input.Position != 12))
            {
                return PhotoFindings.Broken;
            }
            if (await LookAsync(input, findings, name, length) is { } refusal)
            {
                return refusal;
            }
            drawn |= name is "VP8 " or "VP8L";
            if (!await PassChunkAsync(input, output, findings, name, length, padded))
            {
                return PhotoFindings.Broken;
            }
        }
        if (!drawn || !await input.DropAsync(inside))
        {
            return PhotoFindings.Broken;
        }
        if (await input.DropRestAsync() + inside is > 0 and var trailing)
        {
            findings.Remove("after RIFF", trailing);
        }
        await WriteSizeAsync(output, begin);
        return null;
    }

    private static string NameOf(ReadOnlySpan<byte> type)
    {
        foreach (var name in Named)
        {
            if (Ascii.Equals(type, name))
            {
                return name;
            }
        }
        return "other chunk";
    }

    /// <summary>Reads what a chunk says while it lies in the window.</summary>
    private static async ValueTask<Refusal?> LookAsync(PhotoInput input, PhotoFindings findings, string name, uint length)
    {
        switch (name)
        {
            case "ANIM" or "ANMF":
                return PhotoFindings.Animated;
            case "VP8X" or "VP8 " or "VP8L":
                if (length < 10 || !await input.HasAsync(18))
                {
                    return PhotoFindings.Broken;
                }
                var content = input.Bytes[8..18];
                return name == "VP8X" && (content[0] & AnimationFlag) != 0 ? PhotoFindings.Animated
                    : SizeOf(name, content) is (var width, var height) ? findings.Measure(width, height)
                    : PhotoFindings.Broken;
            case "EXIF" when length <= ExifMax:
                if (!await input.HasAsync(8 + (int)length))
                {
                    return PhotoFindings.Broken;
                }
                findings.Look(input.Bytes.Slice(8, (int)length));
                return null;
            default:
                return null;
        }
    }

    /// <param name="content">The first ten bytes of the chunk's content.</param>
    /// <returns>Width and height, or null when the header makes no sense.</returns>
    private static (int Width, int Height)? SizeOf(string name, ReadOnlySpan<byte> content)
    {
        switch (name)
        {
            case "VP8X":
                return (1 + U24(content[4..]), 1 + U24(content[7..]));
            // A key frame (RFC 6386, section 9.1): the lowest bit of the frame tag is 0; 14 bits each, above them the scaling.
            case "VP8 " when (content[0] & 1) == 0 && content[3..6].SequenceEqual((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]):
                return (BinaryPrimitives.ReadUInt16LittleEndian(content[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(content[8..]) & 0x3FFF);
            case "VP8L" when content[0] == 0x2F:
                var bits = BinaryPrimitives.ReadUInt32LittleEndian(content[1..]);
                return (1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
            default:
                return null;
        }
    }

    private static int U24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);

    /// <returns>False when the input ends inside the chunk.</returns>
    private static async ValueTask<bool> PassChunkAsync(PhotoInput input, Stream output, PhotoFindings findings, string name, uint length, long padded)
    {
        if (name is not ("VP8X" or "VP8 " or "VP8L" or "ALPH" or "ICCP"))
        {
            findings.Remove(name.TrimEnd(), 8 + padded);
            return await input.DropAsync(8 + padded);
        }
        if (name == "VP8X")
        {
            var header = input.Bytes[..18].ToArray();
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), 10);
            header[8] &= IccFlag | AlphaFlag;
            header.AsSpan(9, 3).Clear();
            await output.WriteAsync(header);
            return await input.DropAsync(8 + padded);
        }
        await input.PassAsync(output, 8);
        for (var left = (long)length; left > 0;)
        {
            if (!await input.HasAsync(1))
            {
                return false;
            }
            var step = (int)Math.Min(left, input.Bytes.Length);
            await input.PassAsync(output, step);
            left -= step;
        }
        if (padded > length)
        {
            await output.WriteAsync(new byte[1]);
        }
        return await input.DropAsync(padded - length);
    }

    private static async ValueTask WriteSizeAsync(Stream output, long begin)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(size, (uint)(output.Position - begin - 8));
        var end = output.Position;
        output.Position = begin + 4;
        await output.WriteAsync(size);
        output.Position = end;
    }
}
