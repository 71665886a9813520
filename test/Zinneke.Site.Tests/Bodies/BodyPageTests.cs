using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Bodies;

/// <summary>A body is a tenant: its own front page with what the modules have of it, its colour and its logo, which its manager sets by form (K9, K23).</summary>
public sealed class BodyPageTests : IAsyncLifetime
{
    private TestSite site = null!;
    private DeskCity city = null!;
    private Visitor anybody = null!;

    public async Task InitializeAsync()
    {
        site = await TestSite.NewAsync();
        city = await DeskCity.FoundAsync(site.Services);
        anybody = new Visitor(site.Client, null);
    }

    public Task DisposeAsync() => site.DisposeAsync().AsTask();

    [Theory]
    [InlineData("fr", "Commune d’Ouest", "Signaler un problème ici", "Rien de public")]
    [InlineData("nl", "Gemeente West", "Hier een probleem melden", "nog niets openbaars")]
    [InlineData("en", "Town of West", "Report a problem here", "Nothing public here yet")]
    [InlineData("de", "Gemeinde West", "Hier ein Problem melden", "noch nichts Öffentliches")]
    public async Task A_body_without_anything_says_so_in_every_language(string language, string name, string button, string empty)
    {
        var (status, html, _) = await anybody.GetAsync($"/{language}/bodies/west");
        status.ShouldBe(HttpStatusCode.OK);
        foreach (var said in (string[])[$"<title>{name}", button, empty, $"/{language}/bodies/region", $"/{language}/reports/new?area=1", $"/{language}/reports/statistics?body=west", $"/{language}/reports/follow?area=1"])
        {
            html.ShouldContain(said);
        }
        html.ShouldNotContain("/accent/");
        html.ShouldNotContain("<dl class=\"body-figures\">");
        (await anybody.GetAsync($"/{language}/bodies")).Html.ShouldContain(name);
    }

    [Fact]
    public async Task What_happens_shows_at_once_and_only_with_its_body()
    {
        (await anybody.GetAsync("/fr/bodies/west")).Html.ShouldNotContain("happening"); // Kept from now on.
        var number = await city.FileAsync();
        await site.SettleAsync();
        var html = (await anybody.GetAsync("/fr/bodies/west")).Html;
        html.ShouldContain($"/fr/reports/{number}");
        html.ShouldContain("<dt>signalements reçus</dt><dd>1</dd>");
        html.ShouldContain("<dt>résolus</dt><dd>0</dd>");
        (await anybody.GetAsync("/fr/bodies/east")).Html.ShouldNotContain(number);
        var water = (await anybody.GetAsync("/fr/bodies/water")).Html;
        water.ShouldNotContain("follow?area", Case.Sensitive, "it acts in no one area that could be meant");
        foreach (var way in (string[])["/fr/reports?body=water", "/fr/reports/follow\"", "/fr/reports/feed.atom?body=water"])
        {
            water.ShouldContain(way);
        }
        (await anybody.GetAsync("/fr/reports/feed.atom?body=west")).Html.ShouldContain(number);
        (await anybody.GetAsync("/fr/reports/feed.atom?body=water")).Html.ShouldNotContain(number);
        (await anybody.GetAsync("/fr/bodies/region")).Html.ShouldContain("/fr/bodies/east");
    }

    [Fact]
    public async Task An_unknown_body_is_not_there_and_a_dissolved_one_says_that_it_is()
    {
        (await anybody.GetAsync("/fr/bodies/nowhere")).Status.ShouldBe(HttpStatusCode.NotFound);
        var list = JsonNode.Parse(DeskCity.Bodies)!;
        list["bodies"]![1]!["active"] = false;
        await ImportAsync(list.ToJsonString());
        var (status, html, _) = await anybody.GetAsync("/fr/bodies/east");
        status.ShouldBe(HttpStatusCode.OK);
        html.ShouldContain("n’existe plus");
        html.ShouldNotContain("Signaler un problème ici");
        (await anybody.GetAsync("/fr/bodies")).Html.ShouldNotContain("/bodies/east");
    }

    [Fact]
    public async Task A_colour_is_a_style_sheet_that_never_changes()
    {
        using var answer = await site.Client.GetAsync("/accent/1f6f8b.css");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/css; charset=utf-8");
        answer.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
        (await answer.Content.ReadAsStringAsync()).ShouldBe(":root{--accent:#1f6f8b;--on-accent:#ffffff}@media(prefers-color-scheme:dark){:root{--accent:#1f6f8b;--on-accent:#ffffff}}");
        foreach (var other in (string[])["1F6F8B", "red", "1f6f8", "1f6f8b0", "%23f6f8b"])
        {
            (await site.Client.GetAsync($"/accent/{other}.css")).StatusCode.ShouldBe(HttpStatusCode.NotFound, other);
        }
    }

