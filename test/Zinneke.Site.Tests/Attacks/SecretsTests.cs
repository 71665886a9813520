using System.Net;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Site.Tests.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Attacks;

/// <summary>Secrets used for what they were not made for: drafts, private links, links to reply, and forms that were left open too long.</summary>
public class SecretsTests(DeskSite desk) : IClassFixture<DeskSite>
{
    private readonly TestSite site = desk.Site;

    [Fact]
    public async Task A_draft_is_believed_only_as_it_was_signed_here_for_this_and_lately()
    {
        var details = await AtDetailsAsync();
        var state = details.Hidden("state");
        var pace = site.Get<Mails>().PaceToken("ada@example.org", new Subject("report", Guid.Empty));
        foreach (var forged in (string[])[state[..^1], state + "A", "A" + state[1..], string.Concat(state.Reverse()), pace, "", new string('A', 60_000), "{\"report\":{\"category\":\"road-hole\"}}"])
        {
            var answer = await details.GoOnAsync(site, "fr", ("state", forged), ("description", "Trou"));
            answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, forged[..Math.Min(forged.Length, 40)]);
            answer.Hidden("step").ShouldBe("where", "nothing of it is believed: one begins anew");
        }
        site.Clock.Advance(TimeSpan.FromHours(25));
        var late = await details.GoOnAsync(site, "fr", ("description", "Trou"));
        late.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        late.Hidden("step").ShouldBe("where");
        late.Html.ShouldContain("role=\"alert\"");
    }

    [Fact]
    public async Task Nobody_chooses_what_only_we_know_of_a_draft()
    {
        var before = (await site.CountsAsync())["reports_reports"];
        var details = await AtDetailsAsync();
        var send = await details.GoOnAsync(site, "fr", ("description", "Trou"), ("id", Guid.NewGuid().ToString()), ("number", "2026-000001"), ("holder", "east"), ("body", "east"), ("photos", Guid.NewGuid().ToString()), ("channel", "phone"));
        var sent = await send.GoOnAsync(site, "fr", ("holder", "east"), ("priority", "high"), ("visibility", "private"), ("state.holder", "east"));
        sent.Status.ShouldBe(HttpStatusCode.SeeOther);
        var json = (await site.GetAsync("/api/v1/reports/" + sent.Location!.ToString().Split('/', '?')[3])).Json;
        json.GetProperty("body").GetProperty("id").GetString().ShouldBe(DeskCity.West);
        (await site.CountsAsync())["reports_reports"].ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_private_link_opens_its_own_report_alone()
    {
        var (mine, other) = (await site.FileAsync(Contactable("ada@example.org")), await site.FileAsync(Contactable("eve@example.org")));
        var (number, token) = (other.GetProperty("number").GetString(), mine.GetProperty("trackToken").GetString()!);
        var before = await site.CountsAsync();
        foreach (var forged in (string[])[token, token[..^1], other.GetProperty("trackToken").GetString()![..^2] + "AA", site.Get<ReplyLink>().PathOf(Report(number!), DeskCity.West, "accept", "fr").Split("t=")[1]])
        {
            (await PlainForm.OpenAsync(site, $"/fr/reports/{number}?t={Uri.EscapeDataString(forged)}")).Words.ShouldNotContain(site.Get<Words>().In("fr", "reports.own.title"));
            foreach (var does in (string[])["withdraw", "comment", "erase", "confirm"])
            {
                var answer = await PlainForm.PostAsync(site, $"/fr/reports/{number}", null, [], [("do", does), ("t", forged), ("text", "x")]);
                ((int)answer.Status).ShouldBeInRange(400, 499, does);
            }
        }
        (await site.CountsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_link_to_reply_works_for_its_body_its_report_and_its_actions()
    {
        var (mine, other) = (await desk.City.FileAsync(), await desk.City.FileAsync());
        var token = site.Get<ReplyLink>().PathOf(Report(mine), DeskCity.West, "accept", "fr").Split("t=")[1];
        var before = await site.CountsAsync();
        foreach (var (number, body, does) in (ValueTuple<string, string, string>[])[(other, DeskCity.West, "accept"), (mine, DeskCity.East, "accept"), (mine, DeskCity.Region, "accept"), (mine, DeskCity.West, "hide"), (mine, DeskCity.West, "archive")])
        {
            (await PlainForm.OpenAsync(site, $"/fr/reports/{number}/reply?body={body}&do={does}&t={token}")).Status.ShouldBe(HttpStatusCode.NotFound);
            (await PlainForm.PostAsync(site, $"/fr/reports/{number}/reply", null, [], [("t", token), ("body", body), ("do", does), ("text", "x")])).Status.ShouldBe(HttpStatusCode.NotFound);
        }
        (await site.CountsAsync()).ShouldBe(before);
        (await PlainForm.PostAsync(site, $"/fr/reports/{mine}/reply", null, [], [("t", token), ("body", DeskCity.West), ("do", "accept"), ("version", "1")])).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    private static System.Text.Json.Nodes.JsonObject Contactable(string email) => ReportCalls.Hole(4.35).With("contact", new System.Text.Json.Nodes.JsonObject { ["email"] = email });

    private Report Report(string number)
    {
        using var store = site.Get<Database>().Open();
        return store.Set<Report>().Single(report => report.Number == number);
    }

    private async Task<PlainForm> AtDetailsAsync()
    {
        var where = await PlainForm.OpenAsync(site, "/fr/reports/new?category=road-hole");
        var details = await where.GoOnAsync(site, "fr", ("lon", "4.35"), ("lat", "50.85"));
        details.Hidden("step").ShouldBe("details", details.Words);
        return details;
    }
}
