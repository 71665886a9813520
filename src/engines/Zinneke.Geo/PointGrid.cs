using System.Runtime.InteropServices;

namespace Zinneke.Geo;

/// <summary>A point found, and how far away it lies.</summary>
public readonly record struct PointHit(int Row, double Metres);

/// <summary>A point found, and the time it was added with.</summary>
public readonly record struct PointAge(int Row, long At);

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

/// <summary>Is shown the points of a search one after another; a struct, so that what it does is compiled into the search.</summary>
public interface IPointVisitor
{
    void Meet(int row, LonLat place);
}

/// <summary>
/// A growing index of points in cells of equal size: nearest first, or newest first. Each point is a row, numbered by the grid, so that callers keep what else they know in
/// columns of their own. Searches allocate nothing; they may run together, but not beside a change. A cell holds all that a search looks at in one piece of memory, from the
/// oldest point to the newest. About 35 bytes a point.
/// </summary>
public sealed class PointGrid
{
    private readonly double lonStep;
    private readonly double latStep;
    private readonly Dictionary<(int X, int Y), int> cells = [];
    private readonly Stack<int> free = new();

    // Columns by row, in units. Freed rows keep their values until they are used again.
    private int[] lons = [];
    private int[] lats = [];
    private int rows;
    private int placed;

