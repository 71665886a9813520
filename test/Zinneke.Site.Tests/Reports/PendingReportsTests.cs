using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Moderation before publication (R43): until its holder has looked at a report, nobody but its reporter and its staff learns that it exists, by whatever way.</summary>
public class PendingReportsTests
{
    private const string Words = "Ornithorynque renversé";

    /// <summary>Ways out that show a report once it is public.</summary>
    private static readonly string[] Ways =
    [
        "/api/v1/reports/{0}", "/api/v1/reports", "/api/v1/reports?category=road-hole", "/api/v1/reports?bbox=4.34,50.84,4.36,50.86", "/api/v1/reports?text=ornithorynque", "/api/v1/reports?sort=updated",
        "/api/v1/reports?area=1", "/api/v1/reports?body=west", "/api/v1/reports?updatedSince=2020-01-01T00:00:00Z", "/api/v1/reports/map?bbox=4.34,50.84,4.36,50.86&zoom=17",
        "/api/v1/reports/duplicates?lon=4.35&lat=50.85&category=road-hole", "/api/v1/search?q=ornithorynque", "/fr/search?q=ornithorynque", "/fr/reports/{0}", "/fr/reports", "/fr/reports?text=ornithorynque",
        "/fr/reports?bbox=4.34,50.84,4.36,50.86", "/fr/reports/feed.atom", "/fr/reports/feed.geojson", "/fr/reports/feed.atom?area=1", "/fr/reports/feed.atom?lon=4.35&lat=50.85&radius=100", "/fr/reports/{0}/feed.atom",
        "/open311/v2/requests.json", "/open311/v2/requests.xml", "/open311/v2/requests/{0}.json", "/open311/v2/requests.json?service_request_id={0}",
        "/open311/v2/bulk.csv?start_date=2020-01-01T00:00:00Z&end_date=2040-01-01T00:00:00Z", "/open311/v2/bulk.json?start_date=2020-01-01T00:00:00Z&end_date=2040-01-01T00:00:00Z", "/fr/bodies/west",
        "/api/v1/datasets/reports/rows", "/api/v1/datasets/reports/rows.csv", "/api/v1/datasets/reports/rows.geojson",
    ];

    /// <summary>Ways out that count what is at a place. Statistics count all reports, as they count what is hidden.</summary>
    private static readonly string[] Figures = ["/api/v1/reports/heat?bbox=4.34,50.84,4.36,50.86", "/api/v1/reports/map?bbox=4,50,5,51&zoom=8"];

