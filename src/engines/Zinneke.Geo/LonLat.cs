using System.Globalization;

namespace Zinneke.Geo;

/// <summary>A position in WGS 84, in degrees.</summary>
/// <param name="Lon">Longitude, -180 to 180, east positive.</param>
/// <param name="Lat">Latitude, -90 to 90, north positive.</param>
public readonly record struct LonLat(double Lon, double Lat)
{
    /// <summary>False also for NaN and infinities.</summary>
    public bool InRange => Lon is >= -180 and <= 180 && Lat is >= -90 and <= 90;

    public LonLat Swapped => new(Lat, Lon);

    /// <summary>Said by hand: a record would print <see cref="Swapped"/>, which prints its own, without end.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Lon}, {Lat}");

    /// <summary>Metres to another position in the local plane at this one: for distances within a region, not over oceans.</summary>
    public double MetresTo(LonLat other) => new LocalPlane(this).MetresTo(other);
}

/// <summary>
/// A flat plane in metres around an origin, x to the east and y to the north: x = (lon - lon0) · cos(lat0) · k, y = (lat - lat0) · k with k = π/180 · 6,371,008.8 m
/// (mean Earth radius, IUGG). Within 50 km of the origin lengths are right to about 0.6 %.
/// </summary>
public readonly struct LocalPlane
{
    public const double EarthRadiusMetres = 6_371_008.8;
    public const double MetresPerDegree = Math.PI / 180 * EarthRadiusMetres;

    public LocalPlane(LonLat origin)
    {
        Origin = origin;
        MetresPerLon = Math.Cos(origin.Lat * (Math.PI / 180)) * MetresPerDegree;
    }

    public LonLat Origin { get; }

    /// <summary>Metres for one degree of longitude at the origin.</summary>
    public double MetresPerLon { get; }

    public (double X, double Y) To(LonLat p) => ((p.Lon - Origin.Lon) * MetresPerLon, (p.Lat - Origin.Lat) * MetresPerDegree);

    public LonLat From(double xMetres, double yMetres) => new(Origin.Lon + xMetres / MetresPerLon, Origin.Lat + yMetres / MetresPerDegree);

    public double MetresTo(LonLat p)
    {
        var (x, y) = To(p);
        return Math.Sqrt(x * x + y * y);
    }

    /// <summary>The box of longitudes and latitudes around the square of this half width.</summary>
    public Box Around(double metres)
    {
        var lon = metres / MetresPerLon;
        var lat = metres / MetresPerDegree;
        return new Box(Origin.Lon - lon, Origin.Lat - lat, Origin.Lon + lon, Origin.Lat + lat);
    }
}
