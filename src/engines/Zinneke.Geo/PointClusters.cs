namespace Zinneke.Geo;

/// <summary>Points drawn as one.</summary>
/// <param name="Place">Mean of all points of the cell, to 1e-7 degree.</param>
/// <param name="Count">Points of the groups asked for.</param>
public readonly record struct PointCluster(LonLat Place, int Count);

/// <summary>
/// Counts of points by cell for every zoom, kept as points come, move and go, so that drawing a million points at zoom 8 costs as little as drawing ten. A cell is an eighth
/// of a tile wide (64 pixels of 512). Points belong to one of up to 64 groups, so that a filter by group needs no other look. Searches allocate nothing and may run together,
/// but not beside a change.
/// </summary>
public sealed class PointClusters
{
    /// <summary>Points are drawn one by one from the zoom after this one.</summary>
    public const int ZoomMax = 15;

    /// <summary>Clusters of a tile at most.</summary>
    public const int TileMax = CellsOfTile * CellsOfTile;

    internal const int CellBits = 3;
    private const int CellsOfTile = 1 << CellBits;

    private readonly int groups;
    private readonly Level[] levels = new Level[ZoomMax + 1];

    /// <param name="groups">1 to 64.</param>
    public PointClusters(int groups = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, 64);
        this.groups = groups;
        for (var zoom = 0; zoom <= ZoomMax; zoom++)
        {
            levels[zoom] = new Level();
        }
    }

    public void Add(LonLat p, int group) => Change(p, group, 1);

    /// <summary>Takes back what was added with the same place and group.</summary>
    public void Remove(LonLat p, int group) => Change(p, group, -1);

    /// <summary>The clusters of a tile at zoom 0 to <see cref="ZoomMax"/>, each point in exactly one of all tiles.</summary>
    /// <param name="wanted">A bit for each group; all by default.</param>
    /// <param name="clusters">At least <see cref="TileMax"/> long.</param>
    /// <returns>How many were written.</returns>
    public int OfTile(int z, int x, int y, Span<PointCluster> clusters, ulong wanted = ulong.MaxValue) =>
        Over(z, x << CellBits, y << CellBits, (x + 1 << CellBits) - 1, (y + 1 << CellBits) - 1, clusters, wanted, out _);

    /// <summary>The clusters whose cells meet a box, at the given zoom or at the first one below that gives no more than fit.</summary>
    /// <param name="zoom">0 to <see cref="ZoomMax"/>.</param>
    public int OfBox(in Box box, int zoom, Span<PointCluster> clusters, ulong wanted = ulong.MaxValue)
    {
        for (var z = zoom; ; z--)
        {
            var (left, top) = Mercator.TileOf(new LonLat(box.West, box.North), z + CellBits);
            var (right, bottom) = Mercator.TileOf(new LonLat(box.East, box.South), z + CellBits);
            var count = Over(z, left, top, right, bottom, clusters, wanted, out var fits);
            if (fits || z == 0)
            {
                return count;
            }
        }
    }

    private int Over(int z, int left, int top, int right, int bottom, Span<PointCluster> clusters, ulong wanted, out bool fits)
    {
        var level = levels[z];
        var count = 0;
        fits = true;
        // Look cells up one by one, or go through all when there are fewer.
        if ((right - left + 1L) * (bottom - top + 1L) <= level.Places.Count)
        {
            for (var y = top; y <= bottom; y++)
            {
                for (var x = left; x <= right; x++)
                {
                    fits &= !level.Cells.TryGetValue((x, y), out var cell) || Write(level, cell, wanted, clusters, ref count);
                }
            }
            return count;
        }
        for (var cell = 0; cell < level.Places.Count; cell++)
        {
            var (x, y) = level.Places[cell];
            if (x >= left && x <= right && y >= top && y <= bottom)
            {
                fits &= Write(level, cell, wanted, clusters, ref count);
            }
        }
        return count;
    }

    private bool Write(Level level, int cell, ulong wanted, Span<PointCluster> clusters, ref int count)
    {
        var points = 0;
        var all = 0;
        for (var group = 0; group < groups; group++)
        {
            var here = level.Counts[cell * groups + group];
            all += here;
            points += (wanted >> group & 1) == 1 ? here : 0;
        }
        if (points == 0)
        {
            return true;
        }
        if (count == clusters.Length)
        {
            return false;
        }
        var (lon, lat) = level.Sums[cell];
        clusters[count++] = new PointCluster(Middle(lon, lat, all), points);
        return true;
    }

    /// <summary>Mean of points, whose sums are in units of 1e-7 degree.</summary>
    internal static LonLat Middle(long lon, long lat, int count) => new(Math.Round((double)lon / count) / Shape.UnitsPerDegree, Math.Round((double)lat / count) / Shape.UnitsPerDegree);

    private void Change(LonLat p, int group, int by)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)group, (uint)groups);
        var (lon, lat) = (ShapeBuilder.ToUnits(p.Lon), ShapeBuilder.ToUnits(p.Lat));
        var (x, y) = Mercator.TileOf(p, ZoomMax + CellBits);
        for (var zoom = ZoomMax; zoom >= 0; zoom--, x >>= 1, y >>= 1)
        {
            var level = levels[zoom];
            if (!level.Cells.TryGetValue((x, y), out var cell))
            {
                level.Cells[(x, y)] = cell = level.Places.Count;
                level.Places.Add((x, y));
                level.Sums.Add((0, 0));
                level.Counts.AddRange(new int[groups]);
            }
            var counted = level.Counts[cell * groups + group] += by;
            if (counted < 0)
            {
                throw new InvalidOperationException("a point was removed that is not there");
            }
            level.Sums[cell] = (level.Sums[cell].Lon + by * (long)lon, level.Sums[cell].Lat + by * (long)lat);
        }
    }

    /// <summary>Cells of one zoom in columns.</summary>
    private sealed class Level
    {
        public Dictionary<(int X, int Y), int> Cells { get; } = [];

        public List<(int X, int Y)> Places { get; } = [];

        public List<(long Lon, long Lat)> Sums { get; } = [];

        /// <summary>One for each cell and group.</summary>
        public List<int> Counts { get; } = [];
    }
}
