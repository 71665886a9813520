using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Bench.Reports;

/// <summary><c>bench reports</c>: a history of many reports imported into a fresh store, and what is asked of it (reports.md 7). In this process what the index answers, over HTTP the program in a process of its own.</summary>
internal static class ReportsMeasurement
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(20), Span = TimeSpan.FromSeconds(20);

    public static Measurement Entry { get; } = new(
        "reports", "a million reports: import, start, map, lists, duplicates, counts, sending", new Dictionary<string, string> { ["count"] = "1000000", ["seed"] = "1", ["data"] = "" }, RunAsync);

    private static async Task<Findings> RunAsync(IReadOnlyDictionary<string, string> options)
    {
        var (count, seed) = (options["count"], int.Parse(options["seed"], CultureInfo.InvariantCulture));
        var named = options["data"] is { Length: > 0 } data ? data : null;
        var folder = named ?? Directory.CreateTempSubdirectory("zinneke-bench-").FullName;
        Directory.CreateDirectory(folder);
        try
        {
            var sync = Machine.SyncMicros(folder);
            var (rowsPerSecond, rows) = await BenchCity.ImportHistoryAsync(folder, count, options["seed"]);
            var numbers = new Dictionary<string, double> { ["importRowsPerSecond"] = rowsPerSecond, ["fdatasyncP50Us"] = sync };
            await using var services = BenchServices.Of(folder, "sqlite");
            await using var store = services.GetRequiredService<Database>().Open();
            var scan = new ScannedReports(await IndexedReport.Of(store.Set<Report>().OrderBy(r => r.Id)).ToListAsync());
            if (scan.All.Count != rows)
            {
                throw new InvalidOperationException($"{rows} were added, {scan.All.Count} are stored");
            }
            using var gate = new ReaderWriterLockSlim();
            var (map, counters) = Load(scan, gate, numbers);
            var router = await RoutingMap.ReadAsync(store, services.GetRequiredService<Settings>(), services.GetRequiredService<TimeProvider>(), default);
            var queries = new IndexQueries(map, counters, router, scan, seed);
            var results = new List<Sampled>(await queries.RunAsync());
            numbers["allocatedBytes"] = queries.Allocated();
            var plain = await PlainPostgres.RunAsync(scan, queries);
            await ServeAsync(folder, scan, router, queries, numbers, results);
            return Findings(count, seed, numbers, results, plain, scan);
        }
        finally
        {
            if (named is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>Index and counters as the program has them, each with the memory that it takes.</summary>
    private static (ReportMap Map, ReportCounters Counters) Load(ScannedReports scan, ReaderWriterLockSlim gate, Dictionary<string, double> numbers)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var rows = new RowTable();
        var map = new ReportMap(rows, gate);
        foreach (var report in scan.All)
        {
            map.Put(rows.FindOrAdd(report.Id), report);
        }
        rows.Trim();
        map.Trim();
        var between = GC.GetTotalMemory(forceFullCollection: true);
        var counters = new ReportCounters(new WorkCalendar(TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels")), gate);
        for (var row = 0; row < scan.All.Count; row++)
        {
            counters.Put(row, scan.All[row], null);
        }
        (numbers["indexMb"], numbers["countersMb"]) = ((between - before) / 1e6, (GC.GetTotalMemory(forceFullCollection: true) - between) / 1e6);
        return (map, counters);
    }

    private static async Task ServeAsync(string folder, ScannedReports scan, Router router, IndexQueries queries, Dictionary<string, double> numbers, List<Sampled> results)
    {
        var watch = Stopwatch.StartNew();
        await using var server = await ServedProgram.StartAsync(folder, "sqlite");
        numbers["startSeconds"] = watch.Elapsed.TotalSeconds;
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = server.Address };
        var asked = new HttpQueries(http, scan, router.Map.Categories, queries);
        results.AddRange(await asked.RunAsync());
        watch.Restart();
        var bytes = 0L;
        await using (var bulk = await http.GetStreamAsync("/open311/v2/bulk.csv?start_date=2013-01-01T00:00:00Z&end_date=2027-01-01T00:00:00Z"))
        {
            var buffer = new byte[1 << 16];
            while (await bulk.ReadAsync(buffer) is > 0 and var read)
            {
                bytes += read;
            }
        }
        numbers["bulkExportMbPerSecond"] = bytes / 1e6 / watch.Elapsed.TotalSeconds;
        results.Add((await asked.SubmitAsync("submitHttp", 8, Warm, Span)).Sampled);
        numbers["submitPerSecond64"] = (await asked.SubmitAsync("submit64", 64, TimeSpan.FromSeconds(5), Span)).PerSecond;
        server.Process.Refresh();
        numbers["rssMb"] = server.Process.WorkingSet64 / 1e6;
    }

    private static Findings Findings(string count, int seed, Dictionary<string, double> numbers, List<Sampled> results, IReadOnlyList<Sampled>? plain, ScannedReports scan)
    {
        var goals = ReportsGoals.Of(numbers["fdatasyncP50Us"]);
        Figure[] figures =
        [
            .. numbers.Select(one => new Figure(one.Key, one.Value, "", goals.GetValueOrDefault(one.Key))),
            .. results.SelectMany(one => (Figure[])[new Figure($"{one.Name}, median", one.P50, "µs", goals.GetValueOrDefault(one.Name + " p50")), new Figure($"{one.Name}, 99 of 100", one.P99, "µs", goals.GetValueOrDefault(one.Name + " p99"))]),
            .. (plain ?? []).SelectMany(one => (Figure[])[new Figure($"plain PostgreSQL {one.Name}, median", one.P50, "µs"), new Figure($"plain PostgreSQL {one.Name}, 99 of 100", one.P99, "µs")]),
        ];
        var printed = new Dictionary<string, object> { ["count"] = long.Parse(count, CultureInfo.InvariantCulture), ["seed"] = seed, ["machine"] = Machine.Cpu };
        foreach (var (name, value) in numbers)
        {
            printed[name] = Math.Round(value, 2);
        }
        printed["results"] = results;
        if (plain is not null)
        {
            printed["plainPostgres"] = plain;
        }
        return new Findings(
            $"{scan.All.Count:N0} reports around 150 hot spots, {scan.Placed.Length:N0} of them in public places; {BenchCity.Name}; the embedded store. A thousand different queries each, around places where something was reported; those of HTTP with the client on the same cores.",
            $"{Samples.Checked} queries of each kind gave exactly the answer of going through all reports; every report sent was acknowledged after its commit.",
            plain is null ? "nothing: no PostgreSQL was configured." : "plain PostgreSQL on the same machine in the same run: one table in memory with a spatial index, asked over one connection with prepared statements, without any program before it.",
            figures)
        { Printed = printed };
    }
}
