using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary><c>backup</c>, <c>restore</c> and <c>move</c> (K30).</summary>
internal static class BackupVerbs
{
    private static readonly Setting<string?> Target = Setting.Words("file", "The backup, such as zinneke-2026-11-22.tar.gz.") with { Required = true };
    private static readonly Setting<IReadOnlyList<string>> Erasures = Setting.List("erasures", "Lists of what was erased since, such as backups/erasures.jsonl of each node; that of this folder unless others are named.");
    private static readonly Setting<string?> To = Setting.Words("to", "The store to move to: postgres:CONNECTION-STRING, or sqlite.") with { Required = true, Mask = KernelSettings.Store.Mask };

    public static Command Backup { get; } = new(null, "backup", "Writes the whole installation into one file, while it runs.", "backup /backups/zinneke-2026-11-22.tar.gz --data var")
    {
        Arguments = [Target],
        Run = BackUpAsync,
    };

    public static Command Restore { get; } = new(null, "restore", "Puts a backup into an empty installation, erases again what was erased since, and verifies it all.", "restore /backups/zinneke-2026-11-22.tar.gz --data var")
    {
        Arguments = [Target],
        Options = [Erasures],
        Run = RestoreAsync,
    };

    public static Command Move { get; } = new(null, "move", "Copies the installation to the other store; it must not be running.", "move --to postgres:Host=db;Database=zinneke --data var")
    {
        Options = [To],
        Run = MoveAsync,
    };

    private static async Task<Result> BackUpAsync(Call call)
    {
        await call.OpenExistingStoreAsync();
        await call.Service<Database>().SealAsync(call.Service<LogTail>(), call.Stop);
        return Result.Of(await call.Service<TakeBackup>().RunAsync(call.Get(Target)!, withFiles: true, files => call.Progress.At("files", files), call.Stop));
    }

    private static async Task<Result> RestoreAsync(Call call)
    {
        var folder = call.Service<DataFolder>();
        using var held = folder.Take();
        var own = call.Service<ErasureList>().Path;
        var lists = call.Get(Erasures) is { Count: > 0 } named ? named : File.Exists(own) ? [own] : [];
        if (lists.Count == 0)
        {
            call.Progress.Say("warning: no list of what was erased since this backup is known; name it with --erasures, or people who asked to be erased are back");
        }
        var lines = new List<ErasureLine>();
        foreach (var list in lists) // Looked at first: one that cannot be read must not be found out at the end.
        {
            lines.AddRange(await ErasureList.ReadAsync(list, call.Stop));
        }
        var manifest = await call.Service<RestoreBackup>().RunAsync(call.Get(Target)!, lines, files => call.Progress.At("files", files), call.Stop);
        var (erased, left) = await call.Service<Upgrade>().RunAsync(call.Progress.Say, call.Stop);
        await call.Service<Database>().SealAsync(call.Service<LogTail>(), call.Stop);
        var verified = await Verification.RunAsync(call.Services, call.Progress, call.Stop);
        var result = new { backup = manifest.At, manifest.Head, erasures = lists, erased, notErased = left, verified };
        return left.Count == 0 && verified.Wrong == 0 ? Result.Of(result) : Result.NoAnswer(result);
    }

    private static async Task<Result> MoveAsync(Call call)
    {
        var folder = call.Service<DataFolder>();
        using var held = folder.Take();
        await call.OpenStoreAsync();
        var from = call.Service<Database>();
        if (from is PostgresDatabase postgres && await Sealer.IsRunningAsync(postgres, call.Stop))
        {
            throw new BadInputException("a server is running on this database: stop it first, or what it takes meanwhile would be lost");
        }
        await from.SealAsync(call.Service<LogTail>(), call.Stop);
        if (from is PostgresDatabase unsealed && await Sealer.IsWaitingAsync(unsealed, call.Stop))
        {
            throw new BadInputException("the log cannot be sealed to its end: a long transaction on the server holds it up; try again when it has ended");
        }
        await using var to = Database.Of(call.Get(To)!, folder.Database, from.Maps);
        var rows = await call.Service<MoveStore>().RunAsync(to, (table, at) => call.Progress.At(table, at), call.Stop);
        var before = from.IsSqlite ? folder.SetDatabaseAside(call.Service<TimeProvider>().GetUtcNow()) : null;
        return Result.Of(new { rows = rows.Values.Sum(), tables = rows, before, next = $"start it with --store {(to.IsSqlite ? "sqlite" : "postgres:...")}" });
    }
}
