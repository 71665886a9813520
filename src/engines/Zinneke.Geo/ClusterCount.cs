using System.Runtime.InteropServices;

namespace Zinneke.Geo;

/// <summary>
/// Counts the points of one question by the cells that <see cref="PointClusters"/> draws, at one zoom: for filters of which no counts are kept. As soon as there are more cells than
/// fit, four become one: it never holds more than are drawn.
/// </summary>
public sealed class ClusterCount
{
    private const double RoundingDegrees = 1e-6;

    private readonly int most;
    private int left, top, right, bottom;
    private Dictionary<(int X, int Y), (long Lon, long Lat, int Count)> cells = [];

    private ClusterCount(int zoom, (int X, int Y) first, (int X, int Y) last, int most)
    {
        (Zoom, left, top, right, bottom, this.most) = (zoom, first.X, first.Y, last.X, last.Y, most);
        var (high, low) = (Mercator.TileBox(zoom + PointClusters.CellBits, left, top), Mercator.TileBox(zoom + PointClusters.CellBits, right, bottom));
        Felt = new Box(high.West, low.South, low.East, high.North).Grown(RoundingDegrees);
    }

    /// <summary>Lower than asked for when there were more cells than fit.</summary>
    public int Zoom { get; private set; }

    /// <summary>Where the points lie that are counted: whole cells.</summary>
    public Box Felt { get; }

    /// <summary>The cells of a tile at zoom 0 to <see cref="PointClusters.ZoomMax"/>.</summary>
    public static ClusterCount OfTile(int z, int x, int y)
    {
        var (first, side) = ((X: x << PointClusters.CellBits, Y: y << PointClusters.CellBits), (1 << PointClusters.CellBits) - 1);
        return new ClusterCount(z, first, (first.X + side, first.Y + side), PointClusters.TileMax);
    }

    /// <summary>The cells that meet a box.</summary>
    /// <param name="zoom">0 to <see cref="PointClusters.ZoomMax"/>.</param>
    /// <param name="most">At least <see cref="PointClusters.TileMax"/>: the cells of the world at zoom 0.</param>
    public static ClusterCount OfBox(in Box box, int zoom, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, PointClusters.TileMax);
        return new ClusterCount(
            zoom, Mercator.TileOf(new LonLat(box.West, box.North), zoom + PointClusters.CellBits), Mercator.TileOf(new LonLat(box.East, box.South), zoom + PointClusters.CellBits), most);
    }

    /// <summary>Counts a point, unless it lies outside all cells.</summary>
    public void Add(LonLat p)
    {
        var (x, y) = Mercator.TileOf(p, Zoom + PointClusters.CellBits);
        if (x < left || x > right || y < top || y > bottom)
        {
            return;
        }
        Add(cells, (x, y), (ShapeBuilder.ToUnits(p.Lon), ShapeBuilder.ToUnits(p.Lat), 1));
        while (cells.Count > most)
        {
            Coarsen();
        }
    }

    /// <param name="clusters">As long as was said to fit.</param>
    /// <returns>How many were written.</returns>
    public int Write(Span<PointCluster> clusters)
    {
        var count = 0;
        foreach (var (lon, lat, points) in cells.Values)
        {
            clusters[count++] = new PointCluster(PointClusters.Middle(lon, lat, points), points);
        }
        return count;
    }

    private void Coarsen()
    {
        var coarser = new Dictionary<(int X, int Y), (long Lon, long Lat, int Count)>(cells.Count);
        foreach (var (cell, sum) in cells)
        {
            Add(coarser, (cell.X >> 1, cell.Y >> 1), sum);
        }
        (Zoom, left, top, right, bottom, cells) = (Zoom - 1, left >> 1, top >> 1, right >> 1, bottom >> 1, coarser);
    }

    private static void Add(Dictionary<(int X, int Y), (long Lon, long Lat, int Count)> cells, (int X, int Y) cell, (long Lon, long Lat, int Count) more)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(cells, cell, out _);
        sum = (sum.Lon + more.Lon, sum.Lat + more.Lat, sum.Count + more.Count);
    }
}
