using System.Text;
using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;
using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Testing.Places;

/// <summary>What files of areas may hold, and what is refused by file, line and field (K6, K7, reports.md section 8).</summary>
public class ImportAreasTests
{
    [ReferenceTheory("areas/brussels-19.geojson", "areas/belgium-589-2016.geojson.gz", "reports/bodies.json"), OnSqlite, OnPostgres]
    public async Task Published_files_are_unchanged_the_second_time(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        foreach (var (noun, file, count) in new[]
        {
            ("areas", "areas/brussels-19.geojson", 19), ("bodies", "reports/bodies.json", 28), ("categories", "reports/categories.json", 120), ("rules", "reports/rules.json", 15),
            ("areas", "reports/layers-demo.geojson", 5),
        })
        {
            (await CountsAsync(store, noun, file)).ShouldBe((count, count, 0, 0), file);
            (await CountsAsync(store, noun, file)).ShouldBe((count, 0, 0, count), file);
        }
        (await CountsAsync(store, "holidays", "reports/holidays-be.csv")).Read.ShouldBe(230);
        (await CountsAsync(store, "holidays", "reports/holidays-be.csv")).ShouldBe((230, 0, 0, 230));
        // The boundaries of the country: applied in slices; the communes of Brussels are there with other names.
        (await CountsAsync(store, "areas", "areas/belgium-589-2016.geojson.gz")).ShouldBe((589, 570, 19, 0));
        (await CountsAsync(store, "areas", "areas/belgium-589-2016.geojson.gz")).ShouldBe((589, 0, 0, 589));
        await using var context = store.Database.Open();
        (await context.Set<AreaRow>().CountAsync()).ShouldBe(594);
        (await context.Set<AreaRow>().Select(a => a.Place).Distinct().CountAsync()).ShouldBe(594);
        (await context.Set<ImportRow>().SingleAsync()).Done.ShouldBe(589);
        (await CatalogueRow.EditionAsync(context, "areas")).ShouldBe(3);
        (await AreaMap.ReadAsync(context)).On(new DateOnly(2020, 1, 1)).Containing(Area.Municipality, new LonLat(3.7303, 51.0500))!.Nis.ShouldBe("44021", "Ghent");
        await store.SettleAsync();
        var events = await store.Get<Log>().ReadAsync(0, 10_000);
        events.Count(e => e.Is<AreaAdded>()).ShouldBe(594);
        events.Count(e => e.Is<AreaChanged>()).ShouldBe(19);
    }

