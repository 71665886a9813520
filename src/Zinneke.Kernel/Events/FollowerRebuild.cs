using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Derives a table follower's rows anew beside the old ones, which stay in use until the swap at the end.</summary>
internal sealed class FollowerRebuild(Log log, Writer writer)
{
    private const int BatchMax = 1000;

    /// <summary>The generation of a check: never read by anybody.</summary>
    private const int Beside = -1;
    private const int ChecksMax = 20;

    /// <summary>Beginning of the guards that say which rebuilds have begun and not ended: <c>rebuild kernel.search 3</c>. Its Version above 1 says that it was called off.</summary>
    private const string Mark = "rebuild ";

    /// <summary>
    /// Rebuilds and swaps. Of several at once each derives a generation of its own, and the newest that is whole stays. One that a starting server has taken for interrupted begins again.
    /// </summary>
    /// <param name="progress">Told the position reached.</param>
    /// <returns>The position that the new generation has reached.</returns>
    public async Task<long> RunAsync(TableFollower follower, CancellationToken cancellation, Action<long>? progress = null)
    {
        while (true)
        {
            var next = await ReserveAsync(follower, cancellation);
            var position = await FollowAsync(follower, next, await BeginAsync(follower, next, cancellation), progress, cancellation);
            var ended = await SwapAsync(follower, next, position, cancellation);
            // Also what rebuilds left that were interrupted. One that is still under way will find itself overtaken, and clears its own again.
            for (var generation = ended == Ended.InForce ? 1 : next; generation < (ended == Ended.InForce ? next : next + 1); generation++)
            {
                await ClearAsync(follower, generation, cancellation);
            }
            if (ended != Ended.CalledOff)
            {
                return position;
            }
        }
    }

