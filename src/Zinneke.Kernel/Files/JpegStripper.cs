using System.Buffers.Binary;

namespace Zinneke.Kernel;

/// <summary>
/// Copies of a JPEG (ITU-T T.81, JFIF 1.02) what a decoder needs and nothing else: SOI, JFIF without its thumbnail, ICC profile, Adobe transform, DQT, SOF, DHT, DRI, scans, EOI.
/// Everything a camera or an editor adds (Exif, XMP, IPTC, comments, second pictures and videos after EOI) is dropped.
/// </summary>
internal static class JpegStripper
{
    /// <summary>Real progressive photos have about ten scans; thousands over one picture are an attack on the decoder.</summary>
    private const int ScansMax = 100;

    private const byte Soi = 0xD8, Eoi = 0xD9, Sos = 0xDA, Dqt = 0xDB, Dht = 0xC4, Dri = 0xDD, App0 = 0xE0, App1 = 0xE1, App2 = 0xE2, App13 = 0xED, App14 = 0xEE, Com = 0xFE;

    /// <summary>Strips a photo whose first two bytes are SOI.</summary>
    /// <returns>Null, or why the photo is refused; what was written is then of no use.</returns>
    public static async ValueTask<Refusal?> StripAsync(PhotoInput input, Stream output, PhotoFindings findings)
    {
        var head = new byte[2];
        var scans = 0;
        var jfif = false;
        await input.PassAsync(output, 2);
        while (await NextMarkerAsync(input, findings) is { } marker)
        {
            (head[0], head[1]) = (0xFF, marker);
            if (marker == Eoi)
            {
                await output.WriteAsync(head);
                if (await input.DropRestAsync() is > 0 and var trailing)
                {
                    findings.Remove("after EOI", trailing);
                }
                return scans > 0 ? null : PhotoFindings.Broken;
            }
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
            {
                findings.Remove("stray marker", 2);
                continue;
            }
            if (marker == Soi || !await input.HasAsync(2) || LengthOf(input) is not (>= 2 and var length) || !await input.HasAsync(length))
            {
                return PhotoFindings.Broken;
            }
            if (Judge(marker, input.Bytes[2..length], findings, scans, ref jfif, out var part) is { } refusal)
            {
                return refusal;
            }
            if (part is not null)
            {
                findings.Remove(part, length + 2);
                input.Drop(length);
                continue;
            }
            await output.WriteAsync(head);
            await PassSegmentAsync(input, output, findings, marker, length);
            if (marker == Sos && (++scans > ScansMax || !await PassScanAsync(input, output)))
            {
                return PhotoFindings.Broken;
            }
        }
        return PhotoFindings.Broken;
    }

    private static int LengthOf(PhotoInput input) => BinaryPrimitives.ReadUInt16BigEndian(input.Bytes);

    /// <summary>Decides over one segment.</summary>
    /// <param name="content">The segment without marker and length.</param>
    /// <param name="part">Null when it is kept, else the name under which it is dropped.</param>
    private static Refusal? Judge(byte marker, ReadOnlySpan<byte> content, PhotoFindings findings, int scans, ref bool jfif, out string? part)
    {
        part = null;
        switch (marker)
        {
            // Baseline, extended and progressive Huffman. Exactly one frame; a height of zero would need DNL, which hides the size until the end.
            case 0xC0 or 0xC1 or 0xC2:
                if (findings.Width > 0 || content.Length < 6 || content[5] is not (1 or 3 or 4) || content.Length != 6 + (3 * content[5]))
                {
                    return PhotoFindings.Broken;
                }
                return findings.Measure(BinaryPrimitives.ReadUInt16BigEndian(content[3..]), BinaryPrimitives.ReadUInt16BigEndian(content[1..]));
            case Sos:
                return findings.Width == 0 || content.Length < 1 || content.Length != 4 + (2 * content[0]) ? PhotoFindings.Broken : null;
            case Dqt:
                return TablesFill(content, quantization: true) ? null : PhotoFindings.Broken;
            case Dht:
                return TablesFill(content, quantization: false) ? null : PhotoFindings.Broken;
            case Dri:
                return content.Length == 2 ? null : PhotoFindings.Broken;
            // Lossless, hierarchical and arithmetic frames: no decoder we use reads them.
            case 0xC3 or (>= 0xC5 and <= 0xCF) or 0xDC or 0xDE or 0xDF:
                return PhotoFindings.Broken;
            case App0 when !jfif && scans == 0 && content.Length >= 14 && content.StartsWith("JFIF\0"u8):
                jfif = true;
                return null;
            case App2 when content.StartsWith("ICC_PROFILE\0"u8):
            case App14 when content.Length >= 12 && content.StartsWith("Adobe"u8):
                return null;
            case App1 when content.StartsWith("Exif\0"u8):
                findings.Look(content);
                break;
        }
        part = NameOf(marker, content);
        return null;
    }

