using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Zinneke.Geo;

/// <summary>
/// The edges of shapes for exact point-in-polygon and distance. Edges lie in blocks of eight that follow the boundary, blocks in nodes of eight, nodes in nodes.
/// A node keeps its box and enough of its ends to count crossings without opening it: a run of edges wholly to the right of the point is crossed an odd number of times
/// exactly when its two ends lie on different sides of the horizontal through the point. So a lookup opens only the nodes whose box holds the point.
/// </summary>
internal sealed class EdgeTree
{
    private const int Fan = BoxTree.Fan;
    private const int BlockColumns = 4;
    private const int GroupColumns = 8;
    private const int StackSize = 96;

    // Block: ax ay bx by of eight edges with ay <= by: neighbours that share an edge then compute the same bits for it, so that no point is in both or in neither.
    private readonly double[] blocks;
    // Group: west south east north firstY aY bY lastY of eight nodes (see Chain).
    private readonly double[] groups;
    // A child is a group, or ~block.
    private readonly int[] children;
    private readonly int[] roots;

    public EdgeTree(IReadOnlyList<Shape> shapes)
    {
        var builder = new Builder();
        roots = new int[shapes.Count];
        for (var i = 0; i < shapes.Count; i++)
        {
            roots[i] = builder.Add(shapes[i]);
        }
        blocks = [.. builder.Blocks];
        groups = [.. builder.Groups];
        children = [.. builder.Children];
    }

