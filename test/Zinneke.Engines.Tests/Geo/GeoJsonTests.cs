using System.Text;
using System.Text.Json;
using Zinneke.Geo;

namespace Zinneke.Engines.Tests.Geo;

public class GeoJsonTests
{
    private const string Square = "[[4,50],[5,50],[5,51],[4,51],[4,50]]";

    [Fact]
    public void Reads_every_geometry_with_members_in_any_order()
    {
        var (features, faults) = Read($$$"""
            {"features":[
            {"geometry":{"coordinates":[4.5,50.5,12],"type":"Point"},"type":"Feature","id":7,"properties":null},
            {"type":"Feature","properties":{"name":"Ix\u00e9lles \"x\"","n":[1,{"a":null}]},"geometry":{"type":"MultiPoint","coordinates":[[4,50],[5,51]]}},
            {"type":"Feature","bbox":[1,2,3,4],"properties":{},"geometry":{"type":"LineString","coordinates":[[4,50],[5,51]]}},
            {"type":"Feature","properties":{},"geometry":{"type":"MultiLineString","coordinates":[[[4,50],[5,51]],[[4,51],[5,50]]]}},
            {"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[{{{Square}}},[[4.1,50.1],[4.2,50.1],[4.1,50.2],[4.1,50.1]]]}},
            {"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":[[{{{Square}}}],[[[6,50],[7,50],[6,51],[6,50]]]]}},
            {"type":"Feature","properties":{},"geometry":null}
            ],"extra":{"a":[1,2]},"type":"FeatureCollection"}
            """);
        faults.ShouldBeEmpty();
        features.Select(f => f.Line).ShouldBe([2, 3, 4, 5, 6, 7, 8]);
        features[0].Id.ShouldBe("7");
        features[0].Shape.ShouldBe(Shape.Point(new(4.5, 50.5)));
        features[1].Properties.GetProperty("name").GetString().ShouldBe("Ixélles \"x\"");
        features[1].Properties.GetProperty("n").GetRawText().ShouldBe("""[1,{"a":null}]""");
        features.Select(f => (f.Shape?.Kind, f.Shape?.PartCount, f.Shape?.PolygonCount)).Skip(1).ShouldBe([
            (ShapeKind.Points, 1, 0), (ShapeKind.Lines, 1, 0), (ShapeKind.Lines, 2, 0), (ShapeKind.Polygons, 2, 1), (ShapeKind.Polygons, 2, 2), (null, null, null)]);
    }

