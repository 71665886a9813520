namespace Zinneke.Geo;

/// <summary>
/// Finds where the rings of a polygon shape cross themselves or one another. Touching is allowed: rings may meet at a corner or along an edge without passing through.
/// A line sweeps over the corners from west to east and keeps the edges that it meets in order; only edges that become neighbours need comparing (Shamos and Hoey, "Geometric
/// intersection problems", 1976). It takes n log n steps whatever the shape, and is exact, because positions are whole numbers.
/// </summary>
public sealed class RingCrossings
{
    private const int None = SweepOrder.None;
    // Corners that all lie on one place are compared in pairs; real boundaries have two or three.
    private const int PassesMax = 4096;

    // Corner i is the start of edge i, which ends at next[i].
    private readonly List<int> xs = [];
    private readonly List<int> ys = [];
    private readonly List<int> next = [];
    private readonly List<int> previous = [];
    private readonly List<(int From, int To)> passes = [];
    private readonly SweepOrder order;
    private LonLat? crossing;

    private RingCrossings(Shape shape)
    {
        for (var part = 0; part < shape.PartCount; part++)
        {
            AddRing(shape.Units[(2 * shape.Part(part).Start)..(2 * shape.Part(part).End)]);
        }
        order = new SweepOrder(xs.Count, BelongsAbove);
    }

    /// <summary>A place where the rings cross, or null when none does.</summary>
    /// <exception cref="ArgumentException">More than 4,096 corners lie on one place.</exception>
    public static LonLat? FirstIn(Shape shape)
    {
        var search = new RingCrossings(shape);
        search.Sweep();
        return search.crossing;
    }

    /// <summary>Keeps the corners of a closed ring, repeated positions once.</summary>
    private void AddRing(ReadOnlySpan<int> units)
    {
        var first = xs.Count;
        for (var i = 0; i + 3 < units.Length; i += 2)
        {
            if (units[i] != units[i + 2] || units[i + 1] != units[i + 3])
            {
                xs.Add(units[i]);
                ys.Add(units[i + 1]);
                next.Add(xs.Count);
                previous.Add(xs.Count - 2);
            }
        }
        if (xs.Count > first)
        {
            next[^1] = first;
            previous[first] = xs.Count - 1;
        }
    }

    private void Sweep()
    {
        var corners = Enumerable.Range(0, xs.Count).ToArray();
        Array.Sort(Array.ConvertAll(corners, Place), corners);
        for (int start = 0, end; start < corners.Length && crossing is null; start = end)
        {
            for (end = start + 1; end < corners.Length && Same(corners[start], corners[end]); end++)
            {
            }
            Visit(corners.AsSpan(start, end - start));
        }
    }

    /// <summary>All corners on one place: the edges that end there leave the sweep line, then those that begin there join it.</summary>
    private void Visit(ReadOnlySpan<int> corners)
    {
        int below = None, above = None;
        foreach (var corner in corners)
        {
            foreach (var edge in (ReadOnlySpan<int>)[corner, previous[corner]])
            {
                if (East(edge) == corner)
                {
                    (below, above) = (order.Below(edge), order.Above(edge));
                    order.Remove(edge);
                    Compare(below, above);
                }
            }
        }
        foreach (var corner in corners)
        {
            foreach (var edge in (ReadOnlySpan<int>)[corner, previous[corner]])
            {
                if (West(edge) == corner)
                {
                    order.Add(edge);
                    (below, above) = (order.Below(edge), edge);
                    Compare(below, edge);
                    Compare(edge, order.Above(edge));
                }
            }
        }
        ComparePasses(corners, below, above);
    }

    /// <summary>Every pair of paths over this place must touch without changing sides: those that have a corner here, and edges that run through.</summary>
    private void ComparePasses(ReadOnlySpan<int> corners, int below, int above)
    {
        passes.Clear();
        var here = corners[0];
        for (; below != None && Turn(below, next[below], here) == 0; below = order.Below(below))
        {
            AddRunThrough(here, below);
        }
        for (; above != None && Turn(above, next[above], here) == 0; above = order.Above(above))
        {
            AddRunThrough(here, above);
        }
        if (corners.Length + passes.Count == 1)
        {
            return;
        }
        foreach (var corner in corners)
        {
            passes.Add((previous[corner], next[corner]));
        }
        if (passes.Count > PassesMax)
        {
            throw new ArgumentException($"more than {PassesMax} corners on one place");
        }
        for (var i = 0; i < passes.Count && crossing is null; i++)
        {
            for (var j = 0; j < i; j++)
            {
                crossing = PassesThrough(here, passes[i], passes[j]) ? At(here) : crossing;
            }
        }
    }

