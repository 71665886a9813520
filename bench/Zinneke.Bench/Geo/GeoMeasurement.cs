using Zinneke.Engines.Tests.Geo;
using Zinneke.Geo;

namespace Zinneke.Bench.Geo;

/// <summary><c>bench geo</c>: points in areas and near points.</summary>
internal static class GeoMeasurement
{
    private const int Checks = 2_000;

    public static Measurement Entry { get; } = new("geo", "lookups of points in areas, and of points near points, on one core", new Dictionary<string, string>(), _ => Task.FromResult(Run()));

    private static Findings Run()
    {
        var bench = new GeoBench();
        bench.Setup();
        Check(bench);
        Figure PerSecond(string name, string? goal, Func<double> run) => new(name, Timing.PerSecond(GeoBench.Lookups, run), "a second", goal);
        Figure Micros(string name, string? goal, Func<double> run) => new(name, 1e6 / Timing.PerSecond(GeoBench.Lookups, run), "µs", goal);
        var plain = bench.Places.Take(50).ToArray();
        return new Findings(
            $"{bench.Source}; a thousand random places in their box. One million points around 150 hot spots.",
            $"{Checks:N0} random places gave exactly the areas, and distances to 1 µm, of going through every edge; 200 windows exactly the newest points of going through all.",
            "going through every edge of every area, without an index.",
            [
                PerSecond("areas that contain a place", "≥ 1,000,000", () => bench.Containing()),
                new Figure("the same through every edge", Timing.PerSecond(plain.Length, () => plain.Sum(p => bench.Shapes.Count(shape => PlainGeometry.Inside(shape, p)))), "a second"),
                new Figure("bytes allocated by a lookup", Timing.Allocated(GeoBench.Lookups, () => bench.Containing()), "B", "0"),
                PerSecond("areas within 50 m", null, () => bench.AreasWithin50Metres()),
                Micros("distance to the boundary of all", null, bench.DistanceToNearestBoundaryOfAll),
                Micros("points within 250 m, nearest ten", "60 µs", () => bench.PointsWithin250Metres()),
                Micros("newest hundred in a street", "100 µs", () => bench.Newest100InAStreet()),
                Micros("newest hundred in a municipality", "3,000 µs", () => bench.Newest100InAMunicipality()),
                Micros("newest hundred of the region", "300 µs", () => bench.Newest100InTheRegion()),
            ]);
    }

    /// <exception cref="InvalidOperationException">The index says something else than the plain rules.</exception>
    private static void Check(GeoBench bench)
    {
        var random = new Random(2);
        Span<int> hits = stackalloc int[64];
        for (var i = 0; i < Checks; i++)
        {
            var p = new LonLat(4.25 + 0.23 * random.NextDouble(), 50.77 + 0.14 * random.NextDouble());
            var found = hits[..bench.Areas.Containing(p, hits)].ToArray();
            Require(found.SequenceEqual(Enumerable.Range(0, bench.Shapes.Length).Where(area => PlainGeometry.Inside(bench.Shapes[area], p))), $"areas that contain {p}");
            var one = i % bench.Shapes.Length;
            Require(Math.Abs(bench.Areas.EdgeDistanceMetres(one, p) - PlainGeometry.EdgeMetres(bench.Shapes[one], p)) < 1e-6, $"distance from {p}");
        }
        bench.CheckNewest(200, random, Require);
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"wrong answer: {what}");
        }
    }
}
