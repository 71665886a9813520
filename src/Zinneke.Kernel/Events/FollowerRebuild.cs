namespace Zinneke.Kernel;

/// <summary>Derives a table follower's rows anew beside the old ones, which stay in use until the swap at the end.</summary>
internal sealed class FollowerRebuild(Log log, Writer writer)
{
    private const int BatchMax = 1000;

    /// <summary>Rebuilds and swaps.</summary>
    /// <returns>The position that the new generation has reached.</returns>
    public async Task<long> RunAsync(TableFollower follower, CancellationToken cancellation)
    {
        var old = 0;
        await writer.DoAsync(Actor.System, async unit => old = (await FollowerRunner.FindAsync(unit.Store, follower, cancellation)).Generation, cancellation);
        var next = old + 1;
        await ClearAsync(follower, next, cancellation); // What an interrupted rebuild left.
        var position = 0L;
        if (follower.LoadsFromTables)
        {
            position = await log.HeadAsync(cancellation); // Read before loading: what comes after is applied again, which sets the same.
            await LoadAsync(follower, next, cancellation);
        }
        while (await log.ReadAsync(position, BatchMax, cancellation) is { Count: > 0 } events)
        {
            await writer.DoAsync(Actor.System, unit => follower.ApplyAsync(unit, events, next, cancellation), cancellation);
            position = events[^1].Position;
        }
        await writer.DoAsync(Actor.System, async unit =>
        {
            var row = await FollowerRunner.FindAsync(unit.Store, follower, cancellation);
            (row.Generation, row.Position, row.Shape, row.Error, row.FailedAt) = (next, position, follower.Shape, null, 0);
        }, cancellation);
        await ClearAsync(follower, old, cancellation);
        return position;
    }

    private async Task LoadAsync(TableFollower follower, int generation, CancellationToken cancellation)
    {
        string? after = null;
        do
        {
            var from = after;
            await writer.DoAsync(Actor.System, async unit => after = await follower.LoadAsync(unit, generation, from, cancellation), cancellation);
        }
        while (after is not null);
    }

    private async Task ClearAsync(TableFollower follower, int generation, CancellationToken cancellation)
    {
        var more = true;
        while (more)
        {
            await writer.DoAsync(Actor.System, async unit => more = await follower.ClearAsync(unit, generation, cancellation), cancellation);
        }
    }
}
