using System.Net;
using System.Text.RegularExpressions;
using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Flags over HTTP: a plain form for readers, the API, and the desk where they are settled.</summary>
public class FlagPageTests(DeskSite desk) : IClassFixture<DeskSite>
{
    [Theory]
    [InlineData("fr", "Signaler un contenu déplacé", "Merci.")]
    [InlineData("nl", "Ongepaste inhoud aangeven", "Dank u.")]
    [InlineData("en", "Report something out of place", "Thank you.")]
    [InlineData("de", "Unpassenden Inhalt melden", "Danke.")]
    public async Task A_reader_flags_with_a_plain_form_and_staff_see_it(string language, string title, string thanks)
    {
        var number = await desk.City.FileAsync();
        var reader = new Visitor(desk.Site.Client, null);
        var path = $"/{language}/reports/{number}";
        (await reader.GetAsync(path)).Html.ShouldContain(title);
        var refused = await reader.PostAsync(path, ("do", "flag"), ("part", "text"));
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Html.ShouldContain("href=\"#f-flag-reason\"");
        refused.Html.ShouldContain(desk.Site.Get<Words>().In(language, "reports.refusal.reasonNeeded"));
        (await reader.PostAsync(path, ("do", "flag"), ("part", "nothing"), ("reason", "spam"))).Html.ShouldContain(desk.Site.Get<Words>().In(language, "reports.refusal.unknownPart"));
        var done = await reader.PostAsync(path, ("do", "flag"), ("part", "text"), ("reason", "spam"));
        (done.Status, done.To).ShouldBe((HttpStatusCode.SeeOther, $"{path}?flagged=1"));
        (await reader.GetAsync(done.To!)).Html.ShouldContain(thanks);
        (await reader.GetAsync(path)).Html.ShouldNotContain(desk.Site.Get<Words>().In(language, "reports.did.flag"), customMessage: "only staff see that somebody flagged it");

        var agent = await desk.SignInAsync("agent", DeskCity.West);
        (await agent.GetAsync($"/{language}/desk/reports?text={number}")).Html.ShouldContain(desk.Site.Get<Words>().In(language, "reports.flag.tag"));
        (await agent.GetAsync($"/{language}/desk/reports?flagged=true")).Html.ShouldContain(number);
        var officer = await agent.GetAsync($"/{language}/desk/reports/{number}");
        officer.Html.ShouldContain(desk.Site.Get<Words>().In(language, "reports.flag.deskTitle"));
        officer.Html.ShouldContain(desk.Site.Get<Words>().In(language, "reports.flag.reason.spam") + " (1)");
        var decided = await agent.PostAsync($"/{language}/desk/reports/{number}/parts", ("photo", ""), ("show", "false"));
        decided.To.ShouldBe($"/{language}/desk/reports/{number}");
        (await agent.GetAsync(decided.To!)).Html.ShouldNotContain(desk.Site.Get<Words>().In(language, "reports.flag.deskTitle"));
        (await agent.GetAsync($"/{language}/desk/reports?flagged=true")).Html.ShouldNotContain(number);
        var after = await reader.GetAsync(path);
        after.Html.ShouldContain(desk.Site.Get<Words>().In(language, "reports.flag.textHidden"));
        after.Html.ShouldNotContain("Un trou dans la chaussée");
        after.Html.ShouldNotContain(title, customMessage: "nothing is left to flag");
    }

