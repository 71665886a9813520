using System.Net;

namespace Zinneke.Site.Tests.Reports;

/// <summary>The page of figures, and each of its tables as a file (R31).</summary>
public sealed class StatisticsPageTests
{
    [Fact]
    public async Task The_page_says_how_long_it_takes_first_and_gives_each_table_as_a_file()
    {
        await using var site = await TestSite.NewAsync(settings: [(Zinneke.Kernel.KernelSettings.Quota, "off")]);
        await TwoTowns.FoundAsync(site);
        foreach (var language in (string[])["fr", "nl", "en", "de"])
        {
            (await site.GetAsync($"/{language}/reports/statistics")).Status.ShouldBe(HttpStatusCode.OK, "without any report");
        }
        await site.FileAsync(ReportCalls.Hole());
        await site.FileAsync(ReportCalls.Hole().With("category", "clean-dump").With("answers", new System.Text.Json.Nodes.JsonObject { ["volume"] = "lt1" }));
        await site.FileAsync(ReportCalls.Hole(lon: 4.38));
        await site.SettleAsync();

        var page = (await site.GetAsync("/fr/reports/statistics?category=road")).Text;
        page.IndexOf("Moins de la moitié", StringComparison.Ordinal).ShouldBeInRange(1, page.IndexOf("Reçus", StringComparison.Ordinal), "how long it takes comes first");
        page.ShouldContain("/api/v1/reports/stats/bodies.csv?category=road");
        page.ShouldContain("/fr/reports/statistics?category=road&amp;area=1");

        (await site.GetAsync("/api/v1/reports/stats/areas.csv?category=road")).Text.Split('\n').ShouldBe(
            ["id,name,received,open,open_overdue,half_within_days,nine_of_ten_within_days,on_time_share,held_time_share", "1,Ouest,1,1,0,,,,", "2,Est,1,1,0,,,,", ""]);
        (await site.GetAsync("/api/v1/reports/stats/months.csv")).Text.ShouldBe("month,received,open_at_end\n2026-05,3,3\n");
        var categories = (await site.GetAsync("/api/v1/reports/stats/categories.json", language: "nl")).Json.EnumerateArray().Select(row => (row.GetProperty("id").GetString(), row.GetProperty("name").GetString(), row.GetProperty("received").GetInt32()));
        categories.ShouldBe([("road", "Weg", 2), ("clean", "Netheid", 1)]);

        (await site.GetAsync("/api/v1/reports/stats/people.csv")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await site.GetAsync("/api/v1/reports/stats/areas.xls")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await site.GetAsync("/api/v1/reports/stats/areas.csv?from=May")).Code.ShouldBe("badMonth");
        (await site.GetAsync("/fr/reports/statistics?category=road-hole")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }
}
