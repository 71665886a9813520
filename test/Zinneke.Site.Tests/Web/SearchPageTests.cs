using System.Net;
using System.Text.RegularExpressions;
using Zinneke.Site.Tests.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Web;

/// <summary>The search page and its API, as a browser without JavaScript and a program see them.</summary>
public partial class SearchPageTests(DeskSite desk) : IClassFixture<DeskSite>
{
    private readonly Visitor anybody = new(desk.Site.Client, null);

    [Fact]
    public async Task A_query_is_answered_with_marked_words_filters_and_a_next_page()
    {
        var numbers = new List<string>();
        for (var i = 0; i < 21; i++)
        {
            numbers.Add(await desk.City.FileAsync(words: $"Bordure cassée & <b>dangereuse</b> {i}"));
        }
        await desk.Site.SettleAsync();
        var raw = await desk.Site.Client.GetStringAsync(new Uri("/fr/search?q=cassee+dangereus", UriKind.Relative));
        raw.ShouldContain("Bordure <mark>cassée</mark> &amp; &lt;b&gt;<mark>dangereuse</mark>&lt;/b&gt; 20");
        raw.ShouldContain("noindex");
        var (_, html, _) = await anybody.GetAsync("/nl/search?q=bordure&kind=report");
        html.ShouldContain("lang=\"fr\"><mark>Bordure</mark>");
        html.ShouldContain("<option value=\"report\" selected>Melding</option>");
        Numbers(html).ShouldBe(Enumerable.Reverse(numbers).Take(20));
        var next = WebUtility.HtmlDecode(NextLink().Match(html).Groups[1].Value);
        Numbers((await anybody.GetAsync(next)).Html).ShouldBe([numbers[0]]);
        (await anybody.GetAsync("/de/search?q=bordure&area=2")).Html.ShouldContain("Nichts gefunden");
        (await anybody.GetAsync("/en/search?q=loch")).Html.ShouldContain("href=\"/en/reports/new?category=road-hole\"");
        (await anybody.GetAsync("/fr/")).Html.ShouldContain("href=\"/fr/search\"");

        var found = (await desk.Site.GetAsync("/api/v1/search?q=bordure&body=west&limit=5")).Json;
        found.GetProperty("entries").GetArrayLength().ShouldBe(5);
        found.GetProperty("entries")[0].GetProperty("label").GetString().ShouldBe($"{numbers[20]}, Rue du Canal 12");
        var cursor = found.GetProperty("next").GetString()!;
        var second = await desk.Site.GetAsync($"/api/v1/search?q=bordure&body=west&limit=5&cursor={Uri.EscapeDataString(cursor)}");
        second.Json.GetProperty("entries")[0].GetProperty("label").GetString()!.ShouldStartWith(numbers[15]);
        (await desk.Site.GetAsync($"/api/v1/search?q=other&cursor={Uri.EscapeDataString(cursor)}")).Code.ShouldBe("badCursor");
    }

    [Theory]
    [InlineData("q=a%00b", "nulInText")]
    [InlineData("limit=0", "searchLimit")]
    [InlineData("limit=101", "searchLimit")]
    public async Task What_cannot_be_asked_is_refused(string query, string code)
    {
        (await desk.Site.GetAsync("/api/v1/search?" + query)).Code.ShouldBe(code);
        (await anybody.GetAsync("/fr/search?" + query)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_long_query_is_refused_in_words() => (await desk.Site.GetAsync("/api/v1/search?q=" + new string('a', 201))).Code.ShouldBe("searchTooLong");

    private static IEnumerable<string> Numbers(string html) => Number().Matches(html).Select(match => match.Groups[1].Value);

    [GeneratedRegex("<a href=\"/../reports/(\\d{4}-\\d{6})\"")]
    private static partial Regex Number();

    [GeneratedRegex("href=\"([^\"]*cursor=[^\"]*)\"")]
    private static partial Regex NextLink();
}
