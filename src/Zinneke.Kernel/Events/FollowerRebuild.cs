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
        await SwapAsync(follower, next, position, cancellation);
        await ClearAsync(follower, old, cancellation);
        return position;
    }

    /// <summary>
    /// Makes the new generation the one that is read and followed. Past EF, because the follower goes on in the old generation and would win every race for the row's
    /// Version; raising it here makes an apply that is under way begin again, in the new generation.
    /// </summary>
    private Task SwapAsync(TableFollower follower, int generation, long position, CancellationToken cancellation) =>
        writer.DoAsync(Actor.System, unit =>
        {
            unit.Then((connection, transaction) =>
            {
                using var swap = connection.CreateCommand();
                swap.Transaction = transaction;
                swap.CommandText =
                    "UPDATE followers SET generation = @generation, position = @position, shape = @shape, error = NULL, failed_at = 0, version = version + 1 WHERE name = @name";
                swap.Add("generation", generation);
                swap.Add("position", position);
                swap.Add("shape", follower.Shape);
                swap.Add("name", follower.Name);
                swap.ExecuteNonQuery();
            });
            return Task.CompletedTask;
        }, cancellation);

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
