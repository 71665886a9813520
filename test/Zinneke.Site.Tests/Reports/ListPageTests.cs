using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Reports;

/// <summary>The public list and its map are two views of one filter, which the address holds (R15).</summary>
public sealed class ListPageTests
{
    [Fact]
    public async Task Map_and_list_say_the_same_for_every_filter_that_the_address_can_hold()
    {
        await using var site = await TestSite.NewAsync(settings: [(KernelSettings.Quota, "off")]);
        await TwoTowns.FoundAsync(site);
        var early = site.Clock.GetUtcNow();
        var first = (await site.FileAsync(ReportCalls.Hole())).GetProperty("id").GetString();
        site.Clock.Advance(TimeSpan.FromDays(10));
        await site.FileAsync(ReportCalls.Hole(lon: 4.31));
        await site.FileAsync(ReportCalls.Hole(lon: 4.38));
        await site.FileAsync(ReportCalls.Hole(lon: 4.39).With("category", "clean-needles").With("answers", new System.Text.Json.Nodes.JsonObject { ["where"] = "bush" }));
        var key = await site.StaffKeyAsync("west");
        (await site.PostAsync($"/api/v1/reports/{first}/actions/resolve", """{"text":"Réparé.","lang":"fr"}""", key)).Status.ShouldBe(HttpStatusCode.OK);
        await site.SettleAsync();

        var day = early.ToOffset(TimeSpan.FromHours(2)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var (query, count) in new[]
        {
            ("", 4), ("?bucket=solved", 1), ("?area=1", 2), ("?area=2&category=road", 1), ("?category=clean-needles", 1), ("?body=east", 2), ("?body=west&bucket=received", 1),
            ("?state=resolved", 1), ("?state=assigned&area=1", 1), ("?to=" + day, 1), ("?from=" + day, 4), ($"?from={day}&to={day}&bucket=solved", 1), ("?createdTo=" + early.AddDays(1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), 1),
        })
        {
            var page = (await site.GetAsync("/fr/reports" + query)).Text;
            Regex.Count(page, "href=\"/fr/reports/20[0-9]{2}-[0-9]{6}\"").ShouldBe(count, query);
            var ofMap = WebUtility.HtmlDecode(Regex.Match(page, "layers=\"areas,reports\" query=\"([^\"]*)\"").Groups[1].Value);
            TileReader.Read(await site.Client.GetByteArrayAsync("/tiles/reports/0/0/0.mvt" + ofMap)).SelectMany(layer => layer.Features)
                .Sum(feature => Convert.ToInt32(feature.Attributes.Single(one => one.Key == "count").Value, CultureInfo.InvariantCulture)).ShouldBe(count, query + " on the map");
        }
        Regex.Count((await site.GetAsync("/fr/reports?text=trou")).Text, "<zn-map").ShouldBe(0, "a map knows no words");
    }

    [Fact]
    public async Task What_the_address_holds_stays_in_it_and_a_wrong_day_is_said_at_its_field()
    {
        await using var site = await TestSite.NewAsync(settings: [(KernelSettings.Quota, "off")]);
        await TwoTowns.FoundAsync(site);
        await site.FileAsync(ReportCalls.Hole());
        var page = (await site.GetAsync("/fr/reports?state=assigned,accepted&bbox=4.3,50.8,4.4,50.9&body=west&category=road-hole&sort=oldest&cursor=")).Text;
        foreach (var kept in (string[])["name=\"state\" value=\"assigned,accepted\"", "name=\"bbox\" value=\"4.3,50.8,4.4,50.9\"", "name=\"sort\" value=\"oldest\"", "<option value=\"west\" selected", "<option value=\"road-hole\" selected"])
        {
            page.ShouldContain(kept);
        }
        page.ShouldNotContain("name=\"cursor\"");
        page.ShouldContain("<details class=\"more\" open");
        (await site.GetAsync("/fr/reports")).Text.ShouldContain("<details class=\"more\">");

        var refused = await site.GetAsync("/fr/reports?from=then&category=road");
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Text.ShouldContain("href=\"#f-from\"");
        refused.Text.ShouldContain("value=\"then\"");
        refused.Text.ShouldContain("<option value=\"road\" selected");
    }
}
