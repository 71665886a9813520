using System.Net;
using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Reports;

/// <summary>What the sender of a report changes by the private link (R7), without JavaScript.</summary>
public class ChangePageTests
{
    [Fact]
    public async Task In_the_first_half_hour_category_and_place_change_and_photos_are_added_for_longer()
    {
        await using var site = await TestSite.NewAsync(settings: [(KernelSettings.Quota, "off")]);
        await TwoTowns.FoundAsync(site);
        var filed = await site.FileAsync(ReportCalls.Hole());
        var number = filed.GetProperty("number").GetString()!;
        var (page, path) = ($"/nl/reports/{number}?t={filed.GetProperty("trackToken").GetString()}", $"/nl/reports/{number}/change?t={filed.GetProperty("trackToken").GetString()}");
        (await PlainForm.OpenAsync(site, page)).Html.ShouldContain($"href=\"{path.Replace("+", "%2B", StringComparison.Ordinal)}\"");
        var form = await PlainForm.OpenAsync(site, path);
        form.Status.ShouldBe(HttpStatusCode.OK);
        form.Html.ShouldNotContain("road-inspection", Case.Sensitive, "for professionals");

        (await PlainForm.PostAsync(site, path, null, [], [("do", "recategorise"), ("version", "7"), ("category", "clean-needles")])).Status.ShouldBe(HttpStatusCode.Conflict, "drawn from another version");
        await DoneAsync(site, path, [], ("do", "recategorise"), ("version", form.Hidden("version")), ("category", "clean-needles"));
        await DoneAsync(site, path, [], ("do", "move"), ("version", "2"), ("lon", "4.38"), ("lat", "50.85"));
        await DoneAsync(site, path, [Pictures.Jpeg(64, 48), Pictures.Jpeg(48, 64)], ("do", "photo"));
        var now = (await site.GetAsync($"/api/v1/reports/{number}")).Json;
        (now.GetProperty("category").GetString(), now.GetProperty("body").GetProperty("id").GetString(), now.GetProperty("photos").GetArrayLength()).ShouldBe(("clean-needles", "east", 2));

        var clicked = await PlainForm.PostAsync(site, path, null, [], [("do", "move"), ("frame", form.Hidden("frame")), ("pick.x", "10"), ("pick.y", "10")]);
        (clicked.Status, (await site.GetAsync($"/api/v1/reports/{number}")).Json.GetProperty("lon").GetDouble()).ShouldBe((HttpStatusCode.OK, 4.38), "a click on the drawn map only shows where");
        (await PlainForm.PostAsync(site, path, null, [], [("do", "move"), ("lon", ""), ("lat", "")])).ShouldBeRefused(site, "nl", "reports.refusal.placeNeeded");
        (await PlainForm.PostAsync(site, path, null, [], [("do", "recategorise"), ("version", "4"), ("category", "road-inspection")])).ShouldBeRefused(site, "nl", "reports.refusal.unknownCategory");
        (await PlainForm.PostAsync(site, path, null, [Pictures.Jpeg(64, 48), Pictures.Jpeg(64, 48), Pictures.Jpeg(64, 48)], [("do", "photo")])).ShouldBeRefused(site, "nl", "reports.refusal.tooManyPhotos");
        (await PlainForm.PostAsync(site, path, null, [], [("do", "fly")])).Status.ShouldBe(HttpStatusCode.NotFound);

        site.Clock.Advance(TimeSpan.FromMinutes(31));
        (await PlainForm.OpenAsync(site, path)).Html.ShouldNotContain("value=\"recategorise\"");
        (await PlainForm.PostAsync(site, path, null, [], [("do", "move"), ("version", "4"), ("lon", "4.32"), ("lat", "50.85")])).Status.ShouldBe(HttpStatusCode.Forbidden);
        await DoneAsync(site, path, [Pictures.Jpeg(40, 40)], ("do", "photo"));

        foreach (var without in (string[])[$"/nl/reports/{number}/change", $"/nl/reports/{number}/change?t=nonsense"])
        {
            (await PlainForm.OpenAsync(site, without)).Status.ShouldBe(HttpStatusCode.NotFound);
            (await PlainForm.PostAsync(site, without, null, [Pictures.Jpeg(40, 40)], [("do", "photo")])).Status.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    private static async Task DoneAsync(TestSite site, string path, byte[][] photos, params (string Name, string Value)[] fields)
    {
        var answer = await PlainForm.PostAsync(site, path, null, photos, fields);
        answer.Status.ShouldBe(HttpStatusCode.SeeOther, answer.Words);
        answer.Location!.ToString().ShouldStartWith("/nl/reports/");
    }
}
