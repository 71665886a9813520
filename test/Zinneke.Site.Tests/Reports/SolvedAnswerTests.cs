using System.Net;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>"Is it really solved?" has three answers, for the reporter and for whoever comes by the link of the mail about it (R12).</summary>
public class SolvedAnswerTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task The_reporter_says_partly_in_words_no_with_a_reason_and_yes_at_last(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind);
        var city = await DeskCity.FoundAsync(site.Services);
        var (ada, officer) = (new Visitor(site.Client, null), await city.CallerAsync("agent", DeskCity.West));
        var sent = await site.FileAsync(ReportCalls.Hole().With("contact", new System.Text.Json.Nodes.JsonObject { ["email"] = "ada@example.org" }));
        var (number, token) = (sent.GetProperty("number").GetString()!, sent.GetProperty("trackToken").GetString()!);
        foreach (var (answer, reason, field) in ((string, string, string)[])[("partly", "", "text"), ("no", "", "reason"), ("", "", "answer")])
        {
            await SolveAsync(city, number, officer);
            var page = $"/fr/reports/{number}";
            (await ada.GetAsync($"{page}?t={token}")).Html.ShouldContain("name=\"answer\"");
            var version = await VersionAsync(site, number);
            var refused = await ada.PostAsync(page, ("do", "answer"), ("t", token), ("version", version), ("answer", answer), ("reason", reason), ("text", ""));
            (refused.Status, refused.Html.Contains($"href=\"#f-answer-{field}", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.UnprocessableEntity, true), field);
            var (said, why, words, state, kept) = answer switch
            {
                "partly" => ("partly", "", "Il manque une dalle", ReportState.Assigned, "badlySolved"),
                "no" => ("no", "cameBack", "", ReportState.Assigned, "cameBack"),
                _ => ("yes", "", "", ReportState.Closed, null),
            };
            (await ada.PostAsync(page, ("do", "answer"), ("t", token), ("version", version), ("answer", said), ("reason", why), ("text", words))).Status.ShouldBe(HttpStatusCode.SeeOther);
            var detail = await DetailAsync(site, number);
            (detail.Report.State, detail.Entries[^1].Reason, detail.Entries[^1].Text.In("fr")).ShouldBe((state, kept, words));
        }
    }

    [Fact]
    public async Task A_supporter_is_known_by_the_mail_and_says_yes_once_or_no()
    {
        await using var site = await TestSite.NewAsync();
        var city = await DeskCity.FoundAsync(site.Services);
        var (bob, officer) = (new Visitor(site.Client, null), await city.CallerAsync("agent", DeskCity.West));
        var number = (await site.FileAsync(ReportCalls.Hole())).GetProperty("number").GetString()!;
        (await bob.PostAsync($"/nl/reports/{number}", ("do", "follow"), ("email", "bob@example.org"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var confirm = (await Letters.WaitAsync(site, "bob@example.org", one => one.Raw.Contains("/reports/follow/confirm", StringComparison.Ordinal))).Link("/reports/follow/confirm");
        (await bob.PostAsync("/nl/reports/follow/confirm", ("t", confirm[(confirm.IndexOf("t=", StringComparison.Ordinal) + 2)..]))).Status.ShouldBe(HttpStatusCode.SeeOther);
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        await SolveAsync(city, number, officer);
        var letter = await Letters.WaitAsync(site, "bob@example.org", one => one.Mail.Text.Contains($"/nl/reports/{number}?t=", StringComparison.Ordinal));
        letter.Mail.Text.ShouldContain(site.Get<Words>().In("nl", "reports.mail.notSolved"));
        var link = letter.Link($"/nl/reports/{number}");
        var token = link[(link.IndexOf("t=", StringComparison.Ordinal) + 2)..];
        (await bob.GetAsync($"/nl/reports/{number}")).Html.ShouldNotContain("name=\"answer\"", Case.Sensitive, "nobody is known there");
        (await bob.GetAsync(link)).Html.ShouldContain("name=\"answer\"");
        (await bob.PostAsync($"/nl/reports/{number}", ("do", "answer"), ("answer", "yes"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "nobody is known by nothing");
        (await bob.PostAsync($"/nl/reports/{number}", ("do", "answer"), ("t", token), ("answer", "yes"), ("version", "1"))).Status.ShouldBe(HttpStatusCode.Conflict, "it has changed since");
        var seen = await VersionAsync(site, number);
        for (var again = 0; again < 2; again++)
        {
            var done = await bob.PostAsync($"/nl/reports/{number}", ("do", "answer"), ("t", token), ("answer", "yes"), ("version", seen));
            (done.Status, done.To).ShouldBe((HttpStatusCode.SeeOther, $"/nl/reports/{number}?t={Uri.EscapeDataString(token)}"));
        }
        var agreed = await DetailAsync(site, number);
        (agreed.Report.State, agreed.Entries.Count(entry => entry.Action == "agree")).ShouldBe((ReportState.Resolved, 1));
        (await bob.GetAsync(link)).Html.ShouldNotContain("name=\"answer\"");

        (await bob.PostAsync($"/nl/reports/{number}", ("do", "answer"), ("t", token), ("version", await VersionAsync(site, number)), ("answer", "no"), ("reason", "notSolved"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await DetailAsync(site, number)).Report.State.ShouldBe(ReportState.Assigned);
        (await bob.PostAsync($"/nl/reports/{number}", ("do", "answer"), ("t", token), ("answer", "yes"), ("version", seen))).Status.ShouldBe(HttpStatusCode.Conflict);
        (await bob.PostAsync($"/nl/reports/{number}", ("do", "answer"), ("t", token), ("answer", "yes"), ("version", await VersionAsync(site, number)))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var open = await DetailAsync(site, number);
        (open.Report.State, open.Entries.Count(entry => entry.Action == "agree")).ShouldBe((ReportState.Assigned, 1), "what is open again is not agreed to");
    }

    private static Task SolveAsync(DeskCity city, string number, Caller officer) => city.ActAsync(number, "resolve", officer, new ActionRequest { Text = Text.Of("fr", "Réparé") });

    private static async Task<ReportDetail> DetailAsync(TestSite site, string number)
    {
        await using var store = site.Get<Database>().Open();
        return (await new ReadReport(store).DetailAsync(number, default))!;
    }

    private static async Task<string> VersionAsync(TestSite site, string number) => (await DetailAsync(site, number)).Report.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
