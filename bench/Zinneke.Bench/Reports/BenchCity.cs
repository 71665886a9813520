using System.Diagnostics;
using System.Globalization;
using System.Text;
using Zinneke.Testing;

namespace Zinneke.Bench.Reports;

/// <summary>The city of the measurement: nineteen municipalities, bodies, rules and categories of the reference data with two hundred roads drawn by chance; without that data the smallest city.</summary>
internal static class BenchCity
{
    private const int Roads = 200;

    private static readonly string? Reference = Environment.GetEnvironmentVariable("ZINNEKE_REFERENCE") is { Length: > 0 } named && Directory.Exists(named) ? named : null;

    public static string Name => Reference is null ? "the smallest city: one square municipality, one rule" : $"the nineteen municipalities of Brussels with 9,490 vertices, {Roads} roads of the region, fifteen rules";

    /// <summary>Puts it in force, and says where its catalogue and its municipalities lie as files.</summary>
    public static async Task<(string Categories, string? Areas)> ImportAsync(string folder)
    {
        if (Reference is null)
        {
            await SmallCity.ImportAsync(folder, "sqlite", ProgramProcess.VerbAsync);
            return (Path.Combine(folder, "categories.json"), null);
        }
        var (areas, roads) = (Path.Combine(Reference, "areas", "brussels-19.geojson"), Path.Combine(folder, "roads.geojson"));
        await File.WriteAllTextAsync(roads, RoadsByChance());
        var catalogue = Path.Combine(Reference, "reports");
        string In(string file) => Path.Combine(catalogue, file);
        foreach (var (kind, file) in ((string, string)[])[("areas", areas), ("areas", roads), ("bodies", In("bodies.json")), ("categories", In("categories.json")), ("rules", In("rules.json"))])
        {
            await ProgramProcess.VerbAsync("import", kind, file, "--data", folder);
        }
        return (In("categories.json"), areas);
    }

    /// <summary>A history of reports on top of it, in the way of an operator: a file, and the verb. The start of the program is counted in.</summary>
    public static async Task<(double PerSecond, long Rows)> ImportHistoryAsync(string folder, string count, string seed)
    {
        var (categories, areas) = await ImportAsync(folder);
        var history = Path.Combine(folder, "history.csv");
        await ProgramProcess.VerbAsync(["reports", "generate", "--count", count, "--seed", seed, "--categories", categories, .. areas is null ? (string[])[] : ["--areas", areas], "--out", history]);
        var watch = Stopwatch.StartNew();
        var summary = await ProgramProcess.VerbAsync("import", "reports", history, "--data", folder);
        var rows = summary.GetProperty("added").GetInt64();
        return (rows / watch.Elapsed.TotalSeconds, rows);
    }

    private static string RoadsByChance()
    {
        var random = new Random(1);
        var text = new StringBuilder("""{"type":"FeatureCollection","features":[""");
        for (var road = 0; road < Roads; road++)
        {
            var (lon, lat) = (4.28 + 0.16 * random.NextDouble(), 50.79 + 0.10 * random.NextDouble());
            var points = Enumerable.Range(0, 6).Select(_ => string.Create(CultureInfo.InvariantCulture, $"[{lon += 0.004 * random.NextDouble():F6},{lat += 0.004 * (random.NextDouble() - 0.5):F6}]"));
            text.Append(CultureInfo.InvariantCulture, $$$"""{{{(road == 0 ? "" : ",")}}}{"type":"Feature","properties":{"id":"bench-{{{road}}}","kind":"road","name_fr":"Axe {{{road}}}","name_nl":"As {{{road}}}","owner":"mobility","half_width_m":8},"geometry":{"type":"LineString","coordinates":[{{{string.Join(',', points)}}}]}}""");
        }
        return text.Append("]}").ToString();
    }
}
