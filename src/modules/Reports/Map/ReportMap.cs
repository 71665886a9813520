using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What the public map shows of one report.</summary>
internal readonly record struct MappedReport(Guid Id, string Number, string Category, ReportState State)
{
    public Bucket Bucket => ReportWords.BucketOf(State);
}

/// <summary>
/// Every public report in memory by place, on each node: newest in a window, and counts for the clusters of low zooms. A report that is hidden, private, merged or withdrawn
/// is not in it.
/// </summary>
internal sealed class ReportMap : MemoryFollower
{
    private const double CityLatitude = 50.85;

    private readonly Lock gate = new();
    private readonly PointGrid grid = new(CityLatitude);
    private readonly PointClusters clusters = new((int)Bucket.NotShown);
    private readonly Dictionary<Guid, int> rows = [];
    private readonly List<MappedReport> reports = [];

    public override string Name => "reports.map";

    public override async Task LoadAsync(Store store, CancellationToken cancellation)
    {
        var shown = Shown(store.Set<Report>().Where(r => r.Lon != null && r.Visibility == Visibility.Public));
        await foreach (var report in shown.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            Put(report);
        }
    }

    public override async Task ApplyAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        List<Guid> ids = [.. events.Where(e => e.Subject.Kind == "report").Select(e => Guid.Parse(e.Subject.Id)).Distinct()];
        if (ids.Count == 0)
        {
            return;
        }
        foreach (var report in await Shown(store.Set<Report>().Where(r => ids.Contains(r.Id))).ToListAsync(cancellation))
        {
            Put(report);
        }
    }

    /// <summary>The newest reports in a box that fit the filter, newest first.</summary>
    public List<(MappedReport Report, LonLat Place)> Newest(in Box box, int most, MapFilter filter)
    {
        var found = new PointAge[most];
        lock (gate)
        {
            var count = grid.Newest(box, found, new Fitting(reports, filter));
            return [.. found.Take(count).Select(hit => (reports[hit.Row], grid[hit.Row]))];
        }
    }

    /// <summary>Clusters counted as reports came, by bucket.</summary>
    public PointCluster[] Clusters(PickClusters pick)
    {
        lock (gate)
        {
            return Picked(clusters, pick);
        }
    }

    public static PointCluster[] Picked(PointClusters clusters, PickClusters pick)
    {
        var found = new PointCluster[PointClusters.TileMax];
        return found[..pick(clusters, found)];
    }

    /// <summary>The few columns that a map needs of a report that has many.</summary>
    private static IQueryable<Placed> Shown(IQueryable<Report> reports) =>
        reports.AsNoTracking().Select(r => new Placed(r.Id, r.Number, r.Category, r.State, r.Visibility, r.Lon, r.Lat, r.CreatedAt));

    private sealed record Placed(Guid Id, string Number, string Category, ReportState State, Visibility Visibility, double? Lon, double? Lat, long CreatedAt);

    private void Put(Placed report)
    {
        lock (gate)
        {
            if (rows.Remove(report.Id, out var old))
            {
                clusters.Remove(grid[old], (int)reports[old].Bucket);
                grid.Remove(old);
            }
            if (report.Visibility != Visibility.Public || ReportWords.BucketOf(report.State) == Bucket.NotShown || report is not { Lon: { } lon, Lat: { } lat })
            {
                return;
            }
            var row = grid.Add(new LonLat(lon, lat), report.CreatedAt);
            rows[report.Id] = row;
            var mapped = new MappedReport(report.Id, report.Number, string.Intern(report.Category), report.State);
            if (row == reports.Count)
            {
                reports.Add(mapped);
            }
            else
            {
                reports[row] = mapped;
            }
            clusters.Add(grid[row], (int)mapped.Bucket);
        }
    }

    private readonly struct Fitting(List<MappedReport> reports, MapFilter filter) : IRowFilter
    {
        public bool Accepts(int row) => filter.Fits(reports[row]);
    }
}

/// <summary>Takes the clusters of a tile or a box; returns how many were written.</summary>
internal delegate int PickClusters(PointClusters clusters, Span<PointCluster> found);
