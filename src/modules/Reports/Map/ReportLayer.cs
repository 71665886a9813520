using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Layer <c>reports</c>: public reports, the open ones unless <c>state</c>, <c>bucket</c> or <c>category</c> say otherwise. Up to zoom 15 together as circles with <c>count</c>, from 16 on one by one
/// with <c>id</c>, <c>number</c>, <c>category</c>, <c>state</c> and <c>bucket</c>.
/// </summary>
internal sealed class ReportLayer(ReportMap map) : MapLayer
{
    private const int FeaturesMax = 4096;
    private const int FiguresMax = 200;

    public override string Name => "reports";

    public override IReadOnlyList<string> Filters => ["state", "bucket", "category"];

    public override IReadOnlyList<string> Tags => ["reports"];

    public override ValueTask<Refusal?> DrawAsync(VectorTile tile, IQueryCollection filter, CancellationToken cancellation)
    {
        if (!MapFilter.Of(filter).Is(out var wanted, out var refusal))
        {
            return new(refusal);
        }
        var layer = tile.Layer(Name);
        if (tile.Z <= PointClusters.ZoomMax)
        {
            foreach (var cluster in Clusters(wanted, Mercator.TileBox(tile.Z, tile.X, tile.Y), (clusters, found) => clusters.OfTile(tile.Z, tile.X, tile.Y, found, wanted.Buckets)))
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
        if (!MapFilter.Of(filter).Is(out var wanted, out var refusal))
        {
            return new(refusal);
        }
        var zoom = (int)frame.Zoom;
        MapFigure[] figures = zoom <= PointClusters.ZoomMax
            ? [.. Clusters(wanted, view, (clusters, found) => clusters.OfBox(view, zoom, found, wanted.Buckets)).Select(c => new MapFigure(Shape.Point(c.Place)) { Count = c.Count })]
            : [.. map.Newest(view, FiguresMax, wanted).Select(found => new MapFigure(Shape.Point(found.Place)))];
        return new(figures);
    }

    /// <summary>Counted beforehand for a filter that names buckets only; for others, of the newest some thousand in the box.</summary>
    private PointCluster[] Clusters(MapFilter filter, Box box, PickClusters pick)
    {
        if (filter.BucketsOnly)
        {
            return map.Clusters(pick);
        }
        var counted = new PointClusters();
        foreach (var (_, place) in map.Newest(box, FeaturesMax, filter))
        {
            counted.Add(place, 0);
        }
        return ReportMap.Picked(counted, pick);
    }

    /// <summary>52 random bits of the id: features of a tile are numbers, exact in JavaScript.</summary>
    private static ulong NumberOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) & 0xF_FFFF_FFFF_FFFF;
    }
}
