using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>import reports</c>: the history of another system.</summary>
internal static class ImportReportsVerb
{
    private static readonly Setting<string?> Map = Setting.Words("map", "JSON that says how the columns of the file become ours.") with { Expected = "a file" };

    private static readonly Setting<string?> Rejects = Setting.Words("rejects", "Write lines that are wrong to this CSV file, and take the others.") with { Expected = "a file" };

    private static readonly Setting<bool> SkipBad = Setting.Flag("skipBad", "Take the good lines of a file that has others.");

    private static readonly Setting<string> Format = Setting.Choice("format", "Columns of the file when there is no map.", "zinneke", "zinneke", "georeport-bulk");

    public static Command Verb { get; } = ImportVerbs.Of(
        "reports", "Imports reports of the past from CSV; the same file again changes nothing.", "import reports history.csv --map columns.json --rejects wrong.csv --data var",
        RunAsync, Map, Rejects, SkipBad, Format);

    private static async Task<ImportSummary> RunAsync(Call call, IServiceProvider services, Stream stream, string file)
    {
        var map = call.Get(Map) is { } named ? await CatalogueFiles.ReadAsync(named, HistoryMap.Read, call.Stop)
            : call.Get(Format) == "georeport-bulk" ? HistoryMap.GeoReport
            : HistoryMap.Plain;
        var (summary, kept) = await call.Service<ImportReports>().RunAsync(stream, file, new HistoryOptions(map, call.Get(Rejects), call.Get(SkipBad)), Actor.System, call.Progress, call.Stop);
        if (kept > 0)
        {
            call.Progress.Say($"{file}: {kept} lines differ from reports that somebody has worked on here since; these stay as they are");
        }
        return summary;
    }
}
