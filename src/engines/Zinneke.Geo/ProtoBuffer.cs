using System.Buffers.Binary;
using System.Text;

namespace Zinneke.Geo;

/// <summary>Writes the wire format of Protocol Buffers (developers.google.com/protocol-buffers/docs/encoding) into a growing buffer.</summary>
internal sealed class ProtoBuffer
{
    private byte[] bytes = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Varint(ulong value)
    {
        var room = Room(10);
        var used = 0;
        for (; value >= 0x80; value >>= 7)
        {
            room[used++] = (byte)(value | 0x80);
        }
        room[used++] = (byte)value;
        Length += used;
    }

    public void Field(int number, ulong value)
    {
        Varint((uint)number << 3);
        Varint(value);
    }

    public void Field(int number, double value)
    {
        Varint((uint)number << 3 | 1);
        BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);
        Length += 8;
    }

    /// <summary>A message, packed numbers or bytes.</summary>
    public void Field(int number, ReadOnlySpan<byte> content)
    {
        Varint((uint)number << 3 | 2);
        Varint((uint)content.Length);
        Append(content);
    }

    /// <summary>Fields that were written elsewhere.</summary>
    public void Append(ReadOnlySpan<byte> fields)
    {
        fields.CopyTo(Room(fields.Length));
        Length += fields.Length;
    }

    public void Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    public static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private Span<byte> Room(int count)
    {
        if (bytes.Length - Length < count)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + count));
        }
        return bytes.AsSpan(Length);
    }
}
