using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Zinneke.Bench.Reports;

/// <summary>
/// How many reports a second the program takes over HTTP and puts on disk before it answers, without photos. The program runs in a process of its own on the smallest
/// city, the clients in this one; beside it the rate of bare fdatasync on the same folder, which nothing that is durable can beat without grouping.
/// <code>./zinneke bench submissions --clients 64 --seconds 15 [--store postgres:...]</code>
/// </summary>
internal static class SubmissionsBench
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var clients = int.Parse(Option(arguments, "--clients", "64"), System.Globalization.CultureInfo.InvariantCulture);
        var seconds = int.Parse(Option(arguments, "--seconds", "15"), System.Globalization.CultureInfo.InvariantCulture);
        var store = Option(arguments, "--store", "sqlite");
        var folder = Directory.CreateTempSubdirectory("zinneke-bench-").FullName;
        try
        {
            await SmallestCity.ImportAsync(folder, store);
            using var server = Start(["serve", "--data", folder, "--store", store, "--urls", "http://127.0.0.1:18099", "--quota", "off"]);
            try
            {
                var (done, elapsed, times) = await SendAsync(new Uri("http://127.0.0.1:18099"), clients, TimeSpan.FromSeconds(seconds));
                times.Sort();
                Console.WriteLine(JsonSerializer.Serialize(new
                {
                    name = "submitHttp", store = store.Split(':')[0], clients, perSecond = Math.Round(done / elapsed), p50Ms = times[times.Count / 2], p99Ms = times[times.Count * 99 / 100],
                    fdatasyncP50Us = SyncMicros(folder), cores = Environment.ProcessorCount,
                }));
                return 0;
            }
            finally
            {
                server.Kill(entireProcessTree: true);
                await server.WaitForExitAsync();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Done, double Seconds, List<double> Milliseconds)> SendAsync(Uri address, int clients, TimeSpan span)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = clients }) { BaseAddress = address };
        await WaitReadyAsync(http);
        await Task.WhenAll(Enumerable.Range(0, clients).Select(c => LoopAsync(http, c, TimeSpan.FromSeconds(3)))); // Warm-up: the program compiles itself while it runs.
        var watch = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(clients, clients).Select(c => LoopAsync(http, c, span)));
        return (all.Sum(one => one.Count), watch.Elapsed.TotalSeconds, [.. all.SelectMany(one => one)]);
    }

    private static async Task<List<double>> LoopAsync(HttpClient http, int client, TimeSpan span)
    {
        var times = new List<double>();
        var watch = Stopwatch.StartNew();
        for (var i = 0; watch.Elapsed < span; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            using var answer = await http.PostAsJsonAsync("/api/v1/reports", SmallestCity.Report(new Guid(client + 1, (short)(i >> 16), 0, [0x80, 0, 0, 0, 0, 0, (byte)(i >> 8), (byte)i])));
            answer.EnsureSuccessStatusCode();
            times.Add(Math.Round(Stopwatch.GetElapsedTime(begun).TotalMilliseconds, 2));
        }
        return times;
    }

    private static async Task WaitReadyAsync(HttpClient http)
    {
        for (var look = 0; look < 600; look++)
        {
            try
            {
                using var ready = await http.GetAsync("/health/ready");
                if (ready.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
            await Task.Delay(100);
        }
        throw new InvalidOperationException("the program did not start within a minute");
    }

    /// <summary>Median of a write and a flush to disk, microseconds.</summary>
    private static long SyncMicros(string folder)
    {
        using var file = new FileStream(Path.Combine(folder, "sync"), FileMode.Create);
        var times = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            file.WriteByte((byte)i);
            var begun = Stopwatch.GetTimestamp();
            file.Flush(flushToDisk: true);
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds);
        }
        times.Sort();
        return (long)times[100];
    }

    internal static Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Zinneke.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        return Process.Start(start)!;
    }

    private static string Option(IReadOnlyList<string> arguments, string name, string fallback) =>
        arguments.ToList().IndexOf(name) is var at and >= 0 && at + 1 < arguments.Count ? arguments[at + 1] : fallback;
}