    // Columns by cell: where it lies, its points from oldest to newest, how many, and when the newest was.
    private (int X, int Y)[] places = [];
    private Entry[][] members = [];
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
    public int Count => placed;

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
            row = rows;
        }
        Put(row, p, at);
        return row;
    }

    /// <summary>Adds a point in a row that the caller numbers: use either this with <see cref="TakeOut"/>, or <see cref="Add"/> with <see cref="Remove"/>.</summary>
    /// <param name="row">Not in the grid now.</param>
    public void Put(int row, LonLat p, long at)
    {
        if (row >= lons.Length)
        {
            var length = Math.Max(16, (row + 1) + row / 4);
            Array.Resize(ref lons, length);
            Array.Resize(ref lats, length);
        }
        rows = Math.Max(rows, row + 1);
        Place(row, p);
        Enter(row, at);
        placed++;
    }

    /// <summary>Takes a point out; its row stays the caller's.</summary>
    public void TakeOut(int row)
    {
        Leave(row);
        placed--;
    }

    public void Move(int row, LonLat p)
    {
        var at = Leave(row);
        Place(row, p);
        Enter(row, at);
    }

    public void Remove(int row)
    {
        TakeOut(row);
        free.Push(row);
    }

    /// <summary>The points within a distance in the local plane at p, nearest first; of equally near ones the lower row first.</summary>
    /// <returns>How many were written: at most the length of <paramref name="hits"/>, which then holds the nearest.</returns>
    public int Nearest<TFilter>(LonLat p, double maxMetres, Span<PointHit> hits, TFilter filter)
        where TFilter : struct, IRowFilter
    {
        var plane = new LocalPlane(p);
        var (lon, lat) = (p.Lon * Shape.UnitsPerDegree, p.Lat * Shape.UnitsPerDegree);
        var (lonMetres, latMetres) = (plane.MetresPerLon / Shape.UnitsPerDegree, LocalPlane.MetresPerDegree / Shape.UnitsPerDegree);
        var found = 0;
        var walk = new CellWalk(this, plane.Around(maxMetres).Grown(1e-9));
        while (walk.Next(out var cell))
        {
            foreach (ref readonly var entry in members[cell].AsSpan(0, counts[cell]))
            {
                var (x, y) = ((entry.Lon - lon) * lonMetres, (entry.Lat - lat) * latMetres);
                var metres2 = x * x + y * y;
                if (metres2 <= maxMetres * maxMetres && filter.Accepts(entry.Row))
                {
                    BestOf<PointHit, Farther>.Offer(hits, ref found, new PointHit(entry.Row, Math.Sqrt(metres2)), default);
                }
            }
        }
        BestOf<PointHit, Farther>.Sort(hits[..found], default);
        return found;
    }

    /// <summary>The newest points in a box, newest first.</summary>
    /// <returns>How many were written: at most the length of <paramref name="hits"/>.</returns>
    public int Newest<TFilter>(in Box box, Span<PointAge> hits, TFilter filter)
        where TFilter : struct, IRowFilter
    {
        var (west, east, south, north) = UnitsOf(box);
        var found = 0;
        var walk = new CellWalk(this, box);
        while (!hits.IsEmpty && walk.Next(out var cell))
        {
            if (counts[cell] == 0 || (found == hits.Length && newest[cell] < hits[0].At))
            {
                continue;
            }
            // From the newest backwards, until nothing here can be newer than the oldest kept.
            for (var i = counts[cell] - 1; i >= 0; i--)
            {
                ref readonly var entry = ref members[cell][i];
                if (found == hits.Length && entry.At < hits[0].At)
                {
                    break;
                }
                if (entry.Lon >= west && entry.Lon <= east && entry.Lat >= south && entry.Lat <= north && filter.Accepts(entry.Row))
                {
                    BestOf<PointAge, Older>.Offer(hits, ref found, new PointAge(entry.Row, entry.At), default);
                }
            }
        }
        BestOf<PointAge, Older>.Sort(hits[..found], default);
        return found;
    }

    /// <summary>Shows every point in a box that the filter takes, cell by cell.</summary>
    public void Visit<TFilter, TVisitor>(in Box box, TFilter filter, ref TVisitor visitor)
        where TFilter : struct, IRowFilter
        where TVisitor : struct, IPointVisitor
    {
        var (west, east, south, north) = UnitsOf(box);
        var walk = new CellWalk(this, box);
        while (walk.Next(out var cell))
        {
            foreach (ref readonly var entry in members[cell].AsSpan(0, counts[cell]))
            {
                if (entry.Lon >= west && entry.Lon <= east && entry.Lat >= south && entry.Lat <= north && filter.Accepts(entry.Row))
                {
                    visitor.Meet(entry.Row, new LonLat(entry.Lon / Shape.UnitsPerDegree, entry.Lat / Shape.UnitsPerDegree));
                }
            }
        }
    }

    /// <summary>Gives back the memory that was kept for points to come: after many were added.</summary>
    public void Trim()
    {
        Array.Resize(ref lons, rows);
        Array.Resize(ref lats, rows);
        for (var cell = 0; cell < cells.Count; cell++)
        {
            Array.Resize(ref members[cell], counts[cell]);
        }
    }

    /// <summary>Rounded inwards: a point is in the box exactly when its whole-number position is.</summary>
    private static (double West, double East, double South, double North) UnitsOf(in Box box) =>
        (Math.Ceiling(box.West * Shape.UnitsPerDegree - 1e-6), Math.Floor(box.East * Shape.UnitsPerDegree + 1e-6),
            Math.Ceiling(box.South * Shape.UnitsPerDegree - 1e-6), Math.Floor(box.North * Shape.UnitsPerDegree + 1e-6));

    private void Place(int row, LonLat p) => (lons[row], lats[row]) = (ShapeBuilder.ToUnits(p.Lon), ShapeBuilder.ToUnits(p.Lat));

    private (int X, int Y) CellAt(LonLat p) => ((int)Math.Floor(p.Lon / lonStep), (int)Math.Floor(p.Lat / latStep));

    private void Enter(int row, long at)
    {
        var cell = CellFor(CellAt(this[row]));
        if (counts[cell] == members[cell].Length)
        {
            Array.Resize(ref members[cell], counts[cell] * 3 / 2 + 2);
        }
        var all = members[cell];
        // New points are nearly always the newest.
        var place = counts[cell];
        for (; place > 0 && default(Older).Worse(new(row, at), new(all[place - 1].Row, all[place - 1].At)); place--)
        {
            all[place] = all[place - 1];
        }
        all[place] = new Entry(lons[row], lats[row], at, row);
        counts[cell]++;
        newest[cell] = all[counts[cell] - 1].At;
    }

    private int CellFor((int X, int Y) place)
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
            members[cell] = [];
        }
        return cell;
    }

    /// <returns>The time it was added with.</returns>
    private long Leave(int row)
    {
        var cell = row < rows && cells.TryGetValue(CellAt(this[row]), out var known) ? known : -1;
        var place = cell < 0 ? -1 : Array.FindIndex(members[cell], 0, counts[cell], entry => entry.Row == row);
        if (place < 0)
        {
            throw new InvalidOperationException($"row {row} is not in the grid");
        }
        var all = members[cell];
        var at = all[place].At;
        all.AsSpan(place + 1, counts[cell] - place - 1).CopyTo(all.AsSpan(place));
        counts[cell]--;
        newest[cell] = counts[cell] == 0 ? long.MinValue : all[counts[cell] - 1].At;
        return at;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct Entry(int Lon, int Lat, long At, int Row);

    private readonly struct Older : IWorse<PointAge>
    {
        public bool Worse(in PointAge a, in PointAge b) => a.At != b.At ? a.At < b.At : a.Row < b.Row;
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
