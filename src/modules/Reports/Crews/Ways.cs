using Zinneke.Geo;

namespace Zinneke.Reports;

/// <summary>How far it is, and how long it takes, from each stop to each other: the same both ways.</summary>
internal sealed class Ways
{
    /// <summary>Streets are longer than the straight line: the usual detour in a city.</summary>
    public const double Detour = 1.3;

    /// <summary>Of a van in a city, with its crossings and the search for a place to stop: 20 km/h.</summary>
    public const double MetresPerSecond = 20 / 3.6;

    private readonly double[,] metres;
    private readonly double[,] seconds;

    public Ways(int count) => (metres, seconds) = (new double[count, count], new double[count, count]);

    public double Metres(int from, int to) => metres[from, to];

    public double Seconds(int from, int to) => seconds[from, to];

    public void Set(int from, int to, double way, double time)
    {
        metres[from, to] = metres[to, from] = way;
        seconds[from, to] = seconds[to, from] = time;
    }

    /// <summary>The way from one place to another where no streets are known.</summary>
    public static double MetresBetween(LonLat from, LonLat to) => from.MetresTo(to) * Detour;

    /// <summary>Straight ones, times <see cref="Detour"/>.</summary>
    public static Ways Straight(IReadOnlyList<Stop> stops)
    {
        var ways = new Ways(stops.Count);
        for (var i = 0; i < stops.Count; i++)
        {
            for (var j = i + 1; j < stops.Count; j++)
            {
                ways.SetStraight(stops, i, j);
            }
        }
        return ways;
    }

    public void SetStraight(IReadOnlyList<Stop> stops, int from, int to)
    {
        var way = MetresBetween(stops[from].Point, stops[to].Point);
        Set(from, to, way, way / MetresPerSecond);
    }
}
