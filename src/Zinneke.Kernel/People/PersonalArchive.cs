using System.IO.Compression;
using System.Text.Json;

namespace Zinneke.Kernel;

/// <summary>Everything held about a person as one ZIP file: <c>data.json</c>, and beside it the files that belong to it (K19).</summary>
public sealed class PersonalArchive(Privacy privacy, TimeProvider time)
{
    /// <summary>Writes it while it is read: nothing is kept in memory or on disk.</summary>
    /// <param name="to">Need not be seekable.</param>
    /// <param name="person">Whose data.</param>
    /// <param name="cancellation">Ends it in the middle.</param>
    public async Task WriteAsync(Stream to, Person person, CancellationToken cancellation = default)
    {
        var files = await privacy.FilesAsync(person, cancellation);
        await using var unblocked = new Unblocked(to);
        await using var archive = await ZipArchive.CreateAsync(unblocked, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation);
        await using (var data = await Begin(archive, "data.json", CompressionLevel.Optimal).OpenAsync(cancellation))
        {
            await JsonSerializer.SerializeAsync(data, await privacy.ExportAsync(person, cancellation: cancellation), Json.Indented, cancellation);
        }
        foreach (var file in files)
        {
            if (Open(file.Path) is not { } source)
            {
                continue; // Deleted since it was listed, as retention does.
            }
            await using (source)
            {
                await using var copy = await Begin(archive, file.Name, CompressionLevel.NoCompression).OpenAsync(cancellation); // Photos are packed already.
                await source.CopyToAsync(copy, cancellation);
            }
        }
    }

    private ZipArchiveEntry Begin(ZipArchive archive, string name, CompressionLevel level)
    {
        var entry = archive.CreateEntry(name, level);
        entry.LastWriteTime = time.GetUtcNow();
        return entry;
    }

    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>An entry writes its last bytes in a blocking way, which the web server refuses: they wait here for the next write that does not block.</summary>
    private sealed class Unblocked(Stream inner) : Stream
    {
        private readonly MemoryStream waiting = new();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => waiting.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => waiting.Write(buffer);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await FlushAsync(cancellationToken);
            await inner.WriteAsync(buffer, cancellationToken);
        }

        public override void Flush()
        {
        }

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            if (waiting.Length > 0)
            {
                await inner.WriteAsync(waiting.GetBuffer().AsMemory(0, (int)waiting.Length), cancellationToken);
                waiting.SetLength(0);
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            await FlushAsync(CancellationToken.None);
            await base.DisposeAsync();
        }
    }
}
