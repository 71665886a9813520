using System.Net;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Blocked senders over HTTP: plain forms at the desk, and what a blocked sender is told by form and by API.</summary>
public class BlockPageTests(DeskSite desk) : IClassFixture<DeskSite>
{
    [Theory]
    [InlineData("fr")]
    [InlineData("nl")]
    [InlineData("en")]
    [InlineData("de")]
    public async Task Staff_block_a_sender_by_a_plain_form_who_is_told_why_everywhere(string language)
    {
        var (site, device, words) = (desk.Site, $"telephone-{language}", desk.Site.Get<Words>());
        Task<Answered> CallAsync(string path, string json, params (string, string)[] headers) => site.PostAsync(path, json, null, language, [("Zinneke-Device", device), .. headers]);
        var sent = await CallAsync("/api/v1/reports", ReportCalls.Hole(4.35).ToJsonString());
        var (number, token) = (sent.Json.GetProperty("number").GetString()!, sent.Json.GetProperty("trackToken").GetString()!);
        var agent = await desk.SignInAsync("agent", DeskCity.West);
        var path = $"/{language}/desk/reports/{number}";
        (await agent.GetAsync(path)).Html.ShouldContain(words.In(language, "reports.block.form"));
        var refused = await agent.PostAsync($"{path}/blocks", ("by", "device"));
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Html.ShouldContain(words.In(language, "reports.refusal.reasonNeeded"));
        (await agent.PostAsync($"{path}/blocks", ("by", "device"), ("reason", "abusive"))).To.ShouldBe(path);
        (await agent.GetAsync(path)).Html.ShouldContain(words.In(language, "reports.block.isBlocked"));
        await site.SettleAsync();

        var until = site.Get<Zinneke.Ui.Dates>().Short(site.Clock.GetUtcNow().AddDays(30).ToMicros());
        var says = words.In(language, "reports.refusal.blocked", until);
        foreach (var (call, json) in new[]
                 {
                     ("", ReportCalls.Hole(4.35).ToJsonString()), ($"/{number}/support", "{}"), ($"/{number}/flags", """{"what":"text","reason":"spam"}"""), ($"/{number}/actions/comment", """{"text":"Et alors ?"}"""),
                     ($"/{number}/actions/withdraw", """{"text":"Et alors ?"}"""),
                 })
        {
            var answer = await CallAsync("/api/v1/reports" + call, json, ("Zinneke-Track", token));
            (answer.Status, answer.Code).ShouldBe((HttpStatusCode.Forbidden, "blocked"), call);
            answer.Text.ShouldContain(until);
        }
        var cookie = $"zinneke-device={device}";
        foreach (var fields in new (string, string)[][] { [("do", "support")], [("do", "flag"), ("part", "text"), ("reason", "spam")], [("do", "comment"), ("text", "Et alors ?")] })
        {
            var page = await PlainForm.PostAsync(site, $"/{language}/reports/{number}", cookie, [], [("t", token), .. fields]);
            page.Status.ShouldBe(HttpStatusCode.Forbidden, fields[0].Item2);
            page.Words.ShouldContain(says);
        }
        var send = await AtSendAsync(site, language);
        var form = await PlainForm.PostAsync(site, $"/{language}/reports/new", cookie, [], [("state", send.Hidden("state")), ("step", "send")]);
        form.Status.ShouldBe(HttpStatusCode.Forbidden);
        form.Words.ShouldContain(says);
        form.Words.ShouldContain("Profond");
        (await PlainForm.PostAsync(site, $"/{language}/reports/new", "zinneke-device=another", [], [("state", send.Hidden("state")), ("step", "send")])).Status.ShouldBe(HttpStatusCode.SeeOther);
        var version = (await site.GetAsync($"/api/v1/reports/{number}")).Json.GetProperty("version").GetRawText();
        (await PlainForm.PostAsync(site, $"/{language}/reports/{number}", cookie, [], [("t", token), ("do", "withdraw"), ("version", version)])).Status.ShouldBe(HttpStatusCode.SeeOther, "the own report stays one's own");

        var blocks = await agent.GetAsync($"/{language}/desk/reports/blocks");
        blocks.Html.ShouldContain(number);
        var lift = blocks.Html[(blocks.Html.IndexOf("name=\"lift\" value=\"", StringComparison.Ordinal) + 19)..][..36];
        (await agent.PostAsync($"/{language}/desk/reports/blocks", ("lift", lift))).To.ShouldBe($"/{language}/desk/reports/blocks");
        (await agent.GetAsync($"/{language}/desk/reports/blocks")).Html.ShouldContain(words.In(language, "reports.block.none"));
        await site.SettleAsync();
        (await CallAsync("/api/v1/reports", ReportCalls.Hole(4.35).ToJsonString())).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_address_is_blocked_by_the_api_and_a_town_hall_behind_it_works_on()
    {
        await using var site = await TestSite.NewAsync(settings: (KernelSettings.Proxies, "127.0.0.1"));
        var city = await DeskCity.FoundAsync(site.Services);
        Task<Answered> SendAsync(int address, string? key = null) => site.PostAsync("/api/v1/reports", ReportCalls.Hole(4.35).ToJsonString(), key, "en", ("X-Forwarded-For", $"192.0.2.{address}"));
        async Task<string> KeyAsync(string scope) => (await site.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey(scope, [scope], null, null, null))).Value.Secret;
        var (staff, channel) = (await KeyAsync("reports:staff:west"), await KeyAsync("reports:write"));
        var number = (await SendAsync(1)).Json.GetProperty("number").GetString()!;
        (await site.PostAsync($"/api/v1/reports/{number}/blocks", """{"by":"address","reason":"spam"}""")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await site.PostAsync($"/api/v1/reports/{number}/blocks", """{"by":"device","reason":"spam"}""", staff)).Code.ShouldBe("unknownSender");
        var blocked = await site.PostAsync($"/api/v1/reports/{number}/blocks", """{"by":"address","reason":"spam"}""", staff);
        blocked.Status.ShouldBe(HttpStatusCode.OK, blocked.ToString());
        await site.SettleAsync();
        (await SendAsync(1)).Code.ShouldBe("blocked");
        (await SendAsync(2)).Status.ShouldBe(HttpStatusCode.Created);
        (await SendAsync(1, channel)).Status.ShouldBe(HttpStatusCode.Created);
        (await SendAsync(1, staff)).Status.ShouldBe(HttpStatusCode.Created);
        var listed = (await site.GetAsync("/api/v1/reports/blocks", staff)).Json.GetProperty("blocks")[0];
        listed.GetProperty("report").GetString().ShouldBe(number);
        (await site.PostAsync($"/api/v1/reports/blocks/{listed.GetProperty("id").GetString()}/lift", "{}", staff)).Status.ShouldBe(HttpStatusCode.OK);
        await site.SettleAsync();
        (await SendAsync(1)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Who_is_blocked_gets_the_answers_to_what_was_done_before()
    {
        await using var site = await TestSite.NewAsync();
        await DeskCity.FoundAsync(site.Services);
        var sent = (await site.FileAsync(ReportCalls.Hole(4.35))).GetProperty("number").GetString()!;
        var one = $"/api/v1/reports/{(await site.FileAsync(ReportCalls.Hole(4.36))).GetProperty("number").GetString()}";
        (string Path, string Json)[] calls = [("/support", "{}"), ("/flags", """{"what":"text","reason":"spam"}"""), ("/actions/reopen", """{"reason":"cameBack","text":"Encore là"}""")];
        var staff = await site.StaffKeyAsync("west");
        (await site.PostAsync(one + "/actions/resolve", """{"text":{"fr":"Fait"}}""", staff)).Status.ShouldBe(HttpStatusCode.OK);
        Task<Answered> CallAsync((string Path, string Json) call, string key) => site.PostAsync(one + call.Path, call.Json, null, "fr", ("Idempotency-Key", key));
        foreach (var call in calls)
        {
            (await CallAsync(call, "first")).Status.ShouldBe(HttpStatusCode.OK, call.Path);
        }
        var block = await site.PostAsync($"/api/v1/reports/{sent}/blocks", """{"by":"address","reason":"spam"}""", staff);
        block.Status.ShouldBe(HttpStatusCode.OK, block.ToString());
        await site.SettleAsync();
        foreach (var call in calls)
        {
            var again = await CallAsync(call, "first");
            (again.Status, again.Headers.Contains("Idempotent-Replay")).ShouldBe((HttpStatusCode.OK, true), call.Path);
            (await CallAsync(call, "second")).Code.ShouldBe("blocked");
        }
    }

    [Fact]
    public async Task The_number_that_a_browser_gets_with_its_first_report_is_the_device_of_that_report()
    {
        await using var site = await TestSite.NewAsync(settings: (FirstReports.Setting, "1"));
        var city = await DeskCity.FoundAsync(site.Services);
        async Task<string?> SendAsync(string? cookie)
        {
            var send = await AtSendAsync(site, "fr");
            using var request = new HttpRequestMessage(HttpMethod.Post, "/fr/reports/new") { Content = new FormUrlEncodedContent([new("state", send.Hidden("state")), new("step", "send")]) };
            request.Headers.Add("Cookie", cookie ?? "none=1");
            using var answer = await site.Client.SendAsync(request);
            return answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.Single().Split(';')[0] : null;
        }
        var cookie = await SendAsync(null);
        await SendAsync(cookie);
        await SendAsync(null);
        using var store = site.Get<Database>().Open();
        store.Set<Report>().OrderBy(report => report.Number).Select(report => report.FlaggedAt != null).ToList().ShouldBe([true, false, true]);
        store.Set<ReportSender>().Select(sender => sender.Device).ToList().Distinct().Count().ShouldBe(2);
        (await new Visitor(site.Client, await city.SignInAsync("agent", DeskCity.West)).GetAsync($"/fr/desk/reports/{store.Set<Report>().Min(report => report.Number)}")).Html
            .ShouldContain(site.Get<Words>().In("fr", "reports.flag.reason.first"));
    }

    private static async Task<PlainForm> AtSendAsync(TestSite site, string language)
    {
        var where = await PlainForm.OpenAsync(site, $"/{language}/reports/new?category=road-hole");
        return await (await where.GoOnAsync(site, language, ("lon", "4.35"), ("lat", "50.85"))).GoOnAsync(site, language, ("description", "Profond"));
    }
}
