using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Following by mail and by feed, as residents and programs do it (reports.md R11, 5.4).</summary>
[Collection(TwoTowns.Collection)]
public class FollowPagesTests(TwoTowns towns)
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private readonly TestSite site = towns.Site;

    [Theory]
    [InlineData("fr")]
    [InlineData("nl")]
    [InlineData("en")]
    [InlineData("de")]
    public async Task A_resident_follows_an_area_confirms_by_the_mail_and_stops_with_one_click(string language)
    {
        var (visitor, email) = (new Visitor(site.Client, null), $"follow-{language}@example.org");
        var asked = await visitor.PostAsync($"/{language}/reports/follow", ("area", "1"), ("category", ""), ("email", email), ("pace", "AtOnce"));
        (asked.Status, asked.To).ShouldBe((HttpStatusCode.SeeOther, $"/{language}/reports/follow/sent"));
        (await visitor.GetAsync(asked.To!)).Status.ShouldBe(HttpStatusCode.OK);

        var letter = await Letters.WaitAsync(site, email, one => one.Raw.Contains("/reports/follow/confirm", StringComparison.Ordinal));
        letter.Language.ShouldBe(language);
        letter.Raw.ShouldNotContain("List-Unsubscribe", Case.Insensitive, "there is nothing to stop yet");
        var link = letter.Link("/reports/follow/confirm");
        (await visitor.GetAsync(link)).Html.ShouldContain(email);
        await site.FileAsync(ReportCalls.Hole());
        await site.SettleAsync();
        (await MailsAsync(email)).ShouldBe(1, "opening the link changes nothing");

        var token = link[(link.IndexOf("t=", StringComparison.Ordinal) + 2)..];
        var confirmed = await visitor.PostAsync($"/{language}/reports/follow/confirm", ("t", token));
        confirmed.Status.ShouldBe(HttpStatusCode.SeeOther);
        (await visitor.GetAsync(confirmed.To!)).Html.ShouldContain($"/{language}/mail?t=");
        var number = (await site.FileAsync(ReportCalls.Hole())).GetProperty("number").GetString()!;
        var news = await Letters.WaitAsync(site, email, one => one.Raw.Contains(number, StringComparison.Ordinal));
        news.Link("/reports/" + number).ShouldBe($"/{language}/reports/{number}");

        var stop = new Uri(news.Raw.Replace("\r\n ", "", StringComparison.Ordinal).Split("List-Unsubscribe: <")[1].Split('>')[0]).PathAndQuery;
        using (var click = await site.Client.PostAsync(stop, new FormUrlEncodedContent([KeyValuePair.Create("List-Unsubscribe", "One-Click")])))
        {
            click.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        var before = await MailsAsync(email);
        await site.FileAsync(ReportCalls.Hole());
        await site.SettleAsync();
        (await MailsAsync(email)).ShouldBe(before);
    }

    [Fact]
    public async Task The_form_comes_back_filled_with_what_is_wrong()
    {
        var visitor = new Visitor(site.Client, null);
        var nothing = await visitor.PostAsync("/fr/reports/follow", ("area", ""), ("email", "personne"), ("pace", "Daily"));
        nothing.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        nothing.Html.ShouldContain("value=\"personne\"");
        nothing.Html.ShouldContain(site.Get<Words>().In("fr", "reports.refusal.followWhat"));
        var far = await visitor.PostAsync("/fr/reports/follow", ("around", "1"), ("lon", "4.35"), ("lat", "50.85"), ("radius", "50000"), ("email", "a@example.org"));
        far.Html.ShouldContain(site.Get<Words>().In("fr", "reports.refusal.radiusOutside", 50, 5000));
        var clicked = await visitor.PostAsync("/fr/reports/follow", ("around", "1"), ("frame", "4.35,50.85,12,480,360"), ("pick.x", "10"), ("pick.y", "10"), ("email", "a@example.org"), ("pace", "Weekly"));
        (clicked.Status, clicked.Html.Contains("value=\"a@example.org\"", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.OK, true));
        (await visitor.GetAsync("/fr/reports/follow/confirm?t=nothing")).Status.ShouldBe(HttpStatusCode.Gone);
        (await visitor.PostAsync("/fr/reports/follow/confirm", ("t", "nothing"))).Status.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task A_circle_and_several_kinds_of_problem_can_be_followed_as_a_feed()
    {
        var visitor = new Visitor(site.Client, null);
        var page = (await visitor.GetAsync("/nl/reports/follow?area=2&category=road,clean-dump")).Html;
        page.ShouldContain("<optgroup label=\"Gemeenten\">");
        foreach (var code in (string[])["road", "clean-dump"])
        {
            page.ShouldMatch($"value=\"{code}\"[^>]* checked");
        }
        (await visitor.GetAsync("/nl/reports/follow?around=1")).Html.ShouldContain("<option value=\"50\">50 m</option>");
        var feed = await visitor.PostAsync("/nl/reports/follow", ("around", "1"), ("lon", "4.32"), ("lat", "50.85"), ("radius", "50"), ("category", "road"), ("category", "clean"), ("feed", "1"));
        (feed.Status, feed.To).ShouldBe((HttpStatusCode.SeeOther, "/nl/reports/feed.atom?lon=4.32&lat=50.85&radius=50&category=road,clean"));
        (await visitor.GetAsync(feed.To!)).Status.ShouldBe(HttpStatusCode.OK);
        (await visitor.PostAsync("/nl/reports/follow", ("area", ""), ("feed", "1"))).To.ShouldBe("/nl/reports/feed.atom");
        (await visitor.PostAsync("/nl/reports/follow", ("around", "1"), ("feed", "1"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "a circle has a place");
        var clicked = await visitor.PostAsync("/nl/reports/follow", ("around", "1"), ("frame", "4.35,50.85,12,480,360"), ("pick.x", "10"), ("pick.y", "10"), ("category", "road"), ("radius", "250"));
        clicked.Html.ShouldMatch("value=\"road\"[^>]* checked");
        clicked.Html.ShouldContain("<option value=\"250\" selected");
    }

    [Fact]
    public async Task The_feed_as_geojson_holds_what_the_atom_feed_does()
    {
        var filed = await site.FileAsync(ReportCalls.Hole());
        var hidden = await site.FileAsync(ReportCalls.Hole().With("category", "clean-home"));
        await site.SettleAsync();
        foreach (var query in new[] { "", "?area=1", "?lon=4.32&lat=50.85&radius=5000", "?bbox=4.3,50.8,4.5,50.9&category=road", "?bucket=received&body=west", "?text=trou" })
        {
            using var answer = await site.Client.GetAsync("/fr/reports/feed.geojson" + query);
            (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.OK, "application/geo+json"), query);
            var features = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("features").EnumerateArray().ToList();
            var atom = (await FeedAsync("/fr/reports/feed.atom" + query)).Elements(Atom + "entry").Select(e => e.Element(Atom + "id")!.Value).ToList();
            features.Select(one => "urn:uuid:" + one.GetProperty("id").GetString()).ShouldBe(atom, query);
        }
        var all = JsonDocument.Parse(await site.Client.GetStringAsync("/fr/reports/feed.geojson")).RootElement.GetProperty("features").EnumerateArray().ToDictionary(one => one.GetProperty("id").GetString()!);
        var open = all[filed.GetProperty("id").GetString()!];
        open.GetProperty("geometry").GetProperty("coordinates")[0].GetDouble().ShouldBe(4.32, 1e-6);
        open.GetProperty("properties").GetProperty("number").GetString().ShouldBe(filed.GetProperty("number").GetString());
        var secret = all[hidden.GetProperty("id").GetString()!];
        secret.GetProperty("geometry").ValueKind.ShouldBe(JsonValueKind.Null);
        secret.GetProperty("properties").GetProperty("description").ValueKind.ShouldBe(JsonValueKind.Null);
        (await site.Client.GetAsync("/fr/reports/feed.geojson?area=nowhere")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_report_is_followed_from_its_page_and_counts_who_has_the_problem_too()
    {
        var number = (await site.FileAsync(ReportCalls.Hole())).GetProperty("number").GetString()!;
        var visitor = new Visitor(site.Client, null);
        var wrong = await visitor.PostAsync($"/en/reports/{number}", ("do", "follow"), ("email", "nobody"));
        (wrong.Status, wrong.Html.Contains("value=\"nobody\"", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.UnprocessableEntity, true));
        (await visitor.PostAsync($"/en/reports/{number}", ("do", "follow"), ("email", "one@example.org"), ("alsoMe", "true"))).To.ShouldBe("/en/reports/follow/sent");
        (await ReadAsync($"/api/v1/reports/{number}")).GetProperty("supportCount").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task The_api_takes_the_same_and_names_each_fault()
    {
        var id = (await site.FileAsync(ReportCalls.Hole())).GetProperty("id").GetString()!;
        (await site.PostAsync($"/api/v1/reports/{id}/subscriptions", """{"email":"api@example.org"}""")).Status.ShouldBe(HttpStatusCode.Accepted);
        (await site.PostAsync("/api/v1/reports/subscriptions", """{"email":"api@example.org","lon":4.35,"lat":50.85,"radiusM":300,"categories":["road"],"pace":"weekly"}""")).Status.ShouldBe(HttpStatusCode.Accepted);
        foreach (var (body, code) in new[]
        {
            ("""{"email":"api@example.org"}""", "followWhat"),
            ("""{"email":"api","area":"1"}""", "emailMalformed"),
            ("""{"email":"api@example.org","area":"nowhere"}""", "unknownArea"),
            ("""{"email":"api@example.org","lon":4.35}""", "latitudeOutside"),
            ("""{"email":"api@example.org","lon":4.35,"lat":50.85,"radiusM":10}""", "radiusOutside"),
            ("""{"email":"api@example.org","area":"1","categories":["nothing"]}""", "unknownCategory"),
            ("""{"email":"api@example.org","area":"1","pace":"never"}""", "unknownWord"),
            ("""{"email":"api@example.org","area":"1","lang":"xx"}""", "unknownLanguage"),
        })
        {
            var refused = await site.PostAsync("/api/v1/reports/subscriptions", body);
            (refused.Status, refused.Json.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.UnprocessableEntity, code), body);
        }
        (await site.PostAsync("/api/v1/reports/subscriptions", "no json")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await site.PostAsync("/api/v1/reports/2099-000001/subscriptions", """{"email":"api@example.org"}""")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_feed_says_what_the_list_says_and_nothing_new_in_a_few_bytes()
    {
        var filed = await site.FileAsync(ReportCalls.Hole());
        var (number, id) = (filed.GetProperty("number").GetString()!, filed.GetProperty("id").GetString()!);
        await site.SettleAsync();
        foreach (var query in new[] { "?area=1", "?lon=4.32&lat=50.85&radius=5000", "?category=road", "?bbox=4.3,50.8,4.5,50.9", "?bucket=received&text=trou", "" })
        {
            var entry = (await FeedAsync("/fr/reports/feed.atom" + query)).Elements(Atom + "entry").FirstOrDefault(e => e.Element(Atom + "id")!.Value == "urn:uuid:" + id);
            entry.ShouldNotBeNull(query);
            entry.Element(Atom + "link")!.Attribute("href")!.Value.ShouldEndWith("/fr/reports/" + number);
        }
        foreach (var query in new[] { "?area=2", "?lon=4.45&lat=50.85&radius=50", "?category=clean", "?bucket=solved", "?text=licorne" })
        {
            (await FeedAsync("/fr/reports/feed.atom" + query)).Elements(Atom + "entry").ShouldAllBe(e => e.Element(Atom + "id")!.Value != "urn:uuid:" + id, query);
        }
        (await site.GetAsync("/fr/reports?bucket=received&text=trou&area=1")).Text.ShouldContain("/fr/reports/feed.atom?bucket=received&amp;text=trou&amp;area=1\"");
        var history = await FeedAsync($"/nl/reports/{number}/feed.atom");
        history.Elements(Atom + "entry").Count().ShouldBeGreaterThanOrEqualTo(1);
        foreach (var required in (string[])["id", "title", "updated", "author"])
        {
            history.Element(Atom + required).ShouldNotBeNull();
        }

        using var first = await site.Client.GetAsync($"/nl/reports/{number}/feed.atom");
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/nl/reports/{number}/feed.atom");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var unchanged = await site.Client.SendAsync(again);
        (unchanged.StatusCode, (await unchanged.Content.ReadAsByteArrayAsync()).Length).ShouldBe((HttpStatusCode.NotModified, 0));
        foreach (var (query, status) in new[] { ("?bbox=1,2,3", 422), ("?area=nowhere", 422), ("?lon=x&lat=1", 422), ("?category=nothing", 422), ("?bucket=lost", 422) })
        {
            using var refused = await site.Client.GetAsync("/fr/reports/feed.atom" + query);
            ((int)refused.StatusCode).ShouldBe(status, query);
        }
        (await site.Client.GetAsync("/fr/reports/2099-000001/feed.atom")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>What was posted to an address, sent or not.</summary>
    private async Task<int> MailsAsync(string email)
    {
        await using var store = site.Get<Database>().Open();
        return await store.Set<MailRow>().CountAsync(mail => mail.Address == email);
    }

    private async Task<XElement> FeedAsync(string path)
    {
        using var answer = await site.Client.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("application/atom+xml; charset=utf-8");
        return XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!;
    }

    private async Task<JsonElement> ReadAsync(string path) => JsonDocument.Parse(await site.Client.GetStringAsync(path)).RootElement.Clone();
}
