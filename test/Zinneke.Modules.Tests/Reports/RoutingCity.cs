using System.Globalization;
using Zinneke.Geo;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>The reference city as routing sees it: 19 municipalities, five invented features, 28 bodies, 15 rules.</summary>
internal static class RoutingCity
{
    public static readonly string[] Files = ["areas/brussels-19.geojson", "reports/bodies.json", "reports/rules.json", "reports/categories.json", "reports/layers-demo.geojson", "reports/routing-points.csv"];

    private static readonly Lazy<RoutingSnapshot> Made = new(() => Make());

    public static RoutingSnapshot Snapshot => Made.Value;

    public static IReadOnlyList<Area> Territories(params string[] files) => [.. files.SelectMany(ReadTerritories)];

    public static IReadOnlyList<Body> Bodies()
    {
        var faults = new Faults();
        var bodies = BodiesFile.Read(JsonTree.Parse(Bytes("reports/bodies.json"), faults)!, faults);
        faults.First.ShouldBeEmpty();
        return bodies;
    }

    public static CategoryTree Categories()
    {
        var faults = new Faults();
        var tree = CategoriesFile.Read(JsonTree.Parse(Bytes("reports/categories.json"), faults)!, faults);
        faults.First.ShouldBeEmpty();
        return tree;
    }

    public static RuleSet Rules(byte[]? file = null)
    {
        var faults = new Faults();
        var rules = RulesFile.Read(JsonTree.Parse(file ?? Bytes("reports/rules.json"), faults)!, Bodies(), Categories(), faults);
        faults.First.ShouldBeEmpty();
        return rules;
    }

    private static RoutingSnapshot Make() => new(
        Territories("areas/brussels-19.geojson", "reports/layers-demo.geojson"), Bodies(), Categories(), Rules(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels"));

    private static byte[] Bytes(string file) => File.ReadAllBytes(ReferenceData.At(file));

    private static IEnumerable<Area> ReadTerritories(string file)
    {
        using var stream = File.OpenRead(ReferenceData.At(file));
        var reader = new GeoJsonReader(stream);
        var territories = reader.Features().Select(Area).ToList();
        reader.Faults.ShouldBeEmpty();
        return territories;
    }

    private static Area Area(GeoFeature feature)
    {
        string? Word(string name) => feature.Properties.TryGetProperty(name, out var value) ? value.GetString() : null;
        return new Area(Word("id")!, Word("kind")!, new(Languages.All.Where(language => Word("name_" + language) is not null).Select(language => KeyValuePair.Create(language, Word("name_" + language)!))), feature.Shape!)
        {
            Owner = Word("owner"),
            HalfWidthMetres = feature.Properties.TryGetProperty("half_width_m", out var half) ? half.GetDouble() : Zinneke.Kernel.Area.HalfWidthDefaultMetres,
            Postcodes = feature.Properties.TryGetProperty("postcodes", out var codes) ? [.. codes.EnumerateArray().Select(code => code.GetString()!)] : [],
        };
    }

    /// <summary>One row of the oracle.</summary>
    public sealed record Expected(string Id, RouteRequest Request, string? Area, string Body, string Rule, Outside Outside, double Confidence, bool Question, string[] Boundary);

    public static IEnumerable<Expected> Points()
    {
        foreach (var line in File.ReadLines(ReferenceData.At("reports/routing-points.csv")).Skip(1))
        {
            var f = line.Split(',');
            double Number(int i) => double.Parse(f[i], CultureInfo.InvariantCulture);
            yield return new Expected(
                f[0], new RouteRequest(new LonLat(Number(1), Number(2)), f[3], Answers.Parse(f[4]), null, 0),
                f[5].Length == 0 ? null : f[5], f[6], f[7], Enum.Parse<Outside>(f[8], ignoreCase: true), Number(9), f[10] == "1",
                f[11].Split(';', StringSplitOptions.RemoveEmptyEntries));
        }
    }
}
