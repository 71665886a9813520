using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Admin;

/// <summary>The settings pages of catalogues over HTTP: what is in force, a file checked and then put in force, and who may do so.</summary>
public partial class CataloguePageTests(DeskSite desk) : IClassFixture<DeskSite>
{
    [Theory]
    [InlineData("fr", "areas", "Ouest", "Communes")]
    [InlineData("nl", "bodies", "Gemeente West", "Gewest")]
    [InlineData("en", "categories", "Illegal dump", "24 hours")]
    [InlineData("de", "rules", "Die Region räumt auf.", "In allen anderen Fällen")]
    [InlineData("fr", "holidays", "Lundi de Pentecôte", "Tous les services actifs")]
    [InlineData("nl", "answers", "Opgelost", "resolved")]
    public async Task What_is_in_force_is_shown_in_words(string language, string word, params string[] said)
    {
        var administrator = await desk.SignInAsync("administrator", null);
        var (status, html, _) = await administrator.GetAsync($"/{language}/admin/{word}");
        status.ShouldBe(HttpStatusCode.OK);
        foreach (var words in said)
        {
            html.ShouldContain(words);
        }
        html.ShouldContain("type=\"file\"");
        (await administrator.GetAsync($"/{language}/admin")).Html.ShouldContain($"href=\"/{language}/admin/{word}\"");
    }

