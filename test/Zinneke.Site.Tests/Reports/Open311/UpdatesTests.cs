using System.Net;
using System.Text;
using System.Xml.Linq;
using System.Text.Json;
using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports.Open311;

/// <summary>What clients of Open311 say later, in the sandbox too; and requests whose place is an address of the index.</summary>
public class UpdatesTests(GeoSite geo) : IClassFixture<GeoSite>
{
    private static readonly (string, string)[] Bare = [("service_code", ""), ("lat", ""), ("long", "")];

    [Fact]
    public async Task The_sandbox_takes_updates_and_gives_all_at_once()
    {
        var sent = await geo.PostAsync("test/v2/requests.json", ("description", "Essai"));
        var number = sent.Json[0].GetProperty("service_request_id").GetString()!;
        var west = (await geo.Site.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey("system of west", ["partner:west"]))).Value.Secret;
        Task<GeoAnswered> Say(string key, string id, string status, string words) => geo.PostAsync(
            "test/v2/servicerequestupdates.json", [.. Bare, ("api_key", key), ("service_request_id", number), ("update_id", id), ("status", status), ("description", words)]);
        (await Say("", "1", "OPEN", "Encore là")).Status.ShouldBe(HttpStatusCode.Forbidden);
        var first = await Say(geo.Key, "1", "OPEN", "Encore là");
        first.Status.ShouldBe(HttpStatusCode.OK, first.ToString());
        (await Say(geo.Key, "1", "OPEN", "Encore là")).Text.ShouldBe(first.Text);
        (await Say(geo.Key, "2", "CLOSED", "Fini")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Say(west, "1", "CLOSED", "")).Status.ShouldBe(HttpStatusCode.BadRequest, "words are needed");
        (await Say(west, "1", "CLOSED", "Fini")).Status.ShouldBe(HttpStatusCode.OK);
        (await geo.PostAsync("test/v2/servicerequestupdates.json", [.. Bare, ("service_request_id", "2026-000001"), ("update_id", "9"), ("status", "OPEN"), ("description", "Où ?")])).Status.ShouldBe(HttpStatusCode.NotFound, "what is not a test is not there");

        var one = (await geo.GetAsync($"test/v2/requests/{number}.json")).Json[0];
        (one.GetProperty("status").GetString(), one.GetProperty("status_notes").GetString()).ShouldBe(("closed", "Fini"));
        var updates = (await geo.GetAsync("test/v2/servicerequestupdates.json")).Json.EnumerateArray().Where(update => update.GetProperty("service_request_id").GetString() == number).ToList();
        updates.Select(update => (update.GetProperty("status").GetString(), update.GetProperty("description").GetString())).ShouldBe([("open", "Encore là"), ("closed", "Fini")]);
        await geo.SameInBothAsync("test/v2/servicerequestupdates", "service_request_updates");
        (await geo.GetAsync("v2/servicerequestupdates.json")).Text.ShouldNotContain(number);

        var csv = (await geo.GetAsync("test/v2/bulk.csv")).Text.Split('\n');
        csv[0].ShouldBe((await geo.GetAsync("v2/bulk.csv")).Text.Split('\n')[0]);
        csv.Single(line => line.StartsWith(number, StringComparison.Ordinal)).ShouldContain("closed,resolved");
        (await geo.GetAsync("test/v2/bulk.json")).Json.EnumerateArray().ShouldContain(row => row.GetProperty("service_request_id").GetString() == number);
        (await geo.GetAsync("test/v2/bulk.xml?end_date=2020-01-01T00:00:00Z")).Xml.Elements().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    [InlineData("xml")]
    public async Task Words_that_are_hidden_are_in_no_bulk_file(string format)
    {
        var number = await geo.TakenAsync(("description", "Ornithorynque injurieux"), ("address_string", "Rue des Injures 3"));
        async Task<string> FileAsync() => (await geo.GetAsync($"v2/bulk.{format}")).Text;
        (await FileAsync()).ShouldContain("Ornithorynque injurieux");
        var staff = await geo.Site.StaffKeyAsync("west");
        var hidden = await geo.Site.PostAsync($"/api/v1/reports/{number}/parts", """{"what":"text","show":false}""", staff);
        hidden.Status.ShouldBe(HttpStatusCode.OK, hidden.ToString());
        var file = await FileAsync();
        file.ShouldContain(number);
        file.ShouldNotContain("Ornithorynque");
        file.ShouldNotContain("Injures");
    }

