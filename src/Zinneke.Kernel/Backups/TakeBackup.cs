using System.Data.Common;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace Zinneke.Kernel;

/// <summary>
/// Writes an installation into one file while it runs (K30): first the database as it is at one instant, then the files that it names, which nobody deletes meanwhile. A tar archive, gzipped, that its owner
/// alone may read: manifest, database, secrets, files.
/// </summary>
public sealed class TakeBackup(Database database, DataFolder folder, Log log, Migrator migrator, TimeProvider time)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="path">A file that is not there yet; it appears when it is whole and on disk.</param>
    /// <param name="progress">Told how many files are in it.</param>
    /// <exception cref="BadInputException">The file is there already or cannot be written; another backup is being taken; pg_dump is missing.</exception>
    public async Task<BackupTaken> RunAsync(string path, bool withFiles, Action<long>? progress, CancellationToken cancellation)
    {
        var whole = Path.GetFullPath(path);
        if (Path.Exists(whole))
        {
            throw new BadInputException($"{path}: is there already; a backup never takes the place of another");
        }
        if (!Directory.Exists(Path.GetDirectoryName(whole)))
        {
            throw new BadInputException($"{path}: cannot be written: there is no folder {Path.GetDirectoryName(whole)}");
        }
        await using var alone = folder.Take(DataFolder.Backup);
        var (copy, part) = (Path.Combine(folder.Backups, "database.part"), whole + ".part");
        try
        {
            File.Delete(copy);
            await using var packed = new FileStream(part, Options());
            var manifest = new BackupManifest(BackupManifest.Known, time.GetUtcNow(), database.Name, await log.HeadAsync(cancellation), await migrator.DoneAsync(cancellation), withFiles);
            await DatabaseCopy.WriteAsync(database, copy, cancellation);
            var files = 0L;
            await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await using (var tar = new TarWriter(gzip, TarEntryFormat.Pax))
            {
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, BackupManifest.Entry) { DataStream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, Json.Options)) }, cancellation);
                await tar.WriteEntryAsync(copy, BackupManifest.Database, cancellation);
                foreach (var key in Directory.EnumerateFiles(folder.Keys).Where(key => !key.EndsWith(".new", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
                {
                    await tar.WriteEntryAsync(key, BackupManifest.Keys + Path.GetFileName(key), cancellation);
                }
                foreach (var (file, name) in withFiles ? FilesOf(folder.Files) : [])
                {
                    try
                    {
                        await tar.WriteEntryAsync(file, BackupManifest.Files + name, cancellation);
                        progress?.Invoke(++files);
                    }
                    catch (FileNotFoundException)
                    {
                        // An upload that was never kept: no row names it.
                    }
                }
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, BackupManifest.End), cancellation);
            }
            packed.Flush(flushToDisk: true);
            var bytes = packed.Length;
            await packed.DisposeAsync();
            File.Move(part, whole, overwrite: false);
            FolderSync.Sync(Path.GetDirectoryName(whole)!);
            return new BackupTaken(whole, manifest.At, manifest.Store, manifest.Head, files, bytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or DbException)
        {
            throw new BadInputException($"{path}: cannot be written: {fault.Message}", fault);
        }
        finally
        {
            File.Delete(copy);
            File.Delete(part);
        }
    }

    /// <summary>What is stored for good: named by its hash, two folders deep. What is just coming in is named by no row yet.</summary>
    private static IEnumerable<(string Path, string Name)> FilesOf(string root) =>
        from path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/')
        where name.Split('/') is [{ Length: 2 }, { Length: 2 }, _]
        select (path, name);

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, BufferSize = 1 << 16, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }
        return options;
    }
}

/// <summary>A backup that was taken.</summary>
/// <param name="Head">The log reached at least this far.</param>
/// <param name="Files">Photos and documents in it.</param>
public sealed record BackupTaken(string File, DateTimeOffset At, string Store, long Head, long Files, long Bytes);
