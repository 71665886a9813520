using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Zinneke.Kernel;

/// <summary>
/// Reads orientation, position and time from an Exif block (Exif 2.32, which is TIFF 6.0 inside). A general metadata library would parse every maker's notes of a file that a
/// stranger sent; this looks at seven tags, allocates next to nothing and cannot loop. Whatever is damaged reads as absent: these are only proposals.
/// </summary>
internal static class ExifReader
{
    private const ushort Orientation = 0x0112, ExifDirectory = 0x8769, GpsDirectory = 0x8825, DateTimeOriginal = 0x9003, OffsetTimeOriginal = 0x9011;
    private const ushort LatitudeRef = 1, Latitude = 2, LongitudeRef = 3, Longitude = 4;
    private const ushort Ascii = 2, Short = 3, Long = 4, Rational = 5;

    /// <param name="tiff">The block from its byte order mark on.</param>
    public static (int Orientation, PhotoHints Hints) Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8 || !(tiff.StartsWith("II*\0"u8) || tiff.StartsWith("MM\0*"u8)))
        {
            return (1, PhotoHints.None);
        }
        var exif = new Block(tiff, tiff[0] == 'M');
        var first = exif.U32(4);
        var orientation = exif.Find(first, Orientation, Short) is (> 0, var at) && exif.U16(at) is >= 1 and <= 8 and var turned ? turned : 1;
        var (longitude, latitude) = Position(exif, Pointer(exif, first, GpsDirectory));
        var details = Pointer(exif, first, ExifDirectory);
        var taken = DateTime.TryParseExact(exif.Words(details, DateTimeOriginal), "yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
            ? moment
            : (DateTime?)null;
        var offset = taken is null ? null : OffsetOf(exif.Words(details, OffsetTimeOriginal));
        return (orientation, longitude is null && taken is null ? PhotoHints.None : new PhotoHints(longitude, latitude, taken, offset));
    }

    private static uint Pointer(Block exif, uint directory, ushort tag) => exif.Find(directory, tag, Long) is (> 0, var at) ? exif.U32(at) : 0;

    private static (double? Longitude, double? Latitude) Position(Block exif, uint directory)
    {
        var latitude = exif.Degrees(directory, Latitude) * (exif.Words(directory, LatitudeRef) switch { "N" => 1, "S" => -1, _ => double.NaN });
        var longitude = exif.Degrees(directory, Longitude) * (exif.Words(directory, LongitudeRef) switch { "E" => 1, "W" => -1, _ => double.NaN });
        // Cameras without a fix write zeros; nobody reports a problem in the Gulf of Guinea.
        return Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180 && (latitude, longitude) != (0, 0) ? (longitude, latitude) : (null, null);
    }

    private static TimeSpan? OffsetOf(string words) =>
        words.Length == 6 && words[0] is '+' or '-' && TimeSpan.TryParseExact(words.AsSpan(1), @"hh\:mm", CultureInfo.InvariantCulture, out var offset) && offset.TotalHours <= 14
            ? words[0] == '-' ? -offset : offset
            : null;

    /// <summary>A TIFF block. Reads outside it give zero.</summary>
    private readonly ref struct Block(ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        private const int EntriesMax = 512;

        private readonly ReadOnlySpan<byte> bytes = bytes;

        public int U16(long at) => at < 0 || at > bytes.Length - 2
            ? 0
            : bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes[(int)at..]) : BinaryPrimitives.ReadUInt16LittleEndian(bytes[(int)at..]);

        public uint U32(long at) => at < 0 || at > bytes.Length - 4
            ? 0
            : bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[(int)at..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[(int)at..]);

        /// <returns>Count of values and where the first lies; a count of 0 when the directory has no such tag of that type inside the block.</returns>
        public (long Count, long At) Find(uint directory, ushort tag, ushort type)
        {
            var entries = directory == 0 ? 0 : Math.Min(U16(directory), EntriesMax);
            for (var entry = 0; entry < entries; entry++)
            {
                var at = directory + 2L + (12L * entry);
                if (U16(at) == tag && U16(at + 2) == type)
                {
                    var count = (long)U32(at + 4);
                    var size = count * (type switch { Short => 2, Long => 4, Rational => 8, _ => 1 });
                    var value = size <= 4 ? at + 8 : U32(at + 8);
                    return value + size <= bytes.Length ? (count, value) : (0, 0);
                }
            }
            return (0, 0);
        }

        /// <summary>An ASCII value up to its NUL; empty when there is none or it is longer than 64 bytes.</summary>
        public string Words(uint directory, ushort tag)
        {
            var (count, at) = Find(directory, tag, Ascii);
            return count is > 0 and <= 64 ? Encoding.ASCII.GetString(bytes.Slice((int)at, (int)count)).Split('\0')[0].Trim() : "";
        }

        /// <summary>Degrees, minutes, seconds as three fractions; not a number when absent or without sense.</summary>
        public double Degrees(uint directory, ushort tag)
        {
            var (count, at) = Find(directory, tag, Rational);
            var degrees = count == 3 ? Fraction(at) + (Fraction(at + 8) / 60) + (Fraction(at + 16) / 3600) : double.NaN;
            return double.IsFinite(degrees) ? degrees : double.NaN;
        }

        private double Fraction(long at) => (double)U32(at) / U32(at + 4);
    }
}
