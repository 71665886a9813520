using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Zinneke.Geo;

/// <summary>
/// An immutable packed R-tree over boxes: boxes in the order of the Hilbert curve of their centres, eight to a node, nodes eight to a node, no gaps (Kamel and Faloutsos,
/// "On packing R-trees", 1993). The eight boxes of a node lie in columns, so that one vector comparison tests them all. Lookups allocate nothing.
/// </summary>
public sealed class BoxTree
{
    internal const int Fan = 8;
    private const int Columns = 4;
    // Nodes waiting at most: seven on each level below the root; eleven levels hold 8^11 boxes.
    private const int StackSize = 96;

    private readonly double[] groups;
    private readonly int[] children;
    private readonly int root;

    /// <param name="boxes">Item i has box i. Empty boxes are never found.</param>
    public BoxTree(ReadOnlySpan<Box> boxes)
    {
        Count = boxes.Length;
        Bounds = Box.Empty;
        foreach (var box in boxes)
        {
            Bounds = Bounds.With(box);
        }
        var items = HilbertOrder(boxes);
        var level = new (Box Box, int Child)[boxes.Length];
        for (var i = 0; i < level.Length; i++)
        {
            level[i] = (boxes[items[i]], ~items[i]);
        }
        var columns = new List<double>();
        var links = new List<int>();
        do
        {
            level = Pack(level, columns, links);
        }
        while (level.Length > 1);
        groups = [.. columns];
        children = [.. links];
        root = level[0].Child;
    }

    public int Count { get; }

    public Box Bounds { get; }

    /// <summary>The items whose box meets this box, in no order: <c>foreach (var item in tree.Over(box))</c>.</summary>
    public OverCursor Over(in Box box) => new(this, box);

    /// <summary>The items whose box may lie within a shrinking limit, nearest boxes first as far as the tree tells.</summary>
    public NearCursor Near(LonLat p, double limitMetres) => new(this, new LocalPlane(p), limitMetres);

    private static (Box, int)[] Pack((Box Box, int Child)[] level, List<double> columns, List<int> links)
    {
        var parents = new (Box, int)[Math.Max(1, (level.Length + Fan - 1) / Fan)];
        for (var g = 0; g < parents.Length; g++)
        {
            var all = Box.Empty;
            var group = links.Count / Fan;
            for (var column = 0; column < Columns; column++)
            {
                for (var i = 0; i < Fan; i++)
                {
                    var box = g * Fan + i < level.Length ? level[g * Fan + i].Box : Box.Empty;
                    // Empty places are NaN: every comparison with them is false, whatever is asked.
                    columns.Add(box.IsEmpty ? double.NaN : column switch { 0 => box.West, 1 => box.South, 2 => box.East, _ => box.North });
                    all = all.With(box);
                }
            }
            for (var i = 0; i < Fan; i++)
            {
                links.Add(g * Fan + i < level.Length ? level[g * Fan + i].Child : 0);
            }
            parents[g] = (all, group);
        }
        return parents;
    }

    private static int[] HilbertOrder(ReadOnlySpan<Box> boxes)
    {
        var all = Box.Empty;
        foreach (var box in boxes)
        {
            all = box.IsEmpty ? all : all.With(box.Centre);
        }
        var keys = new ulong[boxes.Length];
        var items = new int[boxes.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = i;
            var centre = boxes[i].IsEmpty ? new LonLat(all.West, all.South) : boxes[i].Centre;
            var curve = Hilbert(Scale(centre.Lon, all.West, all.East), Scale(centre.Lat, all.South, all.North));
            keys[i] = (ulong)curve << 32 | (uint)i;
        }
        Array.Sort(keys, items);
        return items;

        static uint Scale(double value, double from, double to) => to > from ? (uint)((value - from) / (to - from) * 0xFFFF) : 0;
    }

    /// <summary>Place of a cell of a 65,536 × 65,536 grid on the Hilbert curve (Hamilton, "Compact Hilbert indices", 2006, in the plain form with rotations).</summary>
    internal static uint Hilbert(uint x, uint y)
    {
        uint place = 0;
        for (var s = 1u << 15; s > 0; s >>= 1)
        {
            var rx = (x & s) > 0 ? 1u : 0;
            var ry = (y & s) > 0 ? 1u : 0;
            place += s * s * ((3 * rx) ^ ry);
            if (ry == 0)
            {
                if (rx == 1)
                {
                    x = 0xFFFF - x;
                    y = 0xFFFF - y;
                }
                (x, y) = (y, x);
            }
        }
        return place;
    }

