namespace Zinneke.Kernel;

/// <summary>Reads another stream, which it disposes, and says how many bytes that were so far.</summary>
/// <param name="at">May throw, where there is an end to patience.</param>
internal sealed class WatchedStream(Stream inner, Action<long> at) : ReadingStream
{
    private long read;

    public override int Read(Span<byte> buffer) => Told(inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Told(await inner.ReadAsync(buffer, cancellationToken));

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }

    private int Told(int count)
    {
        read += count;
        at(read);
        return count;
    }
}
