using System.Text.Json;
using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>The examples of the API's description have the members of real answers (K29).</summary>
public class ApiExamplesTests
{
    [Fact]
    public async Task Examples_are_like_what_is_answered()
    {
        await using var site = await TestSite.NewAsync();
        await DeskCity.FoundAsync(site.Services);
        var description = (await site.GetAsync("/openapi/v1.json")).Json;
        var (partner, auditor) = (await KeyAsync(site, $"partner:{DeskCity.West}"), await KeyAsync(site, "reports:audit"));
        const string sent = """{"category":"road-hole","lon":4.35,"lat":50.85,"description":"Un trou","lang":"fr"}""";
        var filed = await site.PostAsync("/api/v1/reports", sent);
        var (api, number) = ("/api/v1/reports", filed.Json.GetProperty("number").GetString());
        Compare(description, "/api/v1/reports", "post", "201", filed);
        Compare(description, "/api/v1/reports", "get", "200", await site.GetAsync(api));
        Compare(description, "/api/v1/reports/{id}", "get", "200", await site.GetAsync($"{api}/{number}"));
        Compare(description, "/api/v1/reports/route", "post", "200", await site.PostAsync($"{api}/route", sent));
        Compare(description, "/api/v1/reports/{id}/support", "post", "200", await site.PostAsync($"{api}/{number}/support", "{}"));
        Compare(description, "/api/v1/reports/{id}/flags", "post", "200", await site.PostAsync($"{api}/{number}/flags", """{"what":"text","reason":"spam"}"""));
        Compare(description, "/api/v1/reports/{id}/subscriptions", "post", "202", await site.PostAsync($"{api}/{number}/subscriptions", """{"email":"ada@example.org"}"""));
        Compare(description, "/api/v1/reports/{id}/audit", "get", "200", await site.GetAsync($"{api}/{number}/audit", auditor));
        Compare(description, "/api/v1/partner/reports", "get", "200", await site.GetAsync("/api/v1/partner/reports", partner));
        Compare(description, "/api/v1/partner/reports/{id}", "get", "200", await site.GetAsync($"/api/v1/partner/reports/{number}", partner));
        Compare(description, "/api/v1/partner/reports/{id}/{call}", "post", "200", await site.PostAsync($"/api/v1/partner/reports/{number}/accept", "{}", partner));
        Compare(description, "/api/v1/reports/{id}/route", "post", "200", await site.PostAsync($"{api}/{number}/route", """{"category":"road-gully"}""", await site.StaffKeyAsync(DeskCity.West)));
    }

    [Fact]
    public async Task Every_operation_says_how_it_refuses()
    {
        await using var site = await TestSite.NewAsync();
        foreach (var path in (await site.GetAsync("/openapi/v1.json")).Json.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var refusals = operation.Value.GetProperty("responses").EnumerateObject().Where(answer => answer.Name[0] == '4').ToList();
                refusals.Select(answer => answer.Name).ShouldContain("429", path.Name);
                refusals.Exists(answer => answer.Name == "404").ShouldBe(path.Name.Contains('{', StringComparison.Ordinal), path.Name);
                refusals.ShouldAllBe(answer => answer.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("example").GetProperty("status").GetInt32().ToString() == answer.Name);
            }
        }
    }

    [Theory]
    [InlineData("/reports", "bbox state bucket category body area createdFrom createdTo updatedSince text sort limit cursor", "")]
    [InlineData("/reports/map", "bbox zoom state bucket category area body from to createdFrom createdTo", "bbox zoom")]
    [InlineData("/reports/heat", "bbox state bucket category area body from to createdFrom createdTo", "bbox")]
    [InlineData("/reports/duplicates", "lon lat category", "lon lat category")]
    [InlineData("/reports/stats", "body area category from to", "")]
    [InlineData("/reports/events", "bbox area body after", "")]
    [InlineData("/partner/reports", "bbox state bucket category area createdFrom createdTo updatedSince text limit cursor", "")]
    [InlineData("/search", "q kind body area limit cursor", "")]
    [InlineData("/audit", "actor kind subject type body from to limit cursor", "")]
    public async Task What_may_and_must_be_in_the_query_is_described(string path, string names, string required)
    {
        await using var site = await TestSite.NewAsync();
        var parameters = (await site.GetAsync("/openapi/v1.json")).Json.GetProperty("paths").GetProperty("/api/v1" + path).GetProperty("get").GetProperty("parameters").EnumerateArray().ToList();
        parameters.ShouldAllBe(one => one.GetProperty("in").GetString() == "query" && one.GetProperty("schema").GetProperty("type").GetString() != null);
        parameters.Select(one => one.GetProperty("name").GetString()).Order().ShouldBe(names.Split(' ').Order());
        parameters.Where(one => one.TryGetProperty("required", out var must) && must.GetBoolean()).Select(one => one.GetProperty("name").GetString()).Order().ShouldBe(required.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    /// <summary>The same names on every level of both, as far as both go: a list is as its first entry, and what is null or empty on one side says nothing.</summary>
    private static void Compare(JsonElement description, string path, string method, string status, Answered answered)
    {
        var example = description.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses").GetProperty(status).GetProperty("content").GetProperty("application/json").GetProperty("example");
        ((int)answered.Status).ToString().ShouldBe(status, $"{path}: {answered}");
        Same(path, example, answered.Json);
    }

    private static void Same(string where, JsonElement example, JsonElement real)
    {
        if (example.ValueKind == JsonValueKind.Array && real.ValueKind == JsonValueKind.Array && example.GetArrayLength() > 0 && real.GetArrayLength() > 0)
        {
            Same(where + "[]", example[0], real[0]);
        }
        if (example.ValueKind != JsonValueKind.Object || real.ValueKind != JsonValueKind.Object || IsText(example) || IsText(real))
        {
            return;
        }
        real.EnumerateObject().Select(one => one.Name).Order().ShouldBe(example.EnumerateObject().Select(one => one.Name).Order(), where);
        foreach (var one in example.EnumerateObject())
        {
            Same($"{where}.{one.Name}", one.Value, real.GetProperty(one.Name));
        }
    }

    /// <summary>Words in languages, or a list of answers: its names are data.</summary>
    private static bool IsText(JsonElement one) => one.EnumerateObject().All(member => Languages.Known(member.Name));

    private static async Task<string> KeyAsync(TestSite site, string scope) => (await site.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey("a reader", [scope]))).Value.Secret;
}
