namespace Zinneke.Geo;

/// <summary>A point found, and how far away it lies.</summary>
public readonly record struct PointHit(int Row, double Metres);

/// <summary>Chooses among the rows of a <see cref="PointGrid"/>; a struct, so that the choice is compiled into the search.</summary>
public interface IRowFilter
{
    bool Accepts(int row);
}

/// <summary>Takes every row.</summary>
public readonly struct EveryRow : IRowFilter
{
    public bool Accepts(int row) => true;
}

/// <summary>
/// A growing index of points in cells of equal size: nearest first, or newest first. Each point is a row, numbered by the grid, so that callers keep what else they know in
/// columns of their own. Searches allocate nothing; they may run together, but not beside a change. About 25 bytes a point.
/// </summary>
public sealed class PointGrid
{
    private readonly double lonStep;
    private readonly double latStep;
    private readonly Dictionary<(int X, int Y), int> cells = [];
    private readonly Stack<int> free = new();

    // Columns by row. Freed rows keep their values until they are used again.
    private int[] lons = [];
    private int[] lats = [];
    private long[] ages = [];
    private int rows;

    // Columns by cell: where it lies, its rows from oldest to newest, how many, and the age of the newest.
    private (int X, int Y)[] places = [];
    private int[][] members = [];
    private int[] counts = [];
    private long[] newest = [];

