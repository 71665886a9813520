using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The areas of any kind that are marked private, such as shelters or barracks: the public sees only about where a report in one lies, neither words nor photos.</summary>
internal sealed class PrivatePlaces
{
    private const int HitsMax = 64;
    private readonly Area[] areas;
    private readonly ShapeIndex index;
    private readonly double reachMetres;

    public PrivatePlaces(IEnumerable<Area> all)
    {
        areas = [.. all.Where(area => area.Private)];
        index = new ShapeIndex(areas.Select(area => area.Shape));
        reachMetres = areas.Where(RoutingSnapshot.IsLine).Select(area => area.HalfWidthMetres).DefaultIfEmpty(0).Max();
    }

    /// <summary>Whether a point lies in one that is there on a date. A line or point has a footprint of its half width.</summary>
    public bool Hold(LonLat point, DateOnly date)
    {
        if (areas.Length == 0)
        {
            return false;
        }
        Span<int> hits = stackalloc int[HitsMax];
        var count = index.Within(point, reachMetres, hits);
        if (count > hits.Length)
        {
            hits = new int[count];
            index.Within(point, reachMetres, hits);
        }
        foreach (var hit in hits[..count])
        {
            var inside = RoutingSnapshot.IsLine(areas[hit]) ? index.EdgeDistanceMetres(hit, point) <= areas[hit].HalfWidthMetres : index.Contains(hit, point);
            if (inside && areas[hit].ValidOn(date))
            {
                return true;
            }
        }
        return false;
    }
}
