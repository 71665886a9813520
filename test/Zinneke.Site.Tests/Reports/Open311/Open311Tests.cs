using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Zinneke.Kernel;
using Zinneke.Testing;

namespace Zinneke.Site.Tests.Reports.Open311;

/// <summary>The rules of GeoReport v2 that reports.md 5.1 numbers, each in JSON and in XML where both are meant.</summary>
public sealed class Open311Tests(GeoSite geo) : IClassFixture<GeoSite>
{
    private const string Known = "road-hole";

    [Fact]
    public async Task Discovery_says_where_and_how() // G01-G04
    {
        var json = (await geo.GetAsync("discovery.json")).Json;
        DateTimeOffset.Parse(json.GetProperty("changeset").GetString()!, null).Year.ShouldBeGreaterThan(2000);
        json.GetProperty("contact").GetString()!.ShouldContain("@");
        var endpoints = json.GetProperty("endpoints").EnumerateArray().ToList();
        endpoints.Count(e => e.GetProperty("type").GetString() == "production").ShouldBe(1);
        endpoints.ShouldAllBe(e => e.GetProperty("specification").GetString() == "http://wiki.open311.org/GeoReport_v2" && e.GetProperty("formats").GetArrayLength() == 2);
        endpoints[0].GetProperty("url").GetString().ShouldBe($"{geo.Site.Address.GetLeftPart(UriPartial.Authority)}/open311/v2");
        await geo.SameInBothAsync("discovery", "discovery");
    }

