using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>A body answers by the links of its mail, without an account and without JavaScript (R42).</summary>
public class ReplyPageTests(DeskSite desk) : IClassFixture<DeskSite>
{
    [Theory]
    [InlineData("accept", ReportState.Accepted, DeskCity.West)]
    [InlineData("plan", ReportState.Planned, DeskCity.West, "plannedFrom=2026-05-11", "plannedTo=2026-05-13", "text=Nous venons")]
    [InlineData("resolve", ReportState.Resolved, DeskCity.West, "text=C’est rebouché")]
    [InlineData("reject", ReportState.Assigned, DeskCity.Water, "reason=notOurTask", "to=water", "text=C’est une conduite")]
    [InlineData("transfer", ReportState.Assigned, DeskCity.East, "reason=wrongPlace", "to=east")]
    [InlineData("decline", ReportState.Declined, DeskCity.West, "reason=outOfScope", "text=Non")]
    public async Task Every_answer_of_the_mail_is_one_form_and_one_button(string action, ReportState state, string holder, params string[] typed)
    {
        var number = await desk.City.FileAsync();
        var resident = new Visitor(desk.Site.Client, null);
        var link = await LinkAsync(number, action);
        var (status, html, _) = await resident.GetAsync(link);
        status.ShouldBe(HttpStatusCode.OK);
        (await ReadAsync(number)).State.ShouldBe(ReportState.Assigned, "opening changes nothing: programs open links too");
        foreach (var field in typed)
        {
            html.ShouldContain($"name=\"{field.Split('=')[0]}\"");
        }
        if (typed.Length > 0)
        {
            var empty = await resident.PostAsync(link.Split('?')[0], Fields(html, action));
            empty.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            empty.Html.ShouldContain("role=\"alert\"");
            (await ReadAsync(number)).Version.ShouldBe(1, "what was refused did nothing");
        }
        if (action == "plan")
        {
            foreach (var fault in new (string, string)[][] { [("plannedFrom", "0001-01-01")], [("plannedFrom", "9999-12-31")], [("plannedFrom", "2026-05-11"), ("text", new string('x', 4001))] })
            {
                (await resident.PostAsync(link.Split('?')[0], [.. Fields(html, action), .. fault])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            }
            (await ReadAsync(number)).Version.ShouldBe(1, "nor was it accepted");
        }
        var done = await resident.PostAsync(link.Split('?')[0], [.. Fields(html, action), .. typed.Select(field => (field.Split('=')[0], field.Split('=')[1]))]);
        (done.Status, done.To).ShouldBe((HttpStatusCode.SeeOther, $"/fr/reports/{number}"));
        var report = await ReadAsync(number);
        (report.State, report.Holder).ShouldBe((state, holder));
        if (action == "plan")
        {
            (await resident.GetAsync($"/en/reports/{number}")).Html.ShouldContain("Town of West has planned the work between Monday 11 May and Wednesday 13 May");
            var officer = await (await desk.SignInAsync("agent", DeskCity.West)).GetAsync($"/en/desk/reports/{number}");
            officer.Html.ShouldContain("Work planned");
            officer.Html.ShouldContain("With Town of West since");
        }
    }

    [Fact]
    public async Task What_was_done_meanwhile_is_no_surprise()
    {
        var number = await desk.City.FileAsync();
        var resident = new Visitor(desk.Site.Client, null);
        var (accept, decline) = (await LinkAsync(number, "accept"), await LinkAsync(number, "decline"));
        var html = (await resident.GetAsync(decline)).Html;
        await desk.City.ActAsync(number, "accept", await desk.City.CallerAsync("agent", DeskCity.West));
        var stale = await resident.PostAsync(decline.Split('?')[0], [.. Fields(html, "decline"), ("reason", "outOfScope"), ("text", "Hors de propos")]);
        stale.Status.ShouldBe(HttpStatusCode.Conflict);
        stale.Html.ShouldContain("Hors de propos", customMessage: "the form comes back as it was filled");
        var closed = (await resident.GetAsync(accept)).Html;
        closed.ShouldContain("Ce n’est pas possible maintenant");
        closed.ShouldContain("&do=plan&");
        closed.ShouldNotContain("&do=reject&");
        (await resident.PostAsync(decline.Split('?')[0], [.. Fields(stale.Html, "decline"), ("reason", "outOfScope"), ("text", "Hors de propos")])).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    private static (string, string)[] Fields(string html, string action) =>
        [.. Regex.Matches(html, "<input type=\"hidden\" name=\"(t|body|version)\" value=\"([^\"]*)\"").Select(match => (match.Groups[1].Value, match.Groups[2].Value)), ("do", action)];

    private async Task<string> LinkAsync(string number, string action) => desk.Site.Get<ReplyLink>().PathOf(await ReadAsync(number), DeskCity.West, action, "fr");

    private async Task<Report> ReadAsync(string number)
    {
        await using var store = desk.Site.Get<Database>().Open();
        return await store.Set<Report>().AsNoTracking().SingleAsync(report => report.Number == number);
    }
}
