using System.Buffers;

namespace Zinneke.Kernel;

/// <summary>
/// A window that slides over a photo while it is read. A parser looks at what lies in the window and passes it on or drops it; never more than the window is held.
/// </summary>
internal sealed class PhotoInput(Stream source, long bytesMax, CancellationToken cancel) : IDisposable
{
    /// <summary>Holds the longest JPEG segment (65,537 bytes) twice, so that Exif is always whole.</summary>
    public const int Window = 128 * 1024;

    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(Window);
    private int start;
    private int end;
    private long taken;

    /// <summary>What lies in the window now.</summary>
    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(start, end - start);

    /// <summary>Bytes passed on or dropped so far.</summary>
    public long Position => taken - (end - start);

    /// <summary>More than the limit was sent; the input then looks as if it had ended.</summary>
    public bool TooBig { get; private set; }

    /// <summary>Makes at least this many bytes lie in the window.</summary>
    /// <param name="count">At most <see cref="Window"/>.</param>
    /// <returns>False when the source ends before.</returns>
    public async ValueTask<bool> HasAsync(int count)
    {
        while (end - start < count)
        {
            if (!await FillAsync())
            {
                return false;
            }
        }
        return true;
    }

    public void Drop(int count) => start += count;

    /// <returns>False when the source ends before.</returns>
    public async ValueTask<bool> DropAsync(long count)
    {
        while (count > 0)
        {
            if (start == end && !await FillAsync())
            {
                return false;
            }
            var step = (int)Math.Min(count, end - start);
            start += step;
            count -= step;
        }
        return true;
    }

    /// <summary>Drops everything to the end.</summary>
    /// <returns>How many bytes that were.</returns>
    public async ValueTask<long> DropRestAsync()
    {
        var before = Position;
        do
        {
            start = end;
        }
        while (await FillAsync());
        return Position - before;
    }

    /// <summary>Passes on the first bytes of the window.</summary>
    public async ValueTask PassAsync(Stream target, int count)
    {
        await target.WriteAsync(buffer.AsMemory(start, count), cancel);
        start += count;
    }

    /// <param name="target">Null to drop.</param>
    public async ValueTask PassOrDropAsync(Stream? target, int count)
    {
        if (target is null)
        {
            start += count;
        }
        else
        {
            await PassAsync(target, count);
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);

    private async ValueTask<bool> FillAsync()
    {
        if (TooBig)
        {
            return false;
        }
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }
        var read = await source.ReadAsync(buffer.AsMemory(end, Window - end), cancel);
        end += read;
        taken += read;
        TooBig = taken > bytesMax;
        return read > 0 && !TooBig;
    }
}
