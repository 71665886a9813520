using System.Buffers.Binary;
using System.Text.Json;

namespace Zinneke.Kernel;

/// <summary>
/// What an import is going to do, in a file of the journal: each record as JSON behind its length. The process that works on it holds the file for itself, so that no
/// other one takes it for something left behind. Lies in the installation's folder, because it may hold words and names.
/// </summary>
public sealed class ImportDraft<T> : IDisposable
    where T : class
{
    private const int RecordBytesMax = 64 << 20;
    private readonly FileStream file;
    private byte[] buffer = new byte[4096];
    private bool decided;

    private ImportDraft(FileStream file, Guid id, bool decided) => (this.file, Id, this.decided) = (file, id, decided);

    public Guid Id { get; }

    /// <summary>Records in it.</summary>
    public long Count { get; private set; }

    /// <summary>Begins one.</summary>
    /// <param name="folder">Of the journal.</param>
    internal static ImportDraft<T> New(string folder, string kind, Guid id) => new(new FileStream(PathOf(folder, kind, id), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16), id, decided: false);

    /// <summary>The drafts of a kind that nobody works on: what ended processes left.</summary>
    internal static IEnumerable<ImportDraft<T>> LeftBehind(string folder, string kind)
    {
        foreach (var path in Directory.EnumerateFiles(folder, $"{kind}-*.import"))
        {
            if (Guid.TryParseExact(Path.GetFileNameWithoutExtension(path)[(kind.Length + 1)..], "N", out var id) && TryTake(path) is { } file)
            {
                yield return new ImportDraft<T>(file, id, decided: true);
            }
        }
    }

    public void Add(T record)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(record, Json.Options);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
        file.Write(length);
        file.Write(json);
        Count++;
    }

    /// <summary>On disk when this returns, to be decided next: from now on disposing it leaves the file.</summary>
    internal void Keep()
    {
        decided = true;
        file.Flush(flushToDisk: true);
        FolderSync.Sync(Path.GetDirectoryName(file.Name)!);
    }

    /// <summary>The records behind the first <paramref name="skipped"/> ones.</summary>
    internal IEnumerable<T> Read(long skipped)
    {
        file.Position = 0;
        for (var i = 0L; ReadLength() is { } length; i++)
        {
            if (i < skipped)
            {
                file.Seek(length, SeekOrigin.Current);
                continue;
            }
            buffer = buffer.Length < length ? new byte[length] : buffer;
            file.ReadExactly(buffer, 0, length);
            yield return JsonSerializer.Deserialize<T>(buffer.AsSpan(0, length), Json.Options)!;
        }
    }

    /// <summary>It is done, or will never be.</summary>
    internal void Delete() => File.Delete(file.Name);

    /// <summary>A draft that was not kept leaves nothing behind.</summary>
    public void Dispose()
    {
        if (!decided)
        {
            Delete();
        }
        file.Dispose();
    }

    private int? ReadLength()
    {
        Span<byte> bytes = stackalloc byte[4];
        if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            return null;
        }
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        return length is >= 0 and <= RecordBytesMax ? length : throw new InvalidDataException($"{file.Name} is damaged");
    }

    private static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        }
        catch (IOException)
        {
            return null; // Somebody works on it, or has just finished.
        }
    }

    private static string PathOf(string folder, string kind, Guid id) => Path.Combine(folder, $"{kind}-{id:N}.import");
}
