using System.Net;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Reports;

/// <summary>How many reports one resident may send: the form and the API count together (reports.md 5.4).</summary>
public class SendingLimitTests
{
    private const int AnHour = 20;

    [Theory]
    [InlineData("fr")]
    [InlineData("nl")]
    [InlineData("en")]
    [InlineData("de")]
    public async Task The_form_sends_as_many_as_the_api_and_both_together(string language)
    {
        await using var site = await TestSite.NewAsync();
        await TwoTowns.FoundAsync(site);
        for (var i = 0; i < AnHour - 1; i++)
        {
            await site.FileAsync(ReportCalls.Hole());
        }
        (await (await AtSendAsync(site, language)).GoOnAsync(site, language)).Status.ShouldBe(HttpStatusCode.SeeOther);

        var send = await AtSendAsync(site, language);
        var before = await site.CountsAsync();
        var refused = await send.GoOnAsync(site, language, ("contact.email", "resident@example.org"));
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Words.ShouldContain(site.Get<Words>().In(language, "kernel.refusal.tooMany", "60 min"));
        refused.Words.ShouldContain("Profond");
        refused.Html.ShouldContain("value=\"resident@example.org\"");
        (await site.PostAsync("/api/v1/reports", ReportCalls.Hole().ToJsonString())).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await site.CountsAsync()).ShouldBe(before);

        site.Clock.Advance(TimeSpan.FromHours(1));
        (await refused.GoOnAsync(site, language)).Status.ShouldBe(HttpStatusCode.SeeOther, "nothing typed is lost");
    }

    private static async Task<PlainForm> AtSendAsync(TestSite site, string language)
    {
        var where = await PlainForm.OpenAsync(site, $"/{language}/reports/new?category=road-hole");
        var send = await (await where.GoOnAsync(site, language, ("lon", "4.32"), ("lat", "50.85"))).GoOnAsync(site, language, ("description", "Profond"));
        send.Hidden("step").ShouldBe("send");
        return send;
    }
}
