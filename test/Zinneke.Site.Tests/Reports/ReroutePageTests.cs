using System.Net;
using System.Text.RegularExpressions;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Another category or place, looked at before it is done: by page and by API (R23).</summary>
public class ReroutePageTests(DeskSite desk) : IClassFixture<DeskSite>
{
    [Theory]
    [InlineData("fr", "Le signalement quitterait Commune d’Ouest pour Région.", "La Région enlève les dépôts.")]
    [InlineData("nl", "De melding zou van Gemeente West naar Gewest gaan.", "Het Gewest ruimt op.")]
    [InlineData("en", "The report would go from Town of West to Region.", "The Region clears dumps.")]
    [InlineData("de", "Die Meldung ginge von Gemeinde West zu Region.", "Die Region räumt auf.")]
    public async Task A_new_category_says_what_it_would_change_and_is_done_by_its_button(string language, string says, string why)
    {
        var number = await desk.City.FileAsync();
        var agent = await desk.SignInAsync("agent", DeskCity.West);
        var path = $"/{language}/desk/reports/{number}";
        (await agent.GetAsync(path)).Html.ShouldContain($"{path}/recategorise");
        var choice = await agent.GetAsync($"{path}/recategorise?q=Depot");
        choice.Html.ShouldContain($"{path}/recategorise?category=waste-dump");
        choice.Html.ShouldContain("name=\"category\" value=\"road-gully\"");

        var check = await agent.GetAsync($"{path}/recategorise?category=waste-dump");
        check.Html.ShouldContain(says);
        check.Html.ShouldContain(why);
        Regex.Matches(check.Html, " id=\"([^\"]+)\"").Select(m => m.Groups[1].Value).GroupBy(id => id).Where(g => g.Count() > 1).ShouldBeEmpty();
        (await ReadAsync(number)).Holder.ShouldBe(DeskCity.West, "looking changes nothing");

        var done = await agent.PostAsync($"{path}/recategorise", ("version", "1"), ("seen", "1"), ("category", "waste-dump"));
        (done.Status, done.To).ShouldBe((HttpStatusCode.SeeOther, path));
        var report = await ReadAsync(number);
        (report.Holder, report.Category, report.State, report.Rule).ShouldBe((DeskCity.Region, "waste-dump", ReportState.Assigned, "waste"));
    }

