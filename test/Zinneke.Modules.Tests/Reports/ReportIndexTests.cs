using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>What the index in memory answers, against a full scan of the tables: after loading, and after following changes.</summary>
public class ReportIndexTests
{
    private static readonly string[] Leaves = ["road-hole", "road-gully", "waste-dump"];
    private static readonly WorkCalendar Brussels = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels"));

    [Theory, OnSqlite, OnPostgres]
    public async Task The_index_and_the_tables_answer_the_same(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        (await VerbRun.On(store, "import", "reports", VerbRun.FileOf("history.csv", History(1500)))).ExitCode.ShouldBe(0);
        await store.StartAsync();
        await store.SettleAsync();
        await CompareAsync(store);

        var officer = await city.CallerAsync("head", DeskCity.West);
        var numbers = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            store.Clock.Advance(TimeSpan.FromHours(7));
            numbers.Add(await city.FileAsync(lon: i == 5 ? null : 4.35 + i * 0.001));
        }
        await city.ActAsync(numbers[0], "accept", officer);
        await city.ActAsync(numbers[1], "hide", officer);
        await city.ActAsync(numbers[2], "transfer", officer, new ActionRequest { Body = DeskCity.Water, Reason = "notOurNetwork" });
        await city.ActAsync(numbers[3], "setPrivate", officer);
        store.Clock.Advance(TimeSpan.FromDays(3));
        await city.ActAsync(numbers[0], "start", officer);
        await city.ActAsync(numbers[0], "resolve", officer, new ActionRequest { Text = Text.Of("fr", "Fait") });
        await store.SettleAsync();
        await CompareAsync(store);

