using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Browser;
using Zinneke.Site.Tests.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.People;

/// <summary>Showing where one lives: the page, who is led to it and back, and what a form loses on the way, which is nothing.</summary>
[Collection(TestBrowser.Collection)]
public sealed partial class ResidencePagesTests(TestBrowser browser) : IAsyncLifetime
{
    private const string Email = "resident@example.org", Words = "typed words é <b> & \"more\"", Postcode = "1801";

    private TestSite site = null!;
    private long since = long.MinValue;

    public async Task InitializeAsync()
    {
        site = await TestSite.NewAsync(doors =>
        {
            doors.Pages.MapGet("/probe/vote", () => Results.Text("the vote", "text/html")).NeedsLevel(VerificationLevel.Resident);
            doors.Pages.MapGet("/probe/form", Form).Public();
            doors.Pages.MapPost("/probe/vote", (HttpContext http) => Results.Text(Said(http.Request.Form["words"], http.Request.Form["tag"]))).NeedsLevel(VerificationLevel.Resident);
            doors.Pages.MapPost("/probe/later", async (HttpContext http, Caller caller) =>
            {
                var form = await http.Request.ReadFormAsync();
                return caller.RefusalUnlessLevel(VerificationLevel.Resident, since) is { } refusal ? refusal.AsProblem() : Results.Text(Said(form["words"], form["tag"]));
            }).Public();
            doors.Pages.MapPost("/probe/photos", async (HttpContext http, FileStore files, Caller caller) =>
            {
                await using var form = (await UploadForm.ReadAsync(http.Request, files)).Value;
                return caller.RefusalUnlessLevel(VerificationLevel.Resident, since) is { } refusal ? refusal.AsProblem() : Results.Text(Said(form.Fields["words"], form.Fields["tag"]));
            }).Public().BodyUpTo(UploadLimits.Default.BodyBytesMax);
            doors.Pages.MapGet("/probe/later", (Caller caller) => caller.RefusalUnlessLevel(VerificationLevel.Resident, since) is { } refusal ? refusal.AsProblem() : Results.Text("later")).Public();
            doors.Api.MapPost("/probe/vote", () => TypedResults.Ok(true)).NeedsLevel(VerificationLevel.Resident);
        });
        await DeskCity.FoundAsync(site.Services);

        static IResult Form(HttpContext http) => Results.Content(
            $"<form method=post action='/{http.Language()}/probe/vote?kept=1'><input name=words><input name=tag type=checkbox value=a><input name=tag type=checkbox value=b><button class=primary>Go</button></form>", "text/html; charset=utf-8");
        static string Said(string? words, IEnumerable<string?> tags) => $"{words} {string.Join('+', tags)}";
    }

    public Task DisposeAsync() => site.DisposeAsync().AsTask();