    private void AddRunThrough(int here, int edge)
    {
        if (!Same(edge, here) && !Same(next[edge], here))
        {
            passes.Add((edge, next[edge]));
        }
    }

    private void Compare(int e, int f)
    {
        if (e == None || f == None)
        {
            return;
        }
        var (a, b, c, d) = (e, next[e], f, next[f]);
        if (Turn(a, b, c) * Turn(a, b, d) < 0 && Turn(c, d, a) * Turn(c, d, b) < 0)
        {
            crossing = Meeting(a, b, c, d);
        }
    }

    /// <summary>Whether an edge that begins where the sweep line stands belongs above an edge that the line meets.</summary>
    private bool BelongsAbove(int edge, int other)
    {
        var side = Turn(West(other), East(other), West(edge));
        side = side != 0 ? side : Turn(West(other), East(other), East(edge));
        return side != 0 ? side > 0 : edge > other;
    }

    /// <summary>From west to east, on one meridian from south to north.</summary>
    private ulong Place(int corner) => (ulong)((long)xs[corner] + int.MaxValue) << 32 | (uint)((long)ys[corner] + int.MaxValue);

    private int West(int edge) => Place(edge) < Place(next[edge]) ? edge : next[edge];

    private int East(int edge) => Place(edge) < Place(next[edge]) ? next[edge] : edge;

    /// <summary>1 when c lies left of the line from a to b, -1 right of it, 0 on it. Products stay below 2^63: a difference is at most 3.6e9 by 1.8e9.</summary>
    private int Turn(int a, int b, int c) =>
        (((long)xs[b] - xs[a]) * ((long)ys[c] - ys[a])).CompareTo(((long)ys[b] - ys[a]) * ((long)xs[c] - xs[a]));

    private bool Same(int a, int b) => xs[a] == xs[b] && ys[a] == ys[b];

    /// <summary>Whether one path over a place changes the side of another.</summary>
    private bool PassesThrough(int here, (int From, int To) a, (int From, int To) b) => Sector(here, a, b.From) * Sector(here, a, b.To) < 0;

    /// <summary>1 when the direction to w lies strictly between those of the path (u, v), counter-clockwise; 0 along one of them; else -1.</summary>
    private int Sector(int corner, (int From, int To) path, int w)
    {
        var (u, v) = path;
        if (Along(corner, u, w) || Along(corner, v, w) || Along(corner, u, v))
        {
            return 0;
        }
        var turn = Turn(corner, u, v);
        var inside = turn > 0 ? Turn(corner, u, w) > 0 && Turn(corner, w, v) > 0
            : turn < 0 ? !(Turn(corner, v, w) > 0 && Turn(corner, w, u) > 0)
            : Turn(corner, u, w) > 0;
        return inside ? 1 : -1;
    }

    private bool Along(int corner, int u, int w) =>
        Turn(corner, u, w) == 0 && Math.Sign((long)xs[u] - xs[corner]) == Math.Sign((long)xs[w] - xs[corner])
        && Math.Sign((long)ys[u] - ys[corner]) == Math.Sign((long)ys[w] - ys[corner]);

    private LonLat At(int corner) => new(xs[corner] / Shape.UnitsPerDegree, ys[corner] / Shape.UnitsPerDegree);

    private LonLat Meeting(int a, int b, int c, int d)
    {
        var (p, q, r, s) = (At(a), At(b), At(c), At(d));
        var t = ((r.Lon - p.Lon) * (s.Lat - r.Lat) - (r.Lat - p.Lat) * (s.Lon - r.Lon))
            / ((q.Lon - p.Lon) * (s.Lat - r.Lat) - (q.Lat - p.Lat) * (s.Lon - r.Lon));
        return new LonLat(p.Lon + t * (q.Lon - p.Lon), p.Lat + t * (q.Lat - p.Lat));
    }
}
