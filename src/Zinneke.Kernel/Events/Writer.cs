namespace Zinneke.Kernel;

/// <summary>
/// The only way to change anything. A use case reads and decides on its own context, outside any transaction; its changes and events are then committed together.
/// When somebody else changed the same rows first (a unique key or a Version stands in the way) it is run again from its start, three times at most.
/// </summary>
public sealed class Writer(Database database, Committer committer, TimeProvider time, Ids ids, IEnumerable<OnCommitted> hooks)
{
    private const int AttemptsMax = 3;

    /// <summary>Runs a use case and commits what it did. When this returns a value, the change is on disk.</summary>
    /// <param name="actor">Who acts.</param>
    /// <param name="useCase">May run several times, so it must have no effect but on its unit.</param>
    /// <param name="cancellation">Stops before the commit begins, never in the middle of one.</param>
    /// <returns>What the use case returned; a refusal commits nothing. <c>kernel.stale</c> after three conflicts, <c>kernel.busy</c> when the queue is full.</returns>
    public async Task<Outcome<T>> DoAsync<T>(Actor actor, Func<Unit, Task<Outcome<T>>> useCase, CancellationToken cancellation = default)
    {
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            await using var unit = new Unit(database.Open(), actor, time.NowMicros(), ids) { Again = attempt > 1 };
            var outcome = await useCase(unit);
            if (!outcome.Ok || unit.IsEmpty)
            {
                return outcome;
            }
            try
            {
                if (!await committer.CommitAsync(unit))
                {
                    return new Refusal(RefusalKind.Busy, "kernel.busy");
                }
                foreach (var hook in hooks.Where(hook => unit.Store.Touched.Contains(hook.Row)))
                {
                    hook.Run();
                }
                return outcome;
            }
            catch (Exception failure) when (database.IsConflict(failure))
            {
                // Somebody was first: the next attempt reads what they left.
            }
        }
        return new Refusal(RefusalKind.Conflict, "kernel.stale");
    }

    /// <summary>The same for changes that cannot be refused, such as those of jobs and followers.</summary>
    /// <exception cref="NotWrittenException">It was refused all the same: too many conflicts, or the queue is full.</exception>
    public async Task DoAsync(Actor actor, Func<Unit, Task> useCase, CancellationToken cancellation = default)
    {
        var outcome = await DoAsync<Done>(actor, async unit =>
        {
            await useCase(unit);
            return default(Done);
        }, cancellation);
        if (outcome.Refusal is { } refusal)
        {
            throw new NotWrittenException($"the change was refused: {refusal.Code}");
        }
    }
}

/// <summary>The writer was too busy, or others were faster again and again: the same change may be written later.</summary>
internal sealed class NotWrittenException(string message) : InvalidOperationException(message);

/// <summary>What is done in this process when rows of a type were added or changed and are on disk: waking somebody who works on them. Never throws.</summary>
public sealed record OnCommitted(Type Row, Action Run);

/// <summary>Puts a unit on disk, one way for each store.</summary>
public abstract class Committer : IAsyncDisposable
{
    /// <summary>Commits the unit's rows and events in one transaction.</summary>
    /// <returns>False when the queue is full and nothing was done.</returns>
    internal abstract Task<bool> CommitAsync(Unit unit);

    /// <summary>Units that wait at this moment.</summary>
    internal abstract int Depth { get; }

    public abstract ValueTask DisposeAsync();

    public static Committer Of(Database database, LogTail tail) =>
        database is SqliteDatabase sqlite ? new SqliteCommitter(sqlite, tail) : new PostgresCommitter(tail);
}
