using System.Diagnostics;
using Zinneke.Testing;

namespace Zinneke.Bench.Reports;

/// <summary><c>bench imports</c>: a history of many reports into a fresh store, by the verb that an operator uses.</summary>
internal static class ImportsMeasurement
{
    public static Measurement Entry { get; } = new(
        "imports", "a generated history of reports into a fresh store", new Dictionary<string, string> { ["count"] = "1000000", ["seed"] = "1", ["store"] = "sqlite" }, RunAsync);

    private static async Task<Findings> RunAsync(IReadOnlyDictionary<string, string> options)
    {
        var store = options["store"];
        var folder = Directory.CreateTempSubdirectory("zinneke-bench-").FullName;
        try
        {
            await SmallCity.ImportAsync(folder, store, ProgramProcess.VerbAsync);
            var (history, catalogue) = (Path.Combine(folder, "history.csv"), Path.Combine(folder, "categories.json"));
            await ProgramProcess.VerbAsync("reports", "generate", "--count", options["count"], "--seed", options["seed"], "--categories", catalogue, "--out", history);
            var before = await ProgramProcess.VerifyAsync(folder, store);
            var (first, added) = await ImportAsync(history, folder, store, "added");
            var (second, unchanged) = await ImportAsync(history, folder, store, "unchanged");
            var stored = await ProgramProcess.VerifyAsync(folder, store) - before;
            return (added, unchanged) == (stored, stored)
                ? new Findings(
                    $"{stored:N0} reports as CSV, {new FileInfo(history).Length / 1e6:N0} MB, checked, routed and stored with two lines of history and one event each; {(store == "sqlite" ? "the embedded store" : "PostgreSQL")}. "
                        + "Starting the program is counted in.",
                    "all of them are stored once, and the log was replayed against the tables without a difference.",
                    "the same file a second time, which is checked and compared and changes nothing.",
                    [
                        new Figure("reports imported", stored / first, "a second", "≥ 25,000"),
                        new Figure("the same again", stored / second, "a second"),
                        new Figure("seconds in all", first, "s"),
                    ])
                : throw new InvalidOperationException($"{added} were added, {unchanged} are unchanged, {stored} are stored");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Seconds, long Count)> ImportAsync(string history, string folder, string store, string count)
    {
        var watch = Stopwatch.StartNew();
        var summary = await ProgramProcess.VerbAsync("import", "reports", history, "--data", folder, "--store", store);
        return (watch.Elapsed.TotalSeconds, summary.GetProperty(count).GetInt64());
    }
}
