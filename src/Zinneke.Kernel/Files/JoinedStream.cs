namespace Zinneke.Kernel;

/// <summary>Reads one stream and then another; disposes both.</summary>
internal sealed class JoinedStream(Stream first, Stream second) : ReadingStream
{
    private bool over;

    public override int Read(Span<byte> buffer)
    {
        if (!over && first.Read(buffer) is var count and > 0)
        {
            return count;
        }
        over = true;
        return second.Read(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!over && await first.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            return count;
        }
        over = true;
        return await second.ReadAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        first.Dispose();
        second.Dispose();
        base.Dispose(disposing);
    }
}
