using System.IO.Compression;
using System.Security.Cryptography;

namespace Zinneke.Kernel;

/// <summary>
/// What a gzip file (RFC 1952) holds, to its very end: the framework's own stream takes a file that was cut off for one that ends there. So one more member is read behind those of the file, as the
/// format allows, with a mark that comes out only when all before it was whole.
/// </summary>
internal sealed class UnpackedStream : ReadingStream
{
    private const int MarkLength = 16, BufferLength = 1 << 16;

    private readonly byte[] mark = RandomNumberGenerator.GetBytes(MarkLength);
    private readonly byte[] unpacked = new byte[BufferLength];
    private readonly GZipStream gzip;
    private readonly Func<InvalidDataException, Exception> broken;

    /// <summary>What is unpacked and not given out; the last of it may be the mark.</summary>
    private int start, end;
    private bool over;

    /// <param name="packed">Disposed with this.</param>
    /// <param name="broken">Makes the exception for a file that is cut off or wrong.</param>
    public UnpackedStream(Stream packed, Func<InvalidDataException, Exception> broken)
    {
        this.broken = broken;
        var last = new MemoryStream();
        using (var packing = new GZipStream(last, CompressionLevel.Fastest, leaveOpen: true))
        {
            packing.Write(mark);
        }
        last.Position = 0;
        gzip = new GZipStream(new JoinedStream(packed, last), CompressionMode.Decompress);
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            while (!over && end - start <= MarkLength)
            {
                Took(gzip.Read(Room().Span));
            }
        }
        catch (InvalidDataException fault)
        {
            throw broken(fault);
        }
        return Give(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            while (!over && end - start <= MarkLength)
            {
                Took(await gzip.ReadAsync(Room(), cancellationToken));
            }
        }
        catch (InvalidDataException fault)
        {
            throw broken(fault);
        }
        return Give(buffer.Span);
    }

    protected override void Dispose(bool disposing)
    {
        gzip.Dispose();
        base.Dispose(disposing);
    }

    private Memory<byte> Room()
    {
        unpacked.AsSpan(start, end - start).CopyTo(unpacked);
        (start, end) = (0, end - start);
        return unpacked.AsMemory(end);
    }

    private void Took(int count)
    {
        end += count;
        if (count > 0)
        {
            return;
        }
        over = true;
        if (end - start != MarkLength || !unpacked.AsSpan(start, MarkLength).SequenceEqual(mark))
        {
            throw new InvalidDataException("it was cut off: its end is missing");
        }
    }

    private int Give(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, over ? 0 : end - start - MarkLength);
        unpacked.AsSpan(start, count).CopyTo(buffer);
        start += count;
        return count;
    }
}
