using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Merged reports over HTTP: the page of a duplicate is that of its target, what each interface says, and the forms of the desk.</summary>
public class MergePageTests(DeskSite desk) : IClassFixture<DeskSite>
{
    private readonly TestSite site = desk.Site;

    [Fact]
    public async Task The_page_of_a_duplicate_is_that_of_its_target_until_it_is_unmerged()
    {
        var (target, twin, key) = await MergedAsync();
        var gone = await site.Client.GetAsync($"/nl/reports/{twin}");
        (gone.StatusCode, gone.Headers.Location!.ToString(), gone.Headers.CacheControl!.NoStore).ShouldBe((HttpStatusCode.PermanentRedirect, $"/nl/reports/{target}", true));
        (await site.Client.GetAsync($"/nl/reports/{twin}/feed.atom")).Headers.Location!.ToString().ShouldBe($"/nl/reports/{target}/feed.atom");
        (await new Visitor(site.Client, null).PostAsync($"/nl/reports/{twin}", ("do", "follow"), ("email", "nobody"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "what was refused is not sent to the target");
        var page = await new Visitor(site.Client, null).GetAsync($"/nl/reports/{target}");
        page.Html.ShouldContain("Nog een melding van hetzelfde probleem");
        page.Html.ShouldContain(twin);
        page.Html.ShouldContain($"alt=\"Foto 1 van melding {twin}\"");
        page.Html.ShouldContain("Een andere melding van hetzelfde probleem is erbij gevoegd");

        var own = await new Visitor(site.Client, null).GetAsync($"/nl/reports/{twin}?t={Uri.EscapeDataString(await TokenAsync(twin))}");
        own.Status.ShouldBe(HttpStatusCode.OK, "its sender still erases the own contact there");
        own.Html.ShouldContain($"Samengevoegd met melding {target}");
        own.Html.ShouldContain("value=\"erase\"");

        (await ActAsync(twin, "unmerge", """{"reason":"otherProblem"}""", key)).Status.ShouldBe(HttpStatusCode.OK);
        (await site.Client.GetAsync($"/nl/reports/{twin}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await new Visitor(site.Client, null).GetAsync($"/nl/reports/{target}")).Html.ShouldNotContain($"van melding {twin}");
    }

    [Fact]
    public async Task Each_interface_names_the_target_its_members_and_where_photos_come_from()
    {
        var (target, twin, key) = await MergedAsync();
        var merged = (await site.GetAsync($"/api/v1/reports/{twin}")).Json;
        (merged.GetProperty("state").GetString(), merged.GetProperty("bucket").GetString(), merged.GetProperty("mergedInto").GetProperty("number").GetString()).ShouldBe(("duplicate", "received", target));
        await ActAsync(target, "accept", "{}", key);
        (await site.GetAsync($"/api/v1/reports/{twin}")).Json.GetProperty("bucket").GetString().ShouldBe("inProgress", "as its target");
        (await site.GetAsync("/api/v1/reports?bucket=inProgress&limit=1000")).Json.GetProperty("reports").EnumerateArray().Select(r => r.GetProperty("number").GetString()).ShouldBe([twin, target]);
        var json = (await site.GetAsync($"/api/v1/reports/{target}")).Json;
        json.GetProperty("mergedInto").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        json.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("number").GetString()).ShouldBe([twin]);
        json.GetProperty("photos").EnumerateArray().Select(p => p.GetProperty("from").GetString()).ShouldBe([null, twin]);
        json.GetProperty("supportCount").GetInt32().ShouldBe(0);
        (await site.PostAsync($"/api/v1/reports/{twin}/support", "{}")).Json.GetProperty("id").GetString().ShouldBe(json.GetProperty("id").GetString(), "it counts where it stands");
        (await site.PostAsync($"/api/v1/reports/{target}/support", "{}")).Json.GetProperty("supportCount").GetInt32().ShouldBe(1);

        var open311 = (await site.GetAsync($"/open311/v2/requests/{twin}.json?lang=en")).Json[0];
        (open311.GetProperty("status").GetString(), open311.GetProperty("status_notes").GetString()).ShouldBe(("closed", $"Merged into report {target}"));
        (await site.Client.GetStringAsync("/fr/reports")).ShouldNotContain(twin, Case.Sensitive, "one problem stands once in the list");
    }

    [Fact]
    public async Task Of_two_of_which_one_is_private_neither_tells_where_the_other_is()
    {
        var (target, twin, key) = await MergedAsync();
        await ActAsync(target, "setPrivate", "{}", key);
        var page = await new Visitor(site.Client, null).GetAsync($"/fr/reports/{twin}");
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Html.ShouldNotContain(target);
        (await new Visitor(site.Client, null).GetAsync($"/fr/reports/{target}")).Html.ShouldNotContain(twin);
        foreach (var (number, other) in new[] { (twin, target), (target, twin) })
        {
            (await site.GetAsync($"/api/v1/reports/{number}")).Text.ShouldNotContain(other);
            (await site.GetAsync($"/open311/v2/requests/{number}.json")).Text.ShouldNotContain(other);
        }
        (await site.GetAsync($"/api/v1/reports/{twin}", key)).Text.ShouldContain(target, Case.Sensitive, "staff see both");

        var id = (await site.GetAsync($"/api/v1/reports/{twin}")).Json.GetProperty("id").GetString();
        foreach (var action in new[] { "setPrivate", "hide" })
        {
            await ActAsync(target, action, "{}", key);
            (await site.PostAsync($"/api/v1/reports/{twin}/support", "{}")).Json.GetProperty("id").GetString().ShouldBe(id);
            (await site.PostAsync($"/api/v1/reports/{twin}/subscriptions", $$"""{"email":"{{action}}-{{twin}}@example.org"}""")).Status.ShouldBe(HttpStatusCode.Accepted);
            (await new Visitor(site.Client, null).PostAsync($"/fr/reports/{twin}", ("do", "follow"), ("email", $"page-{action}-{twin}@example.org"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        }
        await using var open = site.Get<Database>().Open();
        var followed = await open.Set<Subscription>().Where(s => s.Email.EndsWith(twin + "@example.org")).Select(s => s.ReportId).ToListAsync();
        followed.ShouldBe(Enumerable.Repeat<Guid?>(Guid.Parse(id!), 4));
    }

    [Theory]
    [InlineData("fr", "Réunir à un autre signalement", "Séparer de nouveau")]
    [InlineData("nl", "Samenvoegen met een andere melding", "Weer splitsen")]
    [InlineData("en", "Merge into another report", "Unmerge")]
    [InlineData("de", "Mit anderer Meldung zusammenführen", "Wieder trennen")]
    public async Task The_officer_merges_and_unmerges_by_forms(string language, string merge, string unmerge)
    {
        var lon = 4.32 + (Array.IndexOf(["fr", "nl", "en", "de"], language) * 0.01);
        var (target, twin, foreign) = (await desk.City.FileAsync(lon: lon), await desk.City.FileAsync(lon: lon + 0.0001), await desk.City.FileAsync(lon: 4.45));
        await site.SettleAsync();
        var agent = await desk.SignInAsync("agent", DeskCity.West);
        var path = $"/{language}/desk/reports/{twin}";
        var html = (await agent.GetAsync(path)).Html;
        html.ShouldContain(merge);
        Regex.IsMatch(html, $"type=\"radio\" name=\"near\" value=\"{target}\"").ShouldBeTrue(html);
        var refused = await agent.PostAsync(path, ("do", "merge"), ("version", "1"), ("target", foreign));
        (refused.Status, refused.Html.Contains($"value=\"{foreign}\"", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Forbidden, true));
        (await agent.PostAsync(path, ("do", "merge"), ("version", "1"))).Html.ShouldContain("f-merge-target");
        (await agent.PostAsync(path, ("do", "merge"), ("version", "1"), ("near", target))).Status.ShouldBe(HttpStatusCode.SeeOther);
        html = (await agent.GetAsync(path)).Html;
        html.ShouldContain(unmerge);
        html.ShouldContain($"/{language}/desk/reports/{target}\"");
        (await agent.GetAsync($"/{language}/desk/reports/{target}")).Html.ShouldContain($"/{language}/desk/reports/{twin}\"");
        (await agent.PostAsync(path, ("do", "unmerge"), ("version", "2"), ("reason", "otherPlace"))).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task A_group_of_the_inbox_is_merged_with_one_button()
    {
        await using var own = await TestSite.NewAsync();
        var city = await DeskCity.FoundAsync(own.Services);
        string[] numbers = [await city.FileAsync(), await city.FileAsync(), await city.FileAsync()];
        await city.FileAsync(lon: 4.45);
        await own.SettleAsync();
        var agent = new Visitor(own.Client, await city.SignInAsync("agent", DeskCity.West));
        (await agent.GetAsync("/fr/desk/reports")).Html.ShouldContain("/fr/desk/reports/duplicates");
        var page = await agent.GetAsync("/fr/desk/reports/duplicates");
        numbers.ShouldAllBe(number => page.Html.Contains(number, StringComparison.Ordinal));
        (string, string)[] Form(string target, string version, params string[] merge) =>
            [("group", numbers[0]), ("target", target), .. numbers.Select(number => ("version." + number, version)), .. merge.Select(number => ("merge", number))];
        (await agent.PostAsync("/fr/desk/reports/duplicates", Form(numbers[1], "1"))).Html.ShouldContain("Choisissez au moins un autre signalement.");
        (await agent.PostAsync("/fr/desk/reports/duplicates", Form("", "1", numbers))).Html.ShouldContain("Choisissez celui qui garde son numéro.");
        (await agent.PostAsync("/fr/desk/reports/duplicates", Form(numbers[1], "9", numbers))).Status.ShouldBe(HttpStatusCode.Conflict);
        (await agent.PostAsync("/fr/desk/reports/duplicates", Form(numbers[1], "1", numbers))).To.ShouldBe($"/fr/desk/reports/{numbers[1]}");
        await own.SettleAsync();
        (await agent.GetAsync("/fr/desk/reports/duplicates")).Html.ShouldContain("Aucun doublon en vue");
        var reader = new Visitor(own.Client, await city.SignInAsync("reader", DeskCity.West));
        (await reader.GetAsync("/fr/desk/reports/duplicates")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await reader.GetAsync("/fr/desk/reports")).Html.ShouldNotContain("/desk/reports/duplicates");
    }

    /// <summary>Two reports of one hole with a photo each, of which the second is merged into the first.</summary>
    private async Task<(string Target, string Twin, string Key)> MergedAsync()
    {
        var key = await site.StaffKeyAsync(DeskCity.West);
        var (target, twin) = (await desk.City.FileAsync(), await desk.City.FileAsync(email: "ada@example.org"));
        foreach (var number in new[] { target, twin })
        {
            var photo = new MultipartFormDataContent { { new ByteArrayContent(Pictures.Jpeg(64, 48)), "photo", "photo.jpg" } };
            (await site.CallAsync(HttpMethod.Post, $"/api/v1/reports/{number}/photos?t={Uri.EscapeDataString(await TokenAsync(number))}", photo, null, "fr")).Status.ShouldBe(HttpStatusCode.OK);
        }
        await DrawnAsync();
        var answer = await ActAsync(twin, "merge", $$"""{"target":"{{target}}"}""", key);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.ToString());
        return (target, twin, key);
    }

    private async Task DrawnAsync()
    {
        await using var store = site.Get<Database>().Open();
        for (var wait = 0; await store.Set<StoredFile>().AnyAsync(file => file.State == RenditionState.Pending) && wait < 500; wait++)
        {
            await Task.Delay(20);
        }
    }

    private Task<Answered> ActAsync(string number, string action, string json, string key) => site.PostAsync($"/api/v1/reports/{number}/actions/{action}", json, key);

    private async Task<string> TokenAsync(string number)
    {
        await using var store = site.Get<Database>().Open();
        return site.Get<TrackLink>().TokenOf((await store.Set<Report>().SingleAsync(r => r.Number == number)).Id);
    }
}
