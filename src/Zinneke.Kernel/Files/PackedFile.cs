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
        return packed ? new WatchedStream(new UnpackedStream(file, fault => fault), Refuse) : file;
    }

    private static void Refuse(long read)
    {
        if (read > UnpackedBytesMax)
        {
            throw new InvalidDataException("unpacks to too much");
        }
    }
}
