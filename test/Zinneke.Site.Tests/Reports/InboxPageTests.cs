using System.Net;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>The inbox over HTTP: whose reports it shows, filters, counters, kept filters and columns.</summary>
public class InboxPageTests(DeskSite desk) : IClassFixture<DeskSite>
{
    [Theory]
    [InlineData("fr", "Boîte de réception", "Trou")]
    [InlineData("nl", "Postvak", "Put")]
    [InlineData("en", "Inbox", "Hole")]
    [InlineData("de", "Posteingang", "Loch")]
    public async Task The_inbox_speaks_four_languages(string language, string title, string category)
    {
        var number = await desk.City.FileAsync();
        var agent = await desk.SignInAsync("agent", DeskCity.West);
        var (status, html, _) = await agent.GetAsync($"/{language}/desk/reports?text={number}");
        status.ShouldBe(HttpStatusCode.OK);
        html.ShouldContain($"<h1>{title}</h1>");
        html.ShouldContain($"/{language}/desk/reports/{number}");
        html.ShouldContain(category);
        html.ShouldContain("Rue du Canal 12");
    }

    [Fact]
    public async Task A_body_sees_its_own_and_a_parent_sees_those_of_its_children()
    {
        var (west, east, dump, gully) = (await desk.City.FileAsync(), await desk.City.FileAsync(lon: 4.45), await desk.City.FileAsync("waste-dump"), await desk.City.FileAsync("road-gully"));
        async Task SeesAsync(Visitor who, params string[] seen)
        {
            var html = (await who.GetAsync("/fr/desk/reports")).Html;
            foreach (var number in new[] { west, east, dump, gully })
            {
                html.Contains(number, StringComparison.Ordinal).ShouldBe(seen.Contains(number), number);
            }
        }
        await SeesAsync(await desk.SignInAsync("agent", DeskCity.West), west);
        await SeesAsync(await desk.SignInAsync("reader", DeskCity.East), east);
        await SeesAsync(await desk.SignInAsync("agent", DeskCity.Water), gully);
        await SeesAsync(await desk.SignInAsync("agent", DeskCity.Region), west, east, dump);
        await SeesAsync(await desk.SignInAsync("agent", DeskCity.Region, categories: ["waste"], name: "sweeper"), dump);
        await SeesAsync(await desk.SignInAsync("agent", DeskCity.Region, areas: ["2"], name: "easterner"), east);
        await SeesAsync(await desk.SignInAsync("administrator", null), west, east, dump, gully);
    }