    [Fact]
    public async Task An_address_of_the_index_is_a_place_by_its_id()
    {
        const string csv = "street_fr,street_nl,number,postcode,municipality,lon,lat\nRue du Puits,Putstraat,7,1801,Ouest,4.3411,50.8511\n";
        (await geo.Site.Get<ImportAddresses>().RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(csv)), "a.csv", Actor.System, default)).Added.ShouldBe(1);
        await geo.Site.SettleAsync();
        await using var store = geo.Site.Get<Database>().Open();
        var id = (await geo.Site.Get<AddressIndex>().UniqueAsync(store, "rue du puits 7"))!.Id;
        var number = await geo.TakenAsync(("lat", ""), ("long", ""), ("address_id", id));
        var one = (await geo.GetAsync($"v2/requests/{number}.json")).Json[0];
        (one.GetProperty("lat").GetDouble(), one.GetProperty("long").GetDouble(), one.GetProperty("address").GetString()).ShouldBe((50.8511, 4.3411, "Rue du Puits 7, 1801 Ouest"));
        var refused = await geo.PostAsync("v2/requests.json", ("lat", ""), ("long", ""), ("address_id", "nowhere|1"));
        (refused.Status, refused.Errors.Contains("address_id", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.BadRequest, true), refused.ToString());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_update_names_the_public_photo_of_the_repair(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind);
        var city = await DeskCity.FoundAsync(site.Services);
        var number = await city.FileAsync();
        var agent = await site.StaffKeyAsync(DeskCity.West);
        var crew = new Visitor(site.Client, await city.SignInAsync("crew", DeskCity.West));
        site.Clock.Advance(TimeSpan.FromHours(1));
        (await site.PostAsync($"/api/v1/reports/{number}/actions/accept", "{}", agent)).Status.ShouldBe(HttpStatusCode.OK);
        site.Clock.Advance(TimeSpan.FromHours(1));
        (await crew.PostFilesAsync($"/api/v1/reports/{number}/actions/resolve", [("action", "{}")], ("photo", "after.jpg", Pictures.Jpeg(64, 48)))).Status.ShouldBe(HttpStatusCode.OK);
        await site.Get<DrawFiles>().AllAsync();
        var media = await MediaAsync("json");
        for (var waited = 0; media[1] is null && waited < 200; waited++)
        {
            await Task.Delay(50); // Somebody else draws it.
            media = await MediaAsync("json");
        }
        var photo = (await site.GetAsync($"/api/v1/reports/{number}")).Json.GetProperty("photos")[0];
        media[0].ShouldBeNull();
        media[1]!.ShouldEndWith(photo.GetProperty("urls").GetProperty("large").GetString()!);
        (await MediaAsync("xml")).ShouldBe(media);

        (await site.PostAsync($"/api/v1/reports/{number}/parts", $$"""{"what":"photo","photo":"{{photo.GetProperty("id").GetString()}}","show":false}""", agent)).Status.ShouldBe(HttpStatusCode.OK);
        (await MediaAsync("json")).ShouldBe([null, null]);
        (await MediaAsync("xml")).ShouldBe([null, null]);

        async Task<string?[]> MediaAsync(string format)
        {
            var text = await site.Client.GetStringAsync($"/open311/v2/servicerequestupdates.{format}");
            return format == "json"
                ? [.. JsonDocument.Parse(text).RootElement.EnumerateArray().Select(update => update.GetProperty("media_url").GetString())]
                : [.. XDocument.Parse(text).Root!.Elements("request_update").Select(update => update.Element("media_url")!.Value is { Length: > 0 } url ? url : null)];
        }
    }

    [Fact]
    public async Task An_update_says_the_status_of_its_time_also_when_it_moves_nothing()
    {
        await using var site = await TestSite.NewAsync();
        var number = await (await DeskCity.FoundAsync(site.Services)).FileAsync();
        var west = (await site.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey("system of west", ["partner:west"]))).Value.Secret;
        foreach (var (status, words) in ((string, string)[])[("OPEN", "Vu"), ("FIXED", "Fini"), ("OPEN", "Merci à tous"), ("REOPEN", "Encore"), ("NOT_COUNCILS_RESPONSIBILITY", "Pas à nous")])
        {
            site.Clock.Advance(TimeSpan.FromHours(1));
            using var form = new FormUrlEncodedContent(
                new Dictionary<string, string> { ["api_key"] = west, ["service_request_id"] = number, ["update_id"] = words, ["status"] = status, ["description"] = words, ["lang"] = "fr" });
            using var answer = await site.Client.PostAsync("/open311/v2/servicerequestupdates.json", form);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        }
        (string, string)[] expected = [("open", "Vu"), ("closed", "Fini"), ("closed", "Merci à tous"), ("open", "Encore"), ("open", "Pas à nous")];
        JsonDocument.Parse(await site.Client.GetStringAsync("/open311/v2/servicerequestupdates.json?lang=fr")).RootElement.EnumerateArray()
            .Select(update => (update.GetProperty("status").GetString()!, update.GetProperty("description").GetString()!)).ShouldBe(expected);
        XDocument.Parse(await site.Client.GetStringAsync("/open311/v2/servicerequestupdates.xml?lang=fr")).Root!.Elements()
            .Select(update => (update.Element("status")!.Value, update.Element("description")!.Value)).ShouldBe(expected);
    }

    [Fact]
    public async Task A_picture_comes_with_the_words_of_any_key_and_its_own_is_of_the_problem()
    {
        await using var site = await TestSite.NewAsync(settings: [(KernelSettings.AllowPrivateTargets, "true")]);
        await using var elsewhere = await PartnerSystem.StartAsync(site.Clock);
        var number = await (await DeskCity.FoundAsync(site.Services)).FileAsync();
        var key = (await site.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey("city app", ["open311"]))).Value.Secret;
        for (var update = 1; update <= 5; update++)
        {
            using var form = new FormUrlEncodedContent(
                new Dictionary<string, string> { ["api_key"] = key, ["service_request_id"] = number, ["update_id"] = $"{update}", ["status"] = "OPEN", ["description"] = "Le trou grandit", ["media_url"] = elsewhere.PhotoUrl });
            using var answer = await site.Client.PostAsync("/open311/v2/servicerequestupdates.json", form);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        }
        var report = (await site.GetAsync($"/api/v1/reports/{number}")).Json;
        report.GetProperty("photos").EnumerateArray().Select(photo => photo.GetProperty("after").GetBoolean()).ShouldBe([false, false, false, false], "as many as may be of a problem; the words of the fifth are there all the same");
        report.GetProperty("history").EnumerateArray().Count(line => line.GetProperty("action").GetString() == "comment").ShouldBe(5);
    }
}
