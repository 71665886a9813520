using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Zinneke.Testing;

namespace Zinneke.Bench.Reports;

/// <summary>
/// <c>bench submissions</c>: how many reports a second the program takes over HTTP and puts on disk before it answers, without photos. The program runs in a process of its own on the smallest
/// city, the clients in this one, on the same cores.
/// </summary>
internal static class SubmissionsMeasurement
{
    public static Measurement Entry { get; } = new(
        "submissions", "durable reports over HTTP, without photos", new Dictionary<string, string> { ["clients"] = "64", ["warm"] = "60", ["seconds"] = "30", ["store"] = "sqlite" }, RunAsync);

    private static async Task<Findings> RunAsync(IReadOnlyDictionary<string, string> options)
    {
        int Number(string option) => int.Parse(options[option], CultureInfo.InvariantCulture);
        var (clients, warm, seconds, store) = (Number("clients"), Number("warm"), Number("seconds"), options["store"]);
        var folder = Directory.CreateTempSubdirectory("zinneke-bench-").FullName;
        try
        {
            await SmallCity.ImportAsync(folder, store, ProgramProcess.VerbAsync);
            var before = await ProgramProcess.VerifyAsync(folder, store);
            var sync = Machine.SyncMicros(folder);
            var (all, elapsed, measured) = await ServeAsync(folder, store, clients, TimeSpan.FromSeconds(warm), TimeSpan.FromSeconds(seconds));
            var stored = await ProgramProcess.VerifyAsync(folder, store) - before;
            if (stored < all || stored > all + clients)
            {
                throw new InvalidOperationException($"{all} reports were acknowledged, {stored} are stored");
            }
            measured.Sort();
            var rate = measured.Count / elapsed;
            return new Findings(
                $"{clients} clients on one machine with the program, each sending one report after another for {seconds} s after {warm} s of warming up; {(store == "sqlite" ? "the embedded store" : "PostgreSQL")}, "
                    + "every answer after its commit is on disk. A report is routed, numbered, stored in four tables and in the log.",
                $"{all:N0} reports were acknowledged and each is stored once; the log was replayed against the tables without a difference.",
                "writing and flushing one file on the same disk one by one, without any database.",
                [
                    new Figure("reports", rate, "a second", "≥ 500; ≥ min(1,000, 5 × bare flushes)"),
                    new Figure("bare flushes", 1e6 / sync, "a second"),
                    new Figure("answered within, median", measured[measured.Count / 2], "ms"),
                    new Figure("answered within, 99 of 100", measured[measured.Count * 99 / 100], "ms", clients <= 8 ? "≤ 30 ms" : null),
                ]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int All, double Seconds, List<double> Milliseconds)> ServeAsync(string folder, string store, int clients, TimeSpan warm, TimeSpan span)
    {
        await using var server = await ServedProgram.StartAsync(folder, store);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = clients }) { BaseAddress = server.Address };
        var warming = await Task.WhenAll(Enumerable.Range(0, clients).Select(c => LoopAsync(http, c, warm))); // The program compiles itself while it runs, and anew what turns out to be hot: most of a minute.
        var watch = Stopwatch.StartNew();
        var measured = await Task.WhenAll(Enumerable.Range(clients, clients).Select(c => LoopAsync(http, c, span)));
        var elapsed = watch.Elapsed.TotalSeconds;
        return (warming.Concat(measured).Sum(one => one.Count), elapsed, [.. measured.SelectMany(one => one)]);
    }

    private static async Task<List<double>> LoopAsync(HttpClient http, int client, TimeSpan span)
    {
        var times = new List<double>();
        var watch = Stopwatch.StartNew();
        for (var i = 0; watch.Elapsed < span; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            using var answer = await http.PostAsJsonAsync("/api/v1/reports", SmallCity.Report(new Guid(client + 1, (short)(i >> 16), 0, [0x80, 0, 0, 0, 0, 0, (byte)(i >> 8), (byte)i])));
            if (answer.StatusCode != HttpStatusCode.Created)
            {
                throw new InvalidOperationException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            }
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        return times;
    }
}
