using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Layer <c>reports</c>: public reports, the open ones unless <c>state</c> or <c>bucket</c> say otherwise, of a <c>category</c>, <c>area</c>, <c>body</c> and time (<c>from</c>, <c>to</c>). Up to zoom 15 together as circles with <c>count</c>, from 16 on one by one
/// with <c>id</c>, <c>number</c>, <c>category</c>, <c>state</c> and <c>bucket</c>.
/// </summary>
internal sealed class ReportLayer(ReportMap map, Settings settings) : MapLayer
{
    private const int FeaturesMax = 4096;
    private const int FiguresMax = 200;

    private readonly WorkCalendar zone = new(settings.Get(KernelSettings.TimeZone));

    public override string Name => "reports";

    public override IReadOnlyList<string> Filters => MapFilter.Names;

    public override IReadOnlyList<string> Tags => ["reports"];

    public override ValueTask<Refusal?> DrawAsync(VectorTile tile, IQueryCollection filter, CancellationToken cancellation)
    {
        if (!MapFilter.Of(filter, zone).Is(out var wanted, out var refusal))
        {
            return new(refusal);
        }
        var layer = tile.Layer(Name);
        if (tile.Z <= PointClusters.ZoomMax)
        {
            Span<PointCluster> found = stackalloc PointCluster[PointClusters.TileMax];
            foreach (var cluster in found[..map.ClustersOfTile(tile.Z, tile.X, tile.Y, found, wanted)])
            {
                layer.Add(cluster.Place, 0, TileAttribute.Of("count", (long)cluster.Count));
            }
            return default;
        }
        foreach (var (report, place) in map.Newest(tile.Box, FeaturesMax, wanted))
        {
            layer.Add(place, NumberOf(report.Id), TileAttribute.Of("id", report.Id.ToString("D")), TileAttribute.Of("number", report.Number), TileAttribute.Of("category", report.Category),
                TileAttribute.Of("state", ReportWords.Word(report.State)), TileAttribute.Of("bucket", ReportWords.Word(report.Bucket)));
        }
        return default;
    }

    public override ValueTask<Outcome<MapFigure[]>> FiguresAsync(Box view, MapFrame frame, IQueryCollection filter, string language, CancellationToken cancellation)
    {
        if (!MapFilter.Of(filter, zone).Is(out var wanted, out var refusal))
        {
            return new(refusal);
        }
        var zoom = (int)frame.Zoom;
        if (zoom > PointClusters.ZoomMax)
        {
            return new((MapFigure[])[.. map.Newest(view, FiguresMax, wanted).Select(found => new MapFigure(Shape.Point(found.Place)))]);
        }
        var clusters = new PointCluster[PointClusters.TileMax];
        var count = map.ClustersOfBox(view, zoom, clusters, wanted);
        return new((MapFigure[])[.. clusters.Take(count).Select(cluster => new MapFigure(Shape.Point(cluster.Place)) { Count = cluster.Count })]);
    }

    /// <summary>52 random bits of the id: features of a tile are numbers, exact in JavaScript.</summary>
    private static ulong NumberOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) & 0xF_FFFF_FFFF_FFFF;
    }
}
