using System.Net;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

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

    [Fact]
    public async Task An_installation_says_how_many_are_sent()
    {
        await using var site = await TestSite.NewAsync(settings: [(Limits.SendPerHour, "2"), (Limits.SendPerDay, "4"), (Limits.ActPerHour, "1")]);
        await TwoTowns.FoundAsync(site);
        async Task<HttpStatusCode> SendAsync() => (await site.PostAsync("/api/v1/reports", ReportCalls.Hole().ToJsonString())).Status;
        HttpStatusCode[] hour = [await SendAsync(), await SendAsync(), await SendAsync()];
        hour.ShouldBe([HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.TooManyRequests]);
        site.Clock.Advance(TimeSpan.FromHours(1));
        HttpStatusCode[] day = [await SendAsync(), await SendAsync()];
        day.ShouldBe([HttpStatusCode.Created, HttpStatusCode.TooManyRequests]);
        (await site.PostAsync("/api/v1/reports/2020-000001/support", "{}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await site.PostAsync("/api/v1/reports/2020-000001/support", "{}")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_report_that_is_sent_again_is_answered_when_the_quota_is_spent_and_is_not_counted(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind, settings: [(Limits.SendPerHour, "2")]);
        await TwoTowns.FoundAsync(site);
        var report = ReportCalls.Hole().With("clientId", "018f3c1e-6d2a-7b57-9c39-0f1e2d3c4b5a");
        Task<Answered> SendAsync(string json) => site.PostAsync("/api/v1/reports", json, headers: ("Zinneke-Device", "a telephone"));
        var first = await SendAsync(report.ToJsonString());
        first.Status.ShouldBe(HttpStatusCode.Created, first.ToString());
        for (var i = 0; i < 4; i++)
        {
            (await SendAsync(report.ToJsonString())).Status.ShouldBe(HttpStatusCode.OK);
        }
        (await SendAsync(ReportCalls.Hole().ToJsonString())).Status.ShouldBe(HttpStatusCode.Created, "the second that is new");
        var refused = await SendAsync(ReportCalls.Hole().ToJsonString());
        (refused.Status, refused.Headers.Contains("Retry-After")).ShouldBe((HttpStatusCode.TooManyRequests, true));
        (await SendAsync(report.With("description", "Autre chose").ToJsonString())).Status.ShouldBe(HttpStatusCode.TooManyRequests, "other words are not that report");
        var again = await SendAsync(ReportCalls.Hole().With("clientId", "018f3c1e-6d2a-7b57-9c39-0f1e2d3c4b5a").ToJsonString());
        (again.Status, again.Headers.GetValues("Idempotent-Replay").Single(), again.Headers.Contains("Retry-After")).ShouldBe((HttpStatusCode.OK, "true", false));
        again.Json.GetProperty("id").GetString().ShouldBe(first.Json.GetProperty("id").GetString());
        await using var store = site.Get<Database>().Open();
        (await store.Set<Report>().CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Who_works_on_reports_is_not_counted()
    {
        await using var site = await TestSite.NewAsync(settings: [(Limits.ActPerHour, "1"), (Limits.PhotosPerHour, "1")]);
        var city = await DeskCity.FoundAsync(site.Services);
        var crew = new Visitor(site.Client, await city.SignInAsync("crew", DeskCity.West));
        for (var i = 0; i < 3; i++)
        {
            var done = await crew.PostFilesAsync($"/api/v1/reports/{await city.FileAsync()}/actions/resolve", [("action", "{}")], ("photo", "after.jpg", Pictures.Jpeg(64, 48)));
            done.Status.ShouldBe(HttpStatusCode.OK, done.Html);
        }
    }

    [Fact]
    public async Task A_device_has_the_same_limit_whatever_its_address()
    {
        await using var site = await TestSite.NewAsync(settings: (KernelSettings.Proxies, "127.0.0.1"));
        await TwoTowns.FoundAsync(site);
        Task<Answered> SendAsync(int address, string? device) => site.PostAsync("/api/v1/reports", ReportCalls.Hole().ToJsonString(), null, "fr",
            [("X-Forwarded-For", $"192.0.2.{address}"), .. device is null ? [] : new[] { ("Zinneke-Device", device) }]);
        for (var i = 1; i <= AnHour; i++)
        {
            (await SendAsync(i, "a telephone")).Status.ShouldBe(HttpStatusCode.Created);
        }
        var refused = await SendAsync(AnHour + 1, "a telephone");
        (refused.Status, refused.Code).ShouldBe((HttpStatusCode.TooManyRequests, "tooMany"));
        (await SendAsync(AnHour + 2, "another one")).Status.ShouldBe(HttpStatusCode.Created);
        (await SendAsync(AnHour + 3, null)).Status.ShouldBe(HttpStatusCode.Created);
        (await SendAsync(AnHour + 4, new string('x', 201))).Status.ShouldBe(HttpStatusCode.Created, "what is no name is counted by its address");
    }

    [Fact]
    public async Task A_browser_gets_its_number_with_a_report_and_keeps_it()
    {
        await using var site = await TestSite.NewAsync(settings: (KernelSettings.Proxies, "127.0.0.1"));
        await TwoTowns.FoundAsync(site);
        async Task<(HttpStatusCode Status, string? Cookie)> SendAsync(int address, string? cookie)
        {
            var send = await AtSendAsync(site, "fr");
            using var request = new HttpRequestMessage(HttpMethod.Post, "/fr/reports/new") { Content = new FormUrlEncodedContent([new("state", send.Hidden("state")), new("step", "send")]) };
            request.Headers.Add("X-Forwarded-For", $"192.0.2.{address}");
            if (cookie is not null)
            {
                request.Headers.Add("Cookie", cookie.Split(';')[0]);
            }
            using var answer = await site.Client.SendAsync(request);
            return (answer.StatusCode, answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.Single() : null);
        }
        (await site.GetAsync("/fr/reports/new")).Headers.Contains("Set-Cookie").ShouldBeFalse("looking gives no number");
        var (status, cookie) = await SendAsync(1, null);
        status.ShouldBe(HttpStatusCode.SeeOther);
        cookie.ShouldNotBeNull();
        cookie.ShouldStartWith("zinneke-device=");
        foreach (var part in (string[])["max-age=2592000", "path=/", "samesite=lax", "httponly"])
        {
            cookie.ShouldContain(part);
        }
        for (var i = 2; i <= AnHour + 1; i++)
        {
            (await SendAsync(i, cookie)).ShouldBe((HttpStatusCode.SeeOther, null), "it keeps its number");
        }
        (await SendAsync(AnHour + 2, cookie)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    private static async Task<PlainForm> AtSendAsync(TestSite site, string language)
    {
        var where = await PlainForm.OpenAsync(site, $"/{language}/reports/new?category=road-hole");
        var send = await (await where.GoOnAsync(site, language, ("lon", "4.32"), ("lat", "50.85"))).GoOnAsync(site, language, ("description", "Profond"));
        send.Hidden("step").ShouldBe("send");
        return send;
    }
}
