using System.Net;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>The private links of reports tell their secret to nobody (kernel.md K43), and the forms behind them work in browsers that know no Sec-Fetch-Site.</summary>
[Collection(TwoTowns.Collection)]
public class PrivateLinkTests(TwoTowns towns)
{
    private readonly TestSite site = towns.Site;

    [Fact]
    public async Task A_page_behind_a_private_link_sends_its_address_nowhere_and_its_form_comes_back()
    {
        var filed = await site.FileAsync(ReportCalls.Hole());
        var (id, number, token) = (filed.GetProperty("id").GetGuid(), filed.GetProperty("number").GetString()!, filed.GetProperty("trackToken").GetString()!);
        await using var store = site.Get<Database>().Open();
        var report = (await ReadReport.FindAsync(store, id.ToString(), tracked: false, default))!;
        var reply = site.Get<ReplyLink>().PathOf(report, "west", "accept", "fr");
        foreach (var path in (string[])[$"/fr/reports/{number}?t={token}", reply])
        {
            using var page = await site.Client.GetAsync(path);
            page.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            page.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"], path);
            (await page.Content.ReadAsStringAsync()).ShouldNotContain("referrerpolicy", Case.Insensitive, path);
        }

        var secret = reply[(reply.LastIndexOf("t=", StringComparison.Ordinal) + 2)..];
        (await PostAsync($"/fr/reports/{number}/reply", "null", ("body", "west"), ("do", "accept"), ("t", secret))).ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync($"/fr/reports/{number}/reply", Origin, ("body", "west"), ("do", "accept"), ("version", "1"), ("t", secret))).ShouldBe(HttpStatusCode.SeeOther);
        (await PostAsync($"/fr/reports/{number}", Origin, ("do", "comment"), ("text", "Toujours là"), ("t", token))).ShouldBe(HttpStatusCode.SeeOther);
    }

    private string Origin => site.Address.GetLeftPart(UriPartial.Authority);

    private async Task<HttpStatusCode> PostAsync(string path, string origin, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))) };
        request.Headers.Add("Origin", origin);
        using var answer = await site.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