    [Theory]
    [InlineData("fr")]
    [InlineData("nl")]
    [InlineData("en")]
    [InlineData("de")]
    public async Task Who_opens_a_page_for_residents_is_led_over_both_pages_and_back(string language)
    {
        var nobody = new Visitor(site.Client, null);
        var (status, _, to) = await nobody.GetAsync($"/{language}/probe/vote?x=1");
        (status, to).ShouldBe((HttpStatusCode.SeeOther, $"/{language}/sign-in?return=%2F{language}%2Fprobe%2Fvote%3Fx%3D1"));
        var (person, back) = await SignInAsync(language, $"/{language}/probe/vote?x=1");
        back.ShouldBe($"/{language}/probe/vote?x=1");
        var residence = (await person.GetAsync(back)).To!;
        residence.ShouldBe($"/{language}/account/residence?return=%2F{language}%2Fprobe%2Fvote%3Fx%3D1");
        var page = await person.GetAsync(residence);
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Html.ShouldContain($"<input type=\"hidden\" name=\"return\" value=\"{back}\"");

        var code = await CodeAsync();
        var wrong = await person.PostAsync($"/{language}/account/residence", ("return", back), ("postcode", "1802"), ("code", code));
        wrong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        wrong.Html.ShouldContain($"value=\"{code}\"");
        wrong.Html.ShouldContain($"name=\"return\" value=\"{back}\"");
        var other = language == "fr" ? "nl" : "fr";
        (await person.PostAsync($"/{other}/account/residence", ("stay", "1"), ("return", back), ("postcode", "1801"), ("code", "half"))).Html.ShouldContain("value=\"half\"");
        (await person.PostAsync($"/{language}/account/residence", ("return", back), ("postcode", Postcode), ("code", code))).To.ShouldBe(back);
        (await person.GetAsync(back)).Html.ShouldBe("the vote");
        (await person.GetAsync(residence)).To.ShouldBe(back, "who has shown it is not asked again");
        (await person.GetAsync($"/{language}/account")).Html.ShouldContain($"/{language}/account/residence");
        site.Logged.All.ShouldAllBe(line => !line.Contains(code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_program_is_told_the_reason()
    {
        (await CallAsync(null)).ShouldBe((HttpStatusCode.Unauthorized, "residentNeeded"));
        var (person, _) = await SignInAsync("fr", "/fr/");
        (await CallAsync(cookie)).ShouldBe((HttpStatusCode.Forbidden, "residentNeeded"));
        await ConfirmAsync(person);
        (await CallAsync(cookie)).ShouldBe((HttpStatusCode.OK, null));
    }

    [Theory]
    [InlineData("/probe/vote?kept=1", false)]
    [InlineData("/probe/later?kept=1", false)]
    [InlineData("/probe/later?kept=1", true)]
    [InlineData("/probe/photos?kept=1", true)]
    public async Task A_half_filled_form_waits_over_both_pages_and_loses_no_field(string path, bool files)
    {
        (string, string)[] fields = [("words", Words), ("tag", "a"), ("tag", "b")];
        var nobody = new Visitor(site.Client, null);
        Task<(HttpStatusCode Status, string Html, string? To)> SendAsync(Visitor who, string language) =>
            files ? who.PostFilesAsync($"/{language}{path}", fields, ("photo", "a.jpg", Pictures.Jpeg(8, 8))) : who.PostAsync($"/{language}{path}", fields);
        var refused = await SendAsync(nobody, "fr");
        refused.Status.ShouldBe(HttpStatusCode.Unauthorized);
        ShouldKeep(refused.Html, "fr" + path, files ? "fichiers" : "envoyez");
        refused.Html.ShouldContain("Réservé aux personnes qui habitent ici");
        var switched = Regex.Match(refused.Html, "formaction=\"(/nl/[^\"]*)\"").Groups[1].Value;
        var dutch = await nobody.PostAsync(switched, fields);
        ShouldKeep(dutch.Html, "nl" + path, files ? "bestanden" : "verzend");

        var way = WayOf(dutch.Html);
        way.ShouldStartWith("/nl/sign-in?return=");
        var (person, back) = await SignInAsync("nl", ReturnOf(way));
        back.ShouldStartWith("/nl/account/residence?return=");
        var again = await SendAsync(person, "nl");
        again.Status.ShouldBe(HttpStatusCode.Forbidden);
        ShouldKeep(again.Html, "nl" + path, "Bevestig uw woonplaats");
        WayOf(again.Html).ShouldBe(back, "who is signed in goes there without signing in again");
        (await nobody.PostAsync(Regex.Match(again.Html, "formaction=\"(/de/[^\"]*)\"").Groups[1].Value, fields)).Status.ShouldBe(HttpStatusCode.OK);

        var done = await person.PostAsync("/nl/account/residence", ("return", ReturnOf(back)), ("postcode", Postcode), ("code", await CodeAsync()));
        done.To.ShouldBe("/nl/sign-in/back?done=residence");
        (await person.GetAsync(done.To!)).Html.ShouldContain("Uw woonplaats is bevestigd.");
        (await SendAsync(person, "nl")).Html.ShouldBe($"{Words} a+b");
    }

    [Fact]
    public async Task What_was_shown_too_long_ago_is_asked_for_again()
    {
        var (person, _) = await SignInAsync("fr", "/fr/");
        await ConfirmAsync(person);
        (await person.GetAsync("/fr/probe/later")).Html.ShouldBe("later");
        site.Clock.Advance(TimeSpan.FromDays(1));
        since = site.Clock.NowMicros();
        var to = (await person.GetAsync("/fr/probe/later")).To!;
        to.ShouldBe("/fr/account/residence?again=1&return=%2Ffr%2Fprobe%2Flater");
        (await person.GetAsync(to)).Status.ShouldBe(HttpStatusCode.OK, "not back at once, for ever");
        WayOf((await person.PostAsync("/fr/probe/later", ("words", Words))).Html).ShouldStartWith("/fr/account/residence?again=1&");
        (await person.PostAsync("/fr/account/residence", ("return", ReturnOf(to)), ("postcode", Postcode), ("code", await CodeAsync()))).To.ShouldBe("/fr/probe/later");
        (await person.GetAsync("/fr/probe/later")).Html.ShouldBe("later");
        (await person.PostAsync("/fr/account/residence/end", ("sure", "1"))).To.ShouldBe("/fr/account/residence?done=ended");
        (await person.GetAsync("/fr/probe/vote")).To.ShouldStartWith("/fr/account/residence?return=");
    }

    [Fact]
    public async Task Codes_are_tried_ten_times_an_hour_and_those_that_are_mistyped_do_not_count()
    {
        var (person, _) = await SignInAsync("fr", "/fr/");
        var code = await CodeAsync();
        Task<(HttpStatusCode Status, string Html, string? To)> TryAsync(string postcode, string typed) => person.PostAsync("/fr/account/residence", ("postcode", postcode), ("code", typed));
        for (var i = 0; i < 5; i++)
        {
            (await TryAsync(Postcode, code[..^1] + "%")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }
        for (var i = 0; i < 10; i++)
        {
            (await TryAsync("1999", code)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }
        var spent = await TryAsync(Postcode, code);
        spent.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        spent.Html.ShouldContain($"value=\"{code}\"");
        site.Clock.Advance(TimeSpan.FromHours(1));
        (await TryAsync(Postcode, code)).To.ShouldBe("/fr/account/residence?done=confirmed");
        (await person.GetAsync("/fr/account/residence?done=confirmed")).Html.ShouldContain("Ouest (1801)");
        var outside = new Visitor(site.Client, null);
        (await outside.PostAsync("/fr/account/residence", ("return", "https://elsewhere.example/"), ("code", code))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await person.PostAsync("/fr/account/residence", ("return", "//elsewhere.example/"), ("postcode", Postcode), ("code", await CodeAsync()))).To.ShouldBe("/fr/account/residence?done=confirmed");
    }

    [Fact]
    public async Task Staff_of_a_municipality_make_letters_and_revoke_them()
    {
        var city = new DeskCity(site.Services);
        var (own, foreign) = (new Visitor(site.Client, await city.SignInAsync(BuiltInRoles.Manager, DeskCity.West)), new Visitor(site.Client, await city.SignInAsync(BuiltInRoles.Manager, DeskCity.East)));
        (await own.GetAsync("/fr/admin")).Html.ShouldContain("/fr/admin/invitations");
        (await own.GetAsync("/fr/admin/invitations")).Html.ShouldContain("Aucune lettre");
        (await own.GetAsync("/fr/admin/invitations/new")).Html.ShouldNotContain("value=\"east\"");
        (await own.PostAsync("/fr/admin/invitations/new", ("body", "west"), ("count", "0"), ("postcodes", "1801"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await foreign.PostAsync("/fr/admin/invitations/new", ("body", "west"), ("count", "3"), ("postcodes", "1801"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        var (status, csv, _) = await own.PostAsync("/fr/admin/invitations/new", ("body", "west"), ("count", "3"), ("postcodes", "1801, 1050"));
        status.ShouldBe(HttpStatusCode.OK);
        var rows = csv.TrimEnd('\n').Split('\n').Select(line => line.Split(',')).ToList();
        rows.Count.ShouldBe(4);
        rows[3][1..4].ShouldBe(["3", rows[3][2], "1801 1050"]);

        var page = $"/fr/admin/invitations/{rows[1][0]}";
        (await own.GetAsync("/fr/admin/invitations")).Html.ShouldContain("0 sur 3");
        (await foreign.GetAsync("/fr/admin/invitations")).Html.ShouldContain("Aucune lettre");
        (await foreign.GetAsync(page)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await foreign.PostAsync(page, ("sure", "1"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await foreign.PostAsync(page + "/letter", ("number", "1"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await own.PostAsync(page + "/letter", ("number", "9"))).Html.ShouldContain("de 1 à 3");
        (await own.PostAsync(page + "/letter", ("number", "1"))).To.ShouldBe(page + "?done=letter");
        (await own.PostAsync(page, ("sure", "1"))).To.ShouldBe(page + "?done=list");
        var html = (await own.GetAsync(page + "?done=list")).Html;
        html.ShouldContain("La liste est révoquée.");
        html.ShouldNotContain("Révoquer la liste");
        rows.Skip(1).ShouldAllBe(row => !html.Contains(row[2], StringComparison.Ordinal));
        site.Logged.All.ShouldAllBe(line => !rows.Skip(1).Any(row => line.Contains(row[2], StringComparison.Ordinal)));
    }

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_person_with_a_letter_walks_the_way_in_a_browser(bool script)
    {
        await using var window = await browser.OpenAsync(site.Address, Screen.Phone with { JavaScript = script });
        var page = window.Page;
        await page.GotoAsync("/fr/probe/form");
        await page.Locator("input[name=words]").FillAsync(Words);
        await page.Locator("input[value=b]").CheckAsync();
        await page.ClickAsync("button.primary");
        var tab = await page.RunAndWaitForPopupAsync(() => page.ClickAsync("main ol a"));
        await tab.Locator("main input[name=email]").FillAsync(Email);
        await tab.Locator("main button.primary").ClickAsync();
        await tab.WaitForURLAsync("**/sign-in/sent");
        await tab.GotoAsync((await Letters.WaitAsync(site, Email, _ => true)).Link("/sign-in/link"));
        await tab.Locator("main button.primary").ClickAsync();
        await tab.WaitForURLAsync("**/account/residence?return=**");
        await tab.Locator("input[name=postcode]").FillAsync(Postcode);
        await tab.Locator("input[name=code]").FillAsync(InvitationCode.Print(await CodeAsync()).ToLowerInvariant());
        await tab.Locator("main button.primary").ClickAsync();
        await tab.WaitForURLAsync("**/sign-in/back?done=residence");
        await tab.CloseAsync();
        await page.Locator("main button.primary").ClickAsync();
        (await page.TextContentAsync("body")).ShouldBe($"{Words} b");
        window.Troubles.ShouldBeEmpty();
    }

    private string? cookie;

    /// <summary>Signs in by the link in a mail that was asked for with a path to go on to.</summary>
    private async Task<(Visitor Person, string Back)> SignInAsync(string language, string back)
    {
        (await new Visitor(site.Client, null).PostAsync($"/{language}/sign-in", ("email", Email), ("return", back))).To.ShouldBe($"/{language}/sign-in/sent");
        var link = new Uri((await Letters.WaitAsync(site, Email, letter => letter.Language == language)).Link("/sign-in/link"), UriKind.RelativeOrAbsolute);
        var token = Regex.Match(link.OriginalString, "t=([^&]*)").Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{language}/sign-in/link") { Content = new FormUrlEncodedContent([KeyValuePair.Create("t", token)]) };
        using var pressed = await site.Client.SendAsync(request);
        cookie = Regex.Match(pressed.Headers.GetValues("Set-Cookie").Single(), "zinneke=([^;]*)").Groups[1].Value;
        return (new Visitor(site.Client, cookie), pressed.Headers.Location!.OriginalString);
    }

    private async Task<string> CodeAsync() =>
        (await site.Get<Invitations>().MakeAsync(Caller.Program(), new WantedInvitations(DeskCity.West, 1, [Postcode]))).Value.Codes[0];

    private async Task ConfirmAsync(Visitor person) =>
        (await person.PostAsync("/fr/account/residence", ("postcode", Postcode), ("code", await CodeAsync()))).To.ShouldBe("/fr/account/residence?done=confirmed");

    private async Task<(HttpStatusCode, string?)> CallAsync(string? session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/probe/vote");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        if (session is not null)
        {
            request.Headers.Add("Cookie", "zinneke=" + session);
        }
        using var answer = await site.Client.SendAsync(request);
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return (answer.StatusCode, body.ValueKind == JsonValueKind.Object ? body.GetProperty("reason").GetString() : null);
    }

    private static void ShouldKeep(string html, string action, string says)
    {
        html.ShouldContain($"action=\"/{action}\"");
        html.ShouldContain($"name=\"words\" value=\"{Words}\"");
        Regex.Count(html, "name=\"tag\"").ShouldBe(2);
        html.ShouldContain(says, Case.Sensitive);
    }

    private static string WayOf(string html) => Regex.Match(html, "<ol>\\s*<li><p><a href=\"([^\"]*)\"").Groups[1].Value;

    private static string ReturnOf(string path) => Uri.UnescapeDataString(Regex.Match(path, "return=([^&]*)").Groups[1].Value);
}
