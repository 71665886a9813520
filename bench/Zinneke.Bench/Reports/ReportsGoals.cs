using System.Globalization;

namespace Zinneke.Bench.Reports;

/// <summary>What reports.md 7 asks of a quiet machine of two current cores.</summary>
internal static class ReportsGoals
{
    private static readonly (string Name, int P50, int P99)[] Queries =
    [
        ("routeInProcess", 20, 100), ("bboxStreetInProcess", 100, 400), ("bboxMunicipalityInProcess", 3000, 8000), ("bboxRegionInProcess", 300, 1000), ("near50InProcess", 20, 100), ("near250InProcess", 60, 300),
        ("clustersInProcess", 300, 1500), ("countsInProcess", 20, 100), ("bboxStreetHttp", 1000, 5000), ("near50Http", 1000, 5000), ("mapTileHttp", 1500, 6000), ("georeport1000Http", 5000, 15_000),
    ];

    /// <param name="syncMicros">Of a write and a flush to disk.</param>
    public static Dictionary<string, string> Of(double syncMicros)
    {
        string Micros(double micros) => string.Create(CultureInfo.InvariantCulture, $"≤ {micros:N0} µs");
        var goals = new Dictionary<string, string>
        {
            ["importRowsPerSecond"] = "≥ 25,000 a second", ["startSeconds"] = "≤ 5 s", ["rssMb"] = "≤ 1,200 MB", ["indexMb"] = "≤ 64 MB", ["allocatedBytes"] = "0", ["bulkExportMbPerSecond"] = "≥ 150 MB/s",
            ["submitPerSecond64"] = string.Create(CultureInfo.InvariantCulture, $"≥ {Math.Min(1000, 5e6 / syncMicros):N0} a second"), ["submitHttp p50"] = Micros(2 * syncMicros + 3000), ["submitHttp p99"] = Micros(30_000),
        };
        foreach (var (name, p50, p99) in Queries)
        {
            (goals[name + " p50"], goals[name + " p99"]) = (Micros(p50), Micros(p99));
        }
        return goals;
    }
}
