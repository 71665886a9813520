using System.Collections.Frozen;

namespace Zinneke.Kernel;

/// <summary>All areas in all their versions; immutable. Every lookup is as of a date, because areas come, merge and go.</summary>
public sealed class AreaVersions
{
    private readonly FrozenDictionary<string, Area[]> byId;
    private readonly ILookup<string, string> successors;
    // What is valid changes only on these dates; between them one set of areas serves.
    private readonly DateOnly[] turns;
    private readonly Lazy<DatedAreas>[] sets;

    /// <param name="areas">In the order in which they were first given.</param>
    public AreaVersions(IEnumerable<Area> areas)
    {
        All = [.. areas];
        byId = All.GroupBy(area => area.Id, StringComparer.Ordinal).ToFrozenDictionary(group => group.Key, group => group.OrderBy(area => area.ValidFrom).ToArray(), StringComparer.Ordinal);
        successors = All.SelectMany(area => area.Replaces.Select(old => (Old: old, New: area.Id))).Distinct().ToLookup(pair => pair.Old, pair => pair.New, StringComparer.Ordinal);
        turns = [.. All.SelectMany(area => new[] { area.ValidFrom, area.ValidTo == DateOnly.MaxValue ? DateOnly.MinValue : area.ValidTo.AddDays(1) })
            .Append(DateOnly.MinValue).Distinct().Order()];
        sets = Array.ConvertAll(turns, turn => new Lazy<DatedAreas>(() => new DatedAreas(All.Where(area => area.ValidOn(turn)))));
    }

    public static AreaVersions None { get; } = new([]);

    /// <summary>Every version, in the order in which the areas were first given.</summary>
    public IReadOnlyList<Area> All { get; }

    /// <summary>The areas as they are on a date.</summary>
    public DatedAreas On(DateOnly date)
    {
        var at = Array.BinarySearch(turns, date);
        return sets[at >= 0 ? at : ~at - 1].Value;
    }

    /// <summary>The versions of one area, oldest first; none when there is no such area.</summary>
    public IReadOnlyList<Area> History(string id) => byId.GetValueOrDefault(id) ?? [];

    /// <summary>An area as it is on a date: in its version of then, else in the last before, else in the first to come; null when there is none.</summary>
    public Area? As(string id, DateOnly date) => byId.GetValueOrDefault(id) is { } versions ? Array.FindLast(versions, version => version.ValidFrom <= date) ?? versions[0] : null;

    /// <summary>Each area once, see <see cref="As"/>, in the order in which they were first given.</summary>
    public IEnumerable<Area> Each(DateOnly date) => All.Select(area => area.Id).Distinct(StringComparer.Ordinal).Select(id => As(id, date)!);

    /// <summary>The crosswalk from old to new: what this area is part of on a date. Itself while it exists; several when it was divided; none when nothing is known.</summary>
    public IReadOnlyList<Area> Today(string id, DateOnly date)
    {
        var found = new List<Area>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>([id]);
        while (open.TryDequeue(out var next))
        {
            if (!seen.Add(next))
            {
                continue;
            }
            if (On(date).Find(next) is { } area)
            {
                found.Add(area);
                continue;
            }
            foreach (var successor in successors[next])
            {
                open.Enqueue(successor);
            }
        }
        return found;
    }
}
