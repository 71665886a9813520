using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Zinneke.Site.Tests.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Admin;

/// <summary>One record of a catalogue by form: through the same check as a file, each fault at its field, and nobody over a record that they have not seen.</summary>
public sealed partial class EntryPageTests : IAsyncLifetime
{
    private TestSite site = null!;
    private DeskCity city = null!;
    private Visitor administrator = null!;

    public async Task InitializeAsync()
    {
        site = await TestSite.NewAsync();
        city = await DeskCity.FoundAsync(site.Services);
        administrator = new Visitor(site.Client, await city.SignInAsync("administrator", null));
    }

    public Task DisposeAsync() => site.DisposeAsync().AsTask();

    [Fact]
    public async Task A_body_is_changed_and_what_the_form_does_not_show_stays()
    {
        var fields = await OpenAsync(administrator, "bodies/west");
        fields["names.fr"].ShouldBe("Commune d’Ouest");
        fields["areas"].ShouldBe("1");
        fields["active"].ShouldBe("true");
        fields["names.fr"] = "Ville d’Ouest";
        fields["email"] = "voirie@example.org";
        fields["contact"] = "true";
        fields["colour"] = "#1f6f8b";
        fields["closingDays"] = "2031-07-18\r\n2031-07-25";
        fields["acceptanceWorkDays"] = "3";
        fields["looksFirst"] = "true";
        (await SendAsync(administrator, "bodies/west", fields)).To.ShouldBe("/fr/admin/bodies?done=2");
        var body = (await FileAsync("bodies"))["bodies"]!.AsArray().Single(b => (string?)b!["id"] == "west")!;
        body.ToJsonString().ShouldBe(JsonNode.Parse("""
            {"id":"west","kind":"municipality","names":{"fr":"Ville d’Ouest","nl":"Gemeente West","en":"Town of West","de":"Gemeinde West"},"languages":["fr","nl"],"areas":["1"],"parent":"region",
            "channels":[{"type":"inbox"},{"type":"email","address":"voirie@example.org","contact":true}],"colour":"#1f6f8b","closingDays":["2031-07-18","2031-07-25"],"acceptanceWorkDays":3,"looksFirst":true}
            """)!.ToJsonString());
        var html = (await administrator.GetAsync("/fr/admin/bodies")).Html;
        html.ShouldContain("Ville d’Ouest");
        html.ShouldContain("voirie@example.org");
        html.ShouldContain("fill=\"#1f6f8b\"");
    }

    [Theory]
    [InlineData("bodies/west", "names.de", "", "names-de", "Donnez le nom dans chaque langue")]
    [InlineData("bodies/west", "colour", "#ffd23f", "colour", "contraste")]
    [InlineData("bodies/west", "acceptanceWorkDays", "beaucoup", "acceptanceWorkDays", "de 1 à 60")]
    [InlineData("bodies/west", "email", "nobody", "email", "adresse e-mail")]
    [InlineData("bodies/west", "closingDays", "18/07/2031", "closingDays", "2026-07-20")]
    [InlineData("bodies/west", "areas", "2", "areas", "autre service actif")]
    [InlineData("bodies/region", "parent", "west", "parent", "tourner en rond")]
    [InlineData("bodies/new", "id", "west", "id", "qui n’existe pas encore")]
    [InlineData("categories/road-hole", "sla.value", "0", "sla-value", "de 1 à 3660")]
    [InlineData("categories/road-hole", "duplicate.radiusM", "9", "duplicate-radiusM", "de 10 à 250")]
    [InlineData("categories/road-hole", "safety.fr", "Appelez le 112", "safety-nl", "dans chaque langue, ou dans aucune")]
    [InlineData("categories/road-hole", "keywords.fr", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "keywords-fr", "60 caractères")]
    [InlineData("rules/waste", "order", "first", "order", "nombre entier")]
    [InlineData("rules/waste", "body", "layerOwner", "body", "demande un lieu")]
    [InlineData("rules/waste", "when.owner", "water", "when-owner", "une couche à côté")]
    [InlineData("rules/waste", "when.answers", "volume=big", "when-answers", "une question du catalogue")]
    [InlineData("rules/waste", "when.hours.from", "7", "when-hours-from", "une heure locale")]
    [InlineData("answers/resolved", "words.nl", "Dag {naam}", "words", "accolades")]
    [InlineData("answers/declinedScope", "reason", "weather", "reason", "qui va avec cette action")]
    public async Task Each_fault_stands_at_its_field_and_what_was_typed_stays(string path, string field, string value, string at, string says)
    {
        var fields = await OpenAsync(administrator, path);
        fields[field] = value;
        var (status, html, _) = await SendAsync(administrator, path, fields);
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        html.ShouldContain($"id=\"f-{at}-error\"");
        html.ShouldContain($"href=\"#f-{at}\"");
        html.ShouldContain(says);
        Fields(html)[field].ShouldBe(value);
    }

