using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Indicators say what a slow count over every report says, and the dataset holds what everybody may see, each once (R56).</summary>
public class OpenDataTests
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");
    private static readonly string?[] Bodies = ["west", "east", null], Areas = ["1", "2", null];

    [Fact]
    public void Every_month_of_every_indicator_is_what_a_look_at_every_report_counts()
    {
        var clock = new ManualClock();
        var now = clock.GetUtcNow().ToMicros();
        var reports = Random(900, now);
        using var gate = new ReaderWriterLockSlim();
        var counters = new ReportCounters(new WorkCalendar(Zone), gate);
        for (var row = 0; row < reports.Count; row++)
        {
            counters.Put(row, reports[row], null);
        }
        var figures = new ReportFigures(counters, clock);
        foreach (var query in (IndicatorQuery[])[new(), new(Area: "1"), new(Body: "west"), new(Area: "2", Body: "east"), new(From: MonthOf(now) - 5, To: MonthOf(now) - 2)])
        {
            var chosen = reports.Where(one => (query.Area is null || one.Area == query.Area) && (query.Body is null || one.Holder == query.Body)
                && !(MonthOf(one.CreatedAt) < query.From) && !(MonthOf(one.CreatedAt) > query.To)).GroupBy(one => MonthOf(one.CreatedAt)).OrderBy(month => month.Key).ToList();
            for (var place = 0; place < ReportIndicator.All.Count; place++)
            {
                var (id, values) = (ReportIndicator.All[place].Id, new ReportIndicator(figures, place).Values(query));
                values.Select(value => value.Month).ShouldBe(chosen.Select(month => month.Key), id);
                foreach (var (value, month) in values.Zip(chosen))
                {
                    var (expected, count) = Slow(id, [.. month], now);
                    value.Count.ShouldBe(count, $"{id} {value.MonthWord}");
                    (value.Value is null).ShouldBe(expected is null, $"{id} {value.MonthWord}");
                    (value.Value ?? 0).ShouldBe(expected ?? 0, 0.00006, $"{id} {value.MonthWord} of {query}");
                }
            }
        }
    }

    [Fact]
    public async Task Numbers_below_zero_stay_numbers_in_a_file_and_words_are_no_formulas()
    {
        using var file = new MemoryStream();
        await new DatasetFile(new Depths(), Zone).WriteCsvAsync(file, default);
        System.Text.Encoding.UTF8.GetString(file.ToArray()).ShouldBe("id,depth,level,open,at\n\"'-1\",-2,-0.25,true,1970-01-01T01:00:00+01:00\nb,,,,\n");
    }

    private sealed class Depths : Dataset
    {
        public override string Id => "depths";

        public override string TextKey => "test.depths";

        public override IReadOnlyList<DatasetField> Fields { get; } =
            [new("id", FieldType.Text), new("depth", FieldType.Int), new("level", FieldType.Double), new("open", FieldType.Boolean), new("at", FieldType.Datetime)];

        public override UpdateFrequency Frequency => UpdateFrequency.Daily;

        public override Task<DatasetSlice> SliceAsync(string? after, int most, CancellationToken cancellation) =>
            Task.FromResult(new DatasetSlice([["-1", -2L, -0.25, true, 0L], ["b", null, null, null, null]], null));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_dataset_holds_each_public_report_once_and_no_other(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var numbers = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            numbers.Add(await city.FileAsync(email: "ada@example.org"));
        }
        await using (var write = store.Database.Open())
        {
            foreach (var (number, visibility) in ((string, Visibility)[])[(numbers[1], Visibility.Private), (numbers[3], Visibility.Hidden)])
            {
                var report = write.Set<Report>().Single(one => one.Number == number);
                write.Entry(report).Property(nameof(Report.Visibility)).CurrentValue = visibility;
            }
            await write.SaveChangesAsync();
        }
        await store.SettleAsync();
        var dataset = store.Services.GetServices<Dataset>().Single(one => one.Id == ReportsDataset.TheId);
        string[] expected = [.. numbers.Where((_, i) => i is not (1 or 3))];
        foreach (var most in (int[])[1, 2, 100])
        {
            var rows = new List<object?[]>();
            string? after = null;
            do
            {
                var slice = await dataset.SliceAsync(after, most, default);
                rows.AddRange(slice.Rows);
                after = slice.Next;
            }
            while (after is not null);
            rows.Select(row => (string)row[0]!).ShouldBe(expected, ignoreOrder: true);
            rows.ShouldAllBe(row => row.Length == dataset.Fields.Count);
        }
        var file = new DatasetFile(dataset, Zone);
        using var geo = new MemoryStream();
        await file.WriteGeoJsonAsync(geo, default);
        var features = JsonDocument.Parse(geo.ToArray()).RootElement.GetProperty("features").EnumerateArray().ToList();
        features.Select(feature => feature.GetProperty("properties").GetProperty("number").GetString()).ShouldBe(expected, ignoreOrder: true);
        features.ShouldAllBe(feature => feature.GetProperty("geometry").GetProperty("coordinates").GetArrayLength() == 2 && !feature.GetProperty("properties").EnumerateObject().Any(field => field.Name == "lon"));
        using var csv = new MemoryStream();
        await file.WriteCsvAsync(csv, default);
        var text = System.Text.Encoding.UTF8.GetString(csv.ToArray());
        text.ShouldStartWith("number,sent_at,");
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(6);
        text.ShouldNotContain("ada@");
    }

    /// <summary>Ids are addresses that others keep, and every field has its words.</summary>
    [Fact]
    public async Task Datasets_and_indicators_have_ids_and_words_of_their_own()
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        var words = store.Get<Words>();
        var (datasets, indicators) = (store.Services.GetServices<Dataset>().ToList(), store.Services.GetServices<Indicator>().ToList());
        foreach (var id in datasets.Select(one => one.Id).Concat(indicators.Select(one => one.Id)))
        {
            id.ShouldMatch("^[a-z0-9][a-z0-9-]{0,99}$");
        }
        datasets.Select(one => one.Id).ShouldBeUnique();
        indicators.Select(one => one.Id).ShouldBeUnique();
        indicators.ShouldAllBe(one => datasets.Any(dataset => dataset.Id == one.Dataset));
        foreach (var language in Languages.All)
        {
            datasets.SelectMany(one => one.Fields.Select(field => $"{one.TextKey}.field.{field.Name}").Concat([one.TextKey + ".title", one.TextKey + ".text"]))
                .Concat(indicators.SelectMany(one => new[] { one.TextKey + ".title", one.TextKey + ".text" })).Where(key => words.Shipped(language, key) is null).ShouldBeEmpty(language);
        }
    }

    private static (double? Value, long Count) Slow(string id, List<IndexedReport> month, long now)
    {
        bool Done(IndexedReport one) => one.EndedAt is not null && one.State is ReportState.Resolved or ReportState.Closed or ReportState.Declined && one.EndedAt is not null;
        double? Share(int part, int whole) => whole == 0 ? null : (double)part / whole;
        var promised = month.Where(one => Done(one) && one.DueAt is not null).ToList();
        var ended = month.Where(one => one.EndedAt is not null || one.ReopenCount > 0).ToList();
        return id switch
        {
            "reports-received" => (month.Count, month.Count),
            "reports-solved-in-time" => (Share(promised.Count(one => one.EndedAt <= one.DueAt), promised.Count), promised.Count),
            "reports-days-to-solve" => (SlowHalf(month, now, Done), month.Count),
            "reports-open-long" => (month.Count(one => one.State.IsOpen() && now / 1_000_000 - one.CreatedAt / 1_000_000 > 60 * 86_400), month.Count),
            "reports-reopened" => (Share(ended.Count(one => one.ReopenCount > 0), ended.Count), ended.Count),
            "reports-hand-overs" => (month.Average(one => (double)one.Hops), month.Count),
            _ => throw new ArgumentException(id),
        };
    }

    /// <summary>Kaplan and Meier by the book: at each time at which one ended, those that had waited at least so long are at risk.</summary>
    private static double? SlowHalf(List<IndexedReport> month, long now, Func<IndexedReport, bool> done)
    {
        static long Seconds(long from, long to) => to / 1_000_000 - from / 1_000_000;
        var waits = month.Where(one => done(one) || one.State.IsOpen()).Select(one => (Seconds: Seconds(one.CreatedAt, done(one) ? one.EndedAt!.Value : now), Done: done(one))).ToList();
        var left = 1.0;
        foreach (var at in waits.Where(wait => wait.Done).Select(wait => wait.Seconds).Distinct().Order())
        {
            left *= 1 - (double)waits.Count(wait => wait.Done && wait.Seconds == at) / waits.Count(wait => wait.Seconds >= at);
            if (left <= 0.5)
            {
                return at / 86_400.0;
            }
        }
        return null;
    }

    private static List<IndexedReport> Random(int count, long now)
    {
        var random = new Random(7);
        ReportState[] states = [ReportState.Assigned, ReportState.Accepted, ReportState.Resolved, ReportState.Closed, ReportState.Declined, ReportState.Withdrawn, ReportState.Duplicate];
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var state = states[random.Next(states.Length)];
            var created = now - TimeSpan.FromHours(random.Next(24 * 400)).ToMicros();
            long? ended = state.IsOpen() || state is ReportState.Withdrawn or ReportState.Duplicate ? null : Math.Min(now, created + TimeSpan.FromHours(random.Next(24 * 90)).ToMicros());
            return new IndexedReport(
                new Guid(i + 1, 0, 0, new byte[8]), $"2026-{i:000000}", "road-hole", Areas[random.Next(3)], Bodies[random.Next(3)], state, Visibility.Public, null, null, created, ended,
                random.Next(3) == 0 ? null : created + TimeSpan.FromDays(30).ToMicros(), created, "web", "fr", random.Next(4), random.Next(6) == 0 ? 1 : 0) { UpdatedAt = created };
        })];
    }

    private static int MonthOf(long micros) => Instants.DayOf(micros, Zone) is var day ? day.Year * 12 + day.Month - 1 : 0;
}
