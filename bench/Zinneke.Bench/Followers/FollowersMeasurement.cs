using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Zinneke.Bench.Reports;
using Zinneke.Kernel;
using Zinneke.Testing;

namespace Zinneke.Bench.Followers;

/// <summary>
/// <c>bench followers</c>: how long it takes to derive anew whatever is derived from a log of five million events, while others write (kernel.md K12). An installation with reports of the past is
/// filled up with events of the measurement's own, of which a follower of its own replays every one; then all followers are rebuilt, one after another.
/// </summary>
internal static class FollowersMeasurement
{
    private const int EventsOfUnit = 1000;
    private const int EventsOfSubject = 5;
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMilliseconds(10);

    public static Measurement Entry { get; } = new(
        "followers", "deriving all that is derived anew, while others write", new Dictionary<string, string> { ["events"] = "5000000", ["reports"] = "100000", ["store"] = "sqlite" }, RunAsync);

    private static async Task<Findings> RunAsync(IReadOnlyDictionary<string, string> options)
    {
        var (events, store) = (long.Parse(options["events"], CultureInfo.InvariantCulture), options["store"]);
        var folder = Directory.CreateTempSubdirectory("zinneke-bench-").FullName;
        try
        {
            await SmallCity.ImportAsync(folder, store, ProgramProcess.VerbAsync);
            var history = Path.Combine(folder, "history.csv");
            await ProgramProcess.VerbAsync("reports", "generate", "--count", options["reports"], "--seed", "1", "--categories", Path.Combine(folder, "categories.json"), "--out", history);
            await ProgramProcess.VerbAsync("import", "reports", history, "--data", folder, "--store", store);
            await using var services = BenchServices.Of(folder, store, parts => parts.AddSingleton(ReplayedValues.Tables).AddSingleton<TableFollower, ReplayedValues>().AddLogServices());
            await services.GetRequiredService<Migrator>().MigrateAsync();
            var filled = await FillAsync(services, events);
            var watch = Stopwatch.StartNew();
            foreach (var service in services.GetServices<IHostedService>())
            {
                await service.StartAsync(default); // Returns when all that is kept in memory is loaded.
            }
            var loaded = watch.Elapsed.TotalSeconds;
            await services.GetRequiredService<FollowerRunner>().CaughtUpAsync();
            var followed = watch.Elapsed.TotalSeconds;
            var findings = await RebuildAsync(services, options, filled, loaded, followed);
            foreach (var service in services.GetServices<IHostedService>().Reverse())
            {
                await service.StopAsync(default);
            }
            return findings;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Findings> RebuildAsync(ServiceProvider services, IReadOnlyDictionary<string, string> options, double filled, double loaded, double followed)
    {
        var (log, writer) = (services.GetRequiredService<Log>(), services.GetRequiredService<Writer>());
        var all = services.GetServices<TableFollower>().Where(one => one.Rebuildable).OrderBy(one => one.Name, StringComparer.Ordinal).ToList();
        var alone = await WriteAsync(writer, Task.Delay(Alone));
        var (begun, figures) = (Stopwatch.StartNew(), new List<Figure>());
        var writing = WriteAsync(writer, RebuildAllAsync());
        var beside = await writing;
        var seconds = begun.Elapsed.TotalSeconds;
        await services.GetRequiredService<FollowerRunner>().CaughtUpAsync();
        var head = await log.HeadAsync();
        foreach (var (name, wrong) in await services.GetRequiredService<FollowerCheck>().RunAsync(default))
        {
            if (wrong is not null)
            {
                throw new InvalidOperationException($"{name}: {wrong}");
            }
        }
        await using var store = services.GetRequiredService<Database>().Open();
        var rows = await store.Set<SubjectRow>().LongCountAsync();
        return new Findings(
            $"a log of {head:N0} events, among them those of {options["reports"]} imported reports; all {all.Count} followers with tables that can be derived anew ({string.Join(", ", all.Select(one => one.Name))}), "
                + $"of which {all[^1].Name} replays every event, and keeps {rows:N0} rows; {(options["store"] == "sqlite" ? "the embedded store" : "PostgreSQL")}. Meanwhile the old rows stay in use and are followed, and a change is written every {Pause.TotalMilliseconds} ms.",
            "each was derived a third time and compared with what is stored, row by row.",
            "the same changes written before, with nothing else going on.",
            [
                new Figure("all followers anew", seconds, "s", "≤ 600 s at 5,000,000 events"),
                .. figures,
                new Figure("written meanwhile", beside.Count / seconds, "a second"),
                new Figure("a change beside it, median", beside[beside.Count / 2], "ms"),
                new Figure("a change beside it, 99 of 100", beside[beside.Count * 99 / 100], "ms"),
                new Figure("a change alone, median", alone[alone.Count / 2], "ms"),
                new Figure("a change alone, 99 of 100", alone[alone.Count * 99 / 100], "ms"),
                new Figure("loading what is kept in memory", loaded, "s"),
                new Figure("following all for the first time", head / followed, "events a second"),
                new Figure("writing the log", head / filled, "events a second"),
            ]);

        async Task RebuildAllAsync()
        {
            foreach (var follower in all)
            {
                var watch = Stopwatch.StartNew();
                await new FollowerRebuild(log, writer).RunAsync(follower, default, at => Tell(follower.Name, at));
                figures.Add(new Figure(follower.Name, watch.Elapsed.TotalSeconds, "s"));
            }
        }
    }

    /// <summary>Fills the log up with changes of many subjects, each some times.</summary>
    /// <returns>Seconds that a log of this length takes to be written at this rate.</returns>
    private static async Task<double> FillAsync(ServiceProvider services, long events)
    {
        var writer = services.GetRequiredService<Writer>();
        var (database, tail) = (services.GetRequiredService<Database>(), services.GetRequiredService<LogTail>());
        var begun = await services.GetRequiredService<Log>().HeadAsync();
        var (subjects, watch) = (Math.Max(1, (events - begun) / EventsOfSubject), Stopwatch.StartNew());
        for (var n = begun; n < events; n += EventsOfUnit)
        {
            var first = n;
            await writer.DoAsync(Actor.System, unit =>
            {
                for (var i = first; i < Math.Min(events, first + EventsOfUnit); i++)
                {
                    unit.Publish(ReplayedValues.SubjectOf(i * 7919 % subjects), i / subjects + 1, new SubjectChanged(i));
                }
                return Task.CompletedTask;
            });
            await database.SealAsync(tail);
            Tell("filling the log", n);
        }
        return watch.Elapsed.TotalSeconds * events / Math.Max(1, events - begun);
    }

    /// <summary>One small change after another until something is done.</summary>
    /// <returns>Milliseconds from each change to its commit, sorted.</returns>
    private static async Task<List<double>> WriteAsync(Writer writer, Task until)
    {
        var times = new List<double>();
        while (!until.IsCompleted)
        {
            var (begun, n) = (Stopwatch.GetTimestamp(), times.Count);
            await writer.DoAsync(Actor.System, unit =>
            {
                unit.Publish(ReplayedValues.SubjectOf(n), n, new SubjectChanged(-n));
                return Task.CompletedTask;
            });
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            await Task.Delay(Pause);
        }
        await until;
        times.Sort();
        return times;
    }

    private static void Tell(string what, long at)
    {
        if (at % 500_000 < EventsOfUnit)
        {
            Console.Error.WriteLine($"{what}: {at:N0}");
        }
    }
}
