using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary><c>follower list|rebuild|resume</c> (K12): how far what is derived from the log has come. They work beside a running server.</summary>
internal static class FollowerVerbs
{
    private static readonly Setting<string?> FollowerName = Setting.Words("name", "Name of the follower; follower list tells them.") with { Required = true };

    public static Command List { get; } = new("follower", "list", "Tells how far each follower of the log is, and which are parked.", "follower list --data var") { Run = ListAsync };

    public static Command Rebuild { get; } = new("follower", "rebuild", "Derives what a follower keeps anew beside what is read, and swaps at the end.", "follower rebuild reports.search --data var")
    {
        Arguments = [FollowerName],
        Run = RebuildAsync,
    };

    public static Command Resume { get; } = new("follower", "resume", "Lets a parked follower try again where it stopped.", "follower resume reports.notices --data var")
    {
        Arguments = [FollowerName],
        Run = ResumeAsync,
    };

    private static async Task<Result> ListAsync(Call call)
    {
        var services = await call.OpenStoreAsync();
        await call.Service<Database>().SealAsync(call.Service<LogTail>(), call.Stop);
        var head = await call.Service<Log>().HeadAsync(call.Stop);
        await using var store = call.Service<Database>().Open();
        var rows = await store.Set<FollowerRow>().AsNoTracking().ToDictionaryAsync(row => row.Name, StringComparer.Ordinal, call.Stop);
        // What is kept in memory lives in each server, and is measured there.
        var inMemory = services.GetServices<MemoryFollower>().Select(follower => follower.Name).Order(StringComparer.Ordinal);
        return Result.Of(new { head, inMemory, followers = services.GetServices<TableFollower>().OrderBy(follower => follower.Name, StringComparer.Ordinal).Select(follower => Tell(follower, rows.GetValueOrDefault(follower.Name), head)) });
    }

    private static object Tell(TableFollower follower, FollowerRow? row, long head) => new
    {
        follower.Name,
        position = row?.Position ?? 0,
        lag = head - (row?.Position ?? 0),
        generation = row?.Generation ?? 0,
        follower.Rebuildable,
        outdated = row is not null && row.Shape != follower.Shape, // A server is deriving it anew, or will at its next start.
        parked = row?.Error is { } error ? new { error, at = row.FailedAt } : null,
    };

    private static async Task<Result> RebuildAsync(Call call)
    {
        var follower = await FindAsync(call);
        if (!follower.Rebuildable)
        {
            throw new BadInputException($"follower {follower.Name}: what it did is not done again; follower resume lets it go on");
        }
        var log = call.Service<Log>();
        await call.Service<Database>().SealAsync(call.Service<LogTail>(), call.Stop);
        var position = await new FollowerRebuild(log, call.Service<Writer>()).RunAsync(follower, call.Stop, at => call.Progress.At("events", at));
        return Result.Of(new { follower.Name, position, lag = await log.HeadAsync(call.Stop) - position });
    }

    private static async Task<Result> ResumeAsync(Call call)
    {
        var follower = await FindAsync(call);
        var parked = false;
        await call.Service<Writer>().DoAsync(Actor.System, async unit =>
        {
            var row = await FollowerRunner.FindAsync(unit.Store, follower, call.Stop);
            parked = row.Error is not null;
            (row.Error, row.FailedAt) = (null, 0);
        }, call.Stop);
        return Result.Of(new { follower.Name, resumed = parked });
    }

    private static async Task<TableFollower> FindAsync(Call call)
    {
        var services = await call.OpenStoreAsync();
        var all = services.GetServices<TableFollower>().ToList();
        return all.Find(follower => follower.Name == call.Get(FollowerName))
            ?? throw new BadInputException($"name: found \"{Fault.Shorten(call.Get(FollowerName))}\", expected one of {string.Join(", ", all.Select(follower => follower.Name).Order(StringComparer.Ordinal))}");
    }
}