    /// <summary>Even-odd over all rings of the shape, by the half-open rule (y_i &gt; y) != (y_j &gt; y).</summary>
    [SkipLocalsInit]
    public bool Inside(int shape, LonLat p)
    {
        var x = Vector512.Create(p.Lon);
        var y = Vector512.Create(p.Lat);
        Span<int> stack = stackalloc int[StackSize];
        stack[0] = roots[shape];
        var top = 1;
        var odd = 0;
        while (top > 0)
        {
            var group = stack[--top];
            ref var column = ref groups[group * Fan * GroupColumns];
            var west = Vector512.LoadUnsafe(ref column);
            var right = Vector512.GreaterThan(west, x);
            var sides = Vector512.GreaterThan(Vector512.LoadUnsafe(ref column, 4 * Fan), y) ^ Vector512.GreaterThan(Vector512.LoadUnsafe(ref column, 5 * Fan), y)
                ^ Vector512.GreaterThan(Vector512.LoadUnsafe(ref column, 6 * Fan), y) ^ Vector512.GreaterThan(Vector512.LoadUnsafe(ref column, 7 * Fan), y);
            odd ^= BitOperations.PopCount((right & sides).ExtractMostSignificantBits());
            var holds = Vector512.LessThanOrEqual(west, x) & Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref column, Fan), y)
                & Vector512.GreaterThan(Vector512.LoadUnsafe(ref column, 2 * Fan), x) & Vector512.GreaterThan(Vector512.LoadUnsafe(ref column, 3 * Fan), y);
            for (var bits = holds.ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
            {
                var child = children[group * Fan + BitOperations.TrailingZeroCount(bits)];
                if (child >= 0)
                {
                    stack[top++] = child;
                }
                else
                {
                    odd ^= BitOperations.PopCount(Crossed(~child, x, y));
                }
            }
        }
        return (odd & 1) != 0;
    }

    /// <summary>Which of eight edges the ray from (x, y) to the east crosses.</summary>
    private ulong Crossed(int block, Vector512<double> x, Vector512<double> y)
    {
        ref var column = ref blocks[block * Fan * BlockColumns];
        var ax = Vector512.LoadUnsafe(ref column);
        var ay = Vector512.LoadUnsafe(ref column, Fan);
        var bx = Vector512.LoadUnsafe(ref column, 2 * Fan);
        var by = Vector512.LoadUnsafe(ref column, 3 * Fan);
        var spans = Vector512.LessThanOrEqual(ay, y) & Vector512.GreaterThan(by, y);
        var east = Vector512.GreaterThan((bx - ax) * (y - ay), (x - ax) * (by - ay));
        return (spans & east).ExtractMostSignificantBits();
    }

    /// <summary>Squared metres to the nearest edge; infinite when none is within <paramref name="limit2"/>, which itself counts as within.</summary>
    [SkipLocalsInit]
    public double EdgeMetres2(int shape, in LocalPlane plane, double limit2)
    {
        Span<int> stack = stackalloc int[StackSize];
        Span<double> far = stackalloc double[StackSize];
        stack[0] = roots[shape];
        far[0] = 0;
        var top = 1;
        var nothing = Math.BitIncrement(limit2);
        var best = nothing;
        while (top > 0)
        {
            top--;
            if (!(far[top] < best))
            {
                continue;
            }
            var node = stack[top];
            if (node < 0)
            {
                best = Math.Min(best, BlockMetres2(~node, plane));
                continue;
            }
            ref var column = ref groups[node * Fan * GroupColumns];
            var boxes = BoxDistance.Squared(
                Vector512.LoadUnsafe(ref column), Vector512.LoadUnsafe(ref column, Fan), Vector512.LoadUnsafe(ref column, 2 * Fan), Vector512.LoadUnsafe(ref column, 3 * Fan), plane);
            var bottom = top;
            for (var bits = Vector512.LessThan(boxes, Vector512.Create(best)).ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
            {
                var i = BitOperations.TrailingZeroCount(bits);
                var distance = boxes.GetElement(i);
                var slot = top++;
                for (; slot > bottom && far[slot - 1] < distance; slot--)
                {
                    far[slot] = far[slot - 1];
                    stack[slot] = stack[slot - 1];
                }
                far[slot] = distance;
                stack[slot] = children[node * Fan + i];
            }
            Debug.Assert(top <= StackSize);
        }
        return best < nothing ? best : double.PositiveInfinity;
    }

    private double BlockMetres2(int block, in LocalPlane plane)
    {
        ref var column = ref blocks[block * Fan * BlockColumns];
        var ax = (Vector512.LoadUnsafe(ref column) - Vector512.Create(plane.Origin.Lon)) * plane.MetresPerLon;
        var ay = (Vector512.LoadUnsafe(ref column, Fan) - Vector512.Create(plane.Origin.Lat)) * LocalPlane.MetresPerDegree;
        var dx = (Vector512.LoadUnsafe(ref column, 2 * Fan) - Vector512.Create(plane.Origin.Lon)) * plane.MetresPerLon - ax;
        var dy = (Vector512.LoadUnsafe(ref column, 3 * Fan) - Vector512.Create(plane.Origin.Lat)) * LocalPlane.MetresPerDegree - ay;
        var length2 = dx * dx + dy * dy;
        var along = Vector512.Max(Vector512.Min(-(ax * dx + ay * dy) / length2, Vector512<double>.One), Vector512<double>.Zero);
        // A point, or an edge of no length, is its own nearest place.
        along = Vector512.ConditionalSelect(Vector512.GreaterThan(length2, Vector512<double>.Zero), along, Vector512<double>.Zero);
        var x = ax + along * dx;
        var y = ay + along * dy;
        var metres2 = x * x + y * y;
        var four = Vector256.Min(metres2.GetLower(), metres2.GetUpper());
        var two = Vector128.Min(four.GetLower(), four.GetUpper());
        return Math.Min(two.GetElement(0), two.GetElement(1));
    }

    /// <summary>
    /// A run of edges in boundary order. <c>First</c> to <c>A</c> are the latitudes of the ends of its first stretch, <c>B</c> to <c>Last</c> those of its last one when rings
    /// begin or end inside; whole rings between them are crossed an even number of times and need no mention. Unbroken: A = B = Last.
    /// </summary>
    private readonly record struct Chain(Box Box, double First, double A, double B, double Last, bool Broken, bool StartsRing, int Child)
    {
        public Chain Then(in Chain next)
        {
            var box = Box.With(next.Box);
            if (next.StartsRing)
            {
                return this with { Box = box, A = Broken ? A : Last, B = next.Broken ? next.B : next.First, Last = next.Last, Broken = true };
            }
            return (Broken, next.Broken) switch
            {
                (false, false) => this with { Box = box, A = next.Last, B = next.Last, Last = next.Last },
                (true, false) => this with { Box = box, Last = next.Last },
                (false, true) => this with { Box = box, A = next.A, B = next.B, Last = next.Last, Broken = true },
                (true, true) => this with { Box = box, B = next.B, Last = next.Last },
            };
        }
    }

    private sealed class Builder
    {
        public List<double> Blocks { get; } = [];

        public List<double> Groups { get; } = [];

        public List<int> Children { get; } = [];

        public int Add(Shape shape)
        {
            var level = new List<Chain>();
            for (var part = 0; part < shape.PartCount; part++)
            {
                var (start, end) = shape.Part(part);
                if (shape.Kind == ShapeKind.Points)
                {
                    AddPoints(shape, start, end, level);
                }
                else
                {
                    AddRun(shape, start, end, level);
                }
            }
            do
            {
                level = Group(level);
            }
            while (level.Count > 1);
            return level[0].Child;
        }

        private void AddRun(Shape shape, int start, int end, List<Chain> level)
        {
            Span<LonLat> places = stackalloc LonLat[Fan + 1];
            for (var from = start; from < Math.Max(end - 1, start + 1); from += Fan)
            {
                var to = Math.Min(from + Fan, end - 1);
                for (var i = 0; i <= Fan; i++)
                {
                    places[i] = shape[Math.Min(from + i, to)];
                }
                AddBlock(places[..Fan], places[1..], from == start, level);
            }
        }

        private void AddPoints(Shape shape, int start, int end, List<Chain> level)
        {
            Span<LonLat> places = stackalloc LonLat[Fan];
            for (var from = start; from < end; from += Fan)
            {
                for (var i = 0; i < Fan; i++)
                {
                    places[i] = shape[Math.Min(from + i, end - 1)];
                }
                AddBlock(places, places, true, level);
            }
        }

        private void AddBlock(ReadOnlySpan<LonLat> from, ReadOnlySpan<LonLat> to, bool startsRing, List<Chain> level)
        {
            var box = Box.Empty;
            Span<double> columns = stackalloc double[Fan * BlockColumns];
            for (var i = 0; i < Fan; i++)
            {
                var (a, b) = from[i].Lat <= to[i].Lat ? (from[i], to[i]) : (to[i], from[i]);
                (columns[i], columns[Fan + i], columns[2 * Fan + i], columns[3 * Fan + i]) = (a.Lon, a.Lat, b.Lon, b.Lat);
                box = box.With(a).With(b);
            }
            Blocks.AddRange(columns);
            var last = to[^1].Lat;
            level.Add(new Chain(box, from[0].Lat, last, last, last, Broken: false, startsRing, ~(Blocks.Count / columns.Length - 1)));
        }

        private List<Chain> Group(List<Chain> level)
        {
            var parents = new List<Chain>((level.Count + Fan - 1) / Fan);
            for (var from = 0; from < Math.Max(1, level.Count); from += Fan)
            {
                var members = level.Slice(from, Math.Min(Fan, level.Count - from));
                for (var column = 0; column < GroupColumns; column++)
                {
                    for (var i = 0; i < Fan; i++)
                    {
                        Groups.Add(i < members.Count ? Column(members[i], column) : double.NaN);
                    }
                }
                for (var i = 0; i < Fan; i++)
                {
                    Children.Add(i < members.Count ? members[i].Child : 0);
                }
                var whole = members.Count > 0 ? members[0] : default;
                for (var i = 1; i < members.Count; i++)
                {
                    whole = whole.Then(members[i]);
                }
                parents.Add(whole with { Child = Children.Count / Fan - 1 });
            }
            return parents;
        }

        private static double Column(in Chain chain, int column) => column switch
        {
            0 => chain.Box.West,
            1 => chain.Box.South,
            2 => chain.Box.East,
            3 => chain.Box.North,
            4 => chain.First,
            5 => chain.A,
            6 => chain.B,
            _ => chain.Last,
        };
    }
}
