using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>An officer lets a machine draft the other languages (K21): marked as a machine's where it is read, theirs once changed, and never in the way of an answer. The service is one of this test, on this machine.</summary>
public sealed class AnswerTranslationTests : IAsyncLifetime
{
    private readonly List<JsonElement> asked = [];
    private TestSite service = null!;
    private TestSite site = null!;
    private DeskCity city = null!;
    private bool away;

    public async Task InitializeAsync()
    {
        service = await TestSite.NewAsync(doors => doors.Root.MapPost("/mt/translate", (JsonElement request) =>
        {
            lock (asked)
            {
                asked.Add(request);
            }
            return away ? Results.Json(new { error = "busy" }, statusCode: 500)
                : Results.Json(new { translatedText = $"[{request.GetProperty("source")}-{request.GetProperty("target")}] {request.GetProperty("q")}" });
        }).Public());
        site = await TestSite.NewAsync(settings: [(Translator.Url, new Uri(service.Address, "/mt/").ToString()), (Translator.Key, "hush-hush")]);
        city = await DeskCity.FoundAsync(site.Services);
    }

    public async Task DisposeAsync()
    {
        await site.DisposeAsync();
        await service.DisposeAsync();
    }

    [Fact]
    public async Task Drafts_fill_the_empty_fields_and_are_marked_where_they_are_read()
    {
        var number = await city.FileAsync(email: "ada@example.org", lang: "nl");
        await site.Get<Writer>().DoAsync(Actor.System, async unit => (await unit.Store.Set<ReportContact>().SingleAsync()).Notify = true);
        var path = $"/fr/desk/reports/{number}";
        var agent = await AgentAsync();
        (await agent.PostAsync(path, ("do", "accept"), ("version", "1"), ("seen", "1"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        var version = VersionIn((await agent.GetAsync(path)).Html);
        var (status, html, _) = await agent.PostAsync(path, ("translate", "comment"), ("version", version), ("text.fr", "Nous venons lundi."), ("text.en", "We come on Monday."));
        status.ShouldBe(HttpStatusCode.OK);
        html.ShouldContain(">[fr-nl] Nous venons lundi.</textarea>");
        html.ShouldContain(">We come on Monday.</textarea>", Case.Sensitive, "what people wrote stays");
        html.ShouldContain("Traduction automatique");
        asked.Select(one => one.GetProperty("target").GetString()).ShouldBe(["nl", "de"], ignoreOrder: true);
        asked.ShouldAllBe(one => one.GetProperty("api_key").GetString() == "hush-hush" && one.GetProperty("format").GetString() == "text" && one.GetProperty("source").GetString() == "fr");

        (await agent.PostAsync(path, ("do", "comment"), ("version", version), ("text.fr", "Nous venons lundi."), ("text.en", "We come on Monday."),
            ("text.nl", "[fr-nl] Nous venons lundi."), ("machine.nl", "[fr-nl] Nous venons lundi."), ("text.de", "Wir kommen am Montag."), ("machine.de", "[fr-de] Nous venons lundi."), ("original", "fr"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var read = WebUtility.HtmlDecode(await site.Client.GetStringAsync($"/nl/reports/{number}"));
        read.ShouldContain("[fr-nl] Nous venons lundi.");
        read.ShouldContain("automatisch vertaald fr → nl");
        read.ShouldContain("<p class=\"lines\" lang=\"fr\">Nous venons lundi.</p>");
        WebUtility.HtmlDecode(await site.Client.GetStringAsync($"/de/reports/{number}")).ShouldNotContain("maschinell übersetzt", Case.Insensitive, "the officer has changed it");
        using var api = JsonDocument.Parse(await site.Client.GetStringAsync($"/api/v1/reports/{number}"));
        api.RootElement.GetRawText().ShouldContain("\"original\":\"fr\",\"machine\":[\"nl\"]");
        (await Letters.WaitAsync(site, "ada@example.org", letter => letter.Mail.Text.Contains("[fr-nl]", StringComparison.Ordinal))).Mail.Text.ShouldContain("(Automatisch vertaald.");
    }

    [Fact]
    public async Task A_service_that_is_away_keeps_nobody_from_answering()
    {
        away = true;
        var number = await city.FileAsync(lang: "nl");
        var path = $"/en/desk/reports/{number}";
        var agent = await AgentAsync();
        var (status, html, _) = await agent.PostAsync(path, ("translate", "comment"), ("version", "1"), ("text.fr", "Nous venons lundi."));
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        html.ShouldContain("No translation for now (Nederlands, English, Deutsch)");
        html.ShouldContain(">Nous venons lundi.</textarea>");
        (await agent.PostAsync(path, ("do", "comment"), ("version", "1"), ("text.fr", "Nous venons lundi."))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await agent.GetAsync(path)).Html.ShouldContain("Not yet in the reporter’s language (Nederlands).");
        (await agent.PostAsync(path, ("translate", "comment"), ("version", "1"))).Html.ShouldContain("First write your answer in one language.");
    }

    [Fact]
    public async Task Without_a_service_nothing_is_offered()
    {
        await using var alone = await TestSite.NewAsync();
        var there = await DeskCity.FoundAsync(alone.Services);
        var number = await there.FileAsync();
        var html = (await new Visitor(alone.Client, await there.SignInAsync("agent", DeskCity.West)).GetAsync($"/fr/desk/reports/{number}")).Html;
        html.ShouldNotContain("name=\"translate\"");
        (await new Visitor(site.Client, await city.SignInAsync("agent", DeskCity.West)).GetAsync($"/fr/desk/reports/{await city.FileAsync()}")).Html.ShouldContain("name=\"translate\"");
    }

    private async Task<Visitor> AgentAsync() => new(site.Client, await city.SignInAsync("agent", DeskCity.West));

    private static string VersionIn(string html) => Regex.Match(html, "name=\"version\" value=\"(\\d+)\"").Groups[1].Value;
}