    [Fact]
    public async Task A_manager_changes_how_the_own_body_works_and_nothing_else()
    {
        var manager = new Visitor(site.Client, await city.SignInAsync("manager", DeskCity.West));
        (await manager.GetAsync("/fr/admin/bodies/east")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await manager.GetAsync("/fr/admin/bodies/new")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await manager.PostAsync("/fr/admin/bodies/east", ("names.fr", "Mine"))).Status.ShouldBe(HttpStatusCode.NotFound);
        var fields = await OpenAsync(manager, "bodies/west");
        fields.ContainsKey("areas").ShouldBeFalse();
        fields["names.en"] = "The Town of West";
        foreach (var (name, value) in new[] { ("areas", "2"), ("parent", "water"), ("kind", "region"), ("active", "false"), ("id", "mine") })
        {
            fields[name] = value;
        }
        (await SendAsync(manager, "bodies/west", fields)).Status.ShouldBe(HttpStatusCode.SeeOther);
        var body = (await FileAsync("bodies"))["bodies"]!.AsArray().Single(b => (string?)b!["id"] == "west")!;
        ((string?)body["names"]!["en"], (string?)body["parent"], (string?)body["kind"], body["areas"]!.ToJsonString(), body["active"]).ShouldBe(("The Town of West", "region", "municipality", "[\"1\"]", null));

        var head = new Visitor(site.Client, await city.SignInAsync("head", DeskCity.West));
        (await head.GetAsync("/fr/admin/bodies/west")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await head.GetAsync("/fr/admin/categories/road-hole")).Status.ShouldBe(HttpStatusCode.NotFound, "categories are for the whole installation");
        (await head.PostAsync("/fr/admin/rules/waste", ("do", "remove"))).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Of_two_who_change_the_same_record_the_second_is_told_and_loses_nothing()
    {
        var other = new Visitor(site.Client, await city.SignInAsync("administrator", null, name: "other"));
        var (first, second, elsewhere) = (await OpenAsync(administrator, "categories/road-hole"), await OpenAsync(other, "categories/road-hole"), await OpenAsync(other, "categories/waste-dump"));
        first["names.fr"] = "Nid-de-poule";
        (await SendAsync(administrator, "categories/road-hole", first)).Status.ShouldBe(HttpStatusCode.SeeOther);
        elsewhere["sla.value"] = "48";
        (await SendAsync(other, "categories/waste-dump", elsewhere)).Status.ShouldBe(HttpStatusCode.SeeOther, "another record");
        second["names.fr"] = "Fosse";
        var (status, html, _) = await SendAsync(other, "categories/road-hole", second);
        status.ShouldBe(HttpStatusCode.Conflict);
        html.ShouldContain("Entre-temps");
        var kept = Fields(html);
        kept["names.fr"].ShouldBe("Fosse");
        (await SendAsync(other, "categories/road-hole", kept)).Status.ShouldBe(HttpStatusCode.SeeOther);
        html = (await other.GetAsync("/fr/admin/categories")).Html;
        html.ShouldContain("Fosse");
        html.ShouldContain("48 heures");
    }

    [Fact]
    public async Task A_category_keeps_its_questions_and_a_new_one_finds_its_place()
    {
        var fields = await OpenAsync(administrator, "categories/waste-dump");
        fields["keywords.nl"] = "matras, zetel";
        fields["priority"] = "high";
        fields["private"] = "true";
        (await SendAsync(administrator, "categories/waste-dump", fields)).Status.ShouldBe(HttpStatusCode.SeeOther);
        fields = await OpenAsync(administrator, "categories/new");
        foreach (var (name, value) in new[] { ("code", "waste-bin"), ("parent", "waste"), ("leaf", "true"), ("sla.value", "2"), ("sla.unit", "days"), ("names.fr", "Corbeille"), ("names.nl", "Vuilnisbak"), ("names.en", "Bin"), ("names.de", "Mülleimer") })
        {
            fields[name] = value;
        }
        (await SendAsync(administrator, "categories/new", fields)).To.ShouldBe("/fr/admin/categories?done=3");
        var all = (await FileAsync("categories"))["categories"]!.AsArray();
        var dump = all.Single(c => (string?)c!["code"] == "waste-dump")!;
        (dump["keywords"]!["nl"]!.ToJsonString(), (string?)dump["priority"], (bool?)dump["private"]).ShouldBe(("[\"matras\",\"zetel\"]", "high", true));
        ((string?)all[^1]!["code"], (string?)all[^1]!["sla"]!["unit"]).ShouldBe(("waste-bin", "days"));
        (await administrator.GetAsync("/fr/admin/categories")).Html.ShouldContain("2 jours");
    }

    [Fact]
    public async Task A_rule_is_changed_and_one_that_nothing_can_do_without_is_not_removed()
    {
        var fields = await OpenAsync(administrator, "rules/gully");
        fields["body"] = "region";
        fields["when.areas"] = "1";
        fields["when.hours.from"] = "07:00";
        fields["when.hours.to"] = "19:00";
        fields["when.hours.days"] = "monday";
        (await SendAsync(administrator, "rules/gully", fields)).Status.ShouldBe(HttpStatusCode.SeeOther);
        var html = (await administrator.GetAsync("/fr/admin/rules")).Html;
        html.ShouldContain("De 07:00 à 19:00, lundi");
        html.ShouldContain("Commune\u00a0: Ouest");

        html = (await administrator.GetAsync("/fr/admin/rules/rest?remove=1")).Html;
        html.ShouldContain("Vous allez le supprimer.");
        var (status, refused, _) = await administrator.PostAsync("/fr/admin/rules/rest", ("seen", Fields(html)["seen"]), ("do", "remove"));
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.ShouldContain("une dernière règle sans conditions");
        html = (await administrator.GetAsync("/fr/admin/rules/gully?remove=1")).Html;
        (await administrator.PostAsync("/fr/admin/rules/gully", ("seen", Fields(html)["seen"]), ("do", "remove"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await administrator.GetAsync("/fr/admin/rules/gully")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_answer_is_added_changed_and_removed()
    {
        var fields = await OpenAsync(administrator, "answers/new");
        foreach (var (name, value) in new[] { ("id", "swept"), ("action", "resolve"), ("branch", "waste"), ("words.fr", "Balayé, {number}."), ("words.nl", "Geveegd, {number}."), ("words.en", "Swept, {number}."), ("words.de", "Gefegt, {number}.") })
        {
            fields[name] = value;
        }
        (await SendAsync(administrator, "answers/new", fields)).To.ShouldBe("/fr/admin/answers?done=1");
        fields = await OpenAsync(administrator, "answers/swept");
        fields["words.fr"] = "Balayé !";
        await SendAsync(administrator, "answers/swept", fields);
        (await administrator.GetAsync("/fr/admin/answers")).Html.ShouldContain("Balayé !");
        var html = (await administrator.GetAsync("/fr/admin/answers/swept?remove=1")).Html;
        (await administrator.PostAsync("/fr/admin/answers/swept", ("seen", "0000"), ("do", "remove"))).Status.ShouldBe(HttpStatusCode.Conflict);
        (await administrator.PostAsync("/fr/admin/answers/swept", ("seen", Fields(html)["seen"]), ("do", "remove"))).To.ShouldBe("/fr/admin/answers?done=3");
        (await administrator.GetAsync("/fr/admin/answers")).Html.ShouldNotContain("Balayé");
    }

    [Fact]
    public async Task A_text_of_the_program_is_found_and_said_otherwise()
    {
        (await administrator.GetAsync("/fr/admin/texts?q=ui.text.own")).Html.ShouldContain("/fr/admin/texts/new?key=ui.text.own");
        var fields = await OpenAsync(administrator, "texts/new?key=ui.text.found");
        fields["words.fr"].ShouldContain("{0}");
        fields["words.fr"] = "Trouvé";
        var (status, html, _) = await SendAsync(administrator, "texts/new", fields);
        status.ShouldBe(HttpStatusCode.UnprocessableEntity, "the gap is missing");
        html.ShouldContain("un texte qui contient {0}");
        fields["words.fr"] = "Voilà {0} textes !";
        (await SendAsync(administrator, "texts/new", fields)).Status.ShouldBe(HttpStatusCode.SeeOther);
        await site.SettleAsync();
        (await administrator.GetAsync("/fr/admin/texts?q=ui.text.own")).Html.ShouldContain("Voilà 1 textes !");
        (await administrator.GetAsync("/nl/admin/texts?q=ui.text.own")).Html.ShouldContain("Gevonden teksten: 1");
        html = (await administrator.GetAsync("/fr/admin/texts/ui.text.found?remove=1")).Html;
        (await administrator.PostAsync("/fr/admin/texts/ui.text.found", ("seen", Fields(html)["seen"]), ("do", "remove"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await site.SettleAsync();
        (await administrator.GetAsync("/fr/admin/texts?q=ui.text.own")).Html.ShouldNotContain("Voilà");
    }

    /// <summary>The form as a browser would send it: one value for each name, which is all that the fields of these tests need.</summary>
    private static async Task<Dictionary<string, string>> OpenAsync(Visitor who, string path)
    {
        var (status, html, _) = await who.GetAsync("/fr/admin/" + path);
        status.ShouldBe(HttpStatusCode.OK, path);
        return Fields(html);
    }

    private static Task<(HttpStatusCode Status, string Html, string? To)> SendAsync(Visitor who, string path, Dictionary<string, string> fields) =>
        who.PostAsync("/fr/admin/" + path, [.. fields.SelectMany(field => field.Value.Split('\t').Select(value => (field.Key, value)))]);

    private async Task<JsonNode> FileAsync(string word)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/fr/admin/{word}/file");
        request.Headers.Add("Cookie", "zinneke=" + await city.SignInAsync("administrator", null));
        using var answer = await site.Client.SendAsync(request);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private static Dictionary<string, string> Fields(string html)
    {
        html = html[html.IndexOf("<form", StringComparison.Ordinal)..];
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        void Add(string name, string value) => fields[name] = fields.TryGetValue(name, out var before) ? $"{before}\t{value}" : value;
        foreach (Match input in Input().Matches(html))
        {
            var tag = input.Value;
            if (!tag.Contains("type=\"checkbox\"", StringComparison.Ordinal) && !tag.Contains("type=\"radio\"", StringComparison.Ordinal) || tag.Contains(" checked", StringComparison.Ordinal))
            {
                Add(Attribute(tag, "name"), Attribute(tag, "value"));
            }
        }
        foreach (Match area in Area().Matches(html))
        {
            Add(area.Groups[1].Value, area.Groups[2].Value.Trim());
        }
        foreach (Match select in Select().Matches(html))
        {
            Add(select.Groups[1].Value, Chosen().Match(select.Groups[2].Value) is { Success: true } chosen ? chosen.Groups[1].Value : First().Match(select.Groups[2].Value).Groups[1].Value);
        }
        return fields;
    }

    private static string Attribute(string tag, string name) => Regex.Match(tag, $"{name}=\"([^\"]*)\"").Groups[1].Value;

    [GeneratedRegex("<input[^>]*>")]
    private static partial Regex Input();

    [GeneratedRegex("<textarea[^>]*name=\"([^\"]+)\"[^>]*>([^<]*)</textarea>")]
    private static partial Regex Area();

    [GeneratedRegex("<select[^>]*name=\"([^\"]+)\"[^>]*>(.*?)</select>", RegexOptions.Singleline)]
    private static partial Regex Select();

    /// <summary>What is chosen when nothing is: an empty value is written without its quotes.</summary>
    [GeneratedRegex("<option value(?:=\"([^\"]*)\")?>")]
    private static partial Regex First();

    [GeneratedRegex("<option value=\"([^\"]*)\" selected")]
    private static partial Regex Chosen();
}
