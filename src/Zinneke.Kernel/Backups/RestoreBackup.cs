using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace Zinneke.Kernel;

/// <summary>
/// Puts a backup into an installation that holds nothing yet. Everything is unpacked beside and moved in at the end, the database last: a restore that was interrupted has no database, and is begun again.
/// </summary>
internal sealed class RestoreBackup(Database database, DataFolder folder, ErasureList list)
{
    private string Beside => Path.Combine(folder.Root, "restore.part");

    /// <param name="erased">What has to be erased again: kept until that is done, from before the database is there.</param>
    /// <param name="progress">Told how many files were unpacked.</param>
    /// <exception cref="BadInputException">The installation holds something; the file is no backup, or one of the other store; pg_restore is missing or fails.</exception>
    public async Task<BackupManifest> RunAsync(string path, IReadOnlyList<ErasureLine> erased, Action<long>? progress, CancellationToken cancellation)
    {
        if (!await DatabaseCopy.IsEmptyAsync(database, cancellation))
        {
            throw new BadInputException($"the installation in {folder.Root} holds a database already: a backup is restored to an empty folder, and on PostgreSQL to an empty database");
        }
        await using var alone = folder.Take(DataFolder.Backup);
        try
        {
            Directory.Delete(Beside, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was interrupted.
        }
        Directory.CreateDirectory(Beside);
        try
        {
            await using var stream = Open(path);
            var manifest = await UnpackAsync(stream, path, progress, cancellation);
            MoveIn("keys", folder.Keys);
            MoveIn("files", folder.Files);
            list.Await(erased);
            await DatabaseCopy.ReadAsync(database, Path.Combine(Beside, BackupManifest.Database), cancellation);
            return manifest;
        }
        catch (Exception damaged) when (damaged is InvalidDataException or FormatException or JsonException or EndOfStreamException)
        {
            throw new BadInputException($"{path}: is no backup of Zinneke, or is damaged: {damaged.Message}", damaged);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be restored: {fault.Message}", fault);
        }
        finally
        {
            Directory.Delete(Beside, recursive: true);
        }
    }

    private static FileStream Open(string path) => new(path, new FileStreamOptions { Options = FileOptions.SequentialScan | FileOptions.Asynchronous, BufferSize = 1 << 16 });

    private async Task<BackupManifest> UnpackAsync(Stream stream, string path, Action<long>? progress, CancellationToken cancellation)
    {
        await using var gzip = new GZipStream(stream, CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        if (await tar.GetNextEntryAsync(copyData: false, cancellation) is not { Name: BackupManifest.Entry, DataStream: { } first }
            || await JsonSerializer.DeserializeAsync<BackupManifest>(first, Json.Options, cancellation) is not { } manifest)
        {
            throw new InvalidDataException($"it does not begin with {BackupManifest.Entry}");
        }
        if (manifest.Format != BackupManifest.Known)
        {
            throw new BadInputException($"{path}: was taken by a newer program (format {manifest.Format}): restore it with that one");
        }
        if (manifest.Store != database.Name)
        {
            throw new BadInputException($"{path}: is a backup of {manifest.Store}; restore it with --store {manifest.Store}{(manifest.Store == "postgres" ? ":..." : "")}, then ./zinneke move takes it to another store");
        }
        var (count, whole) = (0L, false);
        while (!whole && await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            whole = entry.Name == BackupManifest.End;
            var target = Path.GetFullPath(Path.Combine(Beside, entry.Name));
            if (entry.EntryType != TarEntryType.RegularFile || !target.StartsWith(Beside + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new InvalidDataException($"{entry.Name} does not belong there");
            }
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await entry.ExtractToFileAsync(target, overwrite: false, cancellation);
            progress?.Invoke(++count);
        }
        return whole && File.Exists(Path.Combine(Beside, BackupManifest.Database)) ? manifest : throw new InvalidDataException("it was cut off");
    }

    /// <summary>Files are named by what they hold: one that is there already is the same. Secrets belong to the database that comes with them.</summary>
    private void MoveIn(string name, string to)
    {
        var from = Path.Combine(Beside, name);
        foreach (var path in Directory.Exists(from) ? Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories) : [])
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(path, target, overwrite: true);
        }
    }
}
