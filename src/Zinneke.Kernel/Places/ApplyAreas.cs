using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>One change of an import of areas.</summary>
/// <param name="Key">Id and first day.</param>
/// <param name="Row">What is added or changed; null for what goes.</param>
public sealed record AreaStep(string Key, AreaRow? Row);

/// <summary>Applies the areas of a big file in slices.</summary>
public sealed class ApplyAreas(Database database, Writer writer, DataFolder folder, Ids ids, ILogger<ApplyAreas> log) : SlicedImport<AreaStep>(database, writer, folder, ids, log)
{
    public override string Kind => ImportAreas.Catalogue;

    protected override int SliceLength => 100;

    /// <param name="also">Decides for the last time; see <see cref="SlicedImport{T}"/>.</param>
    internal async Task<Outcome<SliceCount>> RunAsync(IEnumerable<AreaStep> steps, string file, Actor actor, Func<Unit, Task<Outcome<Done>>> also, CancellationToken cancellation)
    {
        using var draft = Begin();
        foreach (var step in steps)
        {
            draft.Add(step);
        }
        return await ApplyAsync(draft, file, actor, also, null, cancellation);
    }

    /// <summary>Adds, changes and removes rows, with an event for each.</summary>
    /// <param name="held">What is there, tracked, by key.</param>
    /// <param name="place">The last place given.</param>
    internal static SliceCount Apply(Unit unit, IEnumerable<AreaStep> steps, Dictionary<string, AreaRow> held, long place)
    {
        var (added, changed, unchanged) = (0, 0, 0);
        foreach (var (key, row) in steps)
        {
            var old = held.GetValueOrDefault(key);
            if (row is null)
            {
                Remove(unit, old);
            }
            else if (old is null)
            {
                row.Place = ++place;
                unit.Store.Add(row);
                unit.Publish(new Subject("area", row.Id), 1, new AreaAdded(row.Kind, AreaRow.DateOf(row.ValidFrom)));
                added++;
            }
            else if (old.Become(row))
            {
                unit.Publish(new Subject("area", row.Id), old.Version + 1, new AreaChanged(row.Kind, AreaRow.DateOf(row.ValidFrom)));
                changed++;
            }
            else
            {
                unchanged++;
            }
        }
        return new SliceCount(added, changed, unchanged);
    }

    protected override async Task<SliceCount> ApplyAsync(Unit unit, IReadOnlyList<AreaStep> slice, CancellationToken cancellation)
    {
        var named = slice.Select(step => step.Key[..step.Key.LastIndexOf(' ')]).Distinct().ToList();
        var held = await unit.Store.Set<AreaRow>().Where(row => EF.Parameter(named).Contains(row.Id)).ToListAsync(cancellation);
        var last = await unit.Store.Set<AreaRow>().MaxAsync(row => (long?)row.Place, cancellation) ?? 0;
        return Apply(unit, slice, held.ToDictionary(row => row.Key, StringComparer.Ordinal), last);
    }

    private static void Remove(Unit unit, AreaRow? gone)
    {
        if (gone is not null)
        {
            unit.Store.Remove(gone);
            unit.Publish(new Subject("area", gone.Id), gone.Version, new AreaRemoved(gone.Kind, AreaRow.DateOf(gone.ValidFrom)));
        }
    }
}