    /// <summary>What rebuilds have left that ended before their swap: those under way now.</summary>
    /// <returns>Follower and generation of each.</returns>
    public static async Task<IReadOnlyList<(string Follower, int Generation)>> UnderWayAsync(Store store, CancellationToken cancellation)
    {
        var names = await store.Set<Guard>().AsNoTracking().Where(guard => guard.Name.StartsWith(Mark)).Select(guard => guard.Name).ToListAsync(cancellation);
        return [.. names.Select(name => name[Mark.Length..].Split(' ')).Select(parts => (parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture)))];
    }

    /// <summary>Clears what an interrupted rebuild left. Should it still be under way elsewhere, it is called off first: half of its rows must never be put in force.</summary>
    public async Task ClearLeftAsync(TableFollower follower, int generation, CancellationToken cancellation)
    {
        await writer.DoAsync(Actor.System, unit => Guard.RaiseAsync(unit, MarkOf(follower, generation), cancellation), cancellation);
        await ClearAsync(follower, generation, cancellation);
        await writer.DoAsync(Actor.System, unit => EndAsync(unit, follower, generation, cancellation), cancellation);
    }

    private static string MarkOf(TableFollower follower, int generation) => string.Create(CultureInfo.InvariantCulture, $"{Mark}{follower.Name} {generation}");

    /// <summary>Takes away the mark of a rebuild.</summary>
    /// <returns>Nobody had called it off.</returns>
    private static async Task<bool> EndAsync(Unit unit, TableFollower follower, int generation, CancellationToken cancellation)
    {
        var name = MarkOf(follower, generation);
        if (await unit.Store.Set<Guard>().FirstOrDefaultAsync(guard => guard.Name == name, cancellation) is not { } mark)
        {
            return false;
        }
        unit.Store.Remove(mark);
        return mark.Version == 1;
    }

    /// <summary>Takes a generation that nobody else writes: of two at once one meets the other's Version, and takes the next.</summary>
    private async Task<int> ReserveAsync(TableFollower follower, CancellationToken cancellation)
    {
        var next = 0;
        await writer.DoAsync(Actor.System, async unit =>
        {
            var row = await FollowerRunner.FindAsync(unit.Store, follower, cancellation);
            row.Reserved = next = Math.Max(row.Reserved ?? 0, row.Generation) + 1;
            await Guard.RaiseAsync(unit, MarkOf(follower, next), cancellation);
        }, cancellation);
        return next;
    }

    /// <summary>Derives anew beside what is stored and sets one against the other, also while events go on to come. Changes nothing.</summary>
    /// <returns>Null when they say the same, else what is wrong.</returns>
    public async Task<string?> CompareAsync(TableFollower follower, Database database, CancellationToken cancellation)
    {
        var position = await BeginAsync(follower, Beside, cancellation);
        try
        {
            for (var check = 0; check < ChecksMax; check++)
            {
                await using var store = database.Open();
                var row = await store.Set<FollowerRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Name == follower.Name, cancellation);
                if (row is null or { Error: not null })
                {
                    return row is null ? null : $"parked: {row.Error}";
                }
                position = await FollowAsync(follower, Beside, position, null, cancellation);
                await FollowerRunner.CatchUpAsync(follower, log, writer, cancellation);
                row = await store.Set<FollowerRow>().AsNoTracking().SingleAsync(r => r.Name == follower.Name, cancellation);
                if (row.Position == position)
                {
                    var (stored, derived) = (await DerivedRows.DigestAsync(store, follower, row.Generation, cancellation), await DerivedRows.DigestAsync(store, follower, Beside, cancellation));
                    if (stored.AsSpan().SequenceEqual(derived))
                    {
                        return null;
                    }
                    if (await store.Set<FollowerRow>().AnyAsync(r => r.Name == follower.Name && r.Position == position, cancellation))
                    {
                        return "what is stored is not what the log and the tables say";
                    }
                }
            }
            return "events come faster than they can be compared";
        }
        finally
        {
            await ClearAsync(follower, Beside, CancellationToken.None);
        }
    }

    /// <summary>Makes room for a generation and loads what comes from current tables.</summary>
    /// <returns>The position from which it follows.</returns>
    private async Task<long> BeginAsync(TableFollower follower, int generation, CancellationToken cancellation)
    {
        await ClearAsync(follower, generation, cancellation); // What an interrupted rebuild left.
        if (!follower.LoadsFromTables)
        {
            return 0;
        }
        var position = await log.HeadAsync(cancellation); // Read before loading: what comes after is applied again, which sets the same.
        await LoadAsync(follower, generation, cancellation);
        return position;
    }

    private async Task<long> FollowAsync(TableFollower follower, int generation, long position, Action<long>? progress, CancellationToken cancellation)
    {
        while (await log.ReadAsync(position, BatchMax, cancellation) is { Count: > 0 } events)
        {
            await writer.DoAsync(Actor.System, unit => follower.ApplyAsync(unit, events, generation, cancellation), cancellation);
            position = events[^1].Position;
            progress?.Invoke(position);
        }
        return position;
    }

    /// <summary>
    /// Makes the new generation the one that is read and followed. Past EF, because the follower goes on in the old generation and would win every race for the row's
    /// Version; raising it here makes an apply that is under way begin again, in the new generation.
    /// </summary>
    private async Task<Ended> SwapAsync(TableFollower follower, int generation, long position, CancellationToken cancellation)
    {
        var ended = Ended.CalledOff;
        await writer.DoAsync(Actor.System, async unit =>
        {
            ended = Ended.CalledOff;
            if (!await EndAsync(unit, follower, generation, cancellation))
            {
                return;
            }
            unit.Then((connection, transaction) =>
            {
                using var swap = connection.CreateCommand();
                swap.Transaction = transaction;
                swap.CommandText =
                    "UPDATE followers SET generation = @generation, position = @position, shape = @shape, error = NULL, failed_at = 0, version = version + 1 WHERE name = @name AND generation < @generation";
                swap.Add("generation", generation);
                swap.Add("position", position);
                swap.Add("shape", follower.Shape);
                swap.Add("name", follower.Name);
                ended = swap.ExecuteNonQuery() > 0 ? Ended.InForce : Ended.Overtaken;
            });
        }, cancellation);
        return ended;
    }

    private enum Ended
    {
        InForce,

        /// <summary>A newer generation is in use already.</summary>
        Overtaken,
        CalledOff,
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

/// <summary>Sets what followers have stored against what the log and the tables say now.</summary>
public sealed class FollowerCheck(Database database, Log log, Writer writer, IEnumerable<TableFollower> followers)
{
    /// <summary>Derives anew beside the stored rows of every follower that can be compared. Changes nothing, and runs beside a server.</summary>
    /// <returns>Name of each, and what is wrong; null when nothing is.</returns>
    public async Task<IReadOnlyList<(string Name, string? Wrong)>> RunAsync(CancellationToken cancellation)
    {
        var found = new List<(string, string?)>();
        foreach (var follower in followers.Where(one => one.Rebuildable && one.Derives.Count > 0).OrderBy(one => one.Name, StringComparer.Ordinal))
        {
            found.Add((follower.Name, await new FollowerRebuild(log, writer).CompareAsync(follower, database, cancellation)));
        }
        return found;
    }
}
