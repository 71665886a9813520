using BenchmarkDotNet.Attributes;
using Zinneke.Geo;

namespace Zinneke.Bench.Geo;

/// <summary>
/// Points in areas and near points, one core, a thousand random lookups an invocation. Areas: the 19 communes of the reference data (9,490 vertices) when they are there, else as
/// many generated ones. Points: a million around 150 hot spots.
/// </summary>
[MemoryDiagnoser]
public class GeoBench
{
    internal const int Lookups = 1000;

    private ShapeIndex areas = new([]);
    private string source = "";
    private readonly PointGrid grid = new(50.85);
    private readonly LonLat[] places = new LonLat[Lookups];
    private readonly int[] hits = new int[100];
    private readonly PointAge[] newest = new PointAge[100];
    private readonly PointHit[] near = new PointHit[10];

    internal ShapeIndex Areas => areas;

    internal Shape[] Shapes { get; private set; } = [];

    internal LonLat[] Places => places;

    /// <summary>What the areas are.</summary>
    internal string Source => $"{source}, {Shapes.Sum(shape => shape.PositionCount):N0} vertices";

    [GlobalSetup]
    public void Setup()
    {
        Shapes = [.. ReadAreas()];
        areas = new ShapeIndex(Shapes);
        var random = new Random(1);
        for (var i = 0; i < Lookups; i++)
        {
            places[i] = new LonLat(4.25 + 0.23 * random.NextDouble(), 50.77 + 0.14 * random.NextDouble());
        }
        var spots = Array.ConvertAll(new int[150], _ => new LonLat(4.25 + 0.23 * random.NextDouble(), 50.77 + 0.14 * random.NextDouble()));
        for (var i = 0; i < 1_000_000; i++)
        {
            var spot = spots[random.Next(spots.Length)];
            grid.Add(new LonLat(spot.Lon + 0.02 * (random.NextDouble() - 0.5), spot.Lat + 0.014 * (random.NextDouble() - 0.5)), i);
        }
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int Containing()
    {
        var found = 0;
        foreach (var p in places)
        {
            found += areas.Containing(p, hits);
        }
        return found;
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public double DistanceToNearestBoundaryOfAll()
    {
        var metres = 0.0;
        foreach (var p in places)
        {
            for (var area = 0; area < areas.Count; area++)
            {
                metres += areas.EdgeDistanceMetres(area, p);
            }
        }
        return metres;
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int AreasWithin50Metres()
    {
        var found = 0;
        foreach (var p in places)
        {
            found += areas.Within(p, 50, hits);
        }
        return found;
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int PointsWithin250Metres()
    {
        var found = 0;
        foreach (var p in places)
        {
            found += grid.Nearest(p, 250, near, new EveryRow());
        }
        return found;
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int Newest100InAStreet() => Newest(0.0032, 0.0025);

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int Newest100InAMunicipality() => Newest(0.028, 0.018);

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int Newest100InTheRegion() => Newest(0.5, 0.5);

    /// <summary>Sets some windows against going through every point.</summary>
    internal void CheckNewest(int windows, Random random, Action<bool, string> require)
    {
        for (var i = 0; i < windows; i++)
        {
            var (p, size) = (places[i], Math.Pow(10, -3 + (2 * random.NextDouble())));
            var box = new Box(p.Lon - size, p.Lat - size, p.Lon + size, p.Lat + size);
            var count = grid.Newest(box, newest, new EveryRow());
            var all = new List<int>();
            for (var row = grid.Rows - 1; row >= 0 && all.Count < newest.Length; row--) // Rows were given in the order of time.
            {
                if (box.Contains(grid[row]))
                {
                    all.Add(row);
                }
            }
            require(newest.Take(count).Select(hit => hit.Row).SequenceEqual(all), $"newest in {box}");
        }
    }

    private int Newest(double lon, double lat)
    {
        var found = 0;
        foreach (var p in places)
        {
            found += grid.Newest(new Box(p.Lon - lon, p.Lat - lat, p.Lon + lon, p.Lat + lat), newest, new EveryRow());
        }
        return found;
    }

    private IEnumerable<Shape> ReadAreas()
    {
        source = "The 19 communes of Brussels, full boundaries";
        var file = Path.Combine(Environment.GetEnvironmentVariable("ZINNEKE_REFERENCE") ?? "../shared/data", "areas/brussels-19.geojson");
        if (File.Exists(file))
        {
            using var stream = File.OpenRead(file);
            return [.. new GeoJsonReader(stream).Features().Select(feature => feature.Shape!)];
        }
        source = "19 generated areas";
        return Enumerable.Range(0, 19).Select(i => Shape.Polygon([.. Enumerable.Range(0, 500).Select(corner =>
        {
            var (angle, radius) = (corner * Math.PI / 250, 0.02 + 0.001 * Math.Sin(corner * 7));
            return new LonLat(4.28 + i % 5 * 0.04 + radius * Math.Cos(angle), 50.78 + i / 5 * 0.03 + radius * Math.Sin(angle));
        })]));
    }
}
