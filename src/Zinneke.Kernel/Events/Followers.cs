namespace Zinneke.Kernel;

/// <summary>Reads the log from its own position and derives rows. The position is saved in the transaction of what it derives, so each event counts exactly once.</summary>
/// <remarks>
/// Derived rows carry a <em>generation</em>: a rebuild writes the next one beside the old, which readers go on reading, and ends by making it the current one. Applying
/// must be "set by subject and version", never "add one": a load may already hold the effects of later positions.
/// </remarks>
public abstract class TableFollower
{
    /// <summary>Stable name, such as <c>reports.public</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Raise it when the derived rows change their shape: the follower is then rebuilt at the next start.</summary>
    public virtual int Shape => 1;

    /// <summary>False for what must never be derived again, such as mails sent.</summary>
    public virtual bool Rebuildable => true;

    /// <summary>The tables it derives, each with a Generation in its key, so that <c>verify</c> can set what is stored against what the log says.</summary>
    public virtual IReadOnlyList<Type> Derives => [];

    /// <summary>Derives from some events, oldest first, into the generation; must take less than 50 ms of writing.</summary>
    public abstract Task ApplyAsync(Unit unit, IReadOnlyList<Event> events, int generation, CancellationToken cancellation);

    /// <summary>Derives from current tables, a slice at a time, instead of replaying history.</summary>
    /// <param name="after">What the slice before returned; null for the first.</param>
    /// <returns>Where the next slice begins, or null at the end. The default returns null at once and <see cref="LoadsFromTables"/> false: history is replayed.</returns>
    public virtual Task<string?> LoadAsync(Unit unit, int generation, string? after, CancellationToken cancellation) => Task.FromResult<string?>(null);

    /// <summary>True when <see cref="LoadAsync"/> derives everything.</summary>
    public virtual bool LoadsFromTables => false;

    /// <summary>Removes some rows of a generation that is no longer read.</summary>
    /// <returns>False when nothing is left.</returns>
    public virtual Task<bool> ClearAsync(Unit unit, int generation, CancellationToken cancellation) => Task.FromResult(false);
}

/// <summary>Keeps something in memory, one on each node: loads it from current tables, then follows the log.</summary>
public abstract class MemoryFollower
{
    private const int LooksMax = 50;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);

    private readonly TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long position;

    public abstract string Name { get; }

    /// <summary>The last event that was applied.</summary>
    public long Position => Interlocked.Read(ref position);

    /// <summary>It has failed at the same event again and again: what it keeps is old. It is tried on.</summary>
    public bool IsStuck { get; internal set; }

    /// <summary>Completes when it may be used.</summary>
    public Task Loaded => loaded.Task;

    /// <summary>Loads from current tables; may already see the effects of events that are applied afterwards.</summary>
    public abstract Task LoadAsync(Store store, CancellationToken cancellation);

    /// <summary>Applies some events, oldest first: set by subject, from the rows they name.</summary>
    public abstract Task ApplyAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation);

    /// <summary>Waits until it holds what was written before, as far as this node has heard of it: who has just sent something looks for it.</summary>
    /// <returns>False when it does not after a quarter of a second: the tables then answer.</returns>
    protected async Task<bool> SeenAsync(LogTail tail, CancellationToken cancellation)
    {
        var head = tail.Head;
        for (var look = 0; Position < head && look < LooksMax; look++)
        {
            await Task.Delay(LookEvery, cancellation);
        }
        return Position >= head;
    }

    internal void Reached(long at)
    {
        Interlocked.Exchange(ref position, at);
        loaded.TrySetResult();
    }
}

/// <summary>Where a table follower stands.</summary>
public sealed class FollowerRow
{
    public required string Name { get; set; }

    /// <summary>The last event derived into the current generation.</summary>
    public long Position { get; set; }

    public int Generation { get; set; }

    /// <summary>The newest generation that a rebuild has taken for itself; null before the first rebuild.</summary>
    public int? Reserved { get; set; }

    public int Shape { get; set; }

    /// <summary>Set when it was parked after failing again and again; it stands still until rebuilt or resumed.</summary>
    public string? Error { get; set; }

    /// <summary>The event at which it failed.</summary>
    public long FailedAt { get; set; }

    public long Version { get; set; }
}