    [Fact]
    public async Task A_page_opens_to_those_who_may_and_its_form_to_fewer()
    {
        (await new Visitor(desk.Site.Client, null).GetAsync("/nl/admin/bodies")).To!.ShouldStartWith("/nl/sign-in?return=");
        (await (await desk.SignInAsync("resident", null)).GetAsync("/fr/admin")).Status.ShouldBe(HttpStatusCode.Forbidden);
        var agent = await desk.SignInAsync("agent", DeskCity.West);
        (await agent.GetAsync("/fr/admin/categories")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await agent.GetAsync("/fr/desk/reports")).Html.ShouldNotContain("href=\"/fr/admin\"");

        var head = await desk.SignInAsync("head", DeskCity.West);
        var (status, html, _) = await head.GetAsync("/fr/admin/categories");
        status.ShouldBe(HttpStatusCode.OK);
        html.ShouldContain("href=\"/fr/admin\"");
        html.ShouldNotContain("type=\"file\"");
        (await head.GetAsync("/fr/admin/areas")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(head, "categories", DeskCity.Categories)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await head.PostAsync("/fr/admin/categories/check", ("edition", "1"), ("seen", "1"))).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_file_is_looked_at_put_in_force_and_taken_back()
    {
        await using var site = await TestSite.NewAsync();
        var city = await DeskCity.FoundAsync(site.Services);
        var administrator = new Visitor(site.Client, await city.SignInAsync("administrator", null, name: "Ada"));
        var file = DeskCity.Rules.Replace("Le dépôt", "", StringComparison.Ordinal).Replace("La Région enlève les dépôts.", "La Région nettoie.", StringComparison.Ordinal);
        var (_, _, to) = await SendAsync(administrator, "rules", file);
        var (status, html, _) = await administrator.GetAsync(to!);
        status.ShouldBe(HttpStatusCode.OK);
        html.ShouldContain("La Région nettoie.");
        html.ShouldNotContain("Les avaloirs sont au distributeur.", customMessage: "what stays is counted, not named");
        (await administrator.GetAsync("/fr/admin/rules")).Html.ShouldContain("La Région enlève les dépôts.", customMessage: "looking changes nothing");

        (_, _, to) = await TakeAsync(administrator, "rules", html);
        to.ShouldBe("/fr/admin/rules?done=2");
        Directory.EnumerateFiles(site.Get<DataFolder>().Files, "*.import", SearchOption.AllDirectories).ShouldBeEmpty("the file has done its work");
        html = (await administrator.GetAsync(to!)).Html;
        html.ShouldContain("La Région nettoie.");
        html.ShouldContain("Ada");
        html.ShouldContain("1 modifiés, rules.json");

        html = (await administrator.GetAsync("/fr/admin/rules/check?edition=1")).Html;
        html.ShouldContain("La Région enlève les dépôts.");
        (_, _, to) = await TakeAsync(administrator, "rules", html);
        to.ShouldBe("/fr/admin/rules?done=3");
        (await administrator.GetAsync("/fr/admin/rules")).Html.ShouldContain("La Région enlève les dépôts.");
        (await administrator.GetAsync("/fr/admin/rules/file?edition=2")).Html.ShouldContain("La Région nettoie.");
        (await administrator.GetAsync("/fr/admin/rules/file?edition=9")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("bodies", "{\n \"bodies\": [\n  {\"id\": \"west\", \"kind\": \"club\"}\n ]\n}", "3", "bodies[0].kind", "\"club\"", "l’un de ceux-ci\u00a0: region, municipality")]
    [InlineData("categories", "{\"categories\":", "1", "", "caractère 15", "du JSON valide")]
    [InlineData("rules", "{\"rules\":[]}", "1", "fallbackBody", ">rien<", "un code de 1 à 100 lettres")]
    [InlineData("answers", "{\"answers\":[{\"id\":\"a\",\"action\":\"fly\",\"words\":{}}]}", "1", "answers[0].action", "\"fly\"", "l’un de ceux-ci\u00a0: resolve")]
    [InlineData("holidays", "date,code\n2026-13-01,x\n", "2", "date", "\"2026-13-01\"", "une date telle que")]
    [InlineData("areas", "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{},\"geometry\":null}]}", "1", "features[0].properties.id", "", "du texte")]
    public async Task A_fault_is_told_with_line_field_found_and_expected(string word, string file, params string[] said)
    {
        var administrator = await desk.SignInAsync("administrator", null);
        var before = (await administrator.GetAsync($"/fr/admin/{word}/file")).Html;
        var (status, html, _) = await administrator.GetAsync((await SendAsync(administrator, word, file)).To!);
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        html.ShouldContain("Rien n’a changé");
        html.ShouldContain($"data-label=\"Ligne\">{said[0]}<");
        foreach (var words in said[1..])
        {
            html.ShouldContain(words);
        }
        html.ShouldNotContain("lang=\"en\">");
        html.ShouldNotContain("name=\"seen\"");
        (await administrator.GetAsync($"/fr/admin/{word}/file")).Html.ShouldBe(before);
    }

    [Fact]
    public async Task Who_has_not_seen_the_edition_in_force_is_shown_it_first()
    {
        await using var site = await TestSite.NewAsync();
        var city = await DeskCity.FoundAsync(site.Services);
        var one = new Visitor(site.Client, await city.SignInAsync("administrator", null, name: "One"));
        var other = new Visitor(site.Client, await city.SignInAsync("administrator", null, name: "Other"));
        async Task<string> CheckAsync(Visitor who, string name) =>
            (await who.GetAsync((await SendAsync(who, "categories", DeskCity.Categories.Replace("\"Trou\"", $"\"{name}\"", StringComparison.Ordinal))).To!)).Html;
        var (first, second) = (await CheckAsync(one, "Nid-de-poule"), await CheckAsync(other, "Fosse"));
        (await TakeAsync(one, "categories", first)).Status.ShouldBe(HttpStatusCode.SeeOther);
        var (status, html, _) = await TakeAsync(other, "categories", second);
        status.ShouldBe(HttpStatusCode.Conflict);
        html.ShouldContain("Entre-temps");
        html.ShouldContain("name=\"seen\" value=\"2\"");
        (await other.GetAsync("/fr/admin/categories")).Html.ShouldContain("Nid-de-poule");
        (await TakeAsync(other, "categories", html.Replace("name=\"seen\" value=\"2\"", "name=\"seen\" value=\"x\"", StringComparison.Ordinal))).Status.ShouldBe(HttpStatusCode.Conflict);
        (await TakeAsync(other, "categories", html)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await other.GetAsync("/fr/admin/categories")).Html.ShouldContain("Fosse");
    }

    [Fact]
    public async Task A_file_belongs_to_who_sent_it_and_to_its_kind()
    {
        var administrator = await desk.SignInAsync("administrator", null);
        var to = (await SendAsync(administrator, "categories", DeskCity.Categories)).To!;
        var other = await desk.SignInAsync("administrator", null, name: "other");
        (await other.GetAsync(to)).Status.ShouldBe(HttpStatusCode.Gone);
        (await administrator.GetAsync(to.Replace("categories", "rules", StringComparison.Ordinal))).Status.ShouldBe(HttpStatusCode.Gone);
        (await administrator.GetAsync(to + "x")).Status.ShouldBe(HttpStatusCode.Gone);
        (await administrator.GetAsync("/fr/admin/categories/check")).Status.ShouldBe(HttpStatusCode.Gone);
        (await administrator.GetAsync("/fr/admin/areas/check?edition=1")).Status.ShouldBe(HttpStatusCode.NotFound, "areas are rows: no edition to put back");
        (await administrator.GetAsync("/fr/admin/holidays/check?edition=1")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_is_no_file_is_said_beside_the_field()
    {
        var administrator = await desk.SignInAsync("administrator", null);
        foreach (var (status, html) in new[]
        {
            Of(await administrator.PostFilesAsync("/fr/admin/categories", [], ("file", "empty.json", []))),
            Of(await administrator.PostFilesAsync("/fr/admin/categories", [("file", "no file but words")])),
        })
        {
            status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            html.ShouldContain("id=\"f-file-error\"");
            html.ShouldContain("Choisissez un fichier.");
        }
        var broken = await administrator.PostFilesAsync("/fr/admin/categories", [], ("file", "c.json.gz", [0x1F, 0x8B, 1, 2, 3]));
        (await administrator.GetAsync(broken.To!)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var packed = await administrator.PostFilesAsync("/fr/admin/categories", [], ("file", "c.json.gz", Packed(DeskCity.Categories)));
        (await administrator.GetAsync(packed.To!)).Html.ShouldContain("Ce fichier dit exactement ce qui est en vigueur.");

        static (HttpStatusCode, string) Of((HttpStatusCode Status, string Html, string? To) answer) => (answer.Status, answer.Html);
    }

    [Fact]
    public async Task Another_site_cannot_send_a_file()
    {
        var cookie = await desk.City.SignInAsync("administrator", null);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/fr/admin/categories") { Content = new MultipartFormDataContent { { new StringContent(DeskCity.Categories), "file", "c.json" } } };
        request.Headers.Add("Cookie", "zinneke=" + cookie);
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var answer = await desk.Site.Client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_head_of_a_body_closes_that_body_only()
    {
        await using var site = await TestSite.NewAsync();
        var city = await DeskCity.FoundAsync(site.Services);
        var manager = new Visitor(site.Client, await city.SignInAsync("manager", DeskCity.West));
        (await manager.GetAsync("/fr/admin/holidays")).Html.ShouldNotContain("Tous les services actifs");
        const string days = "date,code\n2031-07-18,pont\n";
        (await SendAsync(manager, "holidays", days)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(manager, "holidays", days, ("body", DeskCity.East))).Status.ShouldBe(HttpStatusCode.Forbidden);
        var (_, _, to) = await SendAsync(manager, "holidays", days, ("body", DeskCity.West));
        (_, _, to) = await TakeAsync(manager, "holidays", (await manager.GetAsync(to!)).Html);
        var html = (await manager.GetAsync(to!)).Html;
        html.ShouldContain("vendredi 18 juillet 2031");
        (await manager.GetAsync("/fr/admin/holidays/file?body=west")).Html.ShouldBe("date,code\r\n2031-07-18,closed\r\n");
        (await manager.GetAsync("/fr/admin/holidays/file?body=east")).Html.ShouldBe("date,code\r\n");
        (await SendAsync(manager, "bodies", DeskCity.Bodies)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static Task<(HttpStatusCode Status, string Html, string? To)> SendAsync(Visitor who, string word, string file, params (string, string)[] fields) =>
        who.PostFilesAsync($"/fr/admin/{word}", fields, ("file", $"C:\\files\\{word}.json", Encoding.UTF8.GetBytes(file)));

    /// <summary>Presses the button of the page that says what would change.</summary>
    private static Task<(HttpStatusCode Status, string Html, string? To)> TakeAsync(Visitor who, string word, string html) =>
        who.PostAsync($"/fr/admin/{word}/check", [.. Hidden().Matches(html).Select(field => (field.Groups[1].Value, field.Groups[2].Value))]);

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }
        return packed.ToArray();
    }

    [GeneratedRegex("""<input type="hidden" name="(t|edition|seen)" value="([^"]*)"?""")]
    private static partial Regex Hidden();
}
