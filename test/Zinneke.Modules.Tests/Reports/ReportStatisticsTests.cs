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
        (double, bool)[] weeks =
        [
            (6, true), (6, true), (6, true), (6, false), (7, true), (9, false), (10, true), (10, false), (11, false), (13, true), (16, true), (17, false), (19, false), (20, false), (22, true), (23, true),
            (25, false), (32, false), (32, false), (34, false), (35, false),
        ];
        SurvivalDays.Of(weeks).ShouldBe(new SurvivalDays(23, null));
        SurvivalDays.Of([]).ShouldBe(new SurvivalDays(null, null));
        SurvivalDays.Of([(1, true), (2, true), (3, true), (4, true)]).ShouldBe(new SurvivalDays(2, 4));
    }

    [Fact]
    public void Each_report_is_counted_where_it_stands()
    {
        var at = Micros("2026-03-10T00:00:00Z");
        CountedReport One(string sent, string? ended, ReportState state, int hops = 0, int reopened = 0) =>
            new(Micros(sent), ended is null ? null : Micros(ended), state, "road-hole", "1", "west", "web", "fr", Micros("2026-02-15T00:00:00Z"), hops, reopened);
        var stats = ReportStatistics.Of(
        [
            One("2026-01-05T00:00:00Z", "2026-01-15T00:00:00Z", ReportState.Resolved), One("2026-01-06T00:00:00Z", "2026-02-25T00:00:00Z", ReportState.Closed, hops: 3, reopened: 1),
            One("2026-01-07T00:00:00Z", "2026-01-08T00:00:00Z", ReportState.Declined), One("2026-02-01T00:00:00Z", null, ReportState.Accepted, hops: 1),
            One("2026-02-02T00:00:00Z", null, ReportState.Duplicate), One("2026-02-03T00:00:00Z", null, ReportState.Withdrawn), One("2026-03-10T00:00:00Z", null, ReportState.Assigned),
        ], at, Brussels);
        stats.Total.ShouldBe(6, "one was sent at the instant itself");
        stats.ByMonth.ShouldBe(new Dictionary<string, int> { ["2026-01"] = 3, ["2026-02"] = 3 });
        stats.Backlog.ShouldBe(new Dictionary<string, int> { ["2026-01"] = 1, ["2026-02"] = 1, ["2026-03"] = 1 });
        stats.ResolvedDays.ShouldBe(new DaysUntil(30, 10, 50));
        stats.SurvivalDays.ShouldBe(new SurvivalDays(10, 50));
        stats.Sla.ShouldBe(new KeptPromises(2, 1, 1));
        stats.Hops.ShouldBe(new HopFigures(Math.Round(4 / 6.0, 4), Math.Round(1 / 6.0, 4)));
        stats.ReopenShare.ShouldBe(Math.Round(1 / 3.0, 4));
        stats.OldestOpen.ShouldBe(DateTimeOffset.Parse("2026-02-01T00:00:00Z", null));
        ReportStatistics.Of([], at, Brussels).ShouldSatisfyAllConditions(none => none.Total.ShouldBe(0), none => none.ResolvedDays.ShouldBeNull(), none => none.OldestOpen.ShouldBeNull());
    }

    private static long Micros(string instant) => DateTimeOffset.Parse(instant, null).ToMicros();
}
