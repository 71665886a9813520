using System.Net;
using System.Text.RegularExpressions;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>The officer's page over HTTP: who opens it, what it shows, and what its forms do.</summary>
public class OfficerPageTests(DeskSite desk) : IClassFixture<DeskSite>
{
    [Theory]
    [InlineData("fr", "Prendre en charge")]
    [InlineData("nl", "Opnemen")]
    [InlineData("en", "Accept")]
    [InlineData("de", "Annehmen")]
    public async Task It_shows_the_holder_everything_in_four_languages(string language, string accept)
    {
        var number = await desk.City.FileAsync(email: "ada@example.org");
        var (status, html, _) = await (await desk.SignInAsync("agent", DeskCity.West)).GetAsync($"/{language}/desk/reports/{number}");
        status.ShouldBe(HttpStatusCode.OK);
        html.ShouldContain(accept);
        html.ShouldContain("ada@example.org");
        html.ShouldContain("<p class=\"lines words\" lang=\"fr\">Un trou dans la chaussée</p>");
    }

    [Fact]
    public async Task Another_body_does_not_find_it_and_a_parent_sees_no_contact()
    {
        var number = await desk.City.FileAsync(email: "ada@example.org");
        var east = await desk.SignInAsync("agent", DeskCity.East);
        (await east.GetAsync($"/fr/desk/reports/{number}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await east.PostAsync($"/fr/desk/reports/{number}", ("do", "accept"), ("version", "1"))).Status.ShouldBe(HttpStatusCode.NotFound);
        var parent = await (await desk.SignInAsync("head", DeskCity.Region)).GetAsync($"/fr/desk/reports/{number}");
        parent.Status.ShouldBe(HttpStatusCode.OK);
        parent.Html.ShouldNotContain("ada@example.org");
    }

    [Fact]
    public async Task A_stale_form_shows_what_changed_and_a_fresh_one_is_done()
    {
        var number = await desk.City.FileAsync();
        var agent = await desk.SignInAsync("agent", DeskCity.West);
        var path = $"/en/desk/reports/{number}";
        (await agent.PostAsync(path, ("do", "accept"), ("version", "1"), ("seen", "1"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var stale = await agent.PostAsync(path, ("do", "resolve"), ("version", "1"), ("seen", "1"), ("text.fr", "Réparé hier"));
        stale.Status.ShouldBe(HttpStatusCode.Conflict);
        stale.Html.ShouldContain("In the meantime");
        stale.Html.ShouldContain("Réparé hier");
        var version = Regex.Match(stale.Html, "name=\"version\" value=\"(\\d+)\"").Groups[1].Value;
        var filled = await agent.PostAsync(path, ("fill", "resolve"), ("answer", "resolved"), ("version", version));
        filled.Html.ShouldContain("Opgelost: Put, Rue du Canal 12.");
        (await agent.PostAsync(path, ("do", "resolve"), ("version", version), ("answer", "resolved"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await agent.GetAsync(path)).Html.ShouldContain("It is solved: Hole, Rue du Canal 12.");
    }

    [Fact]
    public async Task Ready_answers_are_shown_as_they_would_be_sent_and_belong_to_their_action_and_reason()
    {
        var answers = CannedAnswersFile.Shipped;
        var (general, special) = (answers.First(a => a is { Action: "resolve", Branch: null }), answers.First(a => a is { Action: "decline", Branch: null, Reason: not null }));
        var number = await desk.City.FileAsync();
        var agent = await desk.SignInAsync("agent", DeskCity.West);
        var path = $"/en/desk/reports/{number}";
        var html = (await agent.GetAsync(path)).Html;
        html.ShouldContain($"<option value=\"{special.Id}\"");
        html.ShouldContain($"<optgroup label=\"{desk.Site.Get<Words>().In("en", "reports.reason." + special.Reason)}\"");
        foreach (var placeholder in CannedAnswer.Placeholders)
        {
            html.ShouldNotContain($"{{{placeholder}}}");
        }
        var other = ReportWords.DeclineReasons.First(reason => reason != special.Reason);
        foreach (var (action, reason, answer) in new[] { ("decline", special.Reason!, general.Id), ("decline", other, special.Id), ("resolve", "", special.Id) })
        {
            foreach (var button in new[] { "do", "fill" })
            {
                var refused = await agent.PostAsync(path, (button, action), ("version", "1"), ("reason", reason), ("answer", answer));
                refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, $"{button} {action} {answer}");
                refused.Html.ShouldContain("This ready answer goes with another action or reason.");
            }
        }
        (await agent.PostAsync(path, ("fill", "decline"), ("version", "1"), ("answer", special.Id))).Html.ShouldContain($"<option value=\"{special.Reason}\" selected", customMessage: "it brings its reason");
        (await agent.PostAsync(path, ("do", "decline"), ("version", "1"), ("answer", special.Id))).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task A_report_at_a_boundary_says_so_and_goes_to_the_other_side_with_one_tap()
    {
        var number = await desk.City.FileAsync(lon: 4.39999);
        var agent = await desk.SignInAsync("agent", DeskCity.West);
        (await agent.GetAsync("/nl/desk/reports")).Html.ShouldContain("Op de grens");
        var page = await agent.GetAsync($"/nl/desk/reports/{number}");
        page.Html.ShouldContain("Doorgeven aan Gemeente Oost");
        var form = Regex.Match(page.Html, "<form(?:(?!</form>).)*otherSide.*?</form>", RegexOptions.Singleline).Value;
        var hidden = Regex.Matches(form, "name=\"([^\"]+)\" value=\"([^\"]*)\"").Select(m => (m.Groups[1].Value, m.Groups[2].Value)).ToArray();
        hidden.ShouldContain(("do", "transfer"));
        (await agent.PostAsync($"/nl/desk/reports/{number}", hidden)).Status.ShouldBe(HttpStatusCode.SeeOther);
        var east = await (await desk.SignInAsync("agent", DeskCity.East)).GetAsync($"/nl/desk/reports/{number}");
        east.Html.ShouldContain("aan de andere kant van de grens");
        east.Html.ShouldNotContain("Op de grens");
    }

    [Fact]
    public async Task No_two_elements_share_an_id_and_an_error_leads_to_its_own_form()
    {
        var number = await desk.City.FileAsync();
        var agent = await desk.SignInAsync("agent", DeskCity.West);
        var (_, html, _) = await agent.PostAsync($"/fr/desk/reports/{number}", ("do", "transfer"), ("version", "1"), ("body", DeskCity.East));
        var ids = Regex.Matches(html, " id=\"([^\"]+)\"").Select(m => m.Groups[1].Value).ToList();
        ids.GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();
        html.ShouldContain("<a href=\"#f-transfer-reason\">");
        ids.ShouldContain("f-transfer-reason");
        ids.ShouldContain("f-reject-reason");
        Regex.Count(html, "role=\"alert\"").ShouldBe(1);
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("nl")]
    [InlineData("en")]
    [InlineData("de")]
    public async Task A_photo_that_is_none_is_refused_in_words_and_what_was_written_stays(string language)
    {
        var number = await desk.City.FileAsync();
        var agent = await desk.SignInAsync("agent", DeskCity.West);
        var path = $"/{language}/desk/reports/{number}";
        var (status, html, _) = await agent.PostFilesAsync(path, [("do", "resolve"), ("version", "1"), ("text.fr", "Rebouché ce matin")], ("photo", "photo.jpg", "This is no photo."u8.ToArray()));
        status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        html.ShouldContain(desk.Site.Get<Words>().In(language, "kernel.refusal.photoType"));
        html.ShouldContain("Rebouché ce matin");
        (await agent.PostFilesAsync(path, [("do", "resolve"), ("version", "1"), ("text.fr", "Rebouché")], ("photo", "photo.jpg", Pictures.Jpeg(64, 48)))).Status.ShouldBe(HttpStatusCode.SeeOther, "nothing was done by the first");
    }

    [Fact]
    public async Task Only_a_colleague_can_be_given_it()
    {
        var number = await desk.City.FileAsync();
        var agent = await desk.SignInAsync("agent", DeskCity.West);
        var stranger = (await desk.City.CallerAsync("agent", DeskCity.East)).Account!.Value.ToString();
        (await agent.PostAsync($"/fr/desk/reports/{number}", ("do", "assignPerson"), ("version", "1"), ("person", stranger))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }
}
