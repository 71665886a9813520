using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>Runs every follower on its own: one that fails is tried again with growing waits, then parked with an alarm, and never holds up the others or the writers.</summary>
public sealed class FollowerRunner(
    Database database, Log log, LogTail tail, Writer writer, IEnumerable<TableFollower> tableFollowers, IEnumerable<MemoryFollower> memoryFollowers, ILogger<FollowerRunner> logger)
    : BackgroundService
{
    private const int BatchMax = 200;
    private const int AttemptsMax = 8;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ParkedLookEvery = TimeSpan.FromSeconds(5);
    private readonly TableFollower[] tables = [.. tableFollowers];
    private readonly MemoryFollower[] memories = [.. memoryFollowers];
    private IReadOnlyList<(string Follower, int Generation)> left = [];

    /// <summary>After the first failure; doubled with each further one, up to 256 times as long.</summary>
    internal TimeSpan FirstWait { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Loads what is kept in memory before the server listens, so that no request meets it empty; and notes which rebuilds were interrupted, before any of its own begins.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await using (var store = database.Open())
        {
            left = await FollowerRebuild.UnderWayAsync(store, cancellationToken);
        }
        await Task.WhenAll(memories.Select(follower => LoadAsync(follower, cancellationToken)));
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll([ClearLeftAsync(stoppingToken), .. memories.Select(f => KeepAsync(f.Name, failures => FollowAsync(f, failures, stoppingToken), stoppingToken)), .. tables.Select(f => KeepAsync(f.Name, failures => FollowAsync(f, failures, stoppingToken), stoppingToken))]);

    /// <summary>Waits until every follower has applied what is sealed now: for tests and for verbs that end when all is derived. An empty log is derived at once: followers have no row before their first event.</summary>
    public async Task CaughtUpAsync(CancellationToken cancellation = default)
    {
        var head = await log.HeadAsync(cancellation);
        while (true)
        {
            await using var store = database.Open();
            var rows = await store.Set<FollowerRow>().AsNoTracking().ToListAsync(cancellation);
            if (memories.All(m => m.Position >= head) && tables.All(t => head == 0 || rows.Exists(r => r.Name == t.Name && (r.Position >= head || r.Error is not null))))
            {
                return;
            }
            await Task.Delay(10, cancellation);
        }
    }

    /// <summary>Clears beside the followers what interrupted rebuilds left; what cannot be cleared now is cleared at the next start.</summary>
    private async Task ClearLeftAsync(CancellationToken cancellation)
    {
        foreach (var (follower, generation) in left)
        {
            try
            {
                if (tables.FirstOrDefault(one => one.Name == follower) is { } known)
                {
                    await new FollowerRebuild(log, writer).ClearLeftAsync(known, generation, cancellation);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // As above: what a follower throws must not stop the rest.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                logger.LogError(failure, "What an interrupted rebuild of {Follower} left is not cleared: tried again at the next start", follower);
            }
        }
    }

    /// <summary>
    /// Starts the loop again when it throws, with growing waits. Every success begins the count anew. A database that is away, and a writer that is too busy, are no fault
    /// of the follower: it waits for them as long as it takes, and is never parked.
    /// </summary>
    private async Task KeepAsync(string name, Func<Failures, Task> loop, CancellationToken cancellation)
    {
        var failures = new Failures();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await loop(failures);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A follower is other people's code: whatever it throws must not stop the rest.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                failures.InARow++;
                if (failure is not NotWrittenException && !database.IsOutage(failure))
                {
                    failures.Own++;
                    failures.Last = failure;
                }
                logger.LogError(failure, "Follower {Follower} failed, attempt {Attempt}", name, failures.InARow);
                var wait = FirstWait * Math.Pow(2, Math.Min(failures.InARow - 1, AttemptsMax));
                await Task.Delay(wait, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task LoadAsync(MemoryFollower follower, CancellationToken cancellation)
    {
        var at = await log.HeadAsync(cancellation); // Read before loading: what comes after is applied again, which sets the same.
        await using var store = database.Open();
        await follower.LoadAsync(store, cancellation);
        follower.Reached(at);
    }

    private async Task FollowAsync(MemoryFollower follower, Failures failures, CancellationToken cancellation)
    {
        if (failures.Own >= AttemptsMax && !follower.IsStuck)
        {
            follower.IsStuck = true;
            logger.LogCritical(failures.Last, "Follower {Follower}, in memory, is stuck behind position {Position}: it is tried on, and what it keeps on this node is old", follower.Name, follower.Position);
        }
        while (true)
        {
            var events = await log.ReadAsync(follower.Position, BatchMax, cancellation);
            if (events.Count == 0)
            {
                await tail.WaitBeyondAsync(follower.Position, LookEvery, cancellation);
                continue;
            }
            await using var store = database.Open();
            await follower.ApplyAsync(events, store, cancellation);
            follower.IsStuck = false;
            follower.Reached(events[^1].Position);
            failures.Clear();
        }
    }

    private async Task FollowAsync(TableFollower follower, Failures failures, CancellationToken cancellation)
    {
        if (failures.Own >= AttemptsMax)
        {
            await ParkAsync(follower, failures, cancellation);
        }
        if (follower.Rebuildable && await NeedsRebuildAsync(follower, cancellation))
        {
            await new FollowerRebuild(log, writer).RunAsync(follower, cancellation);
        }
        while (true)
        {
            var row = await ReadAsync(follower.Name, cancellation);
            if (row?.Error is not null)
            {
                await Task.Delay(ParkedLookEvery, cancellation); // Somebody may rebuild or resume it.
                continue;
            }
            var position = row?.Position ?? 0;
            var events = await log.ReadAsync(position, BatchMax, cancellation);
            if (events.Count == 0)
            {
                await tail.WaitBeyondAsync(position, LookEvery, cancellation);
                continue;
            }
            await ApplyAsync(follower, events, writer, cancellation);
            failures.Clear();
        }
    }

    /// <summary>Applies all that is sealed, as the runner of a server would: for verbs, beside which there may be none.</summary>
    internal static async Task CatchUpAsync(TableFollower follower, Log log, Writer writer, CancellationToken cancellation)
    {
        var position = 0L;
        await writer.DoAsync(Actor.System, async unit => position = (await FindAsync(unit.Store, follower, cancellation)).Position, cancellation);
        while (await log.ReadAsync(position, BatchMax, cancellation) is { Count: > 0 } events)
        {
            position = await ApplyAsync(follower, events, writer, cancellation);
        }
    }

    /// <summary>Applies what has not been applied yet.</summary>
    /// <returns>Where the follower stands now, and reads on from: before these events when a rebuild has put in force a generation that has not come so far.</returns>
    internal static async Task<long> ApplyAsync(TableFollower follower, IReadOnlyList<Event> events, Writer writer, CancellationToken cancellation)
    {
        var reached = 0L;
        await writer.DoAsync(Actor.System, async unit =>
        {
            var row = await FindAsync(unit.Store, follower, cancellation);
            var fresh = events.Where(e => e.Position > row.Position).ToList(); // Another node may have been faster.
            if (fresh.Count > 0 && fresh[0].Position == row.Position + 1)
            {
                await follower.ApplyAsync(unit, fresh, row.Generation, cancellation);
                row.Position = fresh[^1].Position;
            }
            reached = row.Position;
        }, cancellation);
        return reached;
    }

    private Task ParkAsync(TableFollower follower, Failures failures, CancellationToken cancellation) =>
        writer.DoAsync(Actor.System, async unit =>
        {
            var row = await FindAsync(unit.Store, follower, cancellation);
            row.Error = $"{failures.Last!.GetType().Name} after {failures.Own} attempts";
            row.FailedAt = row.Position + 1;
            logger.LogCritical(failures.Last, "Follower {Follower} is parked at position {Position}: it stands still until it is rebuilt", follower.Name, row.Position);
            failures.Clear();
        }, cancellation);

    private async Task<bool> NeedsRebuildAsync(TableFollower follower, CancellationToken cancellation)
    {
        var row = await ReadAsync(follower.Name, cancellation);
        return row is null ? await log.HeadAsync(cancellation) > 0 && follower.LoadsFromTables : row.Shape != follower.Shape;
    }

    private async Task<FollowerRow?> ReadAsync(string name, CancellationToken cancellation)
    {
        await using var store = database.Open();
        return await store.Set<FollowerRow>().AsNoTracking().FirstOrDefaultAsync(f => f.Name == name, cancellation);
    }

    internal static async Task<FollowerRow> FindAsync(Store store, TableFollower follower, CancellationToken cancellation)
    {
        var row = await store.Set<FollowerRow>().FirstOrDefaultAsync(f => f.Name == follower.Name, cancellation);
        if (row is null)
        {
            row = new FollowerRow { Name = follower.Name, Generation = 1, Shape = follower.Shape };
            store.Add(row);
        }
        return row;
    }

    private sealed class Failures
    {
        /// <summary>All since the last success: they set how long to wait.</summary>
        public int InARow { get; set; }

        /// <summary>Those of the follower itself.</summary>
        public int Own { get; set; }

        public Exception? Last { get; set; }

        public void Clear() => (InARow, Own) = (0, 0);
    }
}