    [Theory, OnSqlite, OnPostgres]
    public async Task Nothing_tells_of_it_before_its_holder_has_published_it(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind, settings: [(KernelSettings.Quota, "off"), (Terms.All.Single(setting => setting.Name == "reports.moderation"), "before")]);
        var city = await DeskCity.FoundAsync(site.Services);
        await site.SettleAsync();
        var empty = await FiguresAsync(site);
        await using var stream = await LiveReportsTests.EventStream.OpenAsync(site, "/api/v1/reports/events");
        var number = await FileAsync(site);
        (await TellingAsync(site, number)).ShouldBeEmpty();
        (await FiguresAsync(site)).ShouldBe(empty);
        (await site.GetAsync($"/api/v1/reports/{number}/events")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await site.PostAsync($"/api/v1/reports/{number}/support", "{}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await site.PostAsync($"/api/v1/reports/{number}/flags", """{"what":"text","reason":"spam"}""")).Status.ShouldBe(HttpStatusCode.NotFound);

        var agent = await city.CallerAsync("agent", DeskCity.West);
        await city.ActAsync(number, "accept", agent);
        await site.SettleAsync();
        (await TellingAsync(site, number)).ShouldBeEmpty("to work on it is not to publish it");
        await city.ActAsync(number, "publish", agent);
        await site.SettleAsync();
        (await TellingAsync(site, number)).ShouldBe(Ways);
        (await stream.NextAsync()).Data.GetProperty("type").GetString().ShouldBe("reports.report.published", "nothing was told before");
        (await FiguresAsync(site)).Zip(empty).ShouldAllBe(pair => pair.First != pair.Second);
        (await site.Get<VerifyReports>().RunAsync(null, default)).Mismatches.ShouldBe(0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_body_may_choose_it_for_what_comes_to_it_and_what_its_own_staff_send_needs_no_look(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind, settings: (KernelSettings.Quota, "off"));
        var city = await DeskCity.FoundAsync(site.Services);
        var bodies = DeskCity.Bodies.Replace("\"areas\":[\"1\"],", "\"areas\":[\"1\"],\"looksFirst\":true,", StringComparison.Ordinal);
        (await site.Get<ImportBodies>().RunAsync(DeskCity.Stream(bodies), "bodies", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        (await VisibilityAsync(site, await city.FileAsync())).ShouldBe(Visibility.Pending);
        (await VisibilityAsync(site, await city.FileAsync(lon: 4.45))).ShouldBe(Visibility.Public, "East looks at it after");

        var head = await city.CallerAsync("head", DeskCity.West);
        var sent = new NewReport { ClientId = site.Get<Ids>().Next(), Category = "road-hole", Lon = 4.35, Lat = 50.85, Description = Words, Lang = "fr" };
        var filed = await site.Get<FileReport>().RunAsync(sent, [], Sender.Of(head), site.Get<Writer>().DoAsync, default);
        (await VisibilityAsync(site, filed.Value.Number)).ShouldBe(Visibility.Public);
    }

    [Theory]
    [InlineData("fr", "Pas encore public")]
    [InlineData("nl", "Nog niet openbaar")]
    [InlineData("en", "Not public yet")]
    [InlineData("de", "Noch nicht öffentlich")]
    public async Task Its_reporter_reads_that_it_waits_and_staff_find_publish_or_hide_it(string language, string waits)
    {
        await using var site = await TestSite.NewAsync(settings: [(KernelSettings.Quota, "off"), (Terms.All.Single(setting => setting.Name == "reports.moderation"), "before")]);
        var city = await DeskCity.FoundAsync(site.Services);
        var sent = await site.PostPhotosAsync("/api/v1/reports", ReportCalls.Hole(4.35).With("description", Words), language, Pictures.Jpeg(64, 48));
        sent.Json.GetProperty("visibility").GetString().ShouldBe("pending");
        var (number, own) = (sent.Json.GetProperty("number").GetString()!, sent.Json.GetProperty("trackUrl").GetString()!);
        await site.SettleAsync();
        var reader = new Visitor(site.Client, null);
        var mine = (await reader.GetAsync($"/{language}{own[3..]}")).Html;
        mine.ShouldContain(waits);
        mine.ShouldContain(Words);

        var agent = new Visitor(site.Client, await city.SignInAsync("agent", DeskCity.West));
        var tag = site.Get<Words>().In(language, "reports.pending.title");
        (await agent.GetAsync($"/{language}/desk/reports")).Html.ShouldContain(tag);
        (await agent.GetAsync($"/{language}/desk/reports?pending=true")).Html.ShouldContain(number);
        var desk = $"/{language}/desk/reports/{number}";
        (await agent.GetAsync(desk)).Html.ShouldContain(waits);
        (await new Visitor(site.Client, await city.SignInAsync("head", DeskCity.East)).PostAsync(desk, ("do", "publish"), ("version", "1"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await reader.PostAsync($"/{language}/reports/{number}", ("do", "publish"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await agent.PostAsync(desk, ("do", "publish"), ("version", "1"), ("seen", "1"))).To.ShouldBe(desk);
        (await agent.GetAsync($"/{language}/desk/reports?pending=true")).Html.ShouldNotContain(number);
        await site.CountsAsync(); // Waits until the photo is drawn.
        var page = (await reader.GetAsync($"/{language}/reports/{number}")).Html;
        page.ShouldNotContain(waits);
        page.ShouldContain(Words);
        (await site.GetAsync(Regex.Match(page, "<img src=\"([^\"]+/medium[^\"]*)\"").Groups[1].Value)).Status.ShouldBe(HttpStatusCode.OK, "its photo is public with it");

        var other = await FileAsync(site);
        (await agent.PostAsync($"/{language}/desk/reports/{other}", ("do", "hide"), ("version", "1"), ("seen", "1"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await VisibilityAsync(site, other)).ShouldBe(Visibility.Hidden);

        var elsewhere = await city.FileAsync("road-gully");
        await site.SettleAsync();
        var coordinator = new Visitor(site.Client, await city.SignInAsync("agent", DeskCity.Region));
        (await coordinator.GetAsync($"/{language}/desk/reports?pending=true")).Html.ShouldContain(elsewhere, Case.Sensitive, "nobody of the body that has it may ever come to the desk");
        (await coordinator.PostAsync($"/{language}/desk/reports/{elsewhere}", ("do", "publish"), ("version", "1"), ("seen", "1"))).To.ShouldBe($"/{language}/desk/reports", "it is that body's again");
        (await VisibilityAsync(site, elsewhere)).ShouldBe(Visibility.Public);
    }

    private static async Task<string> FileAsync(TestSite site)
    {
        var number = (await site.FileAsync(ReportCalls.Hole(4.35).With("description", Words))).GetProperty("number").GetString()!;
        await site.SettleAsync();
        return number;
    }

    private static async Task<List<string>> TellingAsync(TestSite site, string number)
    {
        var telling = new List<string>();
        foreach (var way in Ways)
        {
            var answered = await site.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, way, number));
            var asked = way.Contains("{0}", StringComparison.Ordinal);
            if (answered.Text.Contains("rnithorynque renvers", StringComparison.Ordinal) || (!asked && answered.Text.Contains(number, StringComparison.Ordinal)) || (asked && answered.Status == HttpStatusCode.OK && answered.Text.Contains(number, StringComparison.Ordinal)))
            {
                telling.Add(way);
            }
        }
        return telling;
    }

    private static async Task<List<string>> FiguresAsync(TestSite site)
    {
        var figures = new List<string>();
        foreach (var way in Figures)
        {
            var answered = await site.GetAsync(way);
            answered.Status.ShouldBe(HttpStatusCode.OK, way);
            figures.Add(answered.Text);
        }
        return figures;
    }

    private static async Task<Visibility> VisibilityAsync(TestSite site, string number)
    {
        await using var store = site.Get<Database>().Open();
        return await store.Set<Report>().Where(report => report.Number == number).Select(report => report.Visibility).SingleAsync();
    }
}
