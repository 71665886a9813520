using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Zinneke.Bench.Reports;
using Zinneke.Testing;

namespace Zinneke.Bench.Live;

/// <summary>
/// <c>bench live</c>: what ten thousand people cost who look at a page and wait, and how soon a thousand of them see what happens (kernel.md K13, reports.md 7). The program runs in a process of its own
/// on the smallest city, the listeners in this one, on the same cores.
/// </summary>
internal static class LiveMeasurement
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Measurement Entry { get; } = new(
        "live", "listeners that wait, and how soon others hear", new Dictionary<string, string> { ["idle"] = "10000", ["listeners"] = "1000", ["events"] = "200", ["store"] = "sqlite" }, RunAsync);

    private static async Task<Findings> RunAsync(IReadOnlyDictionary<string, string> options)
    {
        int Number(string option) => int.Parse(options[option], CultureInfo.InvariantCulture);
        var (idle, listeners, events, store) = (Number("idle"), Number("listeners"), Number("events"), options["store"]);
        var folder = Directory.CreateTempSubdirectory("zinneke-bench-").FullName;
        try
        {
            await SmallCity.ImportAsync(folder, store, ProgramProcess.VerbAsync);
            await using var server = await ServedProgram.StartAsync(folder, store);
            using var http = new HttpClient { BaseAddress = server.Address };
            await SendAsync(http, 0, 200); // So that the program has compiled what it needs.
            var before = Memory(server.Process);
            var watch = Stopwatch.StartNew();
            await using var waiting = await LiveClients.OpenAsync(server.Address, idle, n => $"area:quiet-{n}");
            var opened = watch.Elapsed.TotalSeconds;
            var (busy, asked) = await RestAsync(server.Process, http);
            var grown = (Memory(server.Process) - before) / idle;
            await using var hearing = await LiveClients.OpenAsync(server.Address, listeners, _ => "reports:all");
            var heard = await HearAsync(http, hearing, events);
            return waiting.Open == idle
                ? new Findings(
                    $"{idle:N0} open streams of which nobody is told anything, for {Quiet.TotalSeconds} s; then {listeners:N0} more that hear of all reports, and {events:N0} reports sent one after the other; {(store == "sqlite" ? "the embedded store" : "PostgreSQL")}. "
                        + "From the answer that says a report is on disk to the last byte at each listener, which are all in one process on the same two cores.",
                    $"every one of the {listeners:N0} heard of every one of the {events:N0} reports once, and all {idle:N0} that waited were still there at the end.",
                    "nothing of the kind: servers of others that were at hand have no live streams.",
                    [
                        new Figure("streams that wait", waiting.Open, "open", "≥ 10,000"),
                        new Figure("opened", idle / opened, "a second"),
                        new Figure("memory of the program for each", grown / 1024.0, "KiB"),
                        new Figure("processor time of the program meanwhile", busy * 100, "% of one core"),
                        new Figure("a page meanwhile, median", asked, "ms"),
                        new Figure("heard after, median", heard[heard.Count / 2], "ms"),
                        new Figure("heard after, 99 of 100", heard[heard.Count * 99 / 100], "ms", "≤ 200 ms"),
                        new Figure("heard after, the last", heard[^1], "ms"),
                    ])
                : throw new InvalidOperationException($"of {idle} streams that waited {waiting.Open} are open");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Share of a core that the program uses while nothing happens, and the median of a page asked for each second, milliseconds.</summary>
    private static async Task<(double Busy, double Page)> RestAsync(Process server, HttpClient http)
    {
        server.Refresh();
        var (used, watch, pages) = (server.TotalProcessorTime, Stopwatch.StartNew(), new List<double>());
        while (watch.Elapsed < Quiet)
        {
            var begun = Stopwatch.GetTimestamp();
            using var page = await http.GetAsync("/fr/reports?bucket=solved");
            page.EnsureSuccessStatusCode();
            await page.Content.ReadAsByteArrayAsync();
            pages.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            await Task.Delay(1000);
        }
        server.Refresh();
        pages.Sort();
        return ((server.TotalProcessorTime - used) / watch.Elapsed, pages[pages.Count / 2]);
    }

    /// <summary>Milliseconds from each answer to each listener, sorted.</summary>
    private static async Task<List<double>> HearAsync(HttpClient http, LiveClients clients, int events)
    {
        var all = new List<double>();
        for (var i = 0; i < events; i++)
        {
            var round = clients.Await();
            var number = await SendOneAsync(http, 1, i);
            var answered = Stopwatch.GetTimestamp();
            all.AddRange((await round.WaitAsync(number, Patience)).Select(at => Math.Max(0, Stopwatch.GetElapsedTime(answered, at).TotalMilliseconds)));
        }
        all.Sort();
        return all;
    }

    private static async Task SendAsync(HttpClient http, int client, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await SendOneAsync(http, client, i);
        }
    }

    private static async Task<string> SendOneAsync(HttpClient http, int client, int i)
    {
        using var answer = await http.PostAsJsonAsync("/api/v1/reports", SmallCity.Report(new Guid(client + 1, (short)(i >> 16), 0, [0x80, 0, 0, 0, 0, 0, (byte)(i >> 8), (byte)i])));
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("number").GetString()!;
    }

    private static long Memory(Process process)
    {
        process.Refresh();
        return process.WorkingSet64;
    }
}
