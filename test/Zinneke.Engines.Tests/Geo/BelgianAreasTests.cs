using System.Globalization;
using System.IO.Compression;
using Zinneke.Geo;

namespace Zinneke.Engines.Tests.Geo;

/// <summary>The official boundaries, as they are published.</summary>
public class BelgianAreasTests
{
    private const string Brussels = "areas/brussels-19.geojson";
    private const string Belgium = "areas/belgium-589-2016.geojson.gz";
    private const string RoutingPoints = "reports/routing-points.csv";

    [ReferenceFact(Brussels)]
    public void The_nineteen_communes_read_without_fault()
    {
        var features = Read(Brussels);
        features.Count.ShouldBe(19);
        features.Sum(f => f.Shape!.PositionCount).ShouldBe(9_490);
        features.Where(f => f.Shape!.PolygonCount == 2).Select(f => f.Id).ShouldBe(["21009", "21013"]);
        features.Select(f => f.Line).ShouldBe(Enumerable.Range(2, 19));
    }

    [ReferenceFact(Belgium)]
    public void The_589_municipalities_of_2016_read_without_fault()
    {
        var features = Read(Belgium);
        features.Count.ShouldBe(589);
        features.Sum(f => (long)f.Shape!.ToBytes().Length).ShouldBeLessThan(features.Sum(f => f.Shape!.PositionCount) * 6L);
    }

    [ReferenceFact(Brussels, RoutingPoints)]
    public void Points_fall_in_the_commune_that_is_known_for_them()
    {
        var features = Read(Brussels);
        var index = new ShapeIndex(features.Select(f => f.Shape!));
        var hits = new int[19];
        var lines = File.ReadAllLines(ReferenceData.At(RoutingPoints));
        var column = lines[0].Split(',').Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        foreach (var fields in lines.Skip(1).Select(line => line.Split(',')))
        {
            var p = new LonLat(double.Parse(fields[1], CultureInfo.InvariantCulture), double.Parse(fields[2], CultureInfo.InvariantCulture));
            var inside = index.Containing(p, hits);
            var nearest = index.Nearest(p, 200, out _);
            var expected = (fields[column["expected_area"]], fields[column["expected_outside"]]);
            var got = inside > 0 ? (features[hits[0]].Id, "no") : nearest >= 0 ? (features[nearest].Id, "near") : ("", "far");
            got.ShouldBe(expected, fields[0]);
        }
    }

    [ReferenceFact(Belgium)]
    public void Municipalities_partition_the_country()
    {
        var features = Read(Belgium);
        var index = new ShapeIndex(features.Select(f => f.Shape!));
        var hits = new int[8];
        var random = new Random(2016);
        for (var i = 0; i < 200_000; i++)
        {
            // Well inside the country, across 300 municipalities.
            index.Containing(new LonLat(3.9 + 1.5 * random.NextDouble(), 50.5 + 0.5 * random.NextDouble()), hits).ShouldBe(1);
        }
    }

    [ReferenceFact(Belgium)]
    public void Agrees_with_plain_geometry_on_the_country()
    {
        var shapes = Read(Belgium).Select(f => f.Shape!).ToArray();
        var index = new ShapeIndex(shapes);
        var hits = new int[64];
        var random = new Random(8);
        for (var i = 0; i < 20; i++)
        {
            var p = new LonLat(2.4 + 4.2 * random.NextDouble(), 49.4 + 2.2 * random.NextDouble());
            hits[..index.Containing(p, hits)].ShouldBe(Enumerable.Range(0, shapes.Length).Where(s => PlainGeometry.Inside(shapes[s], p)));
            var nearest = index.Nearest(p, double.PositiveInfinity, out var metres);
            metres.ShouldBe(shapes.Min(shape => PlainGeometry.Metres(shape, p)), 1e-6);
            index.DistanceMetres(nearest, p).ShouldBe(metres);
            index.EdgeDistanceMetres(nearest, p).ShouldBe(PlainGeometry.EdgeMetres(shapes[nearest], p), 1e-6);
        }
    }

    internal static List<GeoFeature> Read(string path)
    {
        using var file = File.OpenRead(ReferenceData.At(path));
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        var reader = new GeoJsonReader(stream);
        var features = reader.Features().ToList();
        reader.Faults.ShouldBeEmpty();
        return features;
    }
}
