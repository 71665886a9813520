using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class MapFilterTests
{
    private static readonly WorkCalendar Brussels = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels"));

    [Theory]
    [InlineData("", "", "submitted assigned accepted planned inProgress onHold")]
    [InlineData("", "solved", "resolved closed")]
    [InlineData("resolved, assigned", "", "assigned resolved")]
    [InlineData("resolved,assigned", "solved", "resolved")]
    [InlineData("assigned", "solved", "")]
    public void A_map_shows_the_states_that_its_filter_names_and_open_ones_by_default(string state, string bucket, string shown)
    {
        var filter = Filter(("state", state), ("bucket", bucket)).Value;
        Enum.GetValues<ReportState>().Where(one => (filter.States >> (int)one & 1) == 1).Select(ReportWords.Word).ShouldBe(shown.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        filter.StatesOnly.ShouldBeTrue();
    }

    [Fact]
    public void A_day_is_one_of_the_installation_and_to_means_its_end()
    {
        var filter = Filter(("from", "2026-03-29"), ("to", "2026-03-29")).Value;
        Instants.FromMicros(filter.From).ShouldBe(DateTimeOffset.Parse("2026-03-29T00:00:00+01:00", null));
        Instants.FromMicros(filter.To).ShouldBe(DateTimeOffset.Parse("2026-03-30T00:00:00+02:00", null));
        filter.StatesOnly.ShouldBeFalse();
        Instants.FromMicros(Filter(("from", "2026-03-29T10:00:00Z")).Value.From).ShouldBe(DateTimeOffset.Parse("2026-03-29T10:00:00Z", null));
    }

    [Fact]
    public void Every_unknown_word_is_refused_with_its_field() =>
        Filter(("state", "nowhere"), ("bucket", "nowhere"), ("from", "yesterday"), ("to", "2026-02-30")).Refusal!.All().Select(refusal => refusal.Field).ShouldBe(["state", "bucket", "from", "to"]);

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("1899-12-31")]
    [InlineData("2201-01-01")]
    [InlineData("9999-12-31")]
    public void A_day_that_no_calendar_reaches_is_refused(string day)
    {
        Filter(("from", day), ("to", day)).Refusal!.All().Select(refusal => refusal.Code).ShouldBe(["reports.badPeriod", "reports.badPeriod"]);
        new ActionRequest { PlannedFrom = DateTimeOffset.Parse($"{day}T00:00:00Z", null) }.Fault()!.Code.ShouldBe("reports.badDay");
    }

    private static Outcome<MapFilter> Filter(params (string Name, string Value)[] query) =>
        MapFilter.Of(new QueryCollection(query.ToDictionary(one => one.Name, one => new StringValues(one.Value))), Brussels);
}
