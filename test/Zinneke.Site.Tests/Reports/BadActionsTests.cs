using System.Net;
using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Reports;

/// <summary>What officers and everybody else may not do, and what is asked wrongly of lists.</summary>
[Collection(TwoTowns.Collection)]
public class BadActionsTests(TwoTowns towns)
{
    private readonly TestSite site = towns.Site;

    [Fact]
    public async Task An_officer_does_nothing_to_a_report_of_another_body()
    {
        var (west, east) = (await site.StaffKeyAsync("west"), await site.StaffKeyAsync("east"));
        var id = (await site.FileAsync(ReportCalls.Hole(lon: 4.32))).GetProperty("id").GetString();
        var before = await site.CountsAsync();
        foreach (var (action, body) in new[] { ("accept", "{}"), ("resolve", """{"text":"Fait"}"""), ("decline", """{"reason":"outOfScope","text":"Non"}"""), ("note", """{"text":"x"}"""), ("setPriority", """{"priority":"high"}"""), ("hide", "{}") })
        {
            var answered = await site.PostAsync($"/api/v1/reports/{id}/actions/{action}", body, east);
            answered.Status.ShouldBe(HttpStatusCode.Forbidden, $"{action}: {answered}");
            answered.Json.GetProperty("detail").GetString()!.ShouldSay(site, "fr", "reports.refusal." + answered.Code);
        }
        (await site.CountsAsync()).ShouldBe(before);
        (await site.GetAsync($"/api/v1/reports/{id}", east)).Json.TryGetProperty("contact", out _).ShouldBeFalse("contacts are for the holder");
        (await site.PostAsync($"/api/v1/reports/{id}/actions/accept", "{}", west)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_without_a_role_acts()
    {
        var id = (await site.FileAsync(ReportCalls.Hole())).GetProperty("id").GetString();
        var before = await site.CountsAsync();
        var answered = await site.PostAsync($"/api/v1/reports/{id}/actions/accept", "{}", language: "nl");
        (answered.Status, answered.Code).ShouldBe((HttpStatusCode.Unauthorized, "unauthenticated"));
        answered.Json.GetProperty("detail").GetString()!.ShouldSay(site, "nl", "kernel.refusal.unauthenticated");
        (await site.CountsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("actions/accept")]
    [InlineData("actions/note")]
    [InlineData("actions/reopen")]
    [InlineData("actions/fly")]
    [InlineData("support")]
    [InlineData("photos")]
    public async Task A_dead_key_changes_nothing_even_where_none_is_needed(string what)
    {
        var id = (await site.FileAsync(ReportCalls.Hole())).GetProperty("id").GetString();
        var revoked = await site.StaffKeyAsync("west");
        var key = (await site.Get<Callers>().OfKeyAsync(revoked, "fr"))!.Key!.Value;
        await site.Get<ApiKeys>().RevokeAsync(Caller.Program(), key);
        var before = await site.CountsAsync();
        foreach (var dead in new[] { "zk_" + new string('a', 40), "nonsense", revoked })
        {
            var answered = await site.PostAsync($"/api/v1/reports/{id}/{what}", "{}", dead);
            answered.Status.ShouldBe(HttpStatusCode.Unauthorized, answered.ToString());
            answered.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer");
        }
        (await site.PostAsync("/api/v1/reports", ReportCalls.Hole().ToJsonString(), revoked)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await site.CountsAsync()).ShouldBe(before);
        (await site.GetAsync($"/api/v1/reports/{id}", revoked)).Status.ShouldBe(HttpStatusCode.OK, "reading needs no key");
    }

    [Fact]
    public async Task What_the_table_does_not_hold_is_409_with_what_is_allowed()
    {
        var west = await site.StaffKeyAsync("west");
        var id = (await site.FileAsync(ReportCalls.Hole())).GetProperty("id").GetString();
        var before = await site.CountsAsync();
        var answered = await site.PostAsync($"/api/v1/reports/{id}/actions/start", "{}", west);
        (answered.Status, answered.Code).ShouldBe((HttpStatusCode.Conflict, "actionNotAllowed"));
        var allowed = answered.Json.GetProperty("allowed").EnumerateArray().Select(a => a.GetString()).ToList();
        allowed.ShouldContain("accept");
        allowed.ShouldNotContain("start");
        (await site.CountsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("fly", "{}", 404, "unknownAction")]
    [InlineData("archive", "{}", 409, "actionNotAllowed")]
    [InlineData("submit", "{}", 409, "actionNotAllowed")]
    [InlineData("decline", """{"text":"Non"}""", 422, "required")]
    [InlineData("decline", """{"reason":"laziness","text":"Non"}""", 422, "unknownReason")]
    [InlineData("resolve", "{}", 422, "required")]
    [InlineData("transfer", """{"reason":"notOurs","body":"mars"}""", 422, "unknownBody")]
    [InlineData("transfer", """{"reason":"notOurs","body":"west"}""", 422, "sameBody")]
    [InlineData("recategorise", """{"category":"nothing"}""", 422, "unknownCategory")]
    [InlineData("move", """{"lon":4.3,"lat":91}""", 422, "latitudeOutside")]
    [InlineData("accept", "{", 400, "notParseable")]
    [InlineData("accept", """{"version":"one"}""", 422, "wrongValue")]
    public async Task A_bad_action_is_refused_and_changes_nothing(string action, string body, int status, string code)
    {
        var west = await site.StaffKeyAsync("west");
        var id = (await site.FileAsync(ReportCalls.Hole())).GetProperty("id").GetString();
        var before = await site.CountsAsync();
        foreach (var language in new[] { "fr", "nl" })
        {
            var answered = await site.PostAsync($"/api/v1/reports/{id}/actions/{action}", body, west, language);
            ((int)answered.Status, answered.Code).ShouldBe((status, code), answered.ToString());
            answered.Json.GetProperty("detail").GetString()!.ShouldSay(site, language, (code == "wrongValue" ? "kernel" : "reports") + ".refusal." + code);
        }
        (await site.CountsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("plan", """{"plannedFrom":"2026-05-10T08:00:00"}""", "plannedFrom")]
    [InlineData("plan", """{"plannedFrom":"2026-05-10T08:00:00Z","plannedTo":"2026-05-11"}""", "plannedTo")]
    public async Task A_planned_instant_without_zone_is_refused(string action, string body, string field)
    {
        var west = await site.StaffKeyAsync("west");
        var id = (await site.FileAsync(ReportCalls.Hole())).GetProperty("id").GetString();
        (await site.PostAsync($"/api/v1/reports/{id}/actions/accept", "{}", west)).Status.ShouldBe(HttpStatusCode.OK);
        var answered = await site.PostAsync($"/api/v1/reports/{id}/actions/{action}", body, west);
        (answered.Status, answered.Code).ShouldBe((HttpStatusCode.UnprocessableEntity, "dateWithoutZone"), answered.ToString());
        answered.Fields.ShouldBe([field]);
        (await site.PostAsync($"/api/v1/reports/{id}/actions/plan", """{"plannedFrom":"2026-05-10T10:00:00+02:00"}""", west)).Status.ShouldBe(HttpStatusCode.OK);
        var planned = (await site.GetAsync($"/api/v1/reports/{id}")).Json.GetProperty("plannedFrom").GetDateTimeOffset();
        planned.ShouldBe(new DateTimeOffset(2026, 5, 10, 8, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_is_415()
    {
        var west = await site.StaffKeyAsync("west");
        var id = (await site.FileAsync(ReportCalls.Hole())).GetProperty("id").GetString();
        foreach (var path in new[] { "actions/accept", "route" })
        {
            var answered = await site.CallAsync(HttpMethod.Post, $"/api/v1/reports/{id}/{path}", new StringContent("reason=other"), west, "fr");
            answered.Status.ShouldBe(HttpStatusCode.UnsupportedMediaType, answered.ToString());
        }
        (await site.CallAsync(HttpMethod.Post, $"/api/v1/reports/{id}/actions/accept", null, west, "fr")).Status.ShouldBe(HttpStatusCode.OK, "no body is an empty one");
    }

    [Fact]
    public async Task A_hidden_report_answers_nobody_but_its_reporter_and_staff()
    {
        var (west, east) = (await site.StaffKeyAsync("west"), await site.StaffKeyAsync("east"));
        var filed = await site.FileAsync(ReportCalls.Hole());
        var (id, number, token) = (filed.GetProperty("id").GetString(), filed.GetProperty("number").GetString(), filed.GetProperty("trackToken").GetString()!);
        (await site.PostAsync($"/api/v1/reports/{id}/actions/resolve", """{"text":"Fait"}""", west)).Status.ShouldBe(HttpStatusCode.OK);
        (await site.PostAsync($"/api/v1/reports/{id}/actions/hide", "{}", west)).Status.ShouldBe(HttpStatusCode.OK);
        var before = await site.CountsAsync();
        foreach (var key in new[] { null, east })
        {
            foreach (var (path, body) in new[] { ("actions/reopen", """{"reason":"notSolved"}"""), ("actions/accept", """{"version":1}"""), ("route", """{"category":"road-hole"}"""), ("support", "{}"), ("photos", "{}") })
            {
                var answered = await site.PostAsync($"/api/v1/reports/{id}/{path}", body, key, "fr", ("If-Match", "\"1\""));
                (answered.Status, answered.Code).ShouldBe((HttpStatusCode.NotFound, "unknownReport"), $"{path}: {answered}");
            }
        }
        var page = await new Visitor(site.Client, null).PostAsync($"/fr/reports/{number}", ("do", "reopen"), ("version", "2"), ("reason", "notSolved"));
        page.Status.ShouldBe(HttpStatusCode.NotFound);
        (await site.CountsAsync()).ShouldBe(before);
        var reopened = await site.PostAsync($"/api/v1/reports/{id}/actions/reopen", """{"reason":"notSolved"}""", null, "fr", ("Zinneke-Track", token));
        reopened.Status.ShouldBe(HttpStatusCode.OK, reopened.ToString());
    }

    [Fact]
    public async Task Nobody_fills_the_disk_with_photos_of_a_report_that_is_not_theirs()
    {
        var id = (await site.FileAsync(ReportCalls.Hole())).GetProperty("id").GetString();
        var before = await site.CountsAsync();
        foreach (var key in new[] { null, await site.StaffKeyAsync("east") })
        {
            using var parts = new MultipartFormDataContent { { new ByteArrayContent(Pictures.Jpeg(64, 48)), "photo", "photo.jpg" } };
            var answered = await site.CallAsync(HttpMethod.Post, $"/api/v1/reports/{id}/photos", parts, key, "fr");
            answered.Status.ShouldBe(key is null ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, answered.ToString());
        }
        (await site.CountsAsync())["files on disk"].ShouldBe(before["files on disk"]);
    }

    [Fact]
    public async Task Words_over_4000_characters_are_refused()
    {
        var west = await site.StaffKeyAsync("west");
        var id = (await site.FileAsync(ReportCalls.Hole())).GetProperty("id").GetString();
        var answered = await site.PostAsync($"/api/v1/reports/{id}/actions/resolve", JsonSerializer.Serialize(new { text = new string('é', 4001) }), west);
        (answered.Status, answered.Code).ShouldBe((HttpStatusCode.UnprocessableEntity, "descriptionTooLong"));
        (await site.PostAsync($"/api/v1/reports/{id}/actions/resolve", JsonSerializer.Serialize(new { text = new string('é', 4000) }), west)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_stale_version_is_409_in_the_body_and_412_in_the_header()
    {
        var west = await site.StaffKeyAsync("west");
        var filed = await site.FileAsync(ReportCalls.Hole());
        var (id, version) = (filed.GetProperty("id").GetString(), filed.GetProperty("version").GetInt64());
        (await site.PostAsync($"/api/v1/reports/{id}/actions/accept", JsonSerializer.Serialize(new { version }), west)).Status.ShouldBe(HttpStatusCode.OK);
        var before = await site.CountsAsync();
        var body = await site.PostAsync($"/api/v1/reports/{id}/actions/start", JsonSerializer.Serialize(new { version }), west);
        (body.Status, body.Code).ShouldBe((HttpStatusCode.Conflict, "stale"));
        body.Json.GetProperty("version").GetInt64().ShouldBe(version + 1);
        body.Json.GetProperty("allowed").EnumerateArray().Select(a => a.GetString()).ShouldContain("start");
        var change = body.Json.GetProperty("changes").EnumerateArray().ShouldHaveSingleItem();
        (change.GetProperty("action").GetString(), change.GetProperty("state").GetString(), change.GetProperty("by").GetProperty("id").GetString()).ShouldBe(("accept", "accepted", "west"));
        await site.PostAsync($"/api/v1/reports/{id}/actions/note", """{"text":"Téléphoner à Madame Dupont"}""", west);
        await site.PostAsync($"/api/v1/reports/{id}/support", "{}");
        before = await site.CountsAsync();
        body = await site.PostAsync($"/api/v1/reports/{id}/actions/start", JsonSerializer.Serialize(new { version = version + 1 }), west);
        change = body.Json.GetProperty("changes").EnumerateArray().ShouldHaveSingleItem("notes are not for everybody");
        (change.GetProperty("action").GetString(), change.TryGetProperty("state", out _)).ShouldBe(("support", false), "a state stands where it changes");
        var header = await site.PostAsync($"/api/v1/reports/{id}/actions/start", "{}", west, "fr", ("If-Match", $"\"{version}\""));
        header.Status.ShouldBe(HttpStatusCode.PreconditionFailed, header.ToString());
        (await site.CountsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("bbox=4.3,50.8,4.4", "badBox", "bbox")]
    [InlineData("bbox=4.4,50.8,4.3,50.9", "badBox", "bbox")]
    [InlineData("bbox=a,b,c,d", "badBox", "bbox")]
    [InlineData("bbox=4.3,50.8,NaN,50.9", "badBox", "bbox")]
    [InlineData("state=dreaming", "unknownWord", "state")]
    [InlineData("createdFrom=2026-05-01", "dateWithoutZone", "createdFrom")]
    [InlineData("createdTo=2026-05-01T10:00:00", "dateWithoutZone", "createdTo")]
    [InlineData("limit=0", "limitOutside", "limit")]
    [InlineData("limit=1001", "limitOutside", "limit")]
    [InlineData("cursor=abc", "badCursor", "cursor")]
    public async Task A_list_asked_wrongly_names_the_field(string query, string code, string field)
    {
        foreach (var language in new[] { "fr", "nl" })
        {
            var answered = await site.GetAsync("/api/v1/reports?" + query, language: language);
            (answered.Status, answered.Code).ShouldBe((HttpStatusCode.UnprocessableEntity, code), answered.ToString());
            answered.Fields.ShouldBe([field]);
            answered.Json.GetProperty("detail").GetString()!.ShouldSay(site, language, $"{(code == "badCursor" ? "kernel" : "reports")}.refusal.{code}");
        }
    }

    [Fact]
    public async Task A_cursor_serves_only_the_query_that_made_it()
    {
        await site.FileAsync(ReportCalls.Hole());
        await site.FileAsync(ReportCalls.Hole());
        var first = await site.GetAsync("/api/v1/reports?limit=1&area=1");
        var next = first.Json.GetProperty("next").GetString()!;
        (await site.GetAsync($"/api/v1/reports?limit=1&area=1&cursor={Uri.EscapeDataString(next)}")).Status.ShouldBe(HttpStatusCode.OK);
        var other = await site.GetAsync($"/api/v1/reports?limit=1&area=2&cursor={Uri.EscapeDataString(next)}");
        (other.Status, other.Code).ShouldBe((HttpStatusCode.UnprocessableEntity, "badCursor"));
    }

    [Theory]
    [InlineData("/api/v1/reports/2026-999999")]
    [InlineData("/api/v1/reports/00000000-0000-0000-0000-000000000001")]
    [InlineData("/api/v1/reports/'%20OR%201=1--")]
    public async Task An_unknown_report_is_404(string path)
    {
        var answered = await site.GetAsync(path, language: "de");
        (answered.Status, answered.Code).ShouldBe((HttpStatusCode.NotFound, "unknownReport"));
        answered.Json.GetProperty("detail").GetString()!.ShouldSay(site, "de", "reports.refusal.unknownReport");
    }
}
