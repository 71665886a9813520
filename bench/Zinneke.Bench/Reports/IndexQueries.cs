using Zinneke.Engines.Tests.Geo;
using Zinneke.Geo;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Bench.Reports;

/// <summary>The queries of reports.md 7, in this process, each against a full scan.</summary>
internal sealed class IndexQueries(ReportMap map, ReportCounters counters, Router router, ScannedReports scan, int seed)
{
    private const int Count = 1000;
    private static readonly MapFilter Open = new(MapFilter.BitsOf(ReportWords.OpenStates));
    private readonly Random random = new(seed);
    private readonly PointAge[] newest = new PointAge[100];
    private readonly PointHit[] nearest = new PointHit[10];
    private readonly PointCluster[] clusters = new PointCluster[MapApi.FeaturesMax];

    public async Task<IReadOnlyList<Sampled>> RunAsync() =>
    [
        await RouteAsync(),
        await NewestAsync("bboxStreetInProcess", Open, 445, 560),
        await NewestAsync("bboxMunicipalityInProcess", MapFilter.Everything, 4000, 4000),
        await NewestAsync("bboxRegionInProcess", MapFilter.Everything, 40_000, 40_000),
        await NearestAsync("near50InProcess", 50, 5),
        await NearestAsync("near250InProcess", 250, 10),
        await ClustersAsync("clustersInProcess", MapFilter.Everything),
        await ClustersAsync("clustersFilteredInProcess", MapFilter.Everything with { Category = TopOf(scan.Placed[0].Category) }),
        await CountsAsync(),
    ];

    /// <summary>Bytes that the searches of places allocate, a thousand of each.</summary>
    public long Allocated()
    {
        var (box, place) = (Around(Somewhere(), 445, 560), Somewhere());
        long before = 0;
        for (var i = 0; i < 2000; i++)
        {
            before = i == 1000 ? GC.GetAllocatedBytesForCurrentThread() : before;
            map.Newest(box, newest, Open);
            map.Nearest(place, 250, nearest, Open);
            map.ClustersOfBox(box, 14, clusters, Open);
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>A window of so many metres around a report: people look where something is.</summary>
    public static Box Around(LonLat p, double width, double height)
    {
        var plane = new LocalPlane(p);
        var (low, high) = (plane.From(-width / 2, -height / 2), plane.From(width / 2, height / 2));
        return new Box(Math.Round(low.Lon, 7), Math.Round(low.Lat, 7), Math.Round(high.Lon, 7), Math.Round(high.Lat, 7));
    }

    public LonLat Somewhere()
    {
        var report = scan.Placed[random.Next(scan.Placed.Length)];
        return new LonLat(report.Lon!.Value, report.Lat!.Value);
    }

    private Task<Sampled> RouteAsync()
    {
        string[] leaves = [.. router.Map.Categories.Leaves.Select(leaf => leaf.Code)];
        RouteRequest[] requests = [.. Enumerable.Range(0, Count).Select(i => new RouteRequest(Somewhere(), leaves[random.Next(leaves.Length)], Answers.None, null, 0))];
        return Samples.TakeAsync("routeInProcess", requests, Count, request => new ValueTask<Route>(router.At(request)), (request, route) =>
            router.Map.Municipalities.Where(area => PlainGeometry.Inside(area.Shape, request.Point)).Select(area => area.Id).FirstOrDefault() is not { } home || route.Area == home);
    }

    private Task<Sampled> NewestAsync(string name, MapFilter filter, double width, double height)
    {
        Box[] boxes = [.. Enumerable.Range(0, Count).Select(_ => Around(Somewhere(), width, height))];
        return Samples.TakeAsync(name, boxes, Count, box => new ValueTask<int>(map.Newest(box, newest, filter)), (box, count) =>
            newest.Take(count).Select(hit => hit.At).SequenceEqual(scan.Newest(box, filter.States, newest.Length).Select(report => report.CreatedAt)));
    }

    private Task<Sampled> NearestAsync(string name, double metres, int most)
    {
        LonLat[] places = [.. Enumerable.Range(0, Count).Select(_ => Somewhere())];
        return Samples.TakeAsync(name, places, Count, p => new ValueTask<int>(map.Nearest(p, metres, nearest.AsSpan(0, most), Open)), (p, count) =>
            nearest.Take(count).Zip(scan.Nearest(p, metres, Open.States, most)).All(both => Math.Abs(both.First.Metres - both.Second) < 1e-3));
    }

    private static string TopOf(string category) => category.Split('-')[0];

    private Task<Sampled> ClustersAsync(string name, MapFilter filter)
    {
        (Box Box, int Zoom)[] views = [.. Enumerable.Range(0, Count).Select(_ => random.Next(16)).Select(zoom => (Around(Somewhere(), 800 * 40_000_000.0 / 512 / (1 << zoom) / 2, 500 * 40_000_000.0 / 512 / (1 << zoom) / 2), zoom))
            .Select(view => (Clamped(view.Item1), view.zoom))];
        return Samples.TakeAsync(name, views, Count, view => new ValueTask<int>(map.ClustersOfBox(view.Box, view.Zoom, clusters, filter)), (view, count) =>
            clusters.Take(count).Select(cluster => cluster.Count).OrderDescending().SequenceEqual(scan.Clusters(view.Box, view.Zoom, filter)));
    }

    /// <summary>All figures of one body, as its page shows them.</summary>
    private Task<Sampled> CountsAsync()
    {
        string[] bodies = [.. scan.All.Select(report => report.Holder).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        var byBody = scan.All.CountBy(report => (report.Holder, report.State)).ToDictionary();
        return Samples.TakeAsync("countsInProcess", bodies, Count, body => new ValueTask<ReportStatistics>(counters.Of(new StatisticsFilter(Body: body), TimeProvider.System.NowMicros())), (body, figures) =>
            Enum.GetValues<ReportState>().All(state => figures.ByState.GetValueOrDefault(ReportWords.Word(state)) == byBody.GetValueOrDefault((body, state))));
    }

    private static Box Clamped(Box box) => new(Math.Max(box.West, -179), Math.Max(box.South, -84), Math.Min(box.East, 179), Math.Min(box.North, 84));
}
