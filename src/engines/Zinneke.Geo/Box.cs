namespace Zinneke.Geo;

/// <summary>A box of longitudes and latitudes in degrees, edges included. It never crosses the 180th meridian.</summary>
public readonly record struct Box(double West, double South, double East, double North)
{
    /// <summary>Holds nothing; the neutral element of <see cref="With(LonLat)"/>.</summary>
    public static Box Empty { get; } = new(double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity);

    public bool IsEmpty => !(West <= East && South <= North);

    public LonLat Centre => new((West + East) / 2, (South + North) / 2);

    public bool Contains(LonLat p) => p.Lon >= West && p.Lon <= East && p.Lat >= South && p.Lat <= North;

    public bool Intersects(in Box other) => West <= other.East && other.West <= East && South <= other.North && other.South <= North;

    public Box With(LonLat p) => new(Math.Min(West, p.Lon), Math.Min(South, p.Lat), Math.Max(East, p.Lon), Math.Max(North, p.Lat));

    public Box With(in Box other) =>
        new(Math.Min(West, other.West), Math.Min(South, other.South), Math.Max(East, other.East), Math.Max(North, other.North));

    /// <summary>The box grown by so many degrees on each side.</summary>
    public Box Grown(double degrees) => new(West - degrees, South - degrees, East + degrees, North + degrees);
}
