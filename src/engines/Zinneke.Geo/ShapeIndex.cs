namespace Zinneke.Geo;

/// <summary>
/// An immutable index over shapes, numbered as given: which contain a point, how far each is, which is nearest. Lookups allocate nothing and may run on many threads.
/// Inside is even-odd crossing in longitude and latitude with the half-open rule (y_i &gt; y) != (y_j &gt; y): a point on a boundary belongs to the polygon above it or to its
/// east, holes are outside, and of two polygons that share an edge exactly one contains each point of it. Distances are metres in the local plane at the point.
/// </summary>
public sealed class ShapeIndex
{
    private readonly Shape[] shapes;
    private readonly BoxTree boxes;
    private readonly EdgeTree edges;

    public ShapeIndex(IEnumerable<Shape> shapes)
    {
        this.shapes = [.. shapes];
        boxes = new BoxTree(Array.ConvertAll(this.shapes, shape => shape.Bounds));
        edges = new EdgeTree(this.shapes);
    }

    public int Count => shapes.Length;

    public Box Bounds => boxes.Bounds;

    public Shape this[int shape] => shapes[shape];

    /// <summary>The polygons that contain the point, ascending.</summary>
    /// <returns>How many there are; when that is more than <paramref name="hits"/> holds, only so many are written.</returns>
    public int Containing(LonLat p, Span<int> hits)
    {
        var found = 0;
        foreach (var shape in boxes.Over(new Box(p.Lon, p.Lat, p.Lon, p.Lat)))
        {
            if (Contains(shape, p))
            {
                Keep(shape, hits, ref found);
            }
        }
        return Sorted(hits, found);
    }

    /// <summary>False for points and lines.</summary>
    public bool Contains(int shape, LonLat p) => shapes[shape].Kind == ShapeKind.Polygons && edges.Inside(shape, p);

    /// <summary>0 inside a polygon, else metres to the nearest edge, line or point of the shape.</summary>
    public double DistanceMetres(int shape, LonLat p) => Contains(shape, p) ? 0 : EdgeDistanceMetres(shape, p);

    /// <summary>Metres to the nearest edge, line or point, also from inside; infinite for a shape without positions.</summary>
    public double EdgeDistanceMetres(int shape, LonLat p) => Math.Sqrt(edges.EdgeMetres2(shape, new LocalPlane(p), double.PositiveInfinity));

    /// <summary>The nearest shape within a distance; of several at the same distance (all that contain the point have 0) the lowest.</summary>
    /// <returns>-1 when there is none.</returns>
    public int Nearest(LonLat p, double maxMetres, out double metres)
    {
        var plane = new LocalPlane(p);
        var near = boxes.Near(p, maxMetres);
        var best = -1;
        var best2 = double.PositiveInfinity;
        while (near.Next(out var shape))
        {
            var metres2 = Contains(shape, p) ? 0 : edges.EdgeMetres2(shape, plane, near.LimitMetres2);
            if (metres2 < best2 || (metres2 == best2 && shape < best))
            {
                (best, best2, near.LimitMetres2) = (shape, metres2, metres2);
            }
        }
        metres = Math.Sqrt(best2);
        return best;
    }

    /// <summary>The shapes at most so far away (0 inside), ascending; counted and cut like <see cref="Containing"/>.</summary>
    public int Within(LonLat p, double maxMetres, Span<int> hits)
    {
        var plane = new LocalPlane(p);
        var near = boxes.Near(p, maxMetres);
        var found = 0;
        while (near.Next(out var shape))
        {
            if (Contains(shape, p) || edges.EdgeMetres2(shape, plane, near.LimitMetres2) <= near.LimitMetres2)
            {
                Keep(shape, hits, ref found);
            }
        }
        return Sorted(hits, found);
    }

    /// <summary>The shapes whose box meets this box, ascending; counted and cut like <see cref="Containing"/>.</summary>
    public int Over(in Box box, Span<int> hits)
    {
        var found = 0;
        foreach (var shape in boxes.Over(box))
        {
            Keep(shape, hits, ref found);
        }
        return Sorted(hits, found);
    }

    private static void Keep(int shape, Span<int> hits, ref int found)
    {
        if (found < hits.Length)
        {
            hits[found] = shape;
        }
        found++;
    }

    private static int Sorted(Span<int> hits, int found)
    {
        hits[..Math.Min(found, hits.Length)].Sort();
        return found;
    }
}