    [Fact]
    public async Task A_manager_sets_colour_contact_and_logo_and_the_file_gives_them_back()
    {
        var manager = new Visitor(site.Client, await city.SignInAsync("manager", DeskCity.West));
        await SaveAsync(manager, [("colour", "#1F6F8B"), ("contact.email", "ouest@example.org"), ("contact.phone", "02 123 45 67")], Pictures.WithMetadata(Pictures.Webp(120, 120), 1));
        await DrawnAsync();
        var html = (await anybody.GetAsync("/nl/bodies/west")).Html;
        html.ShouldContain("href=\"/accent/1f6f8b.css\"");
        html.ShouldContain("mailto:ouest@example.org");
        html.ShouldContain("tel:021234567");
        var logo = site.Get<BodyMap>().LogoOf(site.Get<BodyMap>().Find("west")!).ShouldNotBeNull();
        html.ShouldContain($"src=\"{logo}\"");
        (await site.Client.GetAsync(logo)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var desk = (await manager.GetAsync("/fr/admin/bodies/west")).Html;
        desk.ShouldContain("/accent/1f6f8b.css", Case.Sensitive, "who works for one body works in its colour");
        desk.ShouldContain("<small>Commune d’Ouest</small>");

        var file = await FileAsync();
        file.ShouldContain("data:image/webp;base64,");
        await using var elsewhere = await TestSite.NewAsync();
        (await elsewhere.Get<ImportBodies>().RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(file)), "bodies", Actor.System, default)).Refusals.ShouldBeEmpty();
        await using var here = site.Get<Database>().Open();
        await using var there = elsewhere.Get<Database>().Open();
        (await CatalogueRow.CurrentAsync(there, Body.Catalogue))!.Text.ShouldBe((await CatalogueRow.CurrentAsync(here, Body.Catalogue))!.Text);

        await SaveAsync(manager, [("colour", "#1f6f8b"), ("logoGone", "true")], null);
        await site.SettleAsync();
        (await anybody.GetAsync("/nl/bodies/west")).Html.ShouldNotContain(logo);
    }

    [Fact]
    public async Task A_faint_colour_is_refused_with_its_contrast_and_a_file_that_is_no_picture_at_its_field()
    {
        var manager = new Visitor(site.Client, await city.SignInAsync("manager", DeskCity.West));
        var (status, html, _) = await manager.PostFilesAsync("/fr/admin/bodies/west", await FieldsAsync(manager, ("colour", "#ffd23f")));
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        html.ShouldContain("id=\"f-colour-error\"");
        html.ShouldContain("au moins 3 pour 1 (celui-ci est de 1,4"); // A test of its own computes contrasts.
        (status, html, _) = await manager.PostFilesAsync("/fr/admin/bodies/west", await FieldsAsync(manager, ("names.fr", "Ville d’Ouest")), ("logo", "logo.svg", "<svg/>"u8.ToArray()));
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        html.ShouldContain("id=\"f-logo-error\"");
        html.ShouldContain("value=\"Ville d’Ouest\"");
        (await new Visitor(site.Client, await city.SignInAsync("manager", DeskCity.East)).PostFilesAsync("/fr/admin/bodies/west", [("colour", "#1f6f8b")])).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task SaveAsync(Visitor who, (string, string)[] changes, byte[]? logo)
    {
        var fields = await FieldsAsync(who, changes);
        var (status, html, _) = logo is null ? await who.PostFilesAsync("/fr/admin/bodies/west", fields) : await who.PostFilesAsync("/fr/admin/bodies/west", fields, ("logo", "logo", logo));
        status.ShouldBe(HttpStatusCode.SeeOther, html);
    }

    /// <summary>The form of West as it stands, with some fields changed.</summary>
    private static async Task<(string, string)[]> FieldsAsync(Visitor who, params (string Name, string Value)[] changes)
    {
        var html = (await who.GetAsync("/fr/admin/bodies/west")).Html;
        var seen = System.Text.RegularExpressions.Regex.Match(html, "name=\"seen\" value=\"([^\"]*)\"").Groups[1].Value;
        (string Name, string Value)[] usual =
        [
            ("seen", seen), ("names.fr", "Commune d’Ouest"), ("names.nl", "Gemeente West"), ("names.en", "Town of West"), ("names.de", "Gemeinde West"), ("languages", "fr"), ("languages", "nl"), ("inbox", "true"), ("acceptanceWorkDays", "2"),
        ];
        return [.. usual.Where(one => !changes.Any(change => change.Name == one.Name)), .. changes];
    }

    /// <summary>The site draws beside its requests.</summary>
    private async Task DrawnAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var store = site.Get<Database>().Open();
        while (await store.Set<StoredFile>().AnyAsync(file => file.Picture == null, limit.Token))
        {
            await Task.Delay(20, limit.Token);
        }
        await site.SettleAsync();
    }

    private async Task ImportAsync(string bodies)
    {
        (await site.Get<ImportBodies>().RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(bodies)), "bodies", Actor.System, default)).Refusals.ShouldBeEmpty();
        await site.SettleAsync();
    }

    private async Task<string> FileAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fr/admin/bodies/file");
        request.Headers.Add("Cookie", "zinneke=" + await city.SignInAsync("administrator", null));
        using var answer = await site.Client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }
}
