using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Zinneke.Geo;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Where reports are dense: the layer of the map, its drawn picture, and the same as a table (R15).</summary>
public sealed class HeatPageTests
{
    [Fact]
    public async Task A_hot_spot_is_on_the_tile_in_the_picture_and_first_in_the_table()
    {
        await using var site = await TestSite.NewAsync(settings: [(Zinneke.Kernel.KernelSettings.Quota, "off")]);
        await TwoTowns.FoundAsync(site);
        (await site.GetAsync("/fr/reports/heat")).Status.ShouldBe(HttpStatusCode.OK, "without any report");
        foreach (var lon in Enumerable.Repeat(4.38, 12).Append(4.31))
        {
            await site.FileAsync(ReportCalls.Hole(lon: lon));
        }
        await site.SettleAsync();

        var (x, y) = Mercator.TileOf(new LonLat(4.38, 50.85), 14);
        var heats = TileReader.Read(await site.Client.GetByteArrayAsync($"/tiles/reports-heat/14/{x}/{y}.mvt?category=road")).Single().Features
            .Select(feature => Convert.ToDouble(feature.Attributes.Single(one => one.Key == "heat").Value, CultureInfo.InvariantCulture)).ToList();
        heats.ShouldAllBe(heat => heat > 0 && heat < 1);
        heats.Distinct().Count().ShouldBeGreaterThan(1, "hotter in the middle than around");
        TileReader.Read(await site.Client.GetByteArrayAsync($"/tiles/reports-heat/14/{x}/{y}.mvt?category=clean")).Sum(layer => layer.Features.Count).ShouldBe(0);

        var page = (await site.GetAsync("/fr/reports/heat?category=road&from=2026-05-01")).Text;
        Regex.Matches(page, "<th scope=\"row\"[^>]*>([^<]+)</th>").Select(match => match.Groups[1].Value).ShouldBe(["Est", "Ouest"]);
        var picture = WebUtility.HtmlDecode(Regex.Match(page, "<img src=\"(/map.svg[^\"]+)\"").Groups[1].Value);
        picture.ShouldContain("category=road&from=2026-05-01");
        var svg = XDocument.Parse((await site.GetAsync(picture)).Text);
        svg.Descendants().Count(element => (string?)element.Attribute("class") == "heat").ShouldBeGreaterThan(0);

        (await site.GetAsync("/fr/reports/heat?to=2026-05-03")).Text.ShouldNotContain("<th scope=\"row\"");
        var narrowed = (await site.GetAsync("/fr/reports/heat?area=2&body=nobody")).Text;
        WebUtility.HtmlDecode(narrowed).ShouldNotContain("<th scope=\"row\"");
        var east = (await site.GetAsync("/fr/reports/heat?area=2")).Text;
        Regex.Count(east, "<th scope=\"row\"").ShouldBe(1);
        WebUtility.HtmlDecode(east).ShouldContain("&area=2", Case.Sensitive, "the map shows what the table does");

        var refused = await site.GetAsync("/fr/reports/heat?from=then&category=road");
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Text.ShouldContain("href=\"#f-from\"");
        refused.Text.ShouldContain("value=\"then\"");
        refused.Text.ShouldContain("<option value=\"road\" selected");
    }
}
