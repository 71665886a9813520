using System.Collections.Frozen;
using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>The areas as they are on one date. Immutable and thread-safe.</summary>
public sealed class DatedAreas
{
    private const int HitsMax = 64;

    private readonly FrozenDictionary<string, Area> byId;
    private readonly FrozenDictionary<string, AreaIndex> byKind;

    internal DatedAreas(IEnumerable<Area> areas)
    {
        All = [.. areas];
        byId = All.ToFrozenDictionary(area => area.Id, StringComparer.Ordinal);
        byKind = All.GroupBy(area => area.Kind, StringComparer.Ordinal).ToFrozenDictionary(group => group.Key, group => new AreaIndex(group), StringComparer.Ordinal);
    }

    /// <summary>In the order in which they were first given.</summary>
    public IReadOnlyList<Area> All { get; }

    public IEnumerable<string> Kinds => byKind.Keys;

    public Area? Find(string id) => byId.GetValueOrDefault(id);

    /// <summary>The areas of one kind, with their index; empty when there are none.</summary>
    public AreaIndex Of(string kind) => byKind.GetValueOrDefault(kind) ?? AreaIndex.Empty;

    /// <summary>Every area, of any kind, that contains a place.</summary>
    public IEnumerable<Area> Holding(LonLat place) => byKind.Values.SelectMany(areas => areas.Holding(place));

    /// <summary>The surfaces of any kind that hold the middle of an area and are larger, smallest first: what it may lie in.</summary>
    public IReadOnlyList<Area> Around(Area area)
    {
        var middle = area.Shape.Kind == ShapeKind.Polygons ? LabelPoint.Of(new ShapeIndex([area.Shape]), 0) : area.Shape[area.Shape.PositionCount / 2];
        return [.. Holding(middle).Where(other => other.Id != area.Id && SizeOf(other) > SizeOf(area)).OrderBy(SizeOf).ThenBy(other => other.Id, StringComparer.Ordinal)];
    }

    private static double SizeOf(Area area) => (area.Shape.Bounds.East - area.Shape.Bounds.West) * (area.Shape.Bounds.North - area.Shape.Bounds.South);

    /// <summary>The area of a kind that contains a place; of several the one with the lowest id. Null when none does.</summary>
    public Area? Containing(string kind, LonLat place)
    {
        var areas = Of(kind);
        Span<int> hits = stackalloc int[HitsMax];
        Area? best = null;
        foreach (var hit in hits[..Math.Min(HitsMax, areas.Index.Containing(place, hits))])
        {
            if (best is null || string.CompareOrdinal(areas[hit].Id, best.Id) < 0)
            {
                best = areas[hit];
            }
        }
        return best;
    }
}

/// <summary>Areas of one kind, numbered as in their index.</summary>
public sealed class AreaIndex
{
    private readonly Area[] areas;
    private readonly Lazy<ShapeIndex> index;

    internal AreaIndex(IEnumerable<Area> areas)
    {
        this.areas = [.. areas];
        index = new Lazy<ShapeIndex>(() => new ShapeIndex(this.areas.Select(area => area.Shape)));
    }

    public static AreaIndex Empty { get; } = new([]);

    public int Count => areas.Length;

    public Area this[int number] => areas[number];

    public IReadOnlyList<Area> All => areas;

    public ShapeIndex Index => index.Value;

    /// <summary>All that contain a place; they may overlap.</summary>
    public IReadOnlyList<Area> Holding(LonLat place)
    {
        var hits = new int[4];
        var found = Index.Containing(place, hits);
        if (found > hits.Length)
        {
            found = Index.Containing(place, hits = new int[found]);
        }
        return [.. hits.Take(found).Select(hit => areas[hit])];
    }

    /// <summary>Whether a place lies in the area with an id.</summary>
    public Func<LonLat, bool> Inside(string id)
    {
        var shape = Array.FindIndex(areas, area => area.Id == id);
        return place => Index.Contains(shape, place);
    }
}