    [Theory]
    [InlineData("\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::31370\"}},", null)]
    [InlineData("", "EPSG:31370")]
    public async Task Belgian_grids_are_turned_into_longitude_and_latitude(string member, string? option)
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        string[] square = ["[148000,170000]", "[150000,170000]", "[150000,171000]", "[148000,171000]", "[148000,170000]"];
        var file = VerbRun.FileOf("a.geojson", $$"""
            {"type":"FeatureCollection",{{member}}"features":[
            {"type":"Feature","properties":{"id":"x","kind":"zone","name_fr":"Carré"},"geometry":{"type":"Polygon","coordinates":[[{{string.Join(',', square)}}]] } }]}
            """);
        var run = await VerbRun.On(store, ["import", "areas", file, .. option is null ? Array.Empty<string>() : ["--crs", option]]);
        run.ExitCode.ShouldBe(0, run.Error + run.Output);
        await using var context = store.Database.Open();
        var zone = (await AreaMap.ReadAsync(context)).All.Single();
        zone.Shape.Bounds.Contains(Lambert.Of1972.ToWgs84(149000, 170500)).ShouldBeTrue();
        zone.Shape.Bounds.Contains(new LonLat(4.3526, 50.8456)).ShouldBeTrue("the Grand-Place lies at about 148,900 and 170,900");
        new LonLat(zone.Shape.Bounds.West, zone.Shape.Bounds.South).MetresTo(new LonLat(zone.Shape.Bounds.East, zone.Shape.Bounds.South)).ShouldBe(2000, 20);
    }

    [Theory]
    [InlineData("""{"id":"a","kind":"zone"}""", "[[[50.8,4.3],[50.9,4.3],[50.9,4.4],[50.8,4.3]]]", "line 2, features[0].geometry.coordinates", "longitude before latitude: these look swapped")]
    [InlineData("""{"id":"a","kind":"zone"}""", "[[[149000,170500],[149100,170500],[149100,170600],[149000,170500]]]", "line 2, features[0].geometry.coordinates[0][0]", "need a crs (EPSG:31370 or EPSG:3812)")]
    [InlineData("""{"id":"a","kind":"zone"}""", "[[[4.3,50.8],[4.4,50.8],[4.4,50.9]]]", "line 2, features[0].geometry.coordinates[0]", "a ring of at least 4 positions")]
    [InlineData("""{"id":"a","kind":"zone"}""", "[[[4.3,50.8],[4.4,50.8],[4.4,50.9],[4.3,50.9]]]", "line 2, features[0].geometry.coordinates[0]", "a ring whose last position is its first")]
    [InlineData("""{"id":"a","kind":"zone"}""", "[[[4.3,50.8],[4.4,50.9],[4.4,50.8],[4.3,50.9],[4.3,50.8]]]", "line 2, features[0].geometry.coordinates", "rings that do not cross")]
    [InlineData("""{"kind":"zone"}""", Good, "line 2, features[0].properties.id", "text")]
    [InlineData("""{"id":"a"}""", Good, "line 2, features[0].properties.kind", "text")]
    [InlineData("""{"id":"a","kind":"Zone 1"}""", Good, "line 2, features[0].properties.kind", "a word such as municipality")]
    [InlineData("""{"id":"a","kind":"road","half_width_m":"wide"}""", Good, "line 2, features[0].properties.half_width_m", "a number from 0 to 500")]
    [InlineData("""{"id":"a","kind":"zone","postcodes":"1000"}""", Good, "line 2, features[0].properties.postcodes", "a list of codes such as")]
    [InlineData("""{"id":"a","kind":"zone","replaces":{"b":1}}""", Good, "line 2, features[0].properties.replaces", "a list of codes such as")]
    [InlineData("""{"id":"a","kind":"zone","valid_from":"2025"}""", Good, "line 2, features[0].properties.valid_from", "a date such as 2025-01-01")]
    [InlineData("""{"id":"a","kind":"zone","valid_from":"2025-01-01","valid_to":"2024-12-31"}""", Good, "line 2, features[0].properties.valid_to", "not before valid_from")]
    public async Task A_fault_is_named_by_file_line_and_field_and_nothing_changes(string properties, string coordinates, string where, string expected)
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        var file = VerbRun.FileOf("areas.geojson", $$"""
            {"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{{properties}},"geometry":{"type":"Polygon","coordinates":{{coordinates}} } },
            {"type":"Feature","properties":{"id":"good","kind":"zone"},"geometry":{"type":"Polygon","coordinates":{{Good}} } }]}
            """);
        var run = await VerbRun.On(store, "import", "areas", file);
        run.ExitCode.ShouldBe(2, run.Output);
        run.Error.ShouldContain($"{file}: {where}");
        run.Error.ShouldContain(expected);
        await using var context = store.Database.Open();
        (await context.Set<AreaRow>().AnyAsync()).ShouldBeFalse();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Versions_of_an_area_follow_one_another(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        (await TakeAsync(store, ("1", null, null))).Added.ShouldBe(1);
        var overlapping = await TakeAsync(store, ("2", null, null), ("1", "2025-01-01", null));
        (overlapping.Refused, overlapping.Added).ShouldBe((1, 0));
        overlapping.Refusals[0].ToString().ShouldBe("line 3, features[1].properties.valid_from: found 1 from 2025-01-01 to no end, expected no overlap in time with 1 from the beginning to no end");
        (await TakeAsync(store, ("1", null, "2024-12-31"), ("1", "2025-01-01", null))).ShouldSatisfyAllConditions(s => s.Changed.ShouldBe(1), s => s.Added.ShouldBe(1));
        (await TakeAsync(store, ("1", "2025-01-01", "2026-01-01"), ("1", "2025-01-01", null))).Refusals[0].Expected.ShouldBe("an id that comes once for each first day");
        (await TakeAsync(store, ("1", "2025-06-01", null))).Refused.ShouldBe(1);
        (await TakeAsync(store, ImportOptionsOf((ImportAreas.Replace, true)), ("1", "2025-06-01", null))).Refused.ShouldBe(0, "the others go");
        await using var context = store.Database.Open();
        (await context.Set<AreaRow>().Select(a => a.ValidFrom).ToListAsync()).ShouldBe(["2025-06-01"]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_big_file_replaces_in_slices(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        (string, string?, string?)[] many = [.. Enumerable.Range(1, 450).Select(i => ($"{i}", (string?)null, (string?)null))];
        (await TakeAsync(store, many)).Added.ShouldBe(450);
        (await TakeAsync(store, ImportOptionsOf((ImportAreas.Replace, true)), many[200..])).Unchanged.ShouldBe(250);
        await using var context = store.Database.Open();
        (await context.Set<AreaRow>().CountAsync()).ShouldBe(250);
        await store.SettleAsync();
        (await store.Get<Log>().ReadAsync(0, 10_000)).Count(e => e.Is<AreaRemoved>()).ShouldBe(200);
    }

    private const string Good = "[[[4.3,50.8],[4.4,50.8],[4.4,50.9],[4.3,50.8]]]";

    private static Task<ImportSummary> TakeAsync(TestStore store, params (string Id, string? From, string? To)[] areas) => TakeAsync(store, ImportOptions.None, areas);

    private static Task<ImportSummary> TakeAsync(TestStore store, ImportOptions options, params (string Id, string? From, string? To)[] areas)
    {
        var text = new StringBuilder("{\"type\":\"FeatureCollection\",\"features\":[");
        foreach (var (id, from, to) in areas)
        {
            text.Append(text[^1] == '[' ? "\n" : ",\n").Append($$"""{"type":"Feature","properties":{"id":"{{id}}","kind":"zone","valid_from":{{Json(from)}},"valid_to":{{Json(to)}}},"geometry":{"type":"Polygon","coordinates":{{Good}} } }""");
        }
        return store.Get<ImportAreas>().RunAsync(DeskCity.Stream(text.Append("]}").ToString()), "areas.geojson", Actor.System, default, options);
    }

    private static string Json(string? words) => words is null ? "null" : $"\"{words}\"";

    private static ImportOptions ImportOptionsOf(params (Setting Setting, object? Value)[] values) => new(values.ToDictionary(v => v.Setting.Name, v => v.Value));

    private static async Task<(long Read, long Added, long Changed, long Unchanged)> CountsAsync(TestStore store, string noun, string file)
    {
        var run = await VerbRun.On(store, "import", noun, ReferenceData.At(file));
        run.ExitCode.ShouldBe(0, run.Error);
        long Of(string name) => run.Json.GetProperty(name).GetInt64();
        return (Of("read"), Of("added"), Of("changed"), Of("unchanged"));
    }
}