    [Fact]
    public async Task The_pin_is_moved_without_javascript_by_clicks_on_the_picture()
    {
        var number = await desk.City.FileAsync();
        var agent = await desk.SignInAsync("agent", DeskCity.West);
        var path = $"/en/desk/reports/{number}/move";
        (await agent.GetAsync(path)).Html.ShouldContain("name=\"lat\" type=\"text\" value=\"50.85\"");
        var clicked = await agent.GetAsync($"{path}?lon=4.35&lat=50.85&frame=4.45,50.85,12,320,320&pick.x=160&pick.y=160");
        clicked.Html.ShouldContain("name=\"lon\" type=\"text\" value=\"4.45\"");
        clicked.Html.ShouldNotContain("What would change");
        (await agent.GetAsync($"{path}?lon=&lat=&frame=4.45,50.85,12,320,320")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var check = await agent.GetAsync($"{path}?lon=4.45&lat=50.85&frame=4.45,50.85,12,320,320");
        check.Html.ShouldContain("The report would go from Town of West to Town of East.");
        (await agent.PostAsync(path, ("version", "1"), ("seen", "1"), ("lon", "4.45"), ("lat", "50.85"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await ReadAsync(number)).Area.ShouldBe("2");
        (await agent.GetAsync(path)).Status.ShouldBe(HttpStatusCode.Conflict, "it is no longer ours to move");
    }

    [Fact]
    public async Task What_changed_in_the_meantime_is_shown_with_what_the_choice_would_change_now()
    {
        var number = await desk.City.FileAsync();
        var agent = await desk.SignInAsync("agent", DeskCity.West);
        await desk.City.ActAsync(number, "accept", await desk.City.CallerAsync("agent", DeskCity.West));
        var path = $"/en/desk/reports/{number}/recategorise";
        var stale = await agent.PostAsync(path, ("version", "1"), ("seen", "1"), ("category", "road-gully"));
        stale.Status.ShouldBe(HttpStatusCode.Conflict);
        stale.Html.ShouldContain("In the meantime");
        stale.Html.ShouldContain("The report would go from Town of West to Water.");
        stale.Html.ShouldContain("name=\"version\" value=\"2\"");
        (await ReadAsync(number)).Holder.ShouldBe(DeskCity.West);
        (await agent.PostAsync(path, ("version", "2"), ("seen", "2"), ("category", "road-gully"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await ReadAsync(number)).Holder.ShouldBe(DeskCity.Water);
    }

    [Fact]
    public async Task Only_who_may_do_it_looks_at_it()
    {
        var number = await desk.City.FileAsync();
        var east = await desk.SignInAsync("agent", DeskCity.East);
        (await east.GetAsync($"/fr/desk/reports/{number}/recategorise")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await east.PostAsync($"/fr/desk/reports/{number}/recategorise", ("version", "1"), ("category", "waste-dump"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await (await desk.SignInAsync("crew", DeskCity.West)).GetAsync($"/fr/desk/reports/{number}/recategorise")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await (await desk.SignInAsync("head", DeskCity.Region)).GetAsync($"/fr/desk/reports/{number}/recategorise")).Status.ShouldBe(HttpStatusCode.Conflict, "a parent leaves it to the holder");
        (await (await desk.SignInAsync("agent", DeskCity.West)).GetAsync($"/fr/desk/reports/{number}/recategorise?category=road-nothing")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task The_api_says_the_same_and_changes_nothing()
    {
        var id = (await desk.Site.FileAsync(ReportCalls.Hole())).GetProperty("id").GetString();
        var (key, other) = (await desk.Site.StaffKeyAsync("west"), await desk.Site.StaffKeyAsync("east"));
        var path = $"/api/v1/reports/{id}/route";
        var before = await desk.Site.CountsAsync();
        var said = (await desk.Site.PostAsync(path, """{"category":"waste-dump","version":1}""", key)).Json;
        said.GetProperty("changes").EnumerateArray().Select(c => c.GetString()).ShouldBe(["category", "body", "rule", "dueAt", "holderDueAt"]);
        (said.GetProperty("now").GetProperty("body").GetProperty("id").GetString(), said.GetProperty("then").GetProperty("body").GetProperty("id").GetString()).ShouldBe(("west", "region"));
        said.GetProperty("dispatch").GetProperty("outcome").GetString().ShouldBe("automatic");
        (await desk.Site.PostAsync(path, """{"lon":4.45,"lat":50.85}""", key)).Json.GetProperty("then").GetProperty("area").GetString().ShouldBe("2");

        (await desk.Site.PostAsync(path, """{"category":"waste-dump","version":7}""", key)).Code.ShouldBe("stale");
        (await desk.Site.PostAsync(path, """{"category":"waste-dump"}""")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await desk.Site.PostAsync(path, """{"category":"waste-dump"}""", other)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await desk.Site.PostAsync(path, """{"category":"nothing"}""", key)).Code.ShouldBe("unknownCategory");
        (await desk.Site.PostAsync(path, """{"lon":4.45,"lat":95}""", key)).Code.ShouldBe("latitudeOutside");
        (await desk.Site.PostAsync(path, "{}", key)).Code.ShouldBe("oneChange");
        (await desk.Site.PostAsync("/api/v1/reports/2026-999999/route", """{"category":"waste-dump"}""", key)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await desk.Site.CountsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Which_condition_failed_stands_beside_each_rule_that_was_looked_at()
    {
        var number = await desk.City.FileAsync();
        var (_, html, _) = await (await desk.SignInAsync("agent", DeskCity.West)).GetAsync($"/en/desk/reports/{number}");
        html.ShouldContain("<strong>Another category:</strong> The Region clears dumps.");
        html.ShouldContain("<strong>The rule holds.</strong> It is a municipal road.");
    }

    private async Task<Report> ReadAsync(string number)
    {
        await using var store = desk.Site.Get<Database>().Open();
        return (await ReadReport.FindAsync(store, number, false, default))!;
    }
}