    public static TheoryData<string, int, string, string, string> Faulty => new()
    {
        { Polygon("[[4,50],[5,50],[5,51],[4,51]]"), 2, "features[0].geometry.coordinates[0]", "an open ring from [4, 50] to [4, 51]", "a ring whose last position is its first" },
        { Polygon("[[4,50],[5,50],[4,50]]"), 2, "features[0].geometry.coordinates[0]", "3 positions", "a ring of at least 4 positions" },
        { Polygon("[[4,50],[5,51],[5,50],[4,51],[4,50]]"), 2, "features[0].geometry.coordinates", "rings that cross at [4.5, 50.5]", "cross themselves" },
        { Polygon("[[4,50],[5,50],\n[-95,-151],[4,51],[4,50]]"), 3, "features[0].geometry.coordinates[0][2]", "[-95, -151]", "longitude within ±180 and latitude within ±90" },
        { Polygon("[[4,50],[5,50],[50.8,104.3],[4,51],[4,50]]"), 2, "features[0].geometry.coordinates[0][2]", "[50.8, 104.3]", "swapped" },
        { Polygon("[[4,50],[5,\"x\"],[5,51],[4,50]]"), 2, "features[0].geometry.coordinates[0][1][1]", "\"x\"", "numbers" },
        { Polygon("[[4,50],[5],[5,51],[4,50]]"), 2, "features[0].geometry.coordinates[0][1]", "one number", "longitude and latitude" },
        { Polygon("[[4,50],[[5,6]],[5,51],[4,50]]"), 2, "features[0].geometry.coordinates[0][1][0]", "an array", "a number" },
        { Polygon("[[4,50],5,[5,51],[4,50]]"), 2, "features[0].geometry.coordinates[0][1]", "5", "arrays nested equally deep" },
        { Polygon("[]"), 2, "features[0].geometry.coordinates[0]", "an empty array", "positions" },
        { Feature("""{"type":"Polygon","coordinates":[4,50]}"""), 2, "features[0].geometry.coordinates", "arrays 1 deep", "arrays 3 deep for a Polygon" },
        { Feature("""{"type":"Polygon"}"""), 2, "features[0].geometry.coordinates", "nothing", "arrays 3 deep" },
        { Feature("""{"type":"Circle","coordinates":[4,50]}"""), 2, "features[0].geometry.type", "\"Circle\"", "Point, MultiPoint" },
        { Feature("""{"coordinates":[4,50]}"""), 2, "features[0].geometry.type", "nothing", "Point, MultiPoint" },
        { Feature("""{"type":"LineString","coordinates":[[4,50]]}"""), 2, "features[0].geometry.coordinates", "1 position", "at least 2 positions" },
        { Feature("7"), 2, "features[0].geometry", "7", "a geometry or null" },
        { Collection("""{"type":"Feature","id":true,"properties":{},"geometry":null}"""), 2, "features[0].id", "True", "a string or a number" },
        { Collection("""{"type":"Feature","properties":[],"geometry":null}"""), 2, "features[0].properties", "an array", "an object or null" },
        { Collection("""{"type":"Thing","properties":{},"geometry":null}"""), 2, "features[0]", "an object whose type", "Feature" },
        { Collection("12"), 2, "features[0]", "12", "a feature" },
        { "", 1, "", "an empty file", "FeatureCollection" },
        { "[1]", 1, "", "an array", "FeatureCollection" },
        { """{"type":"Feature"}""", 1, "type", "\"Feature\"", "FeatureCollection" },
        { """{"type":"FeatureCollection"}""", 1, "features", "nothing", "an array of features" },
        { """{"type":"FeatureCollection","features":{}}""", 1, "features", "an object", "an array of features" },
        { "{\"type\":\"FeatureCollection\",\n\"features\":[\n{\"a\" 1}]}", 3, "", "malformed JSON", ":" },
        { "{\"type\":\"FeatureCollection\",\n\"features\":[", 2, "", "malformed JSON", "" },
        { "{\"type\":\"FeatureCollection\",\"features\":[]}\n\n7", 3, "", "malformed JSON", "" },
        { """{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::9999"}},"features":[]}""", 1, "crs.properties.name", "EPSG::9999", "WGS 84" },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Says_line_field_found_and_expected(string file, int line, string field, string found, string expected)
    {
        var (features, faults) = Read(file);
        features.ShouldBeEmpty();
        var fault = faults.ShouldHaveSingleItem();
        (fault.Line, fault.Field).ShouldBe((line, field));
        fault.Found.ShouldContain(found, Case.Insensitive);
        fault.Expected.ShouldContain(expected);
    }

    [Fact]
    public void Text_that_is_not_utf8_is_a_fault_with_its_line()
    {
        var reader = new GeoJsonReader(new MemoryStream(Encoding.Latin1.GetBytes("{\"type\":\"FeatureCollection\",\n\"features\":[{\"type\":\"Feature\",\"properties\":{\"name\":\"Forêt\"},\"geometry\":null}]}")));
        reader.Features().ShouldBeEmpty();
        reader.Faults.ShouldHaveSingleItem().ShouldBe(new GeoFault(2, "", "text that is not UTF-8: Forêt", "UTF-8"));
    }

    [Fact]
    public void Swapped_coordinates_in_range_are_recognised_by_the_other_features()
    {
        var point = """{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[50.85,4.35]}}""";
        var (features, faults) = Read(Polygon(Square).Replace("]}}]}", "]}}," + point + "]}"));
        features.Count.ShouldBe(1);
        faults.ShouldHaveSingleItem().Expected.ShouldContain("swapped");
        var alone = new GeoJsonReader(new MemoryStream(Encoding.UTF8.GetBytes(Collection(point))), near: new Box(4, 50, 5, 51));
        alone.Features().ShouldBeEmpty();
        alone.FaultCount.ShouldBe(1);
    }

    [Fact]
    public void A_good_feature_after_a_bad_one_is_read_and_faults_are_counted_beyond_those_kept()
    {
        var bad = """{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[]}}""";
        var reader = new GeoJsonReader(new MemoryStream(Encoding.UTF8.GetBytes(Collection(
            string.Join(",\n", Enumerable.Repeat(bad, 150)) + ",\n" + """{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[4,50]}}"""))));
        reader.Features().ToList().ShouldHaveSingleItem().Index.ShouldBe(150);
        (reader.Count, reader.FaultCount, reader.Faults.Count).ShouldBe((151, 150, 100));
        reader.Faults[99].Line.ShouldBe(101);
    }

    [Fact]
    public void Reads_the_same_whatever_the_stream_gives_at_a_time()
    {
        var random = new Random(4);
        var file = Write(Enumerable.Range(0, 60).Select(i => (i.ToString(), PlainGeometry.RandomShape(random))));
        var whole = new GeoJsonReader(new MemoryStream(file)).Features().Select(f => (f.Line, f.Id, f.Shape)).ToArray();
        whole.Length.ShouldBe(60);
        var dripping = new GeoJsonReader(new Dripping(file, random)).Features().Select(f => (f.Line, f.Id, f.Shape));
        dripping.ShouldBe(whole);
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var random = new Random(9);
        var shapes = Enumerable.Range(0, 50).Select(_ => PlainGeometry.RandomShape(random)).ToArray();
        var reader = new GeoJsonReader(new MemoryStream(Write(shapes.Select((shape, i) => ($"id {i}", shape)))));
        reader.Features().Select(f => f.Shape).ShouldBe(shapes);
        reader.Faults.ShouldBeEmpty();
    }

    [Fact]
    public void A_projection_is_asked_for_by_the_code_of_the_file()
    {
        var file = """{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::31370"}},"features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[149000,170500]}}]}""";
        var reader = new GeoJsonReader(new MemoryStream(Encoding.UTF8.GetBytes(file)), epsg => epsg == 31370 ? p => new LonLat(p.Lon / 1e5, p.Lat / 1e5) : null);
        reader.Features().ToList().ShouldHaveSingleItem().Shape.ShouldBe(Shape.Point(new(1.49, 1.705)));
    }

    private static byte[] Write(IEnumerable<(string Id, Shape Shape)> features)
    {
        var stream = new MemoryStream();
        using (var writer = new GeoJsonWriter(stream))
        {
            foreach (var (id, shape) in features)
            {
                writer.Write(id, shape, json => json.WriteString("id", id));
            }
        }
        JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("type").GetString().ShouldBe("FeatureCollection");
        return stream.ToArray();
    }

    private static string Collection(string features) => $$"""
        {"type":"FeatureCollection","features":[
        {{features}}]}
        """;

    private static string Feature(string geometry) => Collection($$"""{"type":"Feature","properties":{},"geometry":{{geometry}}}""");

    private static string Polygon(string ring) => Feature($$"""{"type":"Polygon","coordinates":[{{ring}}]}""");

    private static (List<GeoFeature> Features, IReadOnlyList<GeoFault> Faults) Read(string file)
    {
        var reader = new GeoJsonReader(new MemoryStream(Encoding.UTF8.GetBytes(file)));
        return ([.. reader.Features()], reader.Faults);
    }

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class Dripping(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, random.Next(1, 9)));
    }
}
