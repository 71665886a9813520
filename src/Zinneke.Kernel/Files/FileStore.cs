using System.Buffers;
using System.Security.Cryptography;

namespace Zinneke.Kernel;

/// <summary>
/// Files below one folder, named by the SHA-256 of what they hold: the same content is kept once, and a file never changes. A file appears under its name whole and on
/// disk, or not at all: it is written beside, synced, then renamed. Nothing passes through the system's temporary folder.
/// </summary>
/// <param name="folder">Made when missing; <c>DIR/files</c> of an installation.</param>
public sealed class FileStore(string folder)
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private readonly string incoming = Directory.CreateDirectory(Path.Combine(folder, "incoming")).FullName;

    /// <summary>Begins a file whose content, and so whose name, is not known yet. It is gone when disposed without having been kept.</summary>
    public IncomingFile Begin() => new(this, Path.Combine(incoming, Path.GetRandomFileName()));

    /// <summary>Where the file of this name is, or would be: two levels of folders, so that none grows long.</summary>
    /// <param name="hash">64 lower-case hexadecimal digits.</param>
    /// <param name="ending">What follows the hash in its name, such as <c>.png</c>.</param>
    public string PathOf(string hash, string ending)
    {
        // A name that came from outside must not lead out of the folder.
        if (!IsHash(hash) || ending.AsSpan().ContainsAny('/', '\\'))
        {
            throw new ArgumentException($"not the name of a stored file: {hash}{ending}");
        }
        return Path.Combine(folder, hash[..2], hash[2..4], hash + ending);
    }

    public static bool IsHash(string hash) => hash.Length == 64 && !hash.AsSpan().ContainsAnyExcept(Digits);

    public bool Has(string hash, string ending) => File.Exists(PathOf(hash, ending));

    /// <summary>Writes a file under a name given by the content of another, such as a smaller rendition.</summary>
    public async Task SaveAsync(string hash, string ending, ReadOnlyMemory<byte> content, CancellationToken cancel = default)
    {
        await using var file = Begin();
        await file.Stream.WriteAsync(content, cancel);
        file.KeepAs(hash, ending);
    }

    /// <summary>Deletes a file, if it is there.</summary>
    public void Delete(string hash, string ending) => File.Delete(PathOf(hash, ending));

    /// <summary>The folders that there are: the first two digits of the hashes in them.</summary>
    public IReadOnlyList<string> Folders() => [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)).Where(name => name.Length == 2)];

    /// <summary>Every file of one folder that has not been written or kept again for a while, as (hash, ending), at this moment.</summary>
    public IReadOnlyList<(string Hash, string Ending)> OlderThan(string first, DateTime utc) =>
    [
        .. from file in new DirectoryInfo(Path.Combine(folder, first)).EnumerateFiles("*", SearchOption.AllDirectories)
           where file.LastWriteTimeUtc < utc && file.Name.Length > 64 && IsHash(file.Name[..64])
           select (file.Name[..64], file.Name[64..]),
    ];

    /// <summary>Deletes a file, unless it has been kept again since <paramref name="utc"/>: its age is read at this moment.</summary>
    /// <returns>True when it was deleted.</returns>
    public bool DeleteOlder(string hash, string ending, DateTime utc)
    {
        var path = PathOf(hash, ending);
        if (File.GetLastWriteTimeUtc(path) >= utc) // Of a file that is gone it is the year 1601.
        {
            return false;
        }
        File.Delete(path);
        return true;
    }

    /// <summary>Deletes what uploads left behind that ended with the process.</summary>
    public void DeleteIncoming(DateTime olderThanUtc)
    {
        foreach (var file in new DirectoryInfo(incoming).EnumerateFiles().Where(file => file.LastWriteTimeUtc < olderThanUtc))
        {
            file.Delete();
        }
    }

    internal void Keep(string path, string hash, string ending)
    {
        var target = PathOf(hash, ending);
        var inner = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(inner))
        {
            Directory.CreateDirectory(inner);
            FolderSync.Sync(Path.GetDirectoryName(inner)!);
            FolderSync.Sync(folder);
        }
        // Replacing an older copy of the same content makes it young again, so that the sweep spares it until its row is committed.
        File.Move(path, target, overwrite: true);
        FolderSync.Sync(inner);
    }
}

/// <summary>A file that is being written beside the others. Keep it, or disposing deletes it.</summary>
public sealed class IncomingFile : IAsyncDisposable
{
    private readonly FileStore store;
    private bool kept;

    internal IncomingFile(FileStore store, string path)
    {
        this.store = store;
        Path = path;
        Stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, bufferSize: 64 * 1024, FileOptions.Asynchronous);
    }

    public string Path { get; }

    public FileStream Stream { get; }

    /// <summary>Puts the file under the hash of its content.</summary>
    /// <param name="ending">What follows the hash in its name.</param>
    /// <returns>The hash, 64 lower-case hexadecimal digits. The file is on disk when this returns.</returns>
    public async Task<string> KeepAsync(string ending, CancellationToken cancel = default)
    {
        Stream.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(Stream, cancel));
        KeepAs(hash, ending);
        return hash;
    }

    internal void KeepAs(string hash, string ending)
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        store.Keep(Path, hash, ending);
        kept = true;
    }

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        if (!kept)
        {
            File.Delete(Path);
        }
    }
}
