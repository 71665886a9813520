using System.Net;
using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Map, heat, duplicates and statistics over HTTP (reports.md 5.4). What they count is held against the tables in ReportIndexTests.</summary>
public sealed class MapApiTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_reported_is_on_the_map_in_the_heat_in_the_figures_and_suggested(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind, settings: [(KernelSettings.Quota, "off")]);
        await TwoTowns.FoundAsync(site);
        var first = await site.FileAsync(ReportCalls.Hole(4.3200, 50.8500));
        var second = await site.FileAsync(ReportCalls.Hole(4.3201, 50.8500));
        await site.FileAsync(ReportCalls.Hole(4.3700, 50.8600).With("category", "clean-home")); // Private.
        await site.SettleAsync();

        var far = await site.GetAsync("/api/v1/reports/map?bbox=4.3,50.8,4.4,50.9&zoom=11.4");
        far.Json.GetProperty("type").GetString().ShouldBe("FeatureCollection");
        Features(far).Single().GetProperty("properties").GetRawText().ShouldBe("""{"count":2}""");
        far.Json.GetProperty("complete").GetBoolean().ShouldBeTrue();

        var near = Features(await site.GetAsync("/api/v1/reports/map?bbox=4.3,50.8,4.4,50.9&zoom=17&category=road&body=west&area=1&from=2026-05-04&to=2026-05-04"));
        near.Select(f => f.GetProperty("properties").GetProperty("number").GetString()).ShouldBe([Number(second), Number(first)]);
        near[1].GetProperty("geometry").GetRawText().ShouldBe("""{"type":"Point","coordinates":[4.32,50.85]}""");
        near[0].GetProperty("properties").GetProperty("id").GetString().ShouldBe(second.GetProperty("id").GetString());
        near[0].GetProperty("properties").GetProperty("state").GetString().ShouldBe("assigned");
        foreach (var none in (string[])["category=clean", "body=east", "area=2", "to=2026-05-03", "createdTo=2026-05-03T00:00:00Z", "createdFrom=2199-01-01T00:00:00Z", "bucket=solved", "state=resolved"])
        {
            Features(await site.GetAsync($"/api/v1/reports/map?bbox=4.3,50.8,4.4,50.9&zoom=17&{none}")).ShouldBeEmpty(none);
            Features(await site.GetAsync($"/api/v1/reports/map?bbox=4.3,50.8,4.4,50.9&zoom=9&{none}")).ShouldBeEmpty(none);
        }

        var heat = (await site.GetAsync("/api/v1/reports/heat?bbox=4.31,50.84,4.33,50.86&category=road")).Json;
        (heat.GetProperty("count").GetInt32(), heat.GetProperty("cellM").GetInt32()).ShouldBe((2, 100));
        heat.GetProperty("values").EnumerateArray().Max(v => v.GetDouble()).ShouldBe(heat.GetProperty("max").GetDouble());
        heat.GetProperty("values").GetArrayLength().ShouldBe(heat.GetProperty("columns").GetInt32() * heat.GetProperty("rows").GetInt32());
        heat.GetProperty("values").EnumerateArray().Sum(v => v.GetDouble()).ShouldBe(2, 0.1);

        (await site.GetAsync("/api/v1/reports/heat?bbox=-180,-85,180,85")).Json.GetProperty("max").GetDouble().ShouldBeGreaterThan(0);
        (await site.GetAsync("/api/v1/reports/heat?bbox=4.31,50.84,4.33,50.86&createdTo=2026-05-03T00:00:00Z")).Json.GetProperty("count").GetInt32().ShouldBe(0);
        (await site.GetAsync("/api/v1/reports?category=zz")).Code.ShouldBe("unknownCategory");
        var tooNear = await site.PostAsync("/api/v1/reports/subscriptions", """{"email":"api@example.org","lon":4.35,"lat":50.85,"radiusM":10}""");
        tooNear.Json.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("radiusM");
        ((await site.GetAsync("/api/v1/reports/stats?at=2026-05-01T00:00:00Z")).Code, (await site.GetAsync("/api/v1/reports/stats?at=may")).Code).ShouldBe(("figuresOfNow", "dateWithoutZone"));

        var duplicates = (await site.GetAsync("/api/v1/reports/duplicates?lon=4.32&lat=50.85&category=road-hole")).Json.GetProperty("suggestions").EnumerateArray().ToList();
        duplicates.Select(d => d.GetProperty("number").GetString()).ShouldBe([Number(first), Number(second)]);
        duplicates[0].EnumerateObject().Select(member => member.Name).ShouldBe(["id", "number", "distanceM", "score", "state", "thumb"]);
        (duplicates[0].GetProperty("distanceM").GetDouble(), duplicates[1].GetProperty("distanceM").GetDouble()).ShouldBe((0, 7.0));
        duplicates[0].GetProperty("score").GetDouble().ShouldBe(0.8, 0.0001, "4 for the distance, 2 equal levels, 1 for its age, 1 for nobody having said that it is theirs");

        var stats = (await site.GetAsync("/api/v1/reports/stats?category=road")).Json;
        (stats.GetProperty("total").GetInt32(), stats.GetProperty("byBody").GetProperty("west").GetInt32(), stats.GetProperty("survivalDays").GetProperty("p50").ValueKind).ShouldBe((2, 2, JsonValueKind.Null));
        stats.GetProperty("holderTimeShare").ValueKind.ShouldBe(JsonValueKind.Object);
        (await site.GetAsync("/api/v1/reports/stats?from=2026-06")).Json.GetProperty("total").GetInt32().ShouldBe(0);

        var solved = await site.PostAsync($"/api/v1/reports/{second.GetProperty("id").GetString()}/actions/resolve", """{"text":"Rebouché."}""", await site.StaffKeyAsync("west"));
        solved.Status.ShouldBe(HttpStatusCode.OK, solved.ToString());
        await site.SettleAsync();
        foreach (var (filter, count) in ((string, int)[])[("category=road&to=2199-01-01", 2), ("category=road&bucket=solved&to=2199-01-01", 1)])
        {
            (await site.GetAsync($"/api/v1/reports/heat?bbox=4.31,50.84,4.33,50.86&{filter}")).Json.GetProperty("count").GetInt32().ShouldBe(count, "those that are solved count too");
        }
    }

    [Fact]
    public async Task An_answer_is_sent_again_only_when_it_changed()
    {
        await using var site = await TestSite.NewAsync(settings: [(KernelSettings.Quota, "off")]);
        await TwoTowns.FoundAsync(site);
        foreach (var address in (string[])["map?bbox=4.3,50.8,4.4,50.9&zoom=11", "heat?bbox=4.3,50.8,4.4,50.9", "duplicates?lon=4.32&lat=50.85&category=road-hole"])
        {
            var path = "/api/v1/reports/" + address;
            var tag = (await site.GetAsync(path)).Headers.ETag!.ToString();
            (await AgainAsync(site, path, tag)).ShouldBe(HttpStatusCode.NotModified);
            await site.FileAsync(ReportCalls.Hole());
            await site.SettleAsync();
            for (var attempt = 0; attempt < 100 && await AgainAsync(site, path, tag) != HttpStatusCode.OK; attempt++)
            {
                await Task.Delay(20);
            }
            (await AgainAsync(site, path, tag)).ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused_with_its_code_and_field()
    {
        await using var site = await TestSite.NewAsync(settings: [(KernelSettings.Quota, "off")]);
        await TwoTowns.FoundAsync(site);
        foreach (var (address, fields, code) in ((string, string[], string)[])
            [
                ("map?zoom=3", ["bbox"], "badBox"), ("map?bbox=1,2,3&zoom=3", ["bbox"], "badBox"), ("map?bbox=4.4,50,4.3,51&zoom=3", ["bbox"], "badBox"), ("map?bbox=4,50,5,91&zoom=3", ["bbox"], "badBox"),
                ("map?bbox=4,50,5,NaN&zoom=3", ["bbox"], "badBox"), ("map?bbox=4,50,5,51", ["zoom"], "badZoom"), ("map?bbox=4,50,5,51&zoom=-1", ["zoom"], "badZoom"), ("map?bbox=4,50,5,51&zoom=25", ["zoom"], "badZoom"),
                ("map?bbox=4,50,5,51&zoom=NaN", ["zoom"], "badZoom"), ("map?bbox=4,50,5,51&zoom=3&category=nothing", ["category"], "unknownCategory"), ("map?bbox=4,50,5,51&zoom=3&state=gone", ["state"], "unknownWord"),
                ("map?bbox=4,50,5,51&zoom=3&area=99&body=nobody&from=yesterday", ["from"], "badPeriod"),
                ("heat", ["bbox"], "badBox"), ("heat?bbox=4,50,5,51&category=nothing", ["category"], "unknownCategory"), ("heat?bbox=4,50,5,51&from=2026-02-30", ["from"], "badPeriod"),
                ("duplicates?lon=4&lat=50", ["category"], "unknownCategory"), ("duplicates?lon=181&lat=x&category=road-hole", ["lon", "lat"], "severalErrors"), ("duplicates?lon=4&lat=NaN&category=road-hole", ["lat"], "latitudeOutside"),
                ("stats?category=road-hole", ["category"], "notFirstLevel"), ("stats?from=2026-13", ["from"], "badMonth"), ("stats?body=nobody", ["body"], "unknownWord"), ("stats?area=nowhere", ["area"], "unknownWord"),
            ])
        {
            var answered = await site.GetAsync("/api/v1/reports/" + address);
            (answered.Status, answered.Code).ShouldBe((HttpStatusCode.UnprocessableEntity, code), address);
            answered.Fields.ShouldBe(fields, address);
        }
        (await site.GetAsync("/api/v1/reports/heat?bbox=-180,-90,180,90")).Json.GetProperty("values").GetArrayLength().ShouldBeLessThanOrEqualTo(4096);
        (await site.GetAsync("/api/v1/reports/map?bbox=-180,-90,180,90&zoom=0")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task They_are_described_with_examples()
    {
        await using var site = await TestSite.NewAsync();
        var paths = (await site.GetAsync("/openapi/v1.json")).Json.GetProperty("paths");
        foreach (var (path, type) in ((string, string)[])[("map", "application/geo+json"), ("heat", "application/json"), ("duplicates", "application/json"), ("stats", "application/json")])
        {
            var call = paths.GetProperty("/api/v1/reports/" + path).GetProperty("get");
            call.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
            call.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty(type).TryGetProperty("example", out _).ShouldBeTrue(path);
        }
    }

    private static async Task<HttpStatusCode> AgainAsync(TestSite site, string path, string tag) =>
        (await site.CallAsync(HttpMethod.Get, path, null, null, "fr", ("If-None-Match", tag))).Status;

    private static List<JsonElement> Features(Answered answered) => [.. answered.Json.GetProperty("features").EnumerateArray()];

    private static string? Number(JsonElement report) => report.GetProperty("number").GetString();
}
