using Zinneke.Geo;
using Zinneke.Reports;

namespace Zinneke.Bench.Reports;

/// <summary>Every report, gone through from the first to the last: what the index is compared with.</summary>
internal sealed class ScannedReports(IReadOnlyList<IndexedReport> all)
{
    public IReadOnlyList<IndexedReport> All => all;

    /// <summary>Those with a place that everybody may know.</summary>
    public IndexedReport[] Placed { get; } = [.. all.Where(report => report.IsPlaced)];

    /// <summary>The newest in a box, by time and id.</summary>
    public List<IndexedReport> Newest(Box box, ulong states, int most)
    {
        var best = new PriorityQueue<IndexedReport, (long At, Guid Id)>(ByTime);
        foreach (var report in Placed)
        {
            if ((states >> (int)report.State & 1) == 0 || !box.Contains(PlaceOf(report)))
            {
                continue;
            }
            if (best.Count < most)
            {
                best.Enqueue(report, (report.CreatedAt, report.Id));
            }
            else if (report.CreatedAt >= best.Peek().CreatedAt)
            {
                best.EnqueueDequeue(report, (report.CreatedAt, report.Id));
            }
        }
        var newest = new List<IndexedReport>(best.Count);
        while (best.TryDequeue(out var report, out _))
        {
            newest.Add(report);
        }
        newest.Reverse();
        return newest;
    }

    /// <summary>Metres to the nearest, nearest first.</summary>
    public List<double> Nearest(LonLat p, double metresMax, ulong states, int most)
    {
        var plane = new LocalPlane(p);
        var near = new List<double>();
        foreach (var report in Placed)
        {
            if ((states >> (int)report.State & 1) == 1 && plane.MetresTo(PlaceOf(report)) is var metres && metres <= metresMax)
            {
                near.Add(metres);
            }
        }
        near.Sort();
        return [.. near.Take(most)];
    }

    private readonly (double X, double Y)[] projected = [.. all.Where(report => report.IsPlaced).Select(report => Mercator.Project(PlaceOf(report)))];

    /// <summary>How many of the filter's states and category lie in each cell of a zoom that meets the box, most first.</summary>
    public List<int> Clusters(Box box, int zoom, MapFilter filter)
    {
        const int cellBits = 3; // An eighth of a tile.
        var (left, top) = Mercator.TileOf(new LonLat(box.West, box.North), zoom + cellBits);
        var (right, bottom) = Mercator.TileOf(new LonLat(box.East, box.South), zoom + cellBits);
        var counts = new Dictionary<(int, int), int>();
        for (var i = 0; i < Placed.Length; i++)
        {
            var (x, y) = ((int)(projected[i].X * (1 << (zoom + cellBits))), (int)(projected[i].Y * (1 << (zoom + cellBits))));
            if ((filter.States >> (int)Placed[i].State & 1) == 1 && (filter.Category is null || Category.IsIn(Placed[i].Category, filter.Category)) && x >= left && x <= right && y >= top && y <= bottom)
            {
                counts[(x, y)] = counts.GetValueOrDefault((x, y)) + 1;
            }
        }
        return [.. counts.Values.OrderDescending()];
    }

    private static LonLat PlaceOf(IndexedReport report) => new(report.Lon!.Value, report.Lat!.Value);

    private static Comparer<(long At, Guid Id)> ByTime { get; } = Comparer<(long At, Guid Id)>.Create((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : ReportPlace.Compare(a.Id, b.Id));
}
