using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.People;

public partial class SignInPagesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_sends_a_form_after_their_session_ended_keeps_it_and_sends_it_again(bool withFile)
    {
        const string words = "typed words é <b> & \"more\"";
        await using var site = await TestSite.NewAsync(
            doors => doors.Pages.MapPost("/probe/{id}", (string id, HttpContext http) => Results.Text($"{id}{http.Request.QueryString} {http.Request.Form["words"]} {string.Join('+', http.Request.Form["tag"]!)}")).Needs("probe.thing.act"),
            parts => parts.AddSingleton(new Permission("probe.thing.act", "Act.")));
        var files = Directory.GetFiles(site.Get<DataFolder>().Files, "*", SearchOption.AllDirectories).Length;
        HttpContent form = withFile
            ? new MultipartFormDataContent { { new StringContent(words), "words" }, { new ByteArrayContent(new byte[3_000_000]), "photo", "a.jpg" }, { new StringContent("a"), "tag" }, { new StringContent("b"), "tag" } }
            : Form(("words", words), ("tag", "a"), ("tag", "b"));
        using var refused = await site.Client.PostAsync("/fr/probe/7?kept=1", form);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        refused.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var page = await refused.Content.ReadAsStringAsync();
        page.ShouldContain("action=\"/fr/probe/7?kept=1\"");
        page.ShouldContain("href=\"/fr/sign-in?return=%2Ffr%2Fsign-in%2Fback\"");
        Hidden(page, "words").ShouldBe(words);
        page.Contains("fichiers", StringComparison.Ordinal).ShouldBe(withFile);
        Directory.GetFiles(site.Get<DataFolder>().Files, "*", SearchOption.AllDirectories).Length.ShouldBe(files, "no file of a stranger is kept");

        var elsewhere = WebUtility.HtmlDecode(Regex.Match(page, "formaction=\"(/nl/[^\"]*)\"").Groups[1].Value);
        using var switched = await PostAsync(site, elsewhere, ("words", Hidden(page, "words")), ("tag", "a"), ("tag", "b"));
        switched.StatusCode.ShouldBe(HttpStatusCode.OK);
        page = await switched.Content.ReadAsStringAsync();
        page.ShouldContain("<html lang=\"nl\"");
        page.ShouldContain("action=\"/nl/probe/7?kept=1\"");
        page.Contains("bestanden", StringComparison.Ordinal).ShouldBe(withFile);
        page.ShouldNotContain("name=\"stay\"");
        (await PostAsync(site, "/nl/sign-in/unsent?to=//elsewhere.example/", ("words", words))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await site.Get<Accounts>().GiveRoleAsync(Caller.Program(), Email, null, new WantedRole(BuiltInRoles.Administrator))).Ok.ShouldBeTrue();
        var link = await AskAsync(site, "fr", ("return", "/fr/sign-in/back"));
        using var pressed = await PostAsync(site, link.AbsolutePath, ("t", TokenOf(link)));
        pressed.Headers.Location!.OriginalString.ShouldBe("/fr/sign-in/back");
        (await site.Client.GetAsync("/fr/sign-in/back")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var sent = await PostAsync(site, "/nl/probe/7?kept=1", CookieOf(pressed), ("words", Hidden(page, "words")), ("tag", "a"), ("tag", "b"));
        (await sent.Content.ReadAsStringAsync()).ShouldBe($"7?kept=1 {words} a+b");
        Regex.Count(page, "name=\"tag\"").ShouldBe(2);
    }
}
