using System.Diagnostics;

namespace Zinneke.Geo;

/// <summary>What the parts of a shape are.</summary>
public enum ShapeKind : byte
{
    Points = 1,
    Lines = 2,
    Polygons = 3,
}

/// <summary>
/// An immutable geometry: points, lines, or polygons with holes, each possibly of several parts. Positions are whole ten-millionths of a degree (at most 1.1 cm),
/// the grid that OpenStreetMap uses too: so equality, storage and tests for crossing are exact, and what was read with up to seven decimals is kept exactly.
/// A part is a run of positions: all points, one line, or one ring whose last position repeats its first. The first ring of a polygon is its outside, the others holes.
/// </summary>
public sealed class Shape : IEquatable<Shape>
{
    public const double UnitsPerDegree = 1e7;

    private readonly int[] units;
    private readonly int[] partStarts;
    private readonly int[] polygonStarts;

    /// <param name="units">Longitude and latitude in turn, in units.</param>
    /// <param name="partStarts">First position of each part, then the number of positions.</param>
    /// <param name="polygonStarts">First ring of each polygon, then the number of rings; [0] unless polygons.</param>
    internal Shape(ShapeKind kind, int[] units, int[] partStarts, int[] polygonStarts)
    {
        Debug.Assert(partStarts[^1] * 2 == units.Length);
        Debug.Assert(kind != ShapeKind.Polygons || polygonStarts[^1] == partStarts.Length - 1);
        Kind = kind;
        this.units = units;
        this.partStarts = partStarts;
        this.polygonStarts = polygonStarts;
        Bounds = Box.Empty;
        for (var i = 0; i < PositionCount; i++)
        {
            Bounds = Bounds.With(this[i]);
        }
    }

    public ShapeKind Kind { get; }

    public Box Bounds { get; }

    public int PositionCount => units.Length / 2;

    public int PartCount => partStarts.Length - 1;

    /// <summary>0 unless the shape is of polygons.</summary>
    public int PolygonCount => polygonStarts.Length - 1;

    public LonLat this[int position] => new(units[2 * position] / UnitsPerDegree, units[2 * position + 1] / UnitsPerDegree);

    /// <summary>Longitude and latitude in turn, in ten-millionths of a degree.</summary>
    public ReadOnlySpan<int> Units => units;

    /// <summary>First position of a part and the one after its last.</summary>
    public (int Start, int End) Part(int part) => (partStarts[part], partStarts[part + 1]);

    /// <summary>First ring of a polygon and the one after its last.</summary>
    public (int Start, int End) Rings(int polygon) => (polygonStarts[polygon], polygonStarts[polygon + 1]);

    public static Shape Point(LonLat p) => new ShapeBuilder(ShapeKind.Points).Add(p).EndPart().Build();

    public static Shape Line(params ReadOnlySpan<LonLat> positions) => new ShapeBuilder(ShapeKind.Lines).Add(positions).EndPart().Build();

    /// <summary>A polygon without holes; the ring is closed when its last position is not its first.</summary>
    public static Shape Polygon(params ReadOnlySpan<LonLat> ring)
    {
        var builder = new ShapeBuilder(ShapeKind.Polygons).Add(ring);
        if (ring[0] != ring[^1])
        {
            builder.Add(ring[0]);
        }
        return builder.EndPart().EndPolygon().Build();
    }

    /// <summary>The box as a polygon.</summary>
    public static Shape Of(in Box box) =>
        Polygon(new(box.West, box.South), new(box.East, box.South), new(box.East, box.North), new(box.West, box.North));

    public bool Equals(Shape? other) =>
        other is not null && Kind == other.Kind && units.AsSpan().SequenceEqual(other.units)
        && partStarts.AsSpan().SequenceEqual(other.partStarts) && polygonStarts.AsSpan().SequenceEqual(other.polygonStarts);

    public override bool Equals(object? obj) => Equals(obj as Shape);

    public override int GetHashCode() => HashCode.Combine(Kind, units.Length, units.Length > 0 ? units[0] : 0, units.Length > 1 ? units[^1] : 0);

    /// <summary>A few bytes a position: what is stored. Read back by <see cref="ShapeCode.Read"/>.</summary>
    public byte[] ToBytes() => ShapeCode.Write(this, partStarts, polygonStarts);
}