    [InlineArray(StackSize)]
    private struct IntStack
    {
        private int first;
    }

    [InlineArray(StackSize)]
    private struct DoubleStack
    {
        private double first;
    }

    /// <summary>Walks the items whose box meets a box. Lives on the stack.</summary>
    public ref struct OverCursor
    {
        private readonly BoxTree tree;
        private readonly Vector512<double> west, south, east, north;
        private IntStack stack;
        private int top;

        internal OverCursor(BoxTree tree, in Box box)
        {
            this.tree = tree;
            (west, south) = (Vector512.Create(box.West), Vector512.Create(box.South));
            (east, north) = (Vector512.Create(box.East), Vector512.Create(box.North));
            stack[0] = tree.root;
            top = 1;
        }

        public int Current { get; private set; }

        public readonly OverCursor GetEnumerator() => this;

        public bool MoveNext()
        {
            while (top > 0)
            {
                var node = stack[--top];
                if (node < 0)
                {
                    Current = ~node;
                    return true;
                }
                ref var column = ref tree.groups[node * Fan * Columns];
                var meets = Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref column), east)
                    & Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref column, Fan), north)
                    & Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref column, 2 * Fan), west)
                    & Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref column, 3 * Fan), south);
                for (var bits = meets.ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
                {
                    stack[top++] = tree.children[node * Fan + BitOperations.TrailingZeroCount(bits)];
                }
            }
            return false;
        }
    }

    /// <summary>Walks the items by the distance of their boxes; whoever walks lowers <see cref="NearCursor.LimitMetres2"/> when something near was found. Lives on the stack.</summary>
    public ref struct NearCursor
    {
        private readonly BoxTree tree;
        private readonly LocalPlane plane;
        private IntStack stack;
        private DoubleStack metres2;
        private int top;

        internal NearCursor(BoxTree tree, LocalPlane plane, double limitMetres)
        {
            this.tree = tree;
            this.plane = plane;
            LimitMetres2 = limitMetres * limitMetres;
            stack[0] = tree.root;
            top = 1;
        }

        /// <summary>Squared metres: boxes farther than this are left out.</summary>
        public double LimitMetres2 { get; set; }

        /// <summary>The next item whose box is not beyond the limit.</summary>
        public bool Next(out int item)
        {
            while (top > 0)
            {
                top--;
                if (metres2[top] > LimitMetres2)
                {
                    continue;
                }
                if (stack[top] < 0)
                {
                    item = ~stack[top];
                    return true;
                }
                Open(stack[top]);
            }
            item = -1;
            return false;
        }

        private void Open(int group)
        {
            ref var column = ref tree.groups[group * Fan * Columns];
            var far = BoxDistance.Squared(
                Vector512.LoadUnsafe(ref column), Vector512.LoadUnsafe(ref column, Fan), Vector512.LoadUnsafe(ref column, 2 * Fan), Vector512.LoadUnsafe(ref column, 3 * Fan), plane);
            var bottom = top;
            var near = Vector512.LessThanOrEqual(far, Vector512.Create(LimitMetres2)).ExtractMostSignificantBits();
            for (; near != 0; near &= near - 1)
            {
                var i = BitOperations.TrailingZeroCount(near);
                var distance = far.GetElement(i);
                var slot = top++;
                // Nearest on top: insertion among the at most seven just pushed.
                for (; slot > bottom && metres2[slot - 1] < distance; slot--)
                {
                    metres2[slot] = metres2[slot - 1];
                    stack[slot] = stack[slot - 1];
                }
                metres2[slot] = distance;
                stack[slot] = tree.children[group * Fan + i];
            }
            Debug.Assert(top <= StackSize);
        }
    }
}

/// <summary>Squared metres from the origin of a local plane to eight boxes at once; 0 inside, NaN for empty places.</summary>
internal static class BoxDistance
{
    internal static Vector512<double> Squared(
        Vector512<double> west, Vector512<double> south, Vector512<double> east, Vector512<double> north, in LocalPlane plane)
    {
        var x = Vector512.Create(plane.Origin.Lon);
        var y = Vector512.Create(plane.Origin.Lat);
        var dx = Vector512.Max(Vector512.Max(west - x, x - east), Vector512<double>.Zero) * plane.MetresPerLon;
        var dy = Vector512.Max(Vector512.Max(south - y, y - north), Vector512<double>.Zero) * LocalPlane.MetresPerDegree;
        return dx * dx + dy * dy;
    }
}