    [Fact]
    public async Task Services_are_what_residents_may_report() // G05-G08
    {
        var services = (await geo.GetAsync("v2/services.json")).Json.EnumerateArray().ToList();
        services.Select(s => s.GetProperty("service_code").GetString()).ShouldBe(["clean-bag", Known, "road-gully", "waste-dump"], ignoreOrder: true);
        var bag = services.Single(s => s.GetProperty("service_code").GetString() == "clean-bag");
        (bag.GetProperty("metadata").GetBoolean(), bag.GetProperty("keywords").GetString(), bag.GetProperty("group").GetString(), bag.GetProperty("type").GetString())
            .ShouldBe((true, "poubelle, sac", "Collecte", "realtime"));
        await geo.SameInBothAsync("v2/services", "services");
        (await geo.GetAsync("v2/services.json?jurisdiction_id=")).Text.ShouldBe((await geo.GetAsync("v2/services.json")).Text);
        (await geo.GetAsync("v2/services.json?lang=nl")).Text.ShouldContain("Vergeten zak");
        foreach (var format in (string[])["json", "xml"])
        {
            (await geo.GetAsync($"v2/services.{format}?jurisdiction_id=atlantis")).Status.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task A_definition_names_its_questions() // G09-G12
    {
        var definition = (await geo.GetAsync("v2/services/clean-bag.json")).Json;
        var attributes = definition.GetProperty("attributes").EnumerateArray().ToList();
        attributes.Select(a => (a.GetProperty("code").GetString(), a.GetProperty("datatype").GetString(), a.GetProperty("required").GetBoolean(), a.GetProperty("variable").GetBoolean(), a.GetProperty("order").GetInt32()))
            .ShouldBe([("colour", "singlevaluelist", true, true, 1), ("inside", "multivaluelist", false, true, 2), ("hint", "string", false, false, 3), ("amount", "number", false, true, 4)]);
        attributes.Select(a => a.TryGetProperty("values", out _)).ShouldBe([true, true, false, false]);
        await geo.SameInBothAsync("v2/services/clean-bag", "service_definition");
        foreach (var code in (string[])["ufo", "clean", "clean-own"])
        {
            (await geo.GetAsync($"v2/services/{code}.xml")).Status.ShouldBe(HttpStatusCode.NotFound, code);
        }
    }

    public static TheoryData<HttpStatusCode, string, (string, string)[]> Refused => new()
    {
        { HttpStatusCode.Forbidden, "api_key", [("api_key", "")] },
        { HttpStatusCode.Forbidden, "api_key", [("api_key", "zk_0123456789012345678901234567890123456789")] },
        { HttpStatusCode.BadRequest, "service_code", [("service_code", "")] },
        { HttpStatusCode.NotFound, "service_code", [("service_code", "ufo")] },
        { HttpStatusCode.NotFound, "service_code", [("service_code", "clean-own")] },
        { HttpStatusCode.BadRequest, "long", [("lat", ""), ("long", "")] },
        { HttpStatusCode.BadRequest, "long", [("long", "")] },
        { HttpStatusCode.BadRequest, "lat", [("lat", "abc")] },
        { HttpStatusCode.BadRequest, "lat", [("lat", "91")] },
        { HttpStatusCode.BadRequest, "lat", [("lat", "NaN")] },
        { HttpStatusCode.BadRequest, "lat", [("lat", "1e400")] },
        { HttpStatusCode.BadRequest, "description", [("description", new string('é', 4001))] },
        { HttpStatusCode.BadRequest, "attribute[colour]", [("service_code", "clean-bag")] },
        { HttpStatusCode.BadRequest, "attribute[colour]", [("service_code", "clean-bag"), ("attribute[colour]", "pink")] },
        { HttpStatusCode.NotFound, "jurisdiction_id", [("jurisdiction_id", "atlantis")] },
        { HttpStatusCode.BadRequest, "jurisdiction_id", [("jurisdiction_id", "2")] },
        { HttpStatusCode.BadRequest, "email", [("email", "nobody")] },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_cannot_be_taken_is_refused_in_both_formats(HttpStatusCode expected, string named, (string, string)[] arguments) // G13-G22
    {
        var before = (await geo.GetAsync("v2/requests.json")).Json.GetArrayLength();
        foreach (var root in (string[])["v2", "test/v2"])
        {
            var json = await geo.PostAsync($"{root}/requests.json", arguments);
            var xml = await geo.PostAsync($"{root}/requests.xml", arguments);
            (json.Status, xml.Status).ShouldBe((expected, expected), json.ToString());
            json.Errors.ShouldContain(named);
            xml.Errors.ShouldBe(json.Errors);
            json.Json[0].GetProperty("code").GetString().ShouldBe(((int)expected).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        (await geo.GetAsync("v2/requests.json")).Json.GetArrayLength().ShouldBe(before);
    }

    [Fact]
    public async Task A_request_is_taken_and_read_again() // G20, G23-G29, G41-G44
    {
        const string words = "<b>Trou</b> & \"nid\"\r\nà l’œil 😀 ]]>";
        var number = await geo.TakenAsync(("description", words), ("email", "secret@example.org"), ("first_name", "Secreta"), ("phone", "+32 2 000"), ("address_string", "Rue Verte 3"));
        number.ShouldMatch(@"^\d{4}-\d{6}$");
        var one = (await geo.GetAsync($"v2/requests/{number}.json")).Json[0];
        one.EnumerateObject().Select(p => p.Name).ShouldBe(
        [
            "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
            "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
        ]);
        (one.GetProperty("status").GetString(), one.GetProperty("agency_responsible").GetString(), one.GetProperty("lat").GetDouble(), one.GetProperty("long").GetDouble()).ShouldBe(("open", "Commune d’Ouest", 50.85, 4.35));
        one.GetProperty("description").GetString().ShouldBe(words);
        one.GetProperty("requested_datetime").GetString()!.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$");
        var xml = await geo.GetAsync($"v2/requests/{number}.xml");
        xml.Xml.Element("request")!.Element("description")!.Value.ShouldBe(words);
        xml.Text.ShouldNotContain("ecret");
        await geo.SameInBothAsync($"v2/requests/{number}", "service_requests");
        await geo.SameInBothAsync($"v2/requests/{number}", "service_requests", "?extensions=true");

        var inXml = await geo.PostAsync("v2/requests.xml");
        inXml.Xml.Element("request")!.Elements().Select(e => e.Name.LocalName).ShouldBe(["service_request_id", "service_notice", "account_id"]);
        (await geo.TakenAsync(("lat", ""), ("long", ""), ("address_string", "Place sans point 1"))).ShouldNotBeEmpty();
        (await geo.TakenAsync(("description", new string('é', 4000)))).ShouldNotBeEmpty();
        var bag = await geo.TakenAsync(("service_code", "clean-bag"), ("attribute[colour]", "white"), ("attribute[inside][]", "glass"), ("attribute[inside][]", "wood"), ("attribute[amount]", "3"));
        var attributes = (await geo.GetAsync($"v2/requests/{bag}.json?extensions=true")).Json[0].GetProperty("attributes").EnumerateArray();
        await geo.SameInBothAsync($"v2/requests/{bag}", "service_requests", "?extensions=true");
        attributes.Select(a => (a.GetProperty("code").GetString(), a.GetProperty("values").GetArrayLength())).ShouldBe([("colour", 1), ("inside", 2), ("amount", 1)], "in the order of the questions");
        foreach (var path in (string[])["v2/requests/2020-000001.json", "v2/tokens/018f3c1e-6d2a-7b57-9c39-0f1e2d3c4b5a.xml", "v2/tokens/x.json", "v2/requests.yaml", "v2/ufos.json", "v9/services.xml", "v2/requests"]) // G45, G46
        {
            var unknown = await geo.GetAsync(path);
            unknown.Status.ShouldBe(HttpStatusCode.NotFound, path);
            unknown.Errors.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task A_photo_comes_with_it_and_is_shown()
    {
        using var form = new MultipartFormDataContent { { new StringContent(geo.Key), "api_key" }, { new StringContent(Known), "service_code" }, { new StringContent("50.86"), "lat" }, { new StringContent("4.36"), "long" } };
        form.Add(new ByteArrayContent(Pictures.Jpeg(64, 48)), "media", "hole.jpg");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/open311/v2/requests.json") { Content = form };
        var answered = await geo.SendAsync(request);
        answered.Status.ShouldBe(HttpStatusCode.OK, answered.ToString());
        var number = answered.Json[0].GetProperty("service_request_id").GetString();
        string? media = null;
        for (var look = 0; media is null && look < 200; look++)
        {
            await Task.Delay(50); // It is drawn after the answer.
            media = (await geo.GetAsync($"v2/requests/{number}.json")).Json[0].GetProperty("media_url").GetString();
        }
        using var photo = await geo.Site.Client.GetAsync(new Uri(media!).PathAndQuery);
        photo.Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
    }

    /// <summary>From an address inside nothing is fetched, and the report is taken all the same.</summary>
    [Fact]
    public async Task A_photo_of_an_address_inside_is_not_fetched()
    {
        var number = await geo.TakenAsync(("media_url", $"{geo.Site.Address}assets/x.jpg"));
        (await geo.Site.GetAsync($"/api/v1/reports/{number}")).Json.GetProperty("photos").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Lists_are_narrowed_and_paged() // G30-G40
    {
        var numbers = new List<string>();
        foreach (var lon in (string[])["4.31", "4.32", "4.33"])
        {
            numbers.Insert(0, await geo.TakenAsync(("long", lon), ("lat", "50.811"), ("service_code", "road-gully")));
        }
        const string gullies = "service_code=road-gully";
        (await Numbers(gullies)).ShouldBe(numbers);
        (await Numbers($"{gullies}&page_size=2")).ShouldBe(numbers.Take(2));
        (await Numbers($"{gullies}&page_size=2&page=2")).ShouldBe(numbers.Skip(2));
        (await Numbers($"{gullies}&bbox=4.315,50.81,4.335,50.82")).ShouldBe(numbers.Take(2));
        (await Numbers($"service_request_id={numbers[2]},{numbers[0]}&status=closed&service_code=ufo")).ShouldBe([numbers[0], numbers[2]]);
        (await Numbers($"{gullies}&status=closed")).ShouldBeEmpty();
        (await Numbers($"{gullies}&status=open,closed")).ShouldBe(numbers);
        (await Numbers($"{gullies}&status=&page=")).ShouldBe(numbers);
        (await Numbers($"{gullies}&start_date=2020-01-01T00:00:00Z")).ShouldBeEmpty();
        (await Numbers($"{gullies}&updated_after=2099-01-01T00:00:00Z")).ShouldBeEmpty();
        (await Numbers($"{gullies}&jurisdiction_id=1")).ShouldBe(numbers);
        (await Numbers($"{gullies}&jurisdiction_id=2")).ShouldBeEmpty();
        await geo.SameInBothAsync("v2/requests", "service_requests", $"?{gullies}&extensions=true");
        foreach (var bad in (string[])["status=ajar", "start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", "start_date=yesterday", "start_date=2026-01-01T00:00:00", "page=0", "page_size=1001", "bbox=1,2,3", "bbox=5,50,4,51"])
        {
            var refused = await geo.GetAsync("v2/requests.xml?" + bad);
            refused.Status.ShouldBe(HttpStatusCode.BadRequest, bad);
            refused.Errors.ShouldContain(bad.Split('=')[0]);
        }
        async Task<IEnumerable<string?>> Numbers(string query) => [.. (await geo.GetAsync("v2/requests.json?" + query)).Json.EnumerateArray().Select(one => one.GetProperty("service_request_id").GetString())];
    }

    [Fact]
    public async Task What_is_private_or_hidden_is_never_there()
    {
        var number = await geo.TakenAsync(("description", "Très privé"));
        var officer = await geo.Site.StaffKeyAsync("west");
        foreach (var (action, there) in ((string, bool)[])[("hide", false), ("show", true), ("setPrivate", false)])
        {
            (await geo.Site.PostAsync($"/api/v1/reports/{number}/actions/{action}", "{}", officer)).Status.ShouldBe(HttpStatusCode.OK);
            (await geo.GetAsync($"v2/requests/{number}.json")).Status.ShouldBe(there ? HttpStatusCode.OK : HttpStatusCode.NotFound);
            foreach (var list in (string[])["requests.json", "requests.json?extensions=true", "bulk.csv", "bulk.json", "bulk.xml", "servicerequestupdates.xml", $"requests.xml?service_request_id={number}"])
            {
                (await geo.GetAsync($"v2/{list}")).Text.Contains(number, StringComparison.Ordinal).ShouldBe(there && !list.StartsWith("service", StringComparison.Ordinal), $"{action} {list}");
            }
        }
    }

    [Fact]
    public async Task A_key_sent_twice_is_one_request_and_a_tag_says_nothing_new() // G47, G48
    {
        var first = await geo.PostAsync("v2/requests.json", "again-1", ("description", "Une fois"));
        var again = await geo.PostAsync("v2/requests.json", "again-1", ("description", "Une fois"));
        again.Text.ShouldBe(first.Text);
        again.Headers.GetValues("Idempotent-Replay").ShouldBe(["true"]);
        (await geo.PostAsync("v2/requests.json", "again-1", ("description", "Autre chose"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        var path = $"v2/requests/{first.Json[0].GetProperty("service_request_id").GetString()}.json";
        var tag = (await geo.GetAsync(path)).Headers.ETag!.ToString();
        (await geo.GetAsync(path, tag)).Status.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_key_sent_again_is_answered_again_when_its_category_has_gone()
    {
        var first = await geo.PostAsync("v2/requests.json", "gone-1", ("service_code", "clean-bag"), ("attribute[colour]", "white"));
        first.Status.ShouldBe(HttpStatusCode.OK, first.ToString());
        await geo.TakeOutAsync("clean-bag");
        try
        {
            var again = await geo.PostAsync("v2/requests.json", "gone-1", ("service_code", "clean-bag"), ("attribute[colour]", "white"));
            again.Text.ShouldBe(first.Text);
            again.Headers.GetValues("Idempotent-Replay").ShouldBe(["true"]);
            (await geo.PostAsync("v2/requests.json", "gone-2", ("service_code", "clean-bag"), ("attribute[colour]", "white"))).Status.ShouldBe(HttpStatusCode.NotFound);
            (await geo.PostAsync("v2/requests.json", "gone-1", ("service_code", "clean-bag"), ("attribute[colour]", "white"), ("description", "Autre chose"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        }
        finally
        {
            await geo.TakeOutAsync(null);
        }
    }

    [Fact]
    public async Task The_quota_of_a_key_holds_wherever_the_key_stands()
    {
        var key = (await geo.Site.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey("small app", ["open311"], null, null, 2))).Value.Secret;
        (await geo.PostAsync("v2/requests.json", ("api_key", key))).Status.ShouldBe(HttpStatusCode.OK);
        (await geo.GetAsync($"v2/requests.json?api_key={key}")).Status.ShouldBe(HttpStatusCode.OK);
        (await geo.PostAsync("v2/requests.json", ("api_key", key))).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task The_work_of_the_body_is_seen() // G37, G49 (reading), G50
    {
        var number = await geo.TakenAsync(("description", "À réparer"));
        var officer = await geo.Site.StaffKeyAsync("west");
        (await geo.Site.PostAsync($"/api/v1/reports/{number}/actions/accept", "{}", officer)).Status.ShouldBe(HttpStatusCode.OK);
        (await geo.Site.PostAsync($"/api/v1/reports/{number}/actions/start", "{}", officer)).Status.ShouldBe(HttpStatusCode.OK);
        (await geo.Site.PostAsync($"/api/v1/reports/{number}/actions/resolve", """{"text":{"fr":"C’est réparé.","nl":"Hersteld."}}""", officer)).Status.ShouldBe(HttpStatusCode.OK);
        var one = (await geo.GetAsync($"v2/requests/{number}.json?extensions=true")).Json[0];
        (one.GetProperty("status").GetString(), one.GetProperty("status_notes").GetString()).ShouldBe(("closed", "C’est réparé."));
        one.GetProperty("notes").EnumerateArray().Last().GetProperty("type").GetString().ShouldBe("resolve");
        (await geo.GetAsync($"v2/requests/{number}.xml?lang=nl")).Xml.Element("request")!.Element("status_notes")!.Value.ShouldBe("Hersteld.");
        var updates = (await geo.GetAsync("v2/servicerequestupdates.json")).Json.EnumerateArray().Where(u => u.GetProperty("service_request_id").GetString() == number).ToList();
        updates.Select(u => u.GetProperty("status").GetString()).ShouldBe(["open", "open", "closed"]);
        await geo.SameInBothAsync("v2/servicerequestupdates", "service_request_updates");

        var csv = (await geo.GetAsync("v2/bulk.csv")).Text.Split('\n');
        csv[0].ShouldStartWith("service_request_id,requested_datetime,updated_datetime,closed_date,status_description");
        csv.Single(line => line.StartsWith(number, StringComparison.Ordinal)).ShouldContain("closed,");
        (await geo.GetAsync("v2/bulk.json")).Json.EnumerateArray().Count().ShouldBe(csv.Count(line => line.StartsWith("20", StringComparison.Ordinal)));
        (await geo.GetAsync("v2/bulk.xml?end_date=2020-01-01T00:00:00Z")).Xml.Elements().ShouldBeEmpty();
    }

    [Fact]
    public async Task Anybody_with_a_key_may_comment_and_the_holders_system_moves_it_on_each_update_once() // G49
    {
        var number = await geo.TakenAsync();
        Task<GeoAnswered> Say(string? key, string id, string status, string words = "", string format = "json") => geo.PostAsync(
            $"v2/servicerequestupdates.{format}?api_key={key}", ("service_code", ""), ("lat", ""), ("long", ""), ("api_key", ""), ("service_request_id", number), ("update_id", id), ("status", status), ("description", words), ("updated_datetime", "2026-05-04T10:00:00+02:00"));
        var west = (await geo.Site.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey("system of west", ["partner:west"]))).Value.Secret;
        var east = (await geo.Site.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey("system of east", ["partner:east"]))).Value.Secret;

        (await Say(null, "1", "OPEN", "Toujours là")).Status.ShouldBe(HttpStatusCode.Forbidden);
        var said = await Say(geo.Key, "1", "OPEN", "Toujours là");
        said.Status.ShouldBe(HttpStatusCode.OK, said.ToString());
        var id = said.Json[0].GetProperty("update_id").GetString();
        (await Say(geo.Key, "1", "OPEN", "Toujours là", "xml")).Xml.Element("request_update")!.Element("update_id")!.Value.ShouldBe(id);
        (await Say(geo.Key, "2", "CLOSED", "Fini")).Status.ShouldBe(HttpStatusCode.Forbidden, "only who has it moves it on");
        (await Say(east, "1", "CLOSED", "Fini")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Say(west, "1", "FLYING", "Fini")).Errors.ShouldContain("status");
        (await Say(west, "1", "CLOSED")).Errors.ShouldStartWith("description:");
        (await Say(west, "1", "CLOSED", format: "xml")).Errors.ShouldStartWith("description:");
        foreach (var (update, status, state) in ((string, string, string)[])[("1", "IN_PROGRESS", "inProgress"), ("2", "fixed", "resolved"), ("3", "REOPEN", "assigned"), ("2", "FIXED", "assigned"), ("4", "INVESTIGATING", "accepted"), ("5", "NO_FURTHER_ACTION", "declined")])
        {
            var answered = await Say(west, update, status, $"Mot {update}");
            answered.Status.ShouldBe(HttpStatusCode.OK, answered.ToString());
            (await geo.Site.GetAsync($"/api/v1/reports/{number}")).Json.GetProperty("state").GetString().ShouldBe(state, status);
        }
        var updates = (await geo.GetAsync("v2/servicerequestupdates.json")).Json.EnumerateArray().Where(one => one.GetProperty("service_request_id").GetString() == number).ToList();
        updates.Select(one => one.GetProperty("description").GetString()).Where(words => words is not null).ShouldBe(["Toujours là", "Mot 1", "Mot 2", "Mot 3", "Mot 4", "Mot 5"], ignoreOrder: true, "the clock stands still");
        updates.Select(one => one.GetProperty("update_id").GetString()).ShouldContain(id);
    }

    [Fact]
    public async Task One_device_behind_the_key_of_an_app_has_its_own_limit()
    {
        for (var i = 0; i < 20; i++)
        {
            (await geo.PostAsync("v2/requests.json", ("device_id", "a telephone"))).Status.ShouldBe(HttpStatusCode.OK);
        }
        var refused = await geo.PostAsync("v2/requests.json", ("device_id", "a telephone"));
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests, refused.ToString());
        refused.Headers.Contains("Retry-After").ShouldBeTrue();
        (await geo.PostAsync("v2/requests.json", ("device_id", "another one"))).Status.ShouldBe(HttpStatusCode.OK);
        (await geo.PostAsync("v2/requests.json")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_form_says_the_language_of_the_answer_and_of_the_refusal()
    {
        foreach (var path in (string[])["v2/requests.json", "v2/requests.xml", "test/v2/requests.json", "test/v2/requests.xml"])
        {
            (await SayAsync(path, ("lang", "nl"))).Text.ShouldContain("Gemeente West");
            (await SayAsync(path + "?lang=fr", ("lang", "nl"))).Text.ShouldContain("Gemeente West");
            var refused = await SayAsync(path, ("lang", "nl"), ("email", "nobody"));
            refused.Errors.ShouldBe((await SayAsync(path + "?lang=nl", ("email", "nobody"))).Errors);
            refused.Errors.ShouldNotBe((await SayAsync(path, ("email", "nobody"))).Errors);
        }

        // The key stands in the address: those that stand in the form are counted for the network address.
        Task<GeoAnswered> SayAsync(string path, params (string, string)[] arguments) =>
            geo.PostAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}api_key={geo.Key}", [.. arguments, ("api_key", "")]);
    }

    [Fact]
    public async Task What_is_missing_is_null_and_an_empty_element()
    {
        var number = (await geo.PostAsync($"v2/requests.json?api_key={geo.Key}", ("description", ""), ("api_key", ""))).Json[0].GetProperty("service_request_id").GetString();
        string[] paths = [$"v2/requests/{number}", "v2/requests", "v2/bulk"];
        foreach (var path in paths)
        {
            (await geo.GetAsync(path + ".json")).Json.EnumerateArray().Single(one => one.GetProperty("service_request_id").GetString() == number).GetProperty("description").ValueKind.ShouldBe(JsonValueKind.Null, path);
            (await geo.GetAsync(path + ".xml")).Text.ShouldContain("<description />");
        }
        (await geo.GetAsync("v2/services.json")).Json.EnumerateArray().Single(one => one.GetProperty("service_code").GetString() == Known).GetProperty("keywords").ValueKind.ShouldBe(JsonValueKind.Null);
        (await geo.GetAsync("v2/services.xml")).Text.ShouldContain("<keywords />");
    }

    [Theory]
    [InlineData("PUT", "discovery")]
    [InlineData("PUT", "v2/services")]
    [InlineData("DELETE", "v2/services")]
    [InlineData("POST", "v2/services")]
    [InlineData("OPTIONS", "test/v2/services/clean-bag")]
    [InlineData("PATCH", "v2/servicerequestupdates")]
    public async Task A_method_that_a_resource_does_not_take_is_400(string method, string path)
    {
        foreach (var (format, expected) in ((string, HttpStatusCode)[])[("json", HttpStatusCode.BadRequest), ("xml", HttpStatusCode.BadRequest), ("yaml", HttpStatusCode.NotFound)])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"/open311/{path}.{format}");
            var answered = await geo.SendAsync(request);
            (answered.Status, answered.Text.StartsWith('[')).ShouldBe((expected, format == "json"), answered.ToString());
            answered.Errors.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task The_sandbox_answers_alike_and_tells_nobody()
    {
        var sent = await geo.PostAsync("test/v2/requests.json", ("description", "Un essai"));
        var id = sent.Json[0].GetProperty("service_request_id").GetString()!;
        id.ShouldStartWith("TEST-");
        (await geo.GetAsync($"test/v2/requests/{id}.json")).Json[0].GetProperty("agency_responsible").GetString().ShouldBe("Commune d’Ouest");
        var real = (await geo.PostAsync($"v2/requests.json?api_key={geo.Key}", ("api_key", ""))).Json[0].GetProperty("service_request_id").GetString();
        var due = (await geo.GetAsync($"v2/requests/{real}.json")).Json[0].GetProperty("expected_datetime").GetString();
        due.ShouldNotBeNull();
        (await geo.GetAsync($"test/v2/requests/{id}.json")).Json[0].GetProperty("expected_datetime").GetString().ShouldBe(due);
        (await geo.GetAsync($"test/v2/requests/{id}.xml")).Xml.Element("request")!.Element("expected_datetime")!.Value.ShouldBe(due);
        (await geo.GetAsync("test/v2/requests.json")).Text.ShouldContain(id);
        (await geo.GetAsync($"v2/requests/{id}.json")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await geo.GetAsync("v2/requests.json?extensions=true")).Text.ShouldNotContain("Un essai");
    }
}