    /// <param name="latitude">Where cells are about square; elsewhere they are wider or narrower, and answers just as right.</param>
    public PointGrid(double latitude, double cellMetres = 100)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(latitude), 89);
        ArgumentOutOfRangeException.ThrowIfLessThan(cellMetres, 1);
        latStep = cellMetres / LocalPlane.MetresPerDegree;
        lonStep = cellMetres / new LocalPlane(new LonLat(0, latitude)).MetresPerLon;
    }

    /// <summary>Points in the grid.</summary>
    public int Count => rows - free.Count;

    /// <summary>One more than the highest row ever given: how long a caller's columns must be.</summary>
    public int Rows => rows;

    /// <summary>Where the point of a row lies, to 1e-7 degree.</summary>
    public LonLat this[int row] => new(lons[row] / Shape.UnitsPerDegree, lats[row] / Shape.UnitsPerDegree);

    /// <param name="at">What "newest" goes by, such as microseconds; of equal ones the higher row is newer.</param>
    /// <returns>The row; rows of removed points are given again.</returns>
    public int Add(LonLat p, long at)
    {
        if (!free.TryPop(out var row))
        {
            row = rows++;
            if (row == lons.Length)
            {
                var length = Math.Max(16, rows * 3 / 2);
                Array.Resize(ref lons, length);
                Array.Resize(ref lats, length);
                Array.Resize(ref ages, length);
            }
        }
        ages[row] = at;
        Place(row, p);
        Enter(row, CellOf(row));
        return row;
    }

    public void Move(int row, LonLat p)
    {
        var before = CellOf(row);
        var (x, y) = (lons[row], lats[row]);
        Place(row, p);
        if (CellOf(row) != before)
        {
            (lons[row], lats[row]) = (x, y);
            Leave(row, before);
            Place(row, p);
            Enter(row, CellOf(row));
        }
    }

    public void Remove(int row)
    {
        Leave(row, CellOf(row));
        free.Push(row);
    }

    /// <summary>The points within a distance in the local plane at p, nearest first; of equally near ones the lower row first.</summary>
    /// <returns>How many were written: at most the length of <paramref name="hits"/>, which then holds the nearest.</returns>
    public int Nearest<TFilter>(LonLat p, double maxMetres, Span<PointHit> hits, TFilter filter)
        where TFilter : struct, IRowFilter
    {
        var plane = new LocalPlane(p);
        var found = 0;
        var walk = new CellWalk(this, plane.Around(maxMetres).Grown(1e-9));
        while (walk.Next(out var cell))
        {
            foreach (var row in members[cell].AsSpan(0, counts[cell]))
            {
                var metres = plane.MetresTo(this[row]);
                if (metres <= maxMetres && filter.Accepts(row))
                {
                    BestOf<PointHit, Farther>.Offer(hits, ref found, new PointHit(row, metres), default);
                }
            }
        }
        BestOf<PointHit, Farther>.Sort(hits[..found], default);
        return found;
    }

    /// <summary>The newest points in a box, newest first.</summary>
    /// <returns>How many were written: at most the length of <paramref name="hits"/>.</returns>
    public int Newest<TFilter>(in Box box, Span<int> hits, TFilter filter)
        where TFilter : struct, IRowFilter
    {
        var found = 0;
        var order = new Older(ages);
        var walk = new CellWalk(this, box);
        while (!hits.IsEmpty && walk.Next(out var cell))
        {
            if (counts[cell] == 0 || (found == hits.Length && newest[cell] < ages[hits[0]]))
            {
                continue;
            }
            // From the newest backwards, until nothing here can be newer than the oldest kept.
            for (var i = counts[cell] - 1; i >= 0; i--)
            {
                var row = members[cell][i];
                if (found == hits.Length && ages[row] < ages[hits[0]])
                {
                    break;
                }
                if (box.Contains(this[row]) && filter.Accepts(row))
                {
                    BestOf<int, Older>.Offer(hits, ref found, row, order);
                }
            }
        }
        BestOf<int, Older>.Sort(hits[..found], order);
        return found;
    }

    private void Place(int row, LonLat p) => (lons[row], lats[row]) = (ShapeBuilder.ToUnits(p.Lon), ShapeBuilder.ToUnits(p.Lat));

    private (int X, int Y) CellOf(int row) => CellAt(this[row]);

    private (int X, int Y) CellAt(LonLat p) => ((int)Math.Floor(p.Lon / lonStep), (int)Math.Floor(p.Lat / latStep));

    private void Enter(int row, (int X, int Y) place)
    {
        if (!cells.TryGetValue(place, out var cell))
        {
            cells[place] = cell = cells.Count;
            if (cell == places.Length)
            {
                var length = Math.Max(16, places.Length * 2);
                Array.Resize(ref places, length);
                Array.Resize(ref members, length);
                Array.Resize(ref counts, length);
                Array.Resize(ref newest, length);
            }
            places[cell] = place;
            members[cell] = new int[4];
        }
        if (counts[cell] == members[cell].Length)
        {
            Array.Resize(ref members[cell], counts[cell] * 2);
        }
        var at = PlaceOf(row, cell);
        var all = members[cell];
        all.AsSpan(at, counts[cell] - at).CopyTo(all.AsSpan(at + 1));
        all[at] = row;
        counts[cell]++;
        newest[cell] = ages[all[counts[cell] - 1]];
    }

    private void Leave(int row, (int X, int Y) place)
    {
        var cell = cells[place];
        var at = PlaceOf(row, cell);
        if (at == counts[cell] || members[cell][at] != row)
        {
            throw new InvalidOperationException($"row {row} is not in the grid");
        }
        var all = members[cell];
        all.AsSpan(at + 1, counts[cell] - at - 1).CopyTo(all.AsSpan(at));
        counts[cell]--;
        newest[cell] = counts[cell] == 0 ? long.MinValue : ages[all[counts[cell] - 1]];
    }

    /// <summary>The first place in the cell whose row is not older.</summary>
    private int PlaceOf(int row, int cell)
    {
        var (low, high) = (0, counts[cell]);
        var order = new Older(ages);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (order.Worse(members[cell][middle], row))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    private readonly struct Older(long[] ages) : IWorse<int>
    {
        public bool Worse(in int a, in int b) => ages[a] != ages[b] ? ages[a] < ages[b] : a < b;
    }

    private readonly struct Farther : IWorse<PointHit>
    {
        public bool Worse(in PointHit a, in PointHit b) => a.Metres != b.Metres ? a.Metres > b.Metres : a.Row > b.Row;
    }

    /// <summary>The cells that a box meets: looked up one by one, or all cells filtered when the box spans more than there are.</summary>
    private ref struct CellWalk
    {
        private readonly PointGrid grid;
        private readonly (int X, int Y) low;
        private readonly (int X, int Y) high;
        private readonly bool all;
        private (int X, int Y) at;
        private int next;

        public CellWalk(PointGrid grid, in Box box)
        {
            this.grid = grid;
            low = grid.CellAt(new LonLat(Math.Max(box.West, -180), Math.Max(box.South, -90)));
            high = grid.CellAt(new LonLat(Math.Min(box.East, 180), Math.Min(box.North, 90)));
            all = (high.X - low.X + 1L) * (high.Y - low.Y + 1L) > grid.cells.Count;
            at = low;
        }

        public bool Next(out int cell)
        {
            while (all && next < grid.cells.Count)
            {
                cell = next++;
                var (x, y) = grid.places[cell];
                if (x >= low.X && x <= high.X && y >= low.Y && y <= high.Y)
                {
                    return true;
                }
            }
            while (!all && at.Y <= high.Y && low.X <= high.X)
            {
                var place = at;
                at = at.X < high.X ? (at.X + 1, at.Y) : (low.X, at.Y + 1);
                if (grid.cells.TryGetValue(place, out cell))
                {
                    return true;
                }
            }
            cell = -1;
            return false;
        }
    }
}
