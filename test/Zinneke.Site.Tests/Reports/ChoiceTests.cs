using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Who reports is told that a rule chose the body, reads about it in the register, and has a person look again.</summary>
public class ChoiceTests(DeskSite desk) : IClassFixture<DeskSite>
{
    [Theory]
    [InlineData("fr", "Une règle automatique a désigné Commune d’Ouest", "Demander à une personne de revoir ce choix")]
    [InlineData("nl", "Een automatische regel wees Gemeente West aan", "Vragen dat iemand deze keuze nakijkt")]
    [InlineData("en", "An automatic rule named Town of West", "Ask a person to look at this choice again")]
    [InlineData("de", "Eine automatische Regel hat nach Ort und Art des Problems Gemeinde West bestimmt", "Einen Menschen bitten, diese Wahl zu prüfen")]
    public async Task The_page_says_it_in_words_and_one_press_asks_a_person(string language, string says, string ask)
    {
        var sent = await desk.Site.FileAsync(ReportCalls.Hole(lang: language));
        sent.GetProperty("dispatch").GetProperty("outcome").GetString().ShouldBe("automatic");
        sent.GetProperty("choice").GetProperty("text").GetString().ShouldNotBeNull().ShouldStartWith(says);
        var (number, path) = (sent.GetProperty("number").GetString(), sent.GetProperty("trackUrl").GetString()!);
        var visitor = new Visitor(desk.Site.Client, null);
        var page = await visitor.GetAsync(path);
        page.Html.ShouldContain(says);
        page.Html.ShouldContain(ask);
        (await visitor.GetAsync($"/{language}/reports/{number}")).Html.ShouldNotContain(ask, Case.Sensitive, "only who reported asks");
        (await visitor.PostAsync($"/{language}/reports/{number}", ("t", sent.GetProperty("trackToken").GetString()!), ("do", "askReview"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        page = await visitor.GetAsync(path);
        page.Html.ShouldNotContain("value=\"askReview\"");
        page.Html.ShouldContain("4 ");
        var agent = await desk.SignInAsync("agent", "west");
        (await agent.GetAsync("/fr/desk/reports")).Html.ShouldContain("À revoir");
        var (_, html, _) = await agent.GetAsync($"/fr/desk/reports/{number}");
        html.ShouldContain("Le choix de votre organisme est contesté");
        html.ShouldContain("Répondre à la demande de révision");
    }

    [Fact]
    public async Task The_register_is_public_and_what_it_answers_can_be_imported()
    {
        var all = await desk.Site.GetAsync("/api/v1/algorithms");
        all.Status.ShouldBe(HttpStatusCode.OK);
        var entries = all.Json.GetProperty("algorithms").EnumerateArray().ToList();
        entries.Select(entry => entry.GetProperty("key").GetString()).ShouldBe(["reports.close", "reports.duplicates", "reports.hide", "reports.route"]);
        var page = (await new Visitor(desk.Site.Client, null).GetAsync("/fr/algorithms")).Html;
        foreach (var entry in entries)
        {
            var key = entry.GetProperty("key").GetString();
            (entry.GetProperty("runs").GetBoolean(), entry.GetProperty("modelVersion").GetString()).ShouldBe((true, "1"), key);
            entry.GetProperty("lang").EnumerateArray().Select(language => language.GetString()).ShouldBe(Languages.All, key);
            foreach (var field in AlgorithmFields.All)
            {
                entry.TryGetProperty(field.Name, out _).ShouldBeTrue(field.Name);
            }
            (await desk.Site.GetAsync($"/api/v1/algorithms/{key}")).Json.GetProperty("id").GetString().ShouldBe(entry.GetProperty("id").GetString());
            page.ShouldContain($"/fr/algorithms/{key}\"");
        }
        (await desk.Site.GetAsync("/api/v1/algorithms/reports.guess")).Status.ShouldBe(HttpStatusCode.NotFound);
        await ImportAsync(all.Text);
        JsonNode.DeepEquals(JsonNode.Parse((await desk.Site.GetAsync("/api/v1/algorithms")).Text), JsonNode.Parse(all.Text)).ShouldBeTrue();
    }

    [Fact]
    public async Task Where_the_register_says_no_the_answer_and_the_page_say_that_people_decide()
    {
        await ImportAsync("""{"algorithms":[{"key":"reports.route","status":"evaluation"}]}""");
        try
        {
            var tried = await desk.Site.PostAsync("/api/v1/reports/route", ReportCalls.Hole().ToJsonString());
            tried.Json.GetProperty("outcome").GetString().ShouldBe("manual");
            var sent = await desk.Site.FileAsync(ReportCalls.Hole());
            sent.GetProperty("dispatch").GetProperty("outcome").GetString().ShouldBe("manual");
            sent.GetProperty("body").GetProperty("id").GetString().ShouldBe("region");
            (await new Visitor(desk.Site.Client, null).GetAsync(sent.GetProperty("trackUrl").GetString()!)).Html.ShouldContain("Aucune règle automatique n’a décidé");
            (await desk.Site.GetAsync("/api/v1/algorithms/reports.route")).Json.GetProperty("refusedFor").GetString().ShouldBe("notInUse");
        }
        finally
        {
            await ImportAsync("""{"algorithms":[]}""");
        }
    }

    private async Task ImportAsync(string text)
    {
        (await desk.Site.Get<ImportAlgorithms>().RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), "algorithms", Actor.System, default)).Refusals.ShouldBeEmpty();
        await desk.Site.SettleAsync();
    }
}