    [Fact]
    public async Task Nobody_else_gets_in()
    {
        var stranger = new Visitor(desk.Site.Client, null);
        var (status, _, to) = await stranger.GetAsync("/nl/desk/reports?state=all");
        status.ShouldBe(HttpStatusCode.SeeOther);
        to!.ShouldStartWith("/nl/sign-in?return=%2Fnl%2Fdesk%2Freports");
        (await (await desk.SignInAsync("resident", null)).GetAsync("/fr/desk/reports")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_is_overdue_comes_first_and_is_counted()
    {
        await using var site = await TestSite.NewAsync();
        var city = await DeskCity.FoundAsync(site.Services);
        var hole = await city.FileAsync();
        site.Clock.Advance(TimeSpan.FromDays(3));
        var dump = await city.FileAsync("waste-dump");
        site.Clock.Advance(TimeSpan.FromHours(30));
        var visitor = new Visitor(site.Client, await city.SignInAsync("head", DeskCity.Region));
        var html = (await visitor.GetAsync("/en/desk/reports")).Html;
        html.IndexOf(dump, StringComparison.Ordinal).ShouldBeLessThan(html.IndexOf(hole, StringComparison.Ordinal));
        html.ShouldContain("late since today");
        html.ShouldContain("Overdue<span class=\"count\">1</span>");
        html.ShouldContain("To do<span class=\"count\">2</span>");
        var overdue = (await visitor.GetAsync("/en/desk/reports?overdue=true")).Html;
        overdue.ShouldContain(dump);
        overdue.ShouldNotContain(hole);
    }

    [Fact]
    public async Task What_is_due_soon_has_a_tab_also_for_a_body_that_gets_no_mail()
    {
        await using var site = await TestSite.NewAsync();
        var city = await DeskCity.FoundAsync(site.Services);
        var dump = await city.FileAsync("waste-dump"); // 24 hours.
        site.Clock.Advance(TimeSpan.FromHours(19));
        var visitor = new Visitor(site.Client, await city.SignInAsync("agent", DeskCity.Region));
        (await visitor.GetAsync("/en/desk/reports")).Html.ShouldNotContain("Due soon");
        site.Clock.Advance(TimeSpan.FromMinutes(13));
        var hole = await city.FileAsync();
        (await visitor.GetAsync("/en/desk/reports")).Html.ShouldContain("Due soon<span class=\"count\">1</span>");
        var soon = (await visitor.GetAsync("/en/desk/reports?soon=true")).Html;
        (soon.Contains(dump, StringComparison.Ordinal), soon.Contains(hole, StringComparison.Ordinal)).ShouldBe((true, false));
        site.Clock.Advance(TimeSpan.FromHours(5));
        var late = (await visitor.GetAsync("/en/desk/reports")).Html;
        (late.Contains(dump, StringComparison.Ordinal), late.Contains("Due soon", StringComparison.Ordinal)).ShouldBe((true, false), "it is overdue now");
    }

    [Fact]
    public async Task Filters_combine_and_fifty_make_a_page()
    {
        await using var site = await TestSite.NewAsync();
        var city = await DeskCity.FoundAsync(site.Services);
        var numbers = new List<string>();
        for (var i = 0; i < 53; i++)
        {
            site.Clock.Advance(TimeSpan.FromMinutes(1));
            numbers.Add(await city.FileAsync(words: i == 7 ? "Een diepe PUT" : "Un trou"));
        }
        var visitor = new Visitor(site.Client, await city.SignInAsync("agent", DeskCity.West));
        var first = (await visitor.GetAsync("/fr/desk/reports?sort=oldest&category=road")).Html;
        numbers.Count(n => first.Contains($"reports/{n}\"", StringComparison.Ordinal)).ShouldBe(50);
        var next = System.Text.RegularExpressions.Regex.Match(first, "href=\"([^\"]*cursor=[^\"]*)\"").Groups[1].Value;
        var second = (await visitor.GetAsync(next)).Html;
        numbers.Where(n => second.Contains($"reports/{n}\"", StringComparison.Ordinal)).ShouldBe(numbers[50..]);
        (await visitor.GetAsync("/fr/desk/reports?category=waste")).Html.ShouldContain("Rien ici");
        (await visitor.GetAsync("/fr/desk/reports?text=diepe&area=1")).Html.ShouldContain(numbers[7]);
        (await visitor.GetAsync("/fr/desk/reports?state=accepted")).Html.ShouldContain("Rien ici");
    }

    [Fact]
    public async Task Filters_are_kept_under_a_name_and_columns_are_chosen()
    {
        var agent = await desk.SignInAsync("agent", DeskCity.West, name: "keeper");
        await desk.City.FileAsync();
        var (status, _, to) = await agent.PostAsync("/fr/desk/reports/filters", ("name", "Mes trous"), ("query", "?category=road&state=all"));
        (status, to).ShouldBe((HttpStatusCode.SeeOther, "/fr/desk/reports?category=road&state=all"));
        var html = (await agent.GetAsync("/fr/desk/reports")).Html;
        html.ShouldContain("<a href=\"/fr/desk/reports?category=road&state=all\">Mes trous</a>");
        (await (await desk.SignInAsync("agent", DeskCity.West, name: "other")).GetAsync("/fr/desk/reports")).Html.ShouldNotContain("Mes trous");

        await agent.PostAsync("/fr/desk/reports/columns", ("columns", "language"), ("columns", "created"), ("columns", "nonsense"));
        html = (await agent.GetAsync("/fr/desk/reports")).Html;
        html.ShouldContain("data-label=\"Langue\"");
        html.ShouldNotContain("data-label=\"Échéance\"");

        var id = System.Text.RegularExpressions.Regex.Match(html, "name=\"remove\" value=\"([^\"]+)\"").Groups[1].Value;
        await (await desk.SignInAsync("agent", DeskCity.West, name: "other")).PostAsync("/fr/desk/reports/filters", ("remove", id), ("query", ""));
        (await agent.GetAsync("/fr/desk/reports")).Html.ShouldContain("Mes trous", customMessage: "only its owner forgets it");
        await agent.PostAsync("/fr/desk/reports/filters", ("remove", id), ("query", ""));
        (await agent.GetAsync("/fr/desk/reports")).Html.ShouldNotContain("Mes trous");
        foreach (var (name, query) in new[] { ("", ""), (new string('a', 61), "?category=road&state=all") })
        {
            (status, html, _) = await agent.PostAsync("/fr/desk/reports/filters", ("name", name), ("query", query));
            status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            html.ShouldContain("role=\"alert\"");
            html.ShouldContain($"<input type=\"hidden\" name=\"query\" value=\"{query}\"");
            html.ShouldContain($"value=\"{name}\"", customMessage: "the form comes back as it was filled");
            html.ShouldContain(query.Length == 0 ? "/fr/desk/reports?state=assigned" : "/fr/desk/reports?category=road&state=assigned", customMessage: "its links lead to the list");
        }
    }
}
