using System.Collections.Concurrent;
using Zinneke.Geo;

namespace Zinneke.Reports;

/// <summary>What the public map shows of one report.</summary>
internal readonly record struct MappedReport(Guid Id, string Number, string Category, ReportState State)
{
    public Bucket Bucket => ReportWords.BucketOf(State);
}

/// <summary>An open report on the map.</summary>
/// <param name="CreatedAt">To the second, UTC microseconds.</param>
internal readonly record struct WaitingReport(MappedReport Report, LonLat Place, string Area, long CreatedAt);

/// <summary>
/// Every public report by place: newest in a window, nearest, clusters for low zooms, and heat. One that is hidden or private is not in it; which states are shown says the filter. Columns by row, in about 75 bytes
/// a report with its id; searches allocate nothing but their answers, and run together.
/// </summary>
/// <param name="rows">The rows of the index, shared with the counters.</param>
/// <param name="gate">Read while searching; whoever changes holds it for writing.</param>
internal sealed partial class ReportMap(RowTable rows, ReaderWriterLockSlim gate)
{
    /// <summary>Where cells are square: of the grid only, answers are right everywhere.</summary>
    private const double CityLatitude = 50.85;

    private readonly PointGrid grid = new(CityLatitude);
    private readonly PointClusters clusters = new(Enum.GetValues<ReportState>().Length);
    private readonly CodeTable categories = new(), areas = new(), bodies = new();
    private readonly ConcurrentDictionary<string, bool[]> branches = new(StringComparer.Ordinal);
    private readonly Dictionary<ushort, HashSet<int>> waiting = [];
    private Facts[] facts = [];

    /// <summary>The newest reports in a box that fit the filter, newest first.</summary>
    public List<(MappedReport Report, LonLat Place)> Newest(in Box box, int most, MapFilter filter)
    {
        using var reading = new Reading(gate);
        var found = new PointAge[most];
        var count = grid.Newest(box, found, Fits(filter));
        var newest = new List<(MappedReport, LonLat)>(count);
        foreach (var hit in found.AsSpan(0, count))
        {
            newest.Add((Read(hit.Row), grid[hit.Row]));
        }
        return newest;
    }

    /// <summary>The same as rows and times, allocating nothing.</summary>
    /// <returns>How many were written.</returns>
    public int Newest(in Box box, Span<PointAge> found, MapFilter filter)
    {
        using var reading = new Reading(gate);
        return grid.Newest(box, found, Fits(filter));
    }

    /// <summary>The nearest reports to a place that fit the filter, nearest first, allocating nothing.</summary>
    /// <returns>How many were written.</returns>
    public int Nearest(LonLat place, double metresMax, Span<PointHit> found, MapFilter filter)
    {
        using var reading = new Reading(gate);
        return grid.Nearest(place, metresMax, found, Fits(filter));
    }

    /// <summary>The ids of the nearest reports, nearest first.</summary>
    public List<Guid> Near(LonLat place, double metresMax, int most, MapFilter filter)
    {
        using var reading = new Reading(gate);
        var found = new PointHit[most];
        var count = grid.Nearest(place, metresMax, found, Fits(filter));
        return [.. found.Take(count).Select(hit => rows[hit.Row])];
    }

    /// <summary>The newest reports in a box, by time and id: what a list shows of it.</summary>
    /// <param name="most">At least 1.</param>
    /// <param name="before">Only what comes after this place in the list; null for all.</param>
    public List<ReportPlace> Listed(in Box box, int most, MapFilter filter, ReportPlace? before)
    {
        using var reading = new Reading(gate);
        // The grid knows nothing of ids: of reports of the same instant all must be there before the first of them are taken.
        for (var looked = most + 16; ; looked *= 4)
        {
            var found = new PointAge[looked];
            var count = grid.Newest(box, found, Fits(before is null ? filter : filter with { To = Math.Min(filter.To, before.Key + 1_000_000) }));
            var surely = count < looked ? long.MinValue : found[^1].At + 1;
            List<ReportPlace> listed =
            [
                .. found.Take(count).Where(hit => hit.At >= surely && hit.At >= filter.From && hit.At < filter.To).Select(hit => new ReportPlace(hit.At, rows[hit.Row]))
                    .Where(one => before is null || one.Key < before.Key || (one.Key == before.Key && ReportPlace.Compare(one.Id, before.Id) < 0)),
            ];
            if (listed.Count >= most || count < looked)
            {
                listed.Sort((a, b) => a.Key != b.Key ? b.Key.CompareTo(a.Key) : ReportPlace.Compare(b.Id, a.Id));
                return [.. listed.Take(most)];
            }
        }
    }

    /// <summary>Clusters of a tile at zoom 0 to 15: counted as reports came when the filter names states only, else now.</summary>
    /// <param name="found">At least <see cref="PointClusters.TileMax"/> long.</param>
    /// <returns>How many were written.</returns>
    public int ClustersOfTile(int z, int x, int y, Span<PointCluster> found, MapFilter filter)
    {
        using var reading = new Reading(gate);
        return filter.StatesOnly ? clusters.OfTile(z, x, y, found, filter.States) : Counted(ClusterCount.OfTile(z, x, y), filter).Write(found);
    }

