using System.Text.Json.Nodes;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Site.Tests.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Attacks;

/// <summary>Markup, scripts and line ends in everything that people may write: pages, mails and answers show them as the words they are.</summary>
public class MarkupTests(DeskSite desk) : IClassFixture<DeskSite>
{
    /// <summary>Breaks out of text, of an attribute in either quotes, of a script, of a comment and of a template.</summary>
    private const string Evil = "\"'><xss onclick=\"x()\">--></script><script>xss()</script>{{7*7}}&lt;xss>";

    /// <summary>What a page holds only when a browser would take it for markup.</summary>
    private static readonly string[] Markup = ["<xss", "<script>xss", "\"x()\">--", "{{49", "49}}"];

    private readonly TestSite site = desk.Site;

    [Fact]
    public async Task Whatever_people_write_stays_words()
    {
        var filed = await site.FileAsync(ReportCalls.Hole(4.35).With("description", Evil).With("address", Evil).With("subscribe", true)
            .With("contact", new JsonObject { ["email"] = "ada@example.org", ["name"] = Evil, ["phone"] = "+32 2 000 00 00" }));
        var (number, token) = (filed.GetProperty("number").GetString()!, filed.GetProperty("trackToken").GetString()!);
        var agent = await desk.City.CallerAsync("agent", DeskCity.West, name: "writer");
        var session = await desk.City.SignInAsync("agent", DeskCity.West, name: "writer");
        var said = new Text(Languages.All.Select(language => KeyValuePair.Create(language, Evil)));
        await desk.City.ActAsync(number, "register", agent, new ActionRequest { Reference = Evil });
        await desk.City.ActAsync(number, "note", agent, new ActionRequest { Text = said });
        await desk.City.ActAsync(number, "resolve", agent, new ActionRequest { Text = said });
        var officer = new Visitor(site.Client, session);
        (await officer.PostAsync("/fr/account", ("name", Evil), ("language", "fr"))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        (await officer.PostAsync("/fr/desk/reports/filters", ("name", Evil[..30]), ("query", "?text=" + Evil))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        await site.SettleAsync();

        var echoed = Uri.EscapeDataString(Evil);
        foreach (var path in (string[])
                 [
                     $"/fr/reports/{number}", $"/fr/reports/{number}?t={token}", $"/nl/reports/{number}", "/fr/", "/fr/reports", $"/fr/reports?text={echoed}", $"/fr/reports?category={echoed}", $"/fr/reports?area={echoed}",
                     $"/fr/search?q={echoed}", $"/fr/search?q=xss&kind={echoed}", "/fr/search?q=xss+onclick&kind=report", $"/fr/reports/new?q={echoed}", $"/fr/reports/new?category={echoed}", $"/fr/sign-in?return={echoed}", $"/fr/{echoed}", $"/fr/reports/{echoed}", $"/fr/mail?t={echoed}", $"/fr/style?theme={echoed}",
                     $"/fr/desk/reports/{number}", "/fr/desk/reports?state=all", $"/fr/desk/reports?text={echoed}&category={echoed}&sort={echoed}&state={echoed}", "/fr/account", $"/fr/account?done={echoed}",
                     $"/map.svg?frame={echoed}", $"/map.svg?frame=4.35,50.85,12,320,320&layers={echoed}", $"/map.svg?frame=4.35,50.85,12,320,320&layers=areas,reports&pin={echoed}&lang={echoed}",
                 ])
        {
            await ShowsWordsAsync(path, session);
        }
        foreach (var path in (string[])[$"/api/v1/reports/{number}", $"/api/v1/reports?text={echoed}", $"/api/v1/search?q={echoed}", $"/api/v1/reports/{echoed}", "/api/v1/reports?bbox=4.2,50.7,4.6,51", $"/api/v1/reports?bbox={echoed}"])
        {
            using var answer = await AskAsync(path, session);
            answer.Content.Headers.ContentType!.MediaType!.ShouldEndWith("json", customMessage: path);
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        }
        await LettersAreCleanAsync();
    }

    [Fact]
    public async Task A_form_that_was_refused_shows_words_again_as_words()
    {
        foreach (var step in (string[])["where", "what", "details", "send"])
        {
            var again = await PlainForm.PostAsync(site, "/fr/reports/new", null, [], [("step", step), ("state", Evil), ("q", Evil), ("address", Evil), ("category", Evil), ("description", Evil), ("contact.email", Evil), ("find", "1"), ("frame", Evil)]);
            Markup.ShouldAllBe(markup => !again.Html.Contains(markup, StringComparison.Ordinal), step);
        }
        var signIn = await PlainForm.PostAsync(site, "/fr/sign-in", null, [], [("email", Evil), ("return", Evil), ("next", Evil)]);
        Markup.ShouldAllBe(markup => !signIn.Html.Contains(markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Line_ends_in_a_name_write_no_head_of_a_mail()
    {
        await site.FileAsync(ReportCalls.Hole(4.35).With("description", "x\r\nBcc: all@example.org").With("contact", new JsonObject { ["email"] = "grace@example.org", ["name"] = "Grace\r\nBcc: all@example.org\r\n\r\nbody" }));
        var letter = await Letters.WaitAsync(site, "grace@example.org", _ => true);
        var heads = letter.Raw[..letter.Raw.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        heads.ShouldNotContain("Bcc", Case.Insensitive);
        heads.ShouldNotContain("all@example.org");
    }

    private async Task ShowsWordsAsync(string path, string session)
    {
        foreach (var who in (string?[])[null, session])
        {
            using var answer = await AskAsync(path, who);
            var html = await answer.Content.ReadAsStringAsync();
            Markup.ShouldAllBe(markup => !html.Contains(markup, StringComparison.OrdinalIgnoreCase), path);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        }
    }

    private async Task LettersAreCleanAsync()
    {
        await Letters.WaitAsync(site, "ada@example.org", letter => letter.Raw.Contains("resolved", StringComparison.OrdinalIgnoreCase) || Letters.To(site, "ada@example.org").Count >= 2);
        foreach (var letter in Letters.To(site, "@"))
        {
            var html = letter.Raw[Math.Max(letter.Raw.IndexOf("Content-Type: text/html", StringComparison.Ordinal), 0)..];
            html.ShouldStartWith("Content-Type: text/html");
            Markup.ShouldAllBe(markup => !html.Contains(markup, StringComparison.OrdinalIgnoreCase), letter.Mail.Subject);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(string path, string? session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(path.StartsWith("/api", StringComparison.Ordinal) ? "application/json" : "text/html");
        if (session is not null)
        {
            request.Headers.Add("Cookie", "zinneke=" + session);
        }
        return await site.Client.SendAsync(request);
    }
}