        (await VerbRun.On(store, "import", "reports", VerbRun.FileOf("later.csv", History(300, from: 10_000)))).ExitCode.ShouldBe(0); // Older than what has just been sent.
        await store.SettleAsync();
        await CompareAsync(store);
    }

    /// <summary>The index counts an archived report as what it was, and hears of a change a little later than the tables have it.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task A_list_of_a_box_goes_on_over_what_the_tables_know_better(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(store.Services);
        (await VerbRun.On(store, "import", "reports", VerbRun.FileOf("history.csv", History(200)))).ExitCode.ShouldBe(0);
        await using var open = store.Database.Open();
        var closed = await open.Set<Report>().Where(r => r.State == ReportState.Closed).OrderByDescending(r => r.CreatedAt).Select(r => r.Id).Take(10).ToListAsync();
        await open.Set<Report>().Where(r => closed.Contains(r.Id)).ExecuteUpdateAsync(set => set.SetProperty(r => r.State, ReportState.Archived).SetProperty(r => r.ArchivedFrom, ReportState.Closed));
        await store.StartAsync();
        await store.SettleAsync();
        var newest = await open.Set<Report>().OrderByDescending(r => r.CreatedAt).Select(r => r.Id).Take(12).ToListAsync();
        await open.Set<Report>().Where(r => newest.Contains(r.Id)).ExecuteUpdateAsync(set => set.SetProperty(r => r.Visibility, Visibility.Hidden));
        ReportQuery query = new() { Box = [4, 50, 5, 51], Limit = 5 };
        foreach (var asked in (ReportQuery[])[query, query with { Bucket = Bucket.Solved }, query with { States = [ReportState.Closed] }, query with { States = [ReportState.Archived] }])
        {
            var all = await NumbersAsync(new FindReports(open), asked);
            all.ShouldNotBeEmpty();
            (await NumbersAsync(new FindReports(open, store.Get<ReportIndex>()), asked)).ShouldBe(all);
        }
    }

    /// <summary>By words the search answers, and in the order of change the index; both as the tables would, page by page.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task Lists_by_words_and_by_change_are_those_of_the_tables(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        (await VerbRun.On(store, "import", "reports", VerbRun.FileOf("history.csv", History(400)))).ExitCode.ShouldBe(0);
        await store.StartAsync();
        for (var i = 0; i < 8; i++)
        {
            store.Clock.Advance(TimeSpan.FromMilliseconds(i % 3 == 0 ? 1200 : 100)); // Several in one second.
            await city.FileAsync(i % 2 == 0 ? "road-hole" : "waste-dump", lon: 4.35 + i * 0.001, words: $"Trottoir défoncé, numéro {i}");
        }
        var (kept, merged) = (await city.FileAsync(words: "Trottoir défoncé, premier"), await city.FileAsync(words: "Trottoir défoncé, second"));
        var west = new Acting(await city.CallerAsync("agent", DeskCity.West), false);
        (await city.Get<ActOnReport>().RunAsync(merged, "merge", new ActionRequest { Target = kept }, west, store.Writer.DoAsync, default)).Refusal.ShouldBeNull();
        await store.SettleAsync();
        await using var open = store.Database.Open();
        var box = new[] { 4.3, 50.8, 4.4, 50.9 };
        ReportQuery words = new() { Words = "souci", Limit = 30 }, changed = new() { Sort = ReportSort.Updated, Limit = 30 };
        ReportQuery[] queries =
        [
            words, words with { Bucket = Bucket.Solved }, words with { States = [ReportState.Closed] }, words with { Category = "road" }, words with { Category = "road-hole", Body = DeskCity.West },
            words with { Words = "defonce trott", Limit = 3 }, words with { Words = "numero 3" }, words with { Words = "nothing" }, words with { Words = "!" }, words with { Words = "trottoir", Sort = ReportSort.Updated },
            words with { Words = merged },
            changed, changed with { Bucket = Bucket.Received }, changed with { Category = "waste" }, changed with { Box = box }, changed with { Box = box, Category = "road-hole" },
        ];
        foreach (var query in queries)
        {
            (await NumbersAsync(new FindReports(open, store.Get<ReportIndex>(), store.Get<FindEntries>()), query)).ShouldBe(await NumbersAsync(new FindReports(open), query), $"{query}");
        }
        (await NumbersAsync(new FindReports(open, store.Get<ReportIndex>(), store.Get<FindEntries>()), words with { Words = merged })).ShouldBe([kept]);
        await open.Set<Report>().Where(r => r.Number == merged).ExecuteUpdateAsync(set => set.SetProperty(r => r.Visibility, Visibility.Hidden));
        (await NumbersAsync(new FindReports(open, store.Get<ReportIndex>(), store.Get<FindEntries>()), words with { Words = merged })).ShouldBeEmpty("of what is hidden nobody learns what it was merged into");
        (await NumbersAsync(new FindReports(open), words with { Words = merged })).ShouldBeEmpty();
    }

    /// <summary>Page by page to the end.</summary>
    private static async Task<List<string>> NumbersAsync(FindReports find, ReportQuery query)
    {
        var numbers = new List<string>();
        ReportPlace? place = null;
        do
        {
            var page = await find.PageAsync(query, null, place, default);
            numbers.AddRange(page.Rows.Select(row => row.Report.Number));
            place = page.Next;
        }
        while (place is not null);
        return numbers;
    }

    private static async Task CompareAsync(TestStore store)
    {
        await using var open = store.Database.Open();
        var reports = await open.Set<Report>().AsNoTracking().ToListAsync();
        var random = new Random(7);
        var map = store.Get<ReportMap>();
        for (var i = 0; i < 40; i++)
        {
            var filter = FilterOf(random, reports);
            var (a, b) = (Somewhere(random), Somewhere(random));
            var box = i % 4 == 0 ? new Box(-180, -90, 180, 90) : Box.Empty.With(a).With(b);
            var all = reports.Where(r => Fits(r, filter)).ToList();
            var inside = all.Where(r => box.Contains(new LonLat(r.Lon!.Value, r.Lat!.Value))).ToList();
            var newest = map.Newest(box, 50, filter);
            newest.Select(found => found.Report.Number).ShouldBe(inside.OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Number, StringComparer.Ordinal).Take(50).Select(r => r.Number), $"{filter}");
            newest.ShouldAllBe(found => reports.Exists(r => r.Id == found.Report.Id && r.Number == found.Report.Number && r.Category == found.Report.Category && r.State == found.Report.State));

            var clusters = new PointCluster[PointClusters.TileMax];
            var tile = Mercator.TileOf(a, 12);
            clusters[..map.ClustersOfTile(12, tile.X, tile.Y, clusters, filter)].Sum(cluster => cluster.Count)
                .ShouldBe(all.Count(r => Mercator.TileOf(new LonLat(r.Lon!.Value, r.Lat!.Value), 12) == tile), $"{filter}");

            var nearest = new PointHit[5];
            nearest[..map.Nearest(a, 400, nearest, filter)].Select(hit => Math.Round(hit.Metres, 2))
                .ShouldBe(all.Select(r => Math.Round(a.MetresTo(new LonLat(r.Lon!.Value, r.Lat!.Value)), 2)).Where(metres => metres <= 400).Order().Take(5));

            var heat = map.Heat(new Box(4.25, 50.75, 4.55, 50.95), filter);
            heat.Count.ShouldBe(all.Count);
            (heat.Heat.Values.Sum() * Math.Pow(heat.Heat.CellMetres / 100.0, 2)).ShouldBe(all.Count, 1e-6);
        }
        await CompareListsAsync(store, open, reports, random);
        await CompareStatisticsAsync(store, reports, random);
    }

    /// <summary>Page by page, what the index finds of a box and what the tables alone do.</summary>
    private static async Task CompareListsAsync(TestStore store, Store open, List<Report> reports, Random random)
    {
        for (var i = 0; i < 24; i++)
        {
            var box = Box.Empty.With(Somewhere(random)).With(Somewhere(random));
            T? Maybe<T>(T value) where T : class => random.Next(3) == 0 ? value : null;
            var query = new ReportQuery
            {
                Box = random.Next(2) == 0 ? [box.West, box.South, box.East, box.North] : null, States = random.Next(4) == 0 ? [ReportState.Assigned, ReportState.Resolved, ReportState.Withdrawn] : [], Once = random.Next(4) == 0,
                Category = Maybe("road"), Area = Maybe("1"), Body = Maybe("west"), Bucket = random.Next(3) == 0 ? Bucket.Solved : null, Limit = 20,
                CreatedTo = random.Next(2) == 0 ? reports[random.Next(reports.Count)].CreatedAt : null,
            };
            if (query.Box is null)
            {
                (await NumbersAsync(new FindReports(open, store.Get<ReportIndex>()), query)).ShouldBe(await NumbersAsync(new FindReports(open), query), $"{query}");
                continue;
            }
            for (ReportPlace? place = null; ;)
            {
                var (fast, slow) = (await new FindReports(open, store.Get<ReportIndex>()).PageAsync(query, null, place, default), await new FindReports(open).PageAsync(query, null, place, default));
                fast.Rows.Select(row => row.Report.Number).ShouldBe(slow.Rows.Select(row => row.Report.Number));
                fast.Next.ShouldBe(slow.Next);
                if ((place = slow.Next) is null)
                {
                    break;
                }
            }
        }
    }

    private static async Task CompareStatisticsAsync(TestStore store, List<Report> reports, Random random)
    {
        var at = store.Clock.NowMicros();
        var counters = store.Get<ReportCounters>();
        for (var i = 0; i < 25; i++)
        {
            T? Maybe<T>(T value) where T : class => random.Next(3) == 0 ? value : null;
            int? Month(int shift) => random.Next(3) == 0 ? MonthOf(reports[random.Next(reports.Count)].CreatedAt) + shift : null;
            var filter = new StatisticsFilter(Maybe("west"), Maybe("1"), Maybe("road"), Month(-20), Month(20));
            var chosen = reports.Where(r => (filter.Body ?? r.Holder) == r.Holder && (filter.Area ?? r.Area) == r.Area && (filter.Category ?? r.Category.Split('-')[0]) == r.Category.Split('-')[0]
                && MonthOf(r.CreatedAt) >= (filter.From ?? 0) && MonthOf(r.CreatedAt) <= (filter.To ?? int.MaxValue)).ToList();
            var figures = counters.Of(filter, at);
            figures.Total.ShouldBe(chosen.Count);
            figures.ByState.ShouldBe(Counted(chosen, r => ReportWords.Word(r.State)));
            figures.ByArea.ShouldBe(Counted(chosen, r => r.Area ?? ""));
            figures.ByBody.ShouldBe(Counted(chosen, r => r.Holder ?? ""));
            figures.ByTopCategory.ShouldBe(Counted(chosen, r => r.Category.Split('-')[0]));
            figures.ByMonth.ShouldBe(Counted(chosen, r => StatisticsTime.MonthWord(MonthOf(r.CreatedAt))));
            figures.Backlog.Values.Last().ShouldBe(chosen.Count(r => r.State.IsOpen()));
            figures.Sla.OpenOverdue.ShouldBe(chosen.Count(r => r.State.IsOpen() && r.DueAt < at));
            figures.OldestOpen.ShouldBe(chosen.Where(r => r.State.IsOpen()).Select(r => (DateTimeOffset?)Brussels.LocalAt(r.CreatedAt / 1_000_000 * 1_000_000)).Min());
            var solved = chosen.Where(r => r is { State: ReportState.Resolved or ReportState.Closed, EndedAt: not null }).Select(r => (r.EndedAt!.Value - r.CreatedAt) / 86_400e6).Order().ToList();
            (figures.ResolvedDays?.P90 ?? 0).ShouldBe(solved.Count == 0 ? 0 : solved[(int)Math.Ceiling(0.9 * solved.Count) - 1], 0.001);
            (figures.ResolvedDays?.Mean ?? 0).ShouldBe(solved.Count == 0 ? 0 : solved.Average(), 0.001);
            CompareSurvival(figures.SurvivalDays, chosen, at);
        }
        // The verb adds up the same figures without a server.
        (await VerbRun.On(store, "reports", "stats", "--at", Instants.Write(store.Clock.GetUtcNow()))).Json.GetProperty("holderTimeShare").GetRawText().ShouldBe(System.Text.Json.JsonSerializer.Serialize(counters.Of(StatisticsFilter.All, at).HolderTimeShare));
    }

    /// <summary>The definition: at each day on which one ended, those that had waited at least so long; ended before others that only waited so long.</summary>
    private static void CompareSurvival(SurvivalDays shown, List<Report> chosen, long at)
    {
        var waits = chosen.Where(r => r.State.IsOpen() || r is { State: ReportState.Resolved or ReportState.Closed or ReportState.Declined, EndedAt: not null })
            .Select(r => (Days: (Math.Min(r.EndedAt ?? at, at) - r.CreatedAt) / 86_400e6, Ended: r.EndedAt is not null)).ToList();
        var left = 1.0;
        double? half = null;
        foreach (var day in waits.Where(w => w.Ended).Select(w => w.Days).Distinct().Order())
        {
            left *= 1 - waits.Count(w => w.Ended && w.Days == day) / (double)waits.Count(w => w.Days >= day);
            half ??= left <= 0.5 ? day : null;
        }
        (half is null).ShouldBe(shown.P50 is null);
        (shown.P50 ?? 0).ShouldBe(half ?? 0, 0.001);
    }

    private static bool Fits(Report r, MapFilter filter) =>
        r.Visibility == Visibility.Public && r.Lon is not null
        && (filter.States >> (int)r.State & 1) == 1
        && (filter.Category is not { } category || r.Category == category || r.Category.StartsWith(category + "-", StringComparison.Ordinal))
        && (filter.Area is null || r.Area == filter.Area) && (filter.Body is null || r.Holder == filter.Body) && r.CreatedAt >= filter.From && r.CreatedAt < filter.To;

    private static MapFilter FilterOf(Random random, List<Report> reports)
    {
        T? Maybe<T>(params T[] values) where T : class => random.Next(3) == 0 ? values[random.Next(values.Length)] : null;
        long Instant(long otherwise) => random.Next(3) == 0 ? reports[random.Next(reports.Count)].CreatedAt : otherwise;
        var states = random.Next(2) == 0 ? ulong.MaxValue : (ulong)random.Next(1 << 12);
        return random.Next(3) == 0
            ? new MapFilter(states)
            : new MapFilter(states, Maybe("road", "waste", "road-hole", "ro", "nothing"), Maybe("1", "2", "3"), Maybe("west", "region", "nobody"), Instant(long.MinValue), Instant(long.MaxValue));
    }

    private static SortedDictionary<string, int> Counted(List<Report> reports, Func<Report, string> key) =>
        new(reports.CountBy(key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    private static int MonthOf(long micros) => StatisticsTime.MonthOf(StatisticsTime.Seconds(micros), Brussels);

    private static LonLat Somewhere(Random random) => new(4.30 + 0.2 * random.NextDouble(), 50.80 + 0.1 * random.NextDouble());

    internal static string History(int count, int from = 0)
    {
        var random = new Random(count);
        var csv = new StringBuilder("external_id,created_at,closed_at,updated_at,state,category,description,lon,lat,channel,lang\n");
        for (var i = from; i < from + count; i++)
        {
            var state = (string[])["assigned", "accepted", "planned", "inProgress", "onHold", "resolved", "resolved", "resolved", "closed", "closed", "declined", "duplicate", "withdrawn"] is var all ? all[random.Next(all.Length)] : "";
            var created = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes((i - from) / 5 * 3500);
            var closed = state is "resolved" or "closed" or "declined" && random.Next(20) > 0 ? Instants.Write(created.AddMinutes(random.Next(60_000))) : "";
            var p = Somewhere(random);
            csv.Append(CultureInfo.InvariantCulture, $"{i},{Instants.Write(created)},{closed},,{state},{Leaves[random.Next(Leaves.Length)]},Un souci,{p.Lon:F6},{p.Lat:F6},{(i % 3 == 0 ? "web" : "app")},{(i % 2 == 0 ? "fr" : "nl")}\n");
        }
        return csv.ToString();
    }
}