    /// <summary>Tables fill their segment to the last byte, so that nothing can hide behind them.</summary>
    private static bool TablesFill(ReadOnlySpan<byte> content, bool quantization)
    {
        while (content.Length > 0)
        {
            int size;
            if (quantization)
            {
                size = content[0] >> 4 == 0 ? 65 : 129;
            }
            else if (content.Length < 17)
            {
                return false;
            }
            else
            {
                size = 17;
                foreach (var codes in content[1..17])
                {
                    size += codes;
                }
            }
            if (size > content.Length)
            {
                return false;
            }
            content = content[size..];
        }
        return true;
    }

    private static string NameOf(byte marker, ReadOnlySpan<byte> content) => marker switch
    {
        App0 => content.StartsWith("JFXX\0"u8) ? "APP0 JFXX" : "APP0",
        App1 when content.StartsWith("Exif\0"u8) => "APP1 Exif",
        App1 when content.StartsWith("http://ns.adobe.com/x"u8) => "APP1 XMP",
        App2 when content.StartsWith("MPF\0"u8) => "APP2 MPF",
        App13 when content.StartsWith("Photoshop 3.0\0"u8) => "APP13 IPTC",
        Com => "COM",
        >= App0 and <= 0xEF => $"APP{marker - App0}",
        _ => "other segment",
    };

    /// <summary>Passes on a segment; JFIF and Adobe are cut to what their standards define.</summary>
    private static async ValueTask PassSegmentAsync(PhotoInput input, Stream output, PhotoFindings findings, byte marker, int length)
    {
        var cut = marker switch
        {
            App0 => 16,
            App14 => 14,
            _ => length,
        };
        if (cut == length)
        {
            await input.PassAsync(output, length);
            return;
        }
        var kept = input.Bytes[..cut].ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(kept, (ushort)cut);
        if (marker == App0)
        {
            // The last two bytes are the thumbnail's width and height.
            kept.AsSpan(14).Clear();
        }
        await output.WriteAsync(kept);
        findings.Remove(marker == App0 ? "APP0 JFIF thumbnail" : "APP14 rest", length - cut);
        input.Drop(length);
    }

    /// <summary>Finds the next marker as decoders do: fill bytes and stray bytes before it are passed over (and so dropped).</summary>
    /// <returns>The marker, or null when the input ends.</returns>
    private static async ValueTask<byte?> NextMarkerAsync(PhotoInput input, PhotoFindings findings)
    {
        while (await input.HasAsync(2))
        {
            var (stray, marker) = ToMarker(input.Bytes);
            if (stray > 0)
            {
                findings.Remove("stray bytes", stray);
            }
            input.Drop(stray + (marker > 0 ? 2 : 0));
            if (marker > 0)
            {
                return marker;
            }
        }
        return null;
    }

    private static (int Stray, byte Marker) ToMarker(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; ; at++)
        {
            var next = bytes[at..].IndexOf((byte)0xFF);
            if (next < 0)
            {
                return (bytes.Length, 0);
            }
            at += next;
            if (at + 1 == bytes.Length)
            {
                return (at, 0);
            }
            if (bytes[at + 1] is not (0x00 or 0xFF))
            {
                return (at, bytes[at + 1]);
            }
        }
    }

    /// <summary>Passes on the entropy-coded data of a scan up to the marker behind it.</summary>
    /// <returns>False when the input ends inside the scan.</returns>
    private static async ValueTask<bool> PassScanAsync(PhotoInput input, Stream output)
    {
        while (await input.HasAsync(2))
        {
            await input.PassAsync(output, EntropyCoded(input.Bytes));
            if (input.Bytes is [0xFF, 0xFF, ..])
            {
                input.Drop(1);
            }
            else if (input.Bytes.Length >= 2)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Bytes of entropy-coded data at the start: an FF belongs to it when 00 (stuffing) or a restart marker follows.</summary>
    private static int EntropyCoded(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (true)
        {
            var next = bytes[at..].IndexOf((byte)0xFF);
            if (next < 0)
            {
                return bytes.Length;
            }
            at += next;
            if (at + 1 == bytes.Length || bytes[at + 1] is not (0x00 or (>= 0xD0 and <= 0xD7)))
            {
                return at;
            }
            at += 2;
        }
    }
}