    [Fact]
    public async Task Three_readers_hide_a_photo_by_the_api_and_its_address_is_there_no_more()
    {
        await using var site = await TestSite.NewAsync(settings: (KernelSettings.Proxies, "127.0.0.1"));
        await TwoTowns.FoundAsync(site);
        var answered = await site.PostPhotosAsync("/api/v1/reports", ReportCalls.Hole(), "fr", Pictures.Jpeg(64, 48));
        var (number, id) = (answered.Json.GetProperty("number").GetString()!, answered.Json.GetProperty("id").GetString()!);
        await site.SettleAsync();
        var photo = (await site.GetAsync($"/api/v1/reports/{number}")).Json.GetProperty("photos")[0];
        Task<Answered> FlagAsync(int address, string json) => site.PostAsync($"/api/v1/reports/{number}/flags", json, null, "fr", ("X-Forwarded-For", $"192.0.2.{address}"));
        var flag = $$"""{"what":"photo","photo":"{{photo.GetProperty("id").GetString()}}","reason":"privateData"}""";
        for (var address = 1; address <= 3; address++)
        {
            var flagged = await FlagAsync(address, flag);
            flagged.Status.ShouldBe(HttpStatusCode.OK, flagged.ToString());
            (flagged.Json.GetProperty("id").GetString(), flagged.Json.GetProperty("hidden").GetBoolean()).ShouldBe((id, address == 3));
        }
        var after = (await site.GetAsync($"/api/v1/reports/{number}")).Json;
        after.GetProperty("photos")[0].GetProperty("status").GetString().ShouldBe("hidden");
        after.GetProperty("description").GetString().ShouldBe("Trou dans la chaussée");
        if (photo.GetProperty("urls").ValueKind != System.Text.Json.JsonValueKind.Null)
        {
            (await site.GetAsync(photo.GetProperty("urls").GetProperty("thumb").GetString()!)).Status.ShouldBe(HttpStatusCode.NotFound);
        }
        (await FlagAsync(4, """{"what":"text","reason":"dull"}""")).Code.ShouldBe("unknownReason");
        (await FlagAsync(4, """{"what":"photo","reason":"spam"}""")).Code.ShouldBe("unknownPart");
        (await site.PostAsync($"/api/v1/reports/{number}/parts", """{"what":"text","show":false}""")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("nl")]
    [InlineData("en")]
    [InlineData("de")]
    public async Task Staff_change_the_words_by_a_plain_form(string language)
    {
        var number = await desk.City.FileAsync(words: "Monsieur Durand laisse ses sacs");
        var agent = await desk.SignInAsync("agent", DeskCity.West);
        var path = $"/{language}/desk/reports/{number}";
        (await agent.GetAsync(path)).Html.ShouldContain(desk.Site.Get<Words>().In(language, "reports.flag.editTitle"));
        var stale = await agent.PostAsync($"{path}/words", ("version", "9"), ("description", "Des sacs restent là"));
        stale.Status.ShouldBe(HttpStatusCode.Conflict);
        stale.Html.ShouldContain("Des sacs restent là");
        (await agent.PostAsync($"{path}/words", ("version", "1"), ("description", "Des sacs restent là"))).To.ShouldBe(path);
        var seen = (await new Visitor(desk.Site.Client, null).GetAsync($"/{language}/reports/{number}")).Html;
        seen.ShouldContain("Des sacs restent là");
        seen.ShouldNotContain("Durand");
        (await agent.GetAsync(path)).Html.ShouldContain("Monsieur Durand laisse ses sacs", customMessage: "inside, the difference is kept");
    }

    [Theory]
    [InlineData("fr", "un numéro de téléphone")]
    [InlineData("nl", "een telefoonnummer")]
    [InlineData("en", "a telephone number")]
    [InlineData("de", "eine Telefonnummer")]
    public async Task Words_that_tell_of_a_person_are_asked_once_more_and_never_refused(string language, string says)
    {
        var where = await PlainForm.OpenAsync(desk.Site, $"/{language}/reports/new?category=road-hole");
        var details = await where.GoOnAsync(desk.Site, language, ("lon", "4.35"), ("lat", "50.85"));
        var send = await details.GoOnAsync(desk.Site, language, ("description", "Trou, appelez le 0470 12 34 56"));
        send.Status.ShouldBe(HttpStatusCode.OK);
        send.Words.ShouldContain(says);
        (await send.GoOnAsync(desk.Site, language)).Status.ShouldBe(HttpStatusCode.SeeOther, "it is the sender's to decide");

        var without = await send.GoOnAsync(desk.Site, language, ("words", "takeOut"), ("contact.email", "ada@example.org"));
        without.Hidden("step").ShouldBe("send");
        without.Words.ShouldNotContain(says);
        without.Words.ShouldContain("Trou, appelez le …");
        without.Html.ShouldContain("value=\"ada@example.org\"");
        Regex.Count(without.Html, "0470").ShouldBe(0);
    }
}
