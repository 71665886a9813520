using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>A call that is made again because its answer was not heard (K38): what it did is done once, and answered once more.</summary>
public class RepeatedCallsTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Photos_support_flags_parts_words_and_redactions_are_done_once(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind);
        var city = await DeskCity.FoundAsync(site.Services);
        var key = await site.StaffKeyAsync(DeskCity.West);
        var path = $"/api/v1/reports/{await city.FileAsync()}";
        var added = await TwiceAsync(site, $"{path}/photos", () => Photo(), key);
        var photo = added.Json.GetProperty("photos").EnumerateArray().ShouldHaveSingleItem().GetProperty("id").GetString();
        await TwiceAsync(site, $"{path}/support", () => Said("{}"));
        await TwiceAsync(site, $"{path}/flags", () => Said("""{"what":"text","reason":"spam"}"""));
        await TwiceAsync(site, $"{path}/words", () => Said("""{"description":"Un trou"}"""), key);
        await TwiceAsync(site, $"{path}/parts", () => Said("""{"what":"text","show":false}"""), key);
        await TwiceAsync(site, $"{path}/photos/{photo}/redactions", () => Said("""{"rectangles":[{"x":0,"y":0,"width":0.5,"height":0.5}]}"""), key);
        await TwiceAsync(site, $"{path}/actions/accept", () => Said("{}"), key);
        await TwiceAsync(site, $"{path}/subscriptions", () => Said("""{"email":"ada@example.org"}"""));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_partner_that_has_handed_a_report_on_is_answered_again(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind);
        var city = await DeskCity.FoundAsync(site.Services);
        var key = (await site.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey("system of West", [$"partner:{DeskCity.West}"]))).Value.Secret;
        foreach (var (call, json) in ((string, string)[])[("reject", """{"reason":"notOurRoad","suggestedBody":"east"}"""), ("transfer", """{"reason":"other","body":"east"}""")])
        {
            var path = $"/api/v1/partner/reports/{await city.FileAsync()}";
            if (call == "transfer")
            {
                (await site.PostAsync($"{path}/accept", "{}", key)).Status.ShouldBe(HttpStatusCode.OK);
            }
            var again = await TwiceAsync(site, $"{path}/{call}", () => Said(json), key);
            again.Json.GetProperty("body").GetProperty("id").GetString().ShouldBe(DeskCity.East);
            (await site.PostAsync($"{path}/{call}", json, key)).Status.ShouldBe(HttpStatusCode.Forbidden, "without the key it is a new call, and East has it");
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_report_without_client_id_is_one_even_when_its_category_has_gone_meanwhile(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind);
        var city = await DeskCity.FoundAsync(site.Services);
        const string report = """{"category":"road-hole","lon":4.35,"lat":50.85,"description":"Un trou","lang":"fr"}""";
        var first = await site.PostAsync("/api/v1/reports", report, headers: ("Idempotency-Key", "one"));
        first.Status.ShouldBe(HttpStatusCode.Created, first.ToString());
        var without = DeskCity.Categories.Replace("road-hole", "road-pit", StringComparison.Ordinal);
        (await city.Get<ImportCategories>().RunAsync(DeskCity.Stream(without), "categories", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        (await site.PostAsync("/api/v1/reports", report)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "nobody could send it now");
        var again = await site.PostAsync("/api/v1/reports", report, headers: ("Idempotency-Key", "one"));
        (again.Status, again.Json.GetProperty("id").GetString(), again.Headers.Location).ShouldBe((HttpStatusCode.Created, first.Json.GetProperty("id").GetString(), first.Headers.Location));
        again.Headers.GetValues("Idempotent-Replay").ShouldBe(["true"]);
        await using var store = site.Get<Database>().Open();
        (await store.Set<Report>().CountAsync()).ShouldBe(1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_done_is_answered_again_when_the_quota_is_spent_and_is_not_counted(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind, settings: [(Limits.ActPerHour, "2")]);
        var city = await DeskCity.FoundAsync(site.Services);
        var path = $"/api/v1/reports/{await city.FileAsync()}";
        Task<Answered> FlagAsync(string key, string reason) => site.PostAsync($"{path}/flags", $$"""{"what":"text","reason":"{{reason}}"}""", headers: ("Idempotency-Key", key));
        for (var i = 0; i < 4; i++)
        {
            (await FlagAsync("one", "spam")).Status.ShouldBe(HttpStatusCode.OK, $"call {i}");
        }
        (await site.PostAsync($"{path}/support", "{}")).Status.ShouldBe(HttpStatusCode.OK, "the first call was counted, its repeats were not");
        (await site.PostAsync($"{path}/support", "{}")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await FlagAsync("two", "spam")).Status.ShouldBe(HttpStatusCode.TooManyRequests, "this was never done");
        var again = await FlagAsync("one", "spam");
        (again.Status, again.Headers.GetValues("Idempotent-Replay").Single(), again.Headers.Contains("Retry-After")).ShouldBe((HttpStatusCode.OK, "true", false));
        (await FlagAsync("one", "abusive")).Code.ShouldBe("idempotency-key-reused");
        for (var i = 0; i < 60; i++)
        {
            (await FlagAsync($"guess {i}", "spam")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        }
        (await FlagAsync("one", "spam")).Status.ShouldBe(HttpStatusCode.TooManyRequests, "nobody makes us look without end");
        site.Clock.Advance(TimeSpan.FromHours(1));
        (await FlagAsync("one", "spam")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_quota_of_a_key_does_not_stand_before_an_answer_either()
    {
        await using var site = await TestSite.NewAsync();
        var city = await DeskCity.FoundAsync(site.Services);
        var key = (await site.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey("desk of West", [$"reports:staff:{DeskCity.West}"], null, null, 1))).Value.Secret;
        var path = $"/api/v1/reports/{await city.FileAsync()}/actions/accept";
        (await site.PostAsync(path, "{}", key, headers: ("Idempotency-Key", "one"))).Status.ShouldBe(HttpStatusCode.OK);
        (await site.PostAsync(path, "{}", key, headers: ("Idempotency-Key", "one"))).Status.ShouldBe(HttpStatusCode.OK);
        (await site.PostAsync(path, "{}", key, headers: ("Idempotency-Key", "two"))).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    /// <summary>Makes a call, and again with the same bytes and key.</summary>
    /// <returns>The second answer, which is the first.</returns>
    private static async Task<Answered> TwiceAsync(TestSite site, string path, Func<HttpContent> content, string? key = null)
    {
        (string, string) once = ("Idempotency-Key", path);
        var first = await site.CallAsync(HttpMethod.Post, path, content(), key, "fr", once);
        ((int)first.Status).ShouldBeInRange(200, 299, $"{path}: {first}");
        first.Headers.Contains("Idempotent-Replay").ShouldBeFalse();
        var lines = await LinesAsync(site);
        var again = await site.CallAsync(HttpMethod.Post, path, content(), key, "fr", once);
        (again.Status, again.Headers.GetValues("Idempotent-Replay").Single()).ShouldBe((first.Status, "true"), $"{path}: {again}");
        (await LinesAsync(site)).ShouldBe(lines, $"{path} was done again");
        return again;
    }

    /// <summary>Lines of all histories: what is done writes one.</summary>
    private static async Task<int> LinesAsync(TestSite site)
    {
        await using var store = site.Get<Database>().Open();
        return await store.Set<ReportEntry>().CountAsync();
    }

    private static StringContent Said(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>The same bytes each time: the boundary too.</summary>
    private static MultipartFormDataContent Photo()
    {
        var file = new ByteArrayContent(Pictures.Jpeg(64, 48));
        file.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return new MultipartFormDataContent("repeated") { { file, "photo", "photo.jpg" } };
    }
}
