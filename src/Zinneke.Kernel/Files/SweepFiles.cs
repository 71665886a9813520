using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Deletes photos that nobody claimed, and bytes that no row names: those of erased rows, of renditions that were drawn anew, of uploads that were never kept.</summary>
public sealed class SweepFiles(Database database, Writer writer, FileStore files, DataFolder data)
{
    private const int BatchSize = 200;

    /// <summary>A file comes to lie in the store shortly before its row is committed; younger files are spared.</summary>
    public static readonly TimeSpan SparedFor = TimeSpan.FromHours(1);

    /// <summary>Deletes the rows of photos whose time to be claimed is over.</summary>
    public async Task ForgetUnclaimedAsync(CancellationToken cancel = default)
    {
        int found;
        do
        {
            found = 0;
            await writer.DoAsync(Actor.System, async unit =>
            {
                var over = await unit.Store.Set<StoredFile>().Where(file => file.ExpiresAt <= unit.Now).OrderBy(file => file.ExpiresAt).Take(BatchSize).ToListAsync(cancel);
                unit.Store.RemoveRange(over);
                found = over.Count;
            }, cancel);
        }
        while (found == BatchSize);
    }

    /// <summary>Deletes the bytes that no row names.</summary>
    /// <param name="utcNow">By the clock of the disk, which dates files: not the instance's clock, which tests and demonstrations set.</param>
    /// <returns>How many files were deleted.</returns>
    public async Task<int> DeleteOrphansAsync(DateTime utcNow, CancellationToken cancel = default)
    {
        var deleted = 0;
        files.DeleteIncoming(utcNow - TimeSpan.FromDays(1));
        var before = utcNow - SparedFor;
        foreach (var folder in files.Folders())
        {
            var old = files.OlderThan(folder, before);
            var named = old.Count > 0 ? await NamedAsync(folder, cancel) : [];
            if (data.IsHeld(DataFolder.Backup))
            {
                return deleted; // Its database may name what no row names now. Looked at after the rows were: a backup that begins later knows as much.
            }
            foreach (var (hash, ending) in old.Where(file => !named.Contains(file.Hash)))
            {
                // The same content may have been uploaded again since the folder was listed, for a row that is not committed yet.
                if (files.DeleteOlder(hash, ending, before))
                {
                    deleted++;
                }
            }
        }
        return deleted;
    }

    private async Task<HashSet<string>> NamedAsync(string prefix, CancellationToken cancel)
    {
        await using var connection = await database.ConnectAsync(cancel);
        await using var command = connection.CreateCommand();
        // A range instead of LIKE, so that both stores use the index.
        command.CommandText = "SELECT hash FROM stored_files WHERE hash >= @begin AND hash < @end AND NOT original_gone UNION SELECT picture FROM stored_files WHERE picture >= @begin AND picture < @end";
        command.Add("begin", prefix);
        command.Add("end", prefix + "g");
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var named = new HashSet<string>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancel))
        {
            named.Add(rows.GetString(0));
        }
        return named;
    }
}
