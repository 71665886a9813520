using System.Globalization;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>reports generate</c>: a synthetic history to import, to measure and to show.</summary>
internal static class GenerateVerb
{
    private static readonly Setting<int> Count = Setting.Number("count", "Reports in all.", 10_000, 1, 10_000_000);

    private static readonly Setting<int> Seed = Setting.Number("seed", "The same seed makes the same history.", 1, 0, int.MaxValue);

    private static readonly Setting<string?> Categories = Setting.Words("categories", "JSON of the catalogue; that of the demonstration city when it is left out.");

    private static readonly Setting<string?> Areas = Setting.Words("areas", "GeoJSON of the municipalities that the points lie in; around the centre of Brussels when it is left out.");

    private static readonly Setting<DateOnly?> Until = Setting.Day("until", "The history ends before this day: 2026-01-01 when it is left out.") with
    {
        Expected = "a day after 2013-01-01",
        Parse = text => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture) is var day && day > HistoryGenerator.Beginning ? day : throw new FormatException(),
    };

    /// <summary>Centre and reach of the points when no areas are given.</summary>
    private static readonly LonLat Centre = new(4.3525, 50.8467);

    private const double RadiusMetres = 6_000;

    public static Command Verb { get; } = new("reports", "generate", "Makes a synthetic history as CSV for import reports: nothing in it has happened.",
        "reports generate --count 1000000 --seed 1 --out history.csv")
    {
        Options = [Count, Seed, Categories, Areas, Until],
        Run = RunAsync,
    };

    private static async Task<Result> RunAsync(Call call)
    {
        var categories = call.Get(Categories) is { } file ? await CatalogueFiles.ReadAsync(file, CategoriesFile.Read, call.Stop) : DemoCatalogue.Categories;
        var (centre, radius, inside) = call.Get(Areas) is { } areas ? Within(areas) : (Centre, RadiusMetres, _ => true);
        var calendar = new WorkCalendar(call.Get(KernelSettings.TimeZone));
        var generator = new HistoryGenerator(call.Get(Seed), categories, calendar, centre, radius, inside);
        var reports = generator.Make(call.Get(Count), HistoryGenerator.Beginning, call.Get(Until) ?? new DateOnly(2026, 1, 1));
        return Result.Stream((stream, stop) => HistoryFile.WriteAsync(stream, Counted(reports, call), stop));
    }

    private static IEnumerable<HistoricReport> Counted(IEnumerable<HistoricReport> reports, Call call)
    {
        var done = 0L;
        foreach (var report in reports)
        {
            call.Progress.At("reports", ++done, call.Get(Count));
            yield return report;
        }
    }

    private static (LonLat Centre, double RadiusMetres, Func<LonLat, bool> Inside) Within(string file)
    {
        var homes = CatalogueFiles.ReadAreas(file).Where(area => area.Kind == Area.Municipality).ToList();
        if (homes.Count == 0)
        {
            throw new BadInputException($"{file}: no area of kind {Area.Municipality}");
        }
        var index = new ShapeIndex(homes.Select(area => area.Shape));
        var box = index.Bounds;
        var centre = new LonLat((box.West + box.East) / 2, (box.South + box.North) / 2);
        return (centre, centre.MetresTo(new LonLat(box.East, box.North)), p => index.Containing(p, []) > 0);
    }
}
