using System.Net;
using System.Text.RegularExpressions;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>The rule workbench, and what a file of rules says it would do (R41).</summary>
public sealed class TryRulesTests
{
    [Fact]
    public async Task Points_are_tried_and_a_file_says_what_would_go_elsewhere_before_it_is_in_force()
    {
        await using var site = await TestSite.NewAsync(settings: [(Zinneke.Kernel.KernelSettings.Quota, "off")]);
        var city = await DeskCity.FoundAsync(site.Services);
        var administrator = new Visitor(site.Client, await city.SignInAsync("administrator", null, name: "Ada"));
        (await new Visitor(site.Client, null).GetAsync("/nl/admin/rules/try")).To!.ShouldStartWith("/nl/sign-in?return=");
        (await administrator.GetAsync("/nl/admin/rules")).Html.ShouldContain("href=\"/nl/admin/rules/try\"");
        (await administrator.GetAsync("/nl/admin/rules/try")).Status.ShouldBe(HttpStatusCode.OK);

        var tried = (await administrator.PostAsync("/nl/admin/rules/try", ("lon", "4.35"), ("lat", "50.85"), ("category", "road-hole"), ("points", "4.39999 50.85 road-hole\r\n\r\n4.45, 50.85, waste-dump\r\n2.5;51.6;road-gully"))).Html;
        Regex.Matches(tried, "<section>\\s*<h2>([^<]+)</h2>").Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)).ShouldBe(["Gemeente West", "Gemeente West", "Gewest", "Water"]);
        tried.ShouldContain("href=\"/nl/admin/rules/waste\"");
        tried.ShouldContain("Gemeente Oost", Case.Sensitive, "the other side of the boundary");
        foreach (var (points, field) in new[] { ("", "points"), ("4.35 50.85 nothing", "points"), ("4.35 50.85 road-hole\n95 95 road-hole", "points"), (string.Join('\n', Enumerable.Repeat("4.35 50.85 road-hole", 201)), "points") })
        {
            var refused = await administrator.PostAsync("/nl/admin/rules/try", ("points", points));
            refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, points);
            refused.Html.ShouldContain($"href=\"#f-{field}\"");
        }
        (await administrator.PostAsync("/nl/admin/rules/try", ("points", string.Join("\n\n", Enumerable.Repeat("4.35 50.85 road-hole", 200))))).Status.ShouldBe(HttpStatusCode.OK, "empty lines are none");
        (await administrator.PostAsync("/nl/admin/rules/try", ("lon", "4.35"), ("lat", "50.85"))).Html.ShouldContain("href=\"#f-category\"");

        var number = await city.FileAsync();
        var file = DeskCity.Stream(DeskCity.Rules.Replace("\"areaOwner\"", "\"water\"", StringComparison.Ordinal)).ToArray();
        var sent = await administrator.PostFilesAsync("/nl/admin/rules", [], ("file", "rules.json", file));
        var check = (await administrator.GetAsync(sent.To!)).Html;
        check.ShouldContain("Gemeente West");
        check.ShouldContain($"href=\"/nl/desk/reports/{number}\"");
        (await administrator.GetAsync("/nl/admin/rules/check?edition=1")).Html.ShouldNotContain(number, Case.Sensitive, "the same rules send nothing elsewhere");
    }
}
