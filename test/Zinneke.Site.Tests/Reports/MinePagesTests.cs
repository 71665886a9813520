using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Zinneke.Site.Tests.Reports;

/// <summary>One's own reports by a mailed link, without JavaScript and without an account (R14).</summary>
[Collection(TwoTowns.Collection)]
public class MinePagesTests(TwoTowns towns)
{
    private readonly TestSite site = towns.Site;

    [Theory]
    [InlineData("fr")]
    [InlineData("de")]
    public async Task A_mailed_link_opens_the_list_the_data_and_their_erasure(string language)
    {
        var (visitor, email) = (new Visitor(site.Client, null), $"own-{language}@example.org");
        var filed = await site.FileAsync(ReportCalls.Hole().With("contact", new JsonObject { ["email"] = email }));
        var number = filed.GetProperty("number").GetString()!;
        var (known, unknown) = (await visitor.PostAsync($"/{language}/reports/mine", ("email", email)), await visitor.PostAsync($"/{language}/reports/mine", ("email", $"stranger-{language}@example.org")));
        known.ShouldBe(unknown, "whether an address is known is not told");
        (known.Status, known.To).ShouldBe((HttpStatusCode.SeeOther, $"/{language}/reports/mine?done=asked"));
        (await visitor.PostAsync($"/{language}/reports/mine", ("email", "nobody"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        var link = (await Letters.WaitAsync(site, email, letter => letter.Raw.Contains("/reports/mine/link", StringComparison.Ordinal))).Link("/reports/mine/link");
        (await visitor.GetAsync(link)).Html.ShouldContain(email);
        var opened = await visitor.PostAsync($"/{language}/reports/mine/link", ("t", link[(link.IndexOf("t=", StringComparison.Ordinal) + 2)..]));
        opened.Status.ShouldBe(HttpStatusCode.SeeOther);
        (await visitor.GetAsync(link)).Status.ShouldBe(HttpStatusCode.Gone, "once");
        var list = (await visitor.GetAsync(opened.To!)).Html;
        list.ShouldContain($"/{language}/reports/{number}?t=");

        var query = opened.To![opened.To!.IndexOf('?')..];
        var data = JsonDocument.Parse(await site.Client.GetStringAsync($"/{language}/reports/mine.json{query}")).RootElement;
        data.GetProperty("reports.contact")[0].GetProperty("report").GetString().ShouldBe(number);
        (await site.Client.GetAsync($"/{language}/reports/mine.json")).StatusCode.ShouldBe(HttpStatusCode.Gone);

        var token = query["?t=".Length..];
        (await visitor.GetAsync($"/{language}/reports/mine/erase{query}")).Html.ShouldContain("name=\"sure\"");
        (await visitor.PostAsync($"/{language}/reports/mine/erase", ("t", token))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var erased = await visitor.PostAsync($"/{language}/reports/mine/erase", ("t", token), ("sure", "true"));
        (await visitor.GetAsync(erased.To!)).Html.ShouldNotContain(number);
        (await visitor.GetAsync($"/{language}/reports/{number}")).Status.ShouldBe(HttpStatusCode.OK, "the report stays");
        (await visitor.GetAsync($"/{language}/reports/mine?t=forged")).Status.ShouldBe(HttpStatusCode.Gone);
        (await visitor.PostAsync($"/{language}/reports/mine/erase", ("t", "forged"), ("sure", "true"))).Status.ShouldBe(HttpStatusCode.Gone);
    }
}