    /// <summary>Clusters whose cells meet a box, at the zoom or the first one below it that gives no more than fit.</summary>
    /// <param name="found">At least <see cref="PointClusters.TileMax"/> long.</param>
    public int ClustersOfBox(in Box box, int zoom, Span<PointCluster> found, MapFilter filter)
    {
        using var reading = new Reading(gate);
        if (filter.StatesOnly)
        {
            return clusters.OfBox(box, zoom, found, filter.States);
        }
        var counted = Counted(ClusterCount.OfBox(box, zoom, found.Length), filter);
        while (counted.Zoom < zoom)
        {
            zoom = counted.Zoom;
            counted = Counted(ClusterCount.OfBox(box, zoom, found.Length), filter); // Wider cells reach further out of the box.
        }
        return counted.Write(found);
    }

    /// <summary>Reports by hectare, smoothed (reports.md 4.6), how many lie in the grid or near enough to be felt there, and how many of them in each area.</summary>
    /// <param name="cellsMax">Of the grid.</param>
    public (HeatMap Heat, int Count, IReadOnlyDictionary<string, int> ByArea) Heat(in Box box, MapFilter filter, int cellsMax = 4096)
    {
        using var reading = new Reading(gate);
        var warming = new Warming(new HeatGrid(box, cellsMax), facts, new int[areas.Count]);
        if (filter.StatesOnly)
        {
            grid.Visit(warming.Grid.Felt, Fits(filter), ref warming);
        }
        else
        {
            VisitFew(warming.Grid.Felt, Fits(filter), ref warming);
        }
        return (warming.Grid.Smoothed(), warming.ByArea.Sum(), Enumerable.Range(1, areas.Count - 1).Where(area => warming.ByArea[area] > 0).ToDictionary(area => areas[area], area => warming.ByArea[area], StringComparer.Ordinal));
    }

    /// <summary>The open reports that a body has, in no order; looks at no other.</summary>
    public List<WaitingReport> Waiting(string body)
    {
        using var reading = new Reading(gate);
        return bodies.Find(body) is var code && code > 0 && waiting.TryGetValue((ushort)code, out var own)
            ? [.. own.Select(row => new WaitingReport(Read(row), grid[row], areas[facts[row].Area], facts[row].Created * 1_000_000L))]
            : [];
    }

    /// <summary>Adds a report, or puts it where it is now. The caller holds the gate.</summary>
    public void Put(int row, in IndexedReport report)
    {
        if (row >= facts.Length)
        {
            Array.Resize(ref facts, row + row / 4 + 16);
            Array.Resize(ref changed, facts.Length);
        }
        changed[row] = Seconds(report.UpdatedAt);
        ref var fact = ref facts[row];
        if (fact.Placed)
        {
            clusters.Remove(grid[row], (int)fact.State);
            grid.TakeOut(row);
            WaitingAt(fact.Body).Remove(row);
        }
        fact = new Facts(
            Seconds(report.CreatedAt), Packed(report.Number), CategoryOf(report.Category), areas.Of(report.Area), bodies.Of(report.Holder), report.State, report.IsPlaced, report.IsListed, report.Archived);
        Follow(row);
        if (report is { IsPlaced: true, Lon: { } lon, Lat: { } lat })
        {
            grid.Put(row, new LonLat(lon, lat), report.CreatedAt);
            clusters.Add(grid[row], (int)report.State);
            if (report.State.IsOpen())
            {
                WaitingAt(fact.Body).Add(row);
            }
        }
    }

    /// <summary>Gives back what was kept for more to come. The caller holds the gate.</summary>
    public void Trim()
    {
        Array.Resize(ref facts, rows.Count);
        Array.Resize(ref changed, rows.Count);
        grid.Trim();
    }

    /// <summary>Where few fit, facts in the order of memory are gone through faster than cells.</summary>
    private void VisitFew<TVisitor>(in Box box, Fitting fits, ref TVisitor visitor)
        where TVisitor : struct, IPointVisitor
    {
        for (var row = 0; row < rows.Count; row++)
        {
            if (facts[row].Placed && fits.Accepts(row) && grid[row] is var place && box.Contains(place))
            {
                visitor.Meet(row, place);
            }
        }
    }

    /// <summary>A filter that names more than states is counted out of the reports there.</summary>
    private ClusterCount Counted(ClusterCount cells, MapFilter filter)
    {
        var counting = new Counting(cells);
        grid.Visit(cells.Felt, Fits(filter), ref counting);
        return cells;
    }

    private HashSet<int> WaitingAt(ushort body) => waiting.TryGetValue(body, out var own) ? own : waiting[body] = [];

    private MappedReport Read(int row) => new(rows[row], NumberOf(facts[row].Number), categories[facts[row].Category], facts[row].State);
}
