namespace Zinneke.Geo;

/// <summary>
/// A shape as it is drawn at one zoom: projected to the unit square of <see cref="Mercator"/> and simplified to what can be seen. Made once for a zoom and cut into
/// tiles many times; because it is simplified before it is cut, lines meet at the borders of tiles.
/// </summary>
public sealed class MapShape
{
    /// <summary>Half a pixel of a tile drawn 512 pixels wide.</summary>
    private const double ToleranceOfTile = 0.5 / 512;

    private readonly double[] xy;
    private readonly int[] partStarts;
    private readonly int[] polygonStarts;

    private MapShape(ShapeKind kind, double[] xy, int[] partStarts, int[] polygonStarts)
    {
        Kind = kind;
        this.xy = xy;
        this.partStarts = partStarts;
        this.polygonStarts = polygonStarts;
    }

    public ShapeKind Kind { get; }

    public int PositionCount => xy.Length / 2;

    public int PartCount => partStarts.Length - 1;

    public int PolygonCount => polygonStarts.Length - 1;

    /// <summary>x and y in turn of one part.</summary>
    public ReadOnlySpan<double> Part(int part) => xy.AsSpan((2 * partStarts[part])..(2 * partStarts[part + 1]));

    /// <summary>First ring of a polygon and the one after its last.</summary>
    public (int Start, int End) Rings(int polygon) => (polygonStarts[polygon], polygonStarts[polygon + 1]);

    /// <summary>The shape for a zoom of 0 to 24. Rings too small to be seen are left out, with their holes when they are outsides.</summary>
    public static MapShape For(Shape shape, int zoom)
    {
        var tolerance = ToleranceOfTile / (1 << zoom);
        var xy = new List<double>();
        var parts = new List<int> { 0 };
        var polygons = new List<int> { 0 };
        if (shape.Kind != ShapeKind.Polygons)
        {
            for (var part = 0; part < shape.PartCount; part++)
            {
                AddPart(shape, part, shape.Kind == ShapeKind.Points ? 0 : tolerance, xy, parts);
            }
        }
        for (var polygon = 0; polygon < shape.PolygonCount; polygon++)
        {
            var (start, end) = shape.Rings(polygon);
            for (var ring = start; ring < end; ring++)
            {
                if (!AddPart(shape, ring, tolerance, xy, parts) && ring == start)
                {
                    break;
                }
            }
            if (parts.Count - 1 > polygons[^1])
            {
                polygons.Add(parts.Count - 1);
            }
        }
        return new MapShape(shape.Kind, [.. xy], [.. parts], [.. polygons]);
    }

    private static bool AddPart(Shape shape, int part, double tolerance, List<double> xy, List<int> parts)
    {
        var (start, end) = shape.Part(part);
        var all = new double[2 * (end - start)];
        for (var i = start; i < end; i++)
        {
            (all[2 * (i - start)], all[2 * (i - start) + 1]) = Mercator.Project(shape[i]);
        }
        var keep = new bool[end - start];
        if (tolerance > 0)
        {
            Simplification.Mark(all, tolerance, keep);
        }
        else
        {
            keep.AsSpan().Fill(true);
        }
        var kept = keep.Count(true);
        // A ring of three positions or less has no area left.
        if (kept == 0 || (shape.Kind == ShapeKind.Polygons && kept < 4))
        {
            return false;
        }
        for (var i = 0; i < keep.Length; i++)
        {
            if (keep[i])
            {
                xy.Add(all[2 * i]);
                xy.Add(all[2 * i + 1]);
            }
        }
        parts.Add(xy.Count / 2);
        return true;
    }
}
