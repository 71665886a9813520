using Zinneke.Geo;

namespace Zinneke.Reports;

/// <summary>Where problems happen: mostly around a number of corners, some of them far busier than others, the rest anywhere in the city.</summary>
internal sealed class HotSpots
{
    public const int Count = 150;
    private const double ShareAnywhere = 0.25;
    private const double SpreadMetresMin = 40, SpreadMetresMax = 300;

    private readonly LocalPlane plane;
    private readonly double radiusMetres;
    private readonly Func<LonLat, bool> inside;
    private readonly (double X, double Y, double SpreadMetres)[] spots;
    private readonly double[] cumulated;

    /// <param name="inside">Points elsewhere are drawn again.</param>
    public HotSpots(Random chance, LonLat centre, double radiusMetres, Func<LonLat, bool> inside)
    {
        plane = new LocalPlane(centre);
        this.radiusMetres = radiusMetres;
        this.inside = inside;
        spots = new (double, double, double)[Count];
        cumulated = new double[Count];
        var sum = 0.0;
        for (var i = 0; i < Count; i++)
        {
            var (x, y) = Anywhere(chance);
            spots[i] = (x, y, SpreadMetresMin + ((SpreadMetresMax - SpreadMetresMin) * chance.NextDouble()));
            // The i-th busiest corner has one i-th of the busiest (Zipf), a little flattened.
            cumulated[i] = sum += 1 / Math.Pow(i + 1, 0.8);
        }
        for (var i = 0; i < Count; i++)
        {
            cumulated[i] /= sum;
        }
    }

    /// <summary>A point to six decimals, about 10 cm.</summary>
    public LonLat Next(Random chance)
    {
        while (true)
        {
            var (x, y) = chance.NextDouble() < ShareAnywhere ? Anywhere(chance) : Near(chance);
            var p = plane.From(x, y);
            p = new LonLat(Math.Round(p.Lon, 6), Math.Round(p.Lat, 6));
            if (inside(p))
            {
                return p;
            }
        }
    }

    private (double X, double Y) Near(Random chance)
    {
        var found = Array.BinarySearch(cumulated, chance.NextDouble());
        var spot = spots[Math.Min(found < 0 ? ~found : found, Count - 1)];
        var (a, b) = Normal(chance);
        return (spot.X + (a * spot.SpreadMetres), spot.Y + (b * spot.SpreadMetres));
    }

    /// <summary>Denser towards the centre, as cities are.</summary>
    private (double X, double Y) Anywhere(Random chance)
    {
        while (true)
        {
            var radius = radiusMetres * Math.Pow(chance.NextDouble(), 0.6);
            var (sin, cos) = Math.SinCos(2 * Math.PI * chance.NextDouble());
            if (inside(plane.From(radius * cos, radius * sin)))
            {
                return (radius * cos, radius * sin);
            }
        }
    }

    /// <summary>Two independent normal deviates (Box and Muller 1958).</summary>
    internal static (double A, double B) Normal(Random chance)
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble()));
        var (sin, cos) = Math.SinCos(2 * Math.PI * chance.NextDouble());
        return (radius * cos, radius * sin);
    }
}
