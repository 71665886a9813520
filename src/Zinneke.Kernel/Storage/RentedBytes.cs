using System.Buffers;

namespace Zinneke.Kernel;

/// <summary>Bytes that grow in memory which is lent and given back: what an answer of half a megabyte would otherwise take anew each time is cleared away only by the rarest of collections.</summary>
public sealed class RentedBytes : IBufferWriter<byte>, IDisposable
{
    private const int LengthMin = 1 << 16;
    private byte[] bytes = [];
    private int length;

    /// <summary>Valid until more is written.</summary>
    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, length);

    public void Clear() => length = 0;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(bytes.Length - length));
        length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return bytes.AsMemory(length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return bytes.AsSpan(length);
    }

    public void Dispose()
    {
        (var given, bytes, length) = (bytes, [], 0);
        if (given.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(given);
        }
    }

    private void Grow(int wanted)
    {
        wanted = Math.Max(1, wanted);
        if (bytes.Length - length >= wanted)
        {
            return;
        }
        var wider = ArrayPool<byte>.Shared.Rent(Math.Max(LengthMin, Math.Max(bytes.Length * 2, length + wanted)));
        Written.Span.CopyTo(wider);
        var written = length;
        Dispose();
        (bytes, length) = (wider, written);
    }
}
