using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Zinneke.Kernel;

/// <summary>
/// Brings the schema of an installation up to date, and keeps the database as it was before in <c>DIR/backups</c> (K30). Also finishes what a restore that was interrupted has left to erase.
/// </summary>
public sealed class Upgrade(Migrator migrator, TakeBackup backup, EraseAgain eraseAgain, DataFolder folder, Log log, Settings settings, TimeProvider time)
{
    private const int KeptMax = 5;
    private const string Prefix = "before-upgrade-", Work = "upgrade";
    private static readonly TimeSpan PatienceMax = TimeSpan.FromMinutes(30), LookEvery = TimeSpan.FromMilliseconds(200);

    /// <param name="said">Told where the backup lies.</param>
    /// <returns>What was erased again after a restore, and what could not be.</returns>
    /// <exception cref="BadInputException">The database is of a newer program; the backup cannot be taken.</exception>
    public async Task<(int Erased, IReadOnlyList<string> Left)> RunAsync(Action<string> said, CancellationToken cancellation)
    {
        if (settings.Get(KernelSettings.BackupBeforeUpgrade) && await NeedsBackupAsync(cancellation))
        {
            await using var alone = await TakeAsync(cancellation); // Of several that start at once one upgrades; the others wait, and find that nothing is left to do.
            if (await NeedsBackupAsync(cancellation))
            {
                await BackUpAsync(said, cancellation);
            }
            await migrator.MigrateAsync(cancellation);
            foreach (var old in new DirectoryInfo(folder.Backups).GetFiles(Prefix + "*.tar.gz").OrderByDescending(file => file.LastWriteTimeUtc).Skip(KeptMax))
            {
                old.Delete(); // Only now: while an upgrade fails again and again, what was there before it stays.
            }
        }
        await migrator.MigrateAsync(cancellation);
        return await eraseAgain.RunAsync(cancellation);
    }

    private async Task<bool> NeedsBackupAsync(CancellationToken cancellation) => await migrator.IsBehindAsync(cancellation) && (await migrator.DoneAsync(cancellation)).Count > 0;

    private async Task<IAsyncDisposable> TakeAsync(CancellationToken cancellation)
    {
        for (var until = time.GetUtcNow() + PatienceMax; ;)
        {
            try
            {
                return folder.Take(Work);
            }
            catch (BadInputException) when (time.GetUtcNow() < until)
            {
                await Task.Delay(LookEvery, cancellation);
            }
        }
    }

    /// <summary>Named by what it holds, the log and the schema: an upgrade that failed and is tried again has its copy already.</summary>
    private async Task BackUpAsync(Action<string> said, CancellationToken cancellation)
    {
        var schema = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', await migrator.DoneAsync(cancellation)))))[..8];
        var head = await log.HeadAsync(cancellation);
        var path = Path.Combine(folder.Backups, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{head}-{schema}.tar.gz"));
        if (!File.Exists(path))
        {
            said("Copying the database before its schema is changed ...");
            await backup.RunAsync(path, withFiles: false, null, cancellation);
        }
        said($"The database as it was before the upgrade lies in {path}");
    }
}
