namespace Zinneke.Geo;

/// <summary>Gathers positions into a <see cref="Shape"/>: add positions, end each part, end each polygon, build once.</summary>
public sealed class ShapeBuilder
{
    private readonly ShapeKind kind;
    private readonly List<int> units = [];
    private readonly List<int> partStarts = [0];
    private readonly List<int> polygonStarts = [0];

    public ShapeBuilder(ShapeKind kind) => this.kind = kind;

    public ShapeBuilder Add(LonLat p)
    {
        units.Add(ToUnits(p.Lon));
        units.Add(ToUnits(p.Lat));
        return this;
    }

    public ShapeBuilder Add(ReadOnlySpan<LonLat> positions)
    {
        foreach (var p in positions)
        {
            Add(p);
        }
        return this;
    }

    public ShapeBuilder EndPart()
    {
        partStarts.Add(units.Count / 2);
        return this;
    }

    public ShapeBuilder EndPolygon()
    {
        polygonStarts.Add(partStarts.Count - 1);
        return this;
    }

    public Shape Build()
    {
        if (partStarts[^1] * 2 != units.Count || (kind == ShapeKind.Polygons && polygonStarts[^1] != partStarts.Count - 1))
        {
            throw new InvalidOperationException("the last part or polygon was not ended");
        }
        return new Shape(kind, [.. units], [.. partStarts], [.. polygonStarts]);
    }

    /// <summary>Degrees to ten-millionths of a degree, rounded.</summary>
    public static int ToUnits(double degrees) => (int)Math.Round(degrees * Shape.UnitsPerDegree);
}
