using System.Globalization;

namespace Zinneke.Kernel;

/// <summary>Brings the schema of an installation up to date, and keeps the database as it was before in <c>DIR/backups</c> (K30).</summary>
public sealed class Upgrade(Migrator migrator, TakeBackup backup, DataFolder folder, Settings settings, TimeProvider time)
{
    private const int KeptMax = 5;
    private const string Prefix = "before-upgrade-";
    private static readonly TimeSpan PatienceMax = TimeSpan.FromMinutes(30), LookEvery = TimeSpan.FromMilliseconds(200);

    /// <param name="said">Told where the backup lies.</param>
    /// <exception cref="BadInputException">The database is of a newer program; the backup cannot be taken.</exception>
    public async Task RunAsync(Action<string> said, CancellationToken cancellation)
    {
        if (settings.Get(KernelSettings.BackupBeforeUpgrade) && await NeedsBackupAsync(cancellation))
        {
            await BackUpAsync(said, cancellation);
        }
        await migrator.MigrateAsync(cancellation);
    }

    private async Task<bool> NeedsBackupAsync(CancellationToken cancellation) => await migrator.IsBehindAsync(cancellation) && (await migrator.DoneAsync(cancellation)).Count > 0;

    /// <summary>Of several that start at once one takes the backup; the others wait, and may find that nothing is left to do.</summary>
    private async Task BackUpAsync(Action<string> said, CancellationToken cancellation)
    {
        var until = time.GetUtcNow() + PatienceMax;
        while (folder.IsHeld(DataFolder.Backup) && time.GetUtcNow() < until)
        {
            await Task.Delay(LookEvery, cancellation);
        }
        if (!await NeedsBackupAsync(cancellation))
        {
            return;
        }
        var name = Prefix + time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture) + ".tar.gz";
        var taken = await backup.RunAsync(Path.Combine(folder.Backups, name), withFiles: false, null, cancellation);
        said($"The database as it was before the upgrade lies in {taken.File}");
        foreach (var old in Directory.GetFiles(folder.Backups, Prefix + "*.tar.gz").OrderDescending(StringComparer.Ordinal).Skip(KeptMax))
        {
            File.Delete(old);
        }
    }
}
