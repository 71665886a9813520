using System.IO.Compression;

namespace Zinneke.Kernel;

/// <summary>Opens files that somebody sent, unpacked when they are packed (gzip, RFC 1952); the beginning tells, whatever the name says.</summary>
public static class PackedFile
{
    /// <summary>A small file can hold very much: what is unpacked ends here.</summary>
    public const long UnpackedBytesMax = 256 << 20;

    /// <summary>Reading throws <see cref="InvalidDataException"/> when the file is broken or unpacks to too much.</summary>
    public static Stream Open(string path)
    {
        var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan | FileOptions.Asynchronous, BufferSize = 1 << 16 });
        var packed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return packed ? new Bounded(new GZipStream(file, CompressionMode.Decompress), UnpackedBytesMax) : file;
    }

    /// <summary>Reads another stream up to a number of bytes.</summary>
    private sealed class Bounded(Stream inner, long left) : Stream
    {
        private long left = left;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Counted(inner.Read(buffer, offset, count));

        public override int Read(Span<byte> buffer) => Counted(inner.Read(buffer));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Counted(await inner.ReadAsync(buffer, cancellationToken));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }

        private int Counted(int read) => (left -= read) >= 0 ? read : throw new InvalidDataException("unpacks to too much");
    }
}
