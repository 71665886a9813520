using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>What a slice did, or several.</summary>
/// <param name="Kept">Differ in the file, but stay as they are, because somebody has worked on them here since; also counted as unchanged.</param>
public readonly record struct SliceCount(long Added, long Changed, long Unchanged, long Kept = 0)
{
    public static SliceCount operator +(SliceCount a, SliceCount b) => new(a.Added + b.Added, a.Changed + b.Changed, a.Unchanged + b.Unchanged, a.Kept + b.Kept);
}

/// <summary>A kind of import that is applied in slices; contributed, so that what a crash interrupted is finished by the next start.</summary>
public abstract class SlicedImport
{
    /// <summary>Stable lower-case word: <c>areas</c>, <c>reports</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Applies what is decided and not done, unless another process is at it, and clears away what was never decided.</summary>
    public abstract Task FinishAsync(CancellationToken cancellation);
}

/// <summary>
/// An import too big for one transaction, which would hold up everybody else who writes. A first pass checks the whole file and gathers in an <see cref="ImportDraft{T}"/>
/// what is to be done. A row in <c>imports</c> decides that all of it will be. Then it is applied slice by slice, each in a transaction that also says how far it is.
/// </summary>
/// <typeparam name="T">One record, as JSON in the draft.</typeparam>
public abstract class SlicedImport<T>(Database database, Writer writer, DataFolder folder, Ids ids, ILogger log) : SlicedImport
    where T : class
{
    private const int AttemptsMax = 20;
    private static readonly TimeSpan AttemptEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Records a slice: so many that it holds the writer for less than 50 ms.</summary>
    protected abstract int SliceLength { get; }

    /// <summary>Applies some records: looks what is there, then adds or changes. May run again, and in parts after a crash; so what is there already is unchanged.</summary>
    protected abstract Task<SliceCount> ApplyAsync(Unit unit, IReadOnlyList<T> slice, CancellationToken cancellation);

    /// <summary>Begins to gather. Disposed without having been decided it leaves nothing behind.</summary>
    protected ImportDraft<T> Begin() => ImportDraft<T>.New(folder.Journal, Kind, ids.Next());

    /// <summary>Decides and does all of it. Cancelled or killed in between, the rest is done by the next start or import.</summary>
    /// <param name="file">Name of the file.</param>
    /// <param name="also">Says for the last time whether it may be, and keeps what belongs to it, in the transaction that decides; null when nothing.</param>
    /// <param name="progress">Told how many records are applied.</param>
    /// <returns>What the slices did, or what <paramref name="also"/> refused.</returns>
    protected async Task<Outcome<SliceCount>> ApplyAsync(
        ImportDraft<T> draft, string file, Actor actor, Func<Unit, Task<Outcome<Done>>>? also, Action<long>? progress, CancellationToken cancellation)
    {
        if (draft.Count == 0)
        {
            return default(SliceCount);
        }
        draft.Keep();
        var decided = await writer.DoAsync<Done>(actor, async unit =>
        {
            unit.Store.Add(new ImportRow { Id = draft.Id, Kind = Kind, File = Path.GetFileName(file), At = unit.Now, Actor = actor.Id, Count = draft.Count });
            return also is null ? default(Done) : await also(unit);
        }, cancellation);
        if (decided.Refusal is { } refusal)
        {
            draft.Delete();
            return refusal;
        }
        return await ApplyAsync(draft, actor, 0, progress, cancellation);
    }

    public override async Task FinishAsync(CancellationToken cancellation)
    {
        foreach (var left in ImportDraft<T>.LeftBehind(folder.Journal, Kind))
        {
            using var draft = left;
            await using var store = database.Open();
            if (await store.Set<ImportRow>().AsNoTracking().FirstOrDefaultAsync(i => i.Id == draft.Id, cancellation) is not { } row)
            {
                draft.Delete();
                continue;
            }
            log.LogInformation("An interrupted import of {Kind} is continued at record {Done} of {Count}", Kind, row.Done, row.Count);
            await ApplyAsync(draft, new Actor(row.Actor), row.Done, null, cancellation);
        }
    }

    private async Task<SliceCount> ApplyAsync(ImportDraft<T> draft, Actor actor, long done, Action<long>? progress, CancellationToken cancellation)
    {
        var sum = default(SliceCount);
        foreach (var slice in draft.Read(done).Chunk(SliceLength))
        {
            sum += await ApplyAsync(draft.Id, actor, slice, cancellation);
            done += slice.Length;
            progress?.Invoke(done);
        }
        draft.Delete();
        return sum;
    }

    private async Task<SliceCount> ApplyAsync(Guid id, Actor actor, T[] slice, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await writer.DoAsync<SliceCount>(actor, async unit =>
            {
                var row = await unit.Store.Set<ImportRow>().SingleAsync(i => i.Id == id, cancellation);
                row.Done += slice.Length;
                return await ApplyAsync(unit, slice, cancellation);
            }, cancellation);
            if (outcome.Ok)
            {
                return outcome.Value;
            }
            if (attempt == AttemptsMax)
            {
                throw new InvalidOperationException($"the import stops at a slice that was refused {AttemptsMax} times ({outcome.Refusal!.Code}); the next start goes on with it");
            }
            await Task.Delay(AttemptEvery, cancellation);
        }
    }
}
