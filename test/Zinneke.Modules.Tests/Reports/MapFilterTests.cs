using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class MapFilterTests
{
    private static readonly MappedReport Dump = new(Guid.Empty, "2026-000001", "clean-dump-bulky", ReportState.Assigned);

    [Theory]
    [InlineData("", "", "", true)]
    [InlineData("", "", "clean", true)]
    [InlineData("", "", "clean-dump", true)]
    [InlineData("", "", "clean-du", false)]
    [InlineData("", "solved", "", false)]
    [InlineData("resolved, assigned", "", "", true)]
    [InlineData("resolved", "", "", false)]
    public void A_map_shows_what_its_filter_names_and_open_reports_by_default(string state, string bucket, string category, bool shown)
    {
        var filter = Filter(state, bucket, category);
        filter.Ok.ShouldBeTrue();
        filter.Value.Fits(Dump).ShouldBe(shown);
        Filter("", "", "").Value.Fits(Dump with { State = ReportState.Closed }).ShouldBeFalse();
    }

    [Fact]
    public void An_unknown_word_is_refused_with_its_field()
    {
        Filter("nowhere", "", "").Refusal!.Field.ShouldBe("state");
        Filter("", "nowhere", "").Refusal!.Field.ShouldBe("bucket");
    }

    private static Zinneke.Kernel.Outcome<MapFilter> Filter(string state, string bucket, string category) =>
        MapFilter.Of(new QueryCollection(new Dictionary<string, StringValues> { ["state"] = state, ["bucket"] = bucket, ["category"] = category }));
}
