using System.Buffers.Binary;
using System.Text;
using Zinneke.Kernel;

namespace Zinneke.Testing;

/// <summary>Photos for tests, made here: pixels drawn by libvips, metadata put in byte by byte with words that begin with SECRET.</summary>
internal static class Pictures
{
    /// <summary>Exif, big-endian: orientation, maker, position 50° 50' 48" N 4° 21' 9" E, taken 2026-05-04 12:34:56 +02:00.</summary>
    public static byte[] Exif(int orientation)
    {
        var block = new byte[400];
        "MM\0*"u8.CopyTo(block);
        U32(4, 8);
        U16(8, 4);
        Entry(10, 0x010F, 2, 12, 200);
        Entry(22, 0x0112, 3, 1, (uint)orientation << 16);
        Entry(34, 0x8769, 4, 1, 80);
        Entry(46, 0x8825, 4, 1, 120);
        U16(80, 2);
        Entry(82, 0x9003, 2, 20, 220);
        Entry(94, 0x9011, 2, 7, 240);
        U16(120, 4);
        Entry(122, 1, 2, 2, (uint)'N' << 24);
        Entry(134, 2, 5, 3, 260);
        Entry(146, 3, 2, 2, (uint)'E' << 24);
        Entry(158, 4, 5, 3, 290);
        Ascii(200, "SECRETMAKER");
        Ascii(220, "2026:05:04 12:34:56");
        Ascii(240, "+02:00");
        Fractions(260, 50, 50, 48);
        Fractions(290, 4, 21, 9);
        return block;

        void U16(int at, int value) => BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(at), (ushort)value);
        void U32(int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(block.AsSpan(at), value);
        void Ascii(int at, string words) => Encoding.ASCII.GetBytes(words, block.AsSpan(at));
        void Entry(int at, int tag, int type, uint count, uint value)
        {
            U16(at, tag);
            U16(at + 2, type);
            U32(at + 4, count);
            U32(at + 8, value);
        }
        void Fractions(int at, params uint[] values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                U32(at + (8 * i), values[i]);
                U32(at + (8 * i) + 4, 1);
            }
        }
    }

    /// <summary>A picture whose left half is red, right half blue, with a green band on top: turning shows.</summary>
    public static string Svg(int width, int height) =>
        $"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><rect width="100%" height="100%" fill="#d02020"/><rect x="50%" width="50%" height="100%" fill="#2020d0"/><rect width="100%" height="25%" fill="#20d020"/></svg>""";

    public static byte[] Jpeg(int width, int height, bool progressive = false) =>
        Encode(width, height, image => image.Begin("jpegsave_buffer").Set("Q", 85).Set("keep", "none").Set("interlace", progressive ? "true" : "false"));

    public static byte[] Png(int width, int height) => DrawSvg.ToPng(Svg(width, height));

    public static byte[] Webp(int width, int height, bool lossless = false) =>
        Encode(width, height, image => image.Begin("webpsave_buffer").Set("lossless", lossless ? "true" : "false").Set("keep", "none"));

    private static byte[] Encode(int width, int height, Func<VipsImage, VipsOperation> saver) => DrawSvg.Draw(Svg(width, height), 1, image => saver(image).Bytes());

    /// <summary>Everything that a phone or an editor may add.</summary>
    public static byte[] WithMetadata(byte[] photo, int orientation) => StripPhoto.FormatOf(photo) switch
    {
        PhotoFormat.Jpeg => JpegWithMetadata(photo, orientation),
        PhotoFormat.Png => PngWithMetadata(photo, orientation),
        _ => WebpWithMetadata(photo, orientation),
    };

    private static byte[] JpegWithMetadata(byte[] photo, int orientation) =>
    [
        0xFF, 0xD8,
        .. Segment(0xE0, [.. "JFIF\0"u8, 1, 2, 0, 0, 1, 0, 1, 2, 1, .. "SECRET"u8]),
        .. Segment(0xE0, "JFXX\0SECRETSMALL"u8),
        .. Segment(0xE1, [.. "Exif\0\0"u8, .. Exif(orientation)]),
        .. Segment(0xE1, "http://ns.adobe.com/xap/1.0/\0SECRETXMP"u8),
        .. Segment(0xE2, "MPF\0SECRETSECOND"u8),
        .. Segment(0xED, "Photoshop 3.0\0SECRETIPTC"u8),
        .. Segment(0xEF, "SECRETLAST"u8),
        .. Segment(0xFE, "SECRETCOM"u8),
        0xFF, 0xFF,
        .. photo[2..],
        .. "SECRETTRAILER"u8,
    ];

    private static byte[] PngWithMetadata(byte[] photo, int orientation) =>
    [
        .. photo[..33],
        .. Chunk("eXIf", Exif(orientation)),
        .. Chunk("tEXt", "Author\0SECRETTEXT"u8),
        .. Chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0SECRETXMP"u8),
        .. Chunk("tIME", [7, 0xEA, 5, 4, 12, 0, 0]),
        .. Chunk("seCr", "SECRETPRIVATE"u8),
        .. photo[33..],
        .. "SECRETTRAILER"u8,
    ];

    private static byte[] WebpWithMetadata(byte[] photo, int orientation)
    {
        var (width, height) = SizeOfWebp(photo);
        byte[] extended = [0xFF & ~0x02, 1, 2, 3, (byte)(width - 1), (byte)((width - 1) >> 8), 0, (byte)(height - 1), (byte)((height - 1) >> 8), 0];
        byte[] body = [.. "WEBP"u8, .. Riff("VP8X", extended), .. photo[12..], .. Riff("EXIF", Exif(orientation)), .. Riff("XMP ", "SECRETXMPX!"u8), .. Riff("priv", "SECRETPRIVATE"u8)];
        return [.. Riff("RIFF", body), .. "SECRETTRAILER"u8];
    }

    private static (int Width, int Height) SizeOfWebp(byte[] photo)
    {
        if (photo[15] == 'L')
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(photo.AsSpan(21));
            return (1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }
        return (BinaryPrimitives.ReadUInt16LittleEndian(photo.AsSpan(26)), BinaryPrimitives.ReadUInt16LittleEndian(photo.AsSpan(28)));
    }

    public static byte[] Segment(byte marker, ReadOnlySpan<byte> content) => [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    public static byte[] Chunk(string type, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteUInt32BigEndian(chunk, (uint)content.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        content.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), SlowCrc(chunk.AsSpan(4..^4)));
        return chunk;
    }

    public static byte[] Riff(string type, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[8 + content.Length + (content.Length & 1)];
        Encoding.ASCII.GetBytes(type, chunk);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(4), (uint)content.Length);
        content.CopyTo(chunk.AsSpan(8));
        return chunk;
    }

    /// <summary>CRC-32 bit by bit from its definition: an oracle for the one with tables.</summary>
    public static uint SlowCrc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var next in data)
        {
            crc ^= next;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }
        return ~crc;
    }
}
