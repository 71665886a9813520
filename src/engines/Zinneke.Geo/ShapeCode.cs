namespace Zinneke.Geo;

/// <summary>
/// The stored form of a shape: kind, the sizes of its polygons and parts, then each position as the difference to the one before it; all numbers as varints, signed ones
/// in zigzag. Official boundaries take 4 to 6 bytes a position.
/// </summary>
public static class ShapeCode
{
    internal static byte[] Write(Shape shape, ReadOnlySpan<int> partStarts, ReadOnlySpan<int> polygonStarts)
    {
        var bytes = new List<byte>(16 + shape.PositionCount * 6) { (byte)shape.Kind };
        WriteSizes(bytes, polygonStarts);
        WriteSizes(bytes, partStarts);
        int lon = 0, lat = 0;
        var units = shape.Units;
        for (var i = 0; i < units.Length; i += 2)
        {
            WriteVarint(bytes, Zigzag((long)units[i] - lon));
            WriteVarint(bytes, Zigzag((long)units[i + 1] - lat));
            (lon, lat) = (units[i], units[i + 1]);
        }
        return [.. bytes];
    }

    /// <summary>Reads what <see cref="Shape.ToBytes"/> wrote.</summary>
    /// <exception cref="FormatException">The bytes are not such a shape.</exception>
    public static Shape Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] is < (byte)ShapeKind.Points or > (byte)ShapeKind.Polygons)
        {
            throw new FormatException("not a stored shape");
        }
        var kind = (ShapeKind)bytes[0];
        var at = 1;
        var polygonStarts = ReadStarts(bytes, ref at);
        var partStarts = ReadStarts(bytes, ref at);
        if (kind == ShapeKind.Polygons && polygonStarts[^1] != partStarts.Length - 1)
        {
            throw new FormatException("a stored shape whose polygons do not add up to its rings");
        }
        if (partStarts[^1] > (bytes.Length - at) / 2)
        {
            throw new FormatException("a stored shape that ends too early");
        }
        var units = new int[partStarts[^1] * 2];
        long lon = 0, lat = 0;
        for (var i = 0; i < units.Length; i += 2)
        {
            lon += Unzigzag(ReadVarint(bytes, ref at));
            lat += Unzigzag(ReadVarint(bytes, ref at));
            units[i] = checked((int)lon);
            units[i + 1] = checked((int)lat);
        }
        return at == bytes.Length ? new Shape(kind, units, partStarts, polygonStarts) : throw new FormatException("bytes after a stored shape");
    }

    private static void WriteSizes(List<byte> bytes, ReadOnlySpan<int> starts)
    {
        WriteVarint(bytes, (ulong)(starts.Length - 1));
        for (var i = 1; i < starts.Length; i++)
        {
            WriteVarint(bytes, (ulong)(starts[i] - starts[i - 1]));
        }
    }

    private static int[] ReadStarts(ReadOnlySpan<byte> bytes, ref int at)
    {
        var count = ReadVarint(bytes, ref at);
        if (count > (ulong)(bytes.Length - at))
        {
            throw new FormatException("a stored shape that ends too early");
        }
        var starts = new int[(int)count + 1];
        for (var i = 1; i < starts.Length; i++)
        {
            var next = (ulong)starts[i - 1] + ReadVarint(bytes, ref at);
            starts[i] = next <= int.MaxValue / 2 ? (int)next : throw new FormatException("a stored shape with too many positions");
        }
        return starts;
    }

    private static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private static void WriteVarint(List<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }
        bytes.Add((byte)value);
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= bytes.Length)
            {
                throw new FormatException("a stored shape that ends too early");
            }
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
        throw new FormatException("a stored shape with a number over 64 bits");
    }
}
