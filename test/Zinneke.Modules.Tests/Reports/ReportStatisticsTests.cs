using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class ReportStatisticsTests
{
    private static readonly WorkCalendar Brussels = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels"));

    /// <summary>Remission of 21 patients under 6-MP, weeks (Freireich et al. 1963): the textbook's estimate falls to 0.538 at 22 and to 0.448 at 23, where it ends.</summary>
    [Fact]
    public void Survival_is_that_of_the_textbook()
    {
        SurvivalDays.Of(Days(6, 6, 7, 13, 16, 22, 23), Days(6, 10), Days(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)).ShouldBe(new SurvivalDays(23, null));
        SurvivalDays.Of([], [], []).ShouldBe(new SurvivalDays(null, null));
        SurvivalDays.Of([], [], Days(5)).ShouldBe(new SurvivalDays(null, null));
        SurvivalDays.Of(Days(1, 2, 3, 4), [], []).ShouldBe(new SurvivalDays(2, 4));
    }

    [Fact]
    public void Each_report_is_counted_where_it_stands()
    {
        var at = Micros("2026-03-10T00:00:00Z");
        var sent = 0;
        IndexedReport One(string created, string? ended, ReportState state, int hops = 0, int reopened = 0) => new(
            new Guid(++sent, 0, 0, new byte[8]), "2026-000001", "road-hole", "1", "west", state, Visibility.Public, null, null, Micros(created), ended is null ? null : Micros(ended),
            Micros("2026-02-15T00:00:00Z"), Micros(created), "web", "fr", hops, reopened) { UpdatedAt = Micros(ended ?? created) };
        var stats = Of(
        [
            One("2026-01-05T00:00:00Z", "2026-01-15T00:00:00Z", ReportState.Resolved), One("2026-01-06T00:00:00Z", "2026-02-25T00:00:00Z", ReportState.Closed, hops: 3, reopened: 1),
            One("2026-01-07T00:00:00Z", "2026-01-08T00:00:00Z", ReportState.Declined), One("2026-02-01T00:00:00Z", null, ReportState.Accepted, hops: 1),
            One("2026-02-02T00:00:00Z", null, ReportState.Duplicate), One("2026-02-03T00:00:00Z", null, ReportState.Withdrawn),
        ], at);
        stats.Total.ShouldBe(6);
        stats.ByMonth.ShouldBe(new Dictionary<string, int> { ["2026-01"] = 3, ["2026-02"] = 3 });
        stats.Backlog.ShouldBe(new Dictionary<string, int> { ["2026-01"] = 1, ["2026-02"] = 1, ["2026-03"] = 1 });
        stats.ResolvedDays.ShouldBe(new DaysUntil(30, 10, 50));
        stats.SurvivalDays.ShouldBe(new SurvivalDays(10, 50));
        stats.Sla.ShouldBe(new KeptPromises(2, 1, 1));
        stats.Hops.ShouldBe(new HopFigures(Math.Round(4 / 6.0, 4), Math.Round(1 / 6.0, 4)));
        stats.ReopenShare.ShouldBe(Math.Round(1 / 3.0, 4));
        stats.OldestOpen.ShouldBe(DateTimeOffset.Parse("2026-02-01T00:00:00Z", null));
        stats.HolderTimeShare.ShouldBe(new Dictionary<string, double> { ["west"] = 1 });
        Of([], at).ShouldSatisfyAllConditions(none => none.Total.ShouldBe(0), none => none.ResolvedDays.ShouldBeNull(), none => none.OldestOpen.ShouldBeNull());
    }

    /// <summary>A report that went from one to the other, came back and was solved there, and was opened again.</summary>
    [Fact]
    public void Each_body_is_counted_for_the_time_in_which_it_had_an_open_report() =>
        HeldTimes.Of(
        [
            new(10, ReportState.Assigned, "west"), new(15, null, "west"), new(20, ReportState.Assigned, "water"), new(50, ReportState.Accepted, "water"), new(60, ReportState.Assigned, "west"),
            new(70, ReportState.Resolved, "west"), new(75, null, "west"), new(90, ReportState.Assigned, "west"),
        ]).ShouldBe([new HeldTime("west", 10, 20), new HeldTime("water", 20, 60), new HeldTime("west", 60, 70), new HeldTime("west", 90, null)]);

    [Fact]
    public void Numbers_sorted_by_digits_are_those_sorted_by_comparing()
    {
        var random = new Random(5);
        foreach (var (count, most) in ((int, uint)[])[(0, 1), (1, 9), (999, 5), (1000, 1), (1000, 2047), (1001, 2048), (5000, 400_000_000), (50_000, uint.MaxValue)])
        {
            uint[] values = [.. Enumerable.Range(0, count).Select(_ => (uint)random.NextInt64(most + 1L))];
            uint[] sorted = [.. values];
            RadixSort.Sort(sorted);
            sorted.ShouldBe(values.Order());
        }
    }

    /// <summary>Looked at from the past, nobody had it longer than until then, and who got it afterwards did not have it.</summary>
    [Fact]
    public void Times_are_counted_until_the_instant_that_is_looked_at()
    {
        IndexedReport One(string since, string? ended) => new(
            Guid.NewGuid(), "2026-000001", "road-hole", "1", "west", ended is null ? ReportState.Assigned : ReportState.Resolved, Visibility.Public, null, null, Micros("2026-01-01T00:00:00Z"),
            ended is null ? null : Micros(ended), null, Micros(since), "web", "fr", 1, 0) { UpdatedAt = Micros(ended ?? since) };
        HeldTime[] moved = [new("water", Micros("2026-01-01T00:00:00Z"), Micros("2026-01-21T00:00:00Z")), new("west", Micros("2026-01-21T00:00:00Z"), Micros("2026-02-01T00:00:00Z"))];
        Of([One("2026-01-21T00:00:00Z", "2026-02-01T00:00:00Z"), One("2026-01-21T00:00:00Z", null), One("2026-01-06T00:00:00Z", null)], Micros("2026-01-11T00:00:00Z"), moved)
            .HolderTimeShare.ShouldBe(new Dictionary<string, double> { ["water"] = 0.6667, ["west"] = 0.3333 });
    }

    /// <summary>Figures of everybody are added up by month and kept; those of one area, body or category are added up from what stands there. Asked again and again while reports change, both say the same.</summary>
    [Fact]
    public void Figures_kept_by_month_are_those_of_the_reports_as_they_stand_now()
    {
        var (random, at) = (new Random(3), Micros("2026-03-10T00:00:00Z"));
        using var gate = new ReaderWriterLockSlim();
        var counters = new ReportCounters(Brussels, gate);
        for (var turn = 0; turn < 40; turn++)
        {
            for (var change = 0; change < 25; change++)
            {
                var row = random.Next(300);
                counters.Put(row, Any(random, row), null);
            }
            var filter = new StatisticsFilter(From: Month(2025, 6 + turn % 7), To: Month(2026, 1 + turn % 3));
            var (whole, groups) = counters.All(filter, at);
            foreach (var (by, narrow) in ((StatisticsBy, Func<string, StatisticsFilter>)[])
                [(StatisticsBy.Area, id => filter with { Area = id }), (StatisticsBy.Body, id => filter with { Body = id }), (StatisticsBy.Category, id => filter with { Category = id })])
            {
                foreach (var (group, figures) in groups[by])
                {
                    var one = counters.Of(narrow(group), at);
                    figures.ShouldBe(new GroupFigures(one.Total, StatisticsTables.OpenOf(one), one.Sla, one.SurvivalDays));
                }
                groups[by].Sum(one => one.Figures.Total).ShouldBe(whole.Total);
            }
            whole.ByArea.ShouldBe(groups[StatisticsBy.Area].ToDictionary(one => one.Group, one => one.Figures.Total), ignoreOrder: true);
        }
    }

    private static IndexedReport Any(Random random, int row)
    {
        var created = Micros("2025-05-01T00:00:00Z") + random.NextInt64(300) * 86_400_000_000;
        var state = random.GetItems([ReportState.Assigned, ReportState.Resolved, ReportState.Closed, ReportState.Declined, ReportState.Duplicate], 1)[0];
        var ended = created + random.NextInt64(40) * 86_400_000_000;
        string[] places = ["east", "west", "north"];
        return new IndexedReport(
            new Guid(row + 1, 0, 0, new byte[8]), "2026-000001", $"{places[random.Next(3)]}-hole", places[random.Next(3)], places[random.Next(3)], state, Visibility.Public, null, null, created,
            state is ReportState.Assigned or ReportState.Duplicate ? null : ended, created + 20 * 86_400_000_000, created, "web", "fr", random.Next(5), random.Next(2)) { UpdatedAt = ended };
    }

    private static int Month(int year, int month) => year * 12 + month - 1;

    /// <param name="moved">Who had the first one.</param>
    private static ReportStatistics Of(IndexedReport[] reports, long at, IReadOnlyList<HeldTime>? moved = null)
    {
        using var gate = new ReaderWriterLockSlim();
        var counters = new ReportCounters(Brussels, gate, at);
        for (var row = 0; row < reports.Length; row++)
        {
            counters.Put(row, reports[row], row == 0 ? moved : null);
        }
        return counters.Of(StatisticsFilter.All, at);
    }

    private static uint[] Days(params uint[] days) => [.. days.Select(day => day * 86_400)];

    private static long Micros(string instant) => DateTimeOffset.Parse(instant, null).ToMicros();
}
