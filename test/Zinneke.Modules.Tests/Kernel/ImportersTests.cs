using System.Text;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Testing.Kernel;

/// <summary>What every kind of import has in common: checked whole, all or nothing, given back as a file, and never over an edition that one has not seen.</summary>
public class ImportersTests
{
    private static readonly string[] Documents = ["bodies", "categories", "rules", "answers"];

    [Theory, OnSqlite, OnPostgres]
    public async Task Every_kind_gives_back_a_file_that_imports_to_the_same_state(StoreKind kind)
    {
        await using var one = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(one.Services);
        (await RunAsync(one, "holidays", "date,code\n2026-07-20,bridge\n2026-07-21,national-day\n")).ShouldBe((1, 0, 1));
        await using var other = await TestStore.NewAsync(kind);
        foreach (var word in (string[])["areas", "bodies", "categories", "rules", "answers", "holidays"])
        {
            var file = await ExportAsync(one, word);
            (await one.Get<Importers>()[word].CheckAsync(Stream(file), word, ImportOptions.None, default)).Same.ShouldBeTrue(word);
            (await RunAsync(other, word, file)).Changed.ShouldBe(0);
            (await ExportAsync(other, word)).ShouldBe(file);
        }
        await using var first = one.Database.Open();
        await using var second = other.Database.Open();
        foreach (var word in Documents.Except(["answers"]))
        {
            (await CatalogueRow.CurrentAsync(second, word))!.Text.ShouldBe((await CatalogueRow.CurrentAsync(first, word))!.Text);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_the_verb_exports_the_verb_imports_with_nothing_changed(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(store.Services);
        (await RunAsync(store, "holidays", "date,code\n2026-07-20,bridge\n")).ShouldBe((1, 0, 0));
        foreach (var word in (string[])["areas", "bodies", "categories", "rules", "answers", "holidays"])
        {
            var export = await VerbRun.On(store, "export", word);
            export.ExitCode.ShouldBe(0, export.Error);
            export.Output.ShouldBe(await ExportAsync(store, word));
            var file = VerbRun.FileOf(word, "");
            (await VerbRun.On(store, "export", word, "--out", file)).ShouldBe(new VerbRun(0, "", ""));
            var import = await VerbRun.On(store, "import", word, file);
            import.ExitCode.ShouldBe(0, import.Error);
            (import.Json.GetProperty("added").GetInt32(), import.Json.GetProperty("changed").GetInt32()).ShouldBe((0, 0), word);
        }
        // One body's own days beside those that all share.
        var own = VerbRun.FileOf("own.csv", "date,code\n2026-12-24,closed\n");
        (await VerbRun.On(store, "import", "holidays", own, "--body", DeskCity.West)).Json.GetProperty("added").GetInt32().ShouldBe(1);
        var west = await VerbRun.On(store, "export", "holidays", "--body", DeskCity.West);
        west.Output.ShouldBe("date,code\r\n2026-07-20,closed\r\n2026-12-24,closed\r\n");
        (await VerbRun.On(store, "export", "holidays")).Output.ShouldBe("date,code\r\n2026-07-20,closed\r\n");
        (await VerbRun.On(store, "import", "holidays", VerbRun.FileOf("west.csv", west.Output), "--body", DeskCity.West)).Json.GetProperty("added").GetInt32().ShouldBe(0);
        (await VerbRun.On(store, "import", "holidays", own, "--body", "nobody")).ExitCode.ShouldBe(2);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Looking_changes_nothing_and_tells_everything(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(store.Services);
        var bodies = store.Get<Importers>()["bodies"];
        var file = DeskCity.Bodies.Replace("Commune d’Est", "Ville d’Est", StringComparison.Ordinal).Replace("\"water\"", "\"port\"", StringComparison.Ordinal);
        var merged = await bodies.CheckAsync(Stream(file), "bodies", ImportOptions.None, default);
        (merged.Edition, merged.Same).ShouldBe((1, false));
        merged.Change!.Added.Select(r => r.Name.In("nl")).ShouldBe(["Water"]);
        merged.Change.Changed.Select(r => r.Name.In("fr")).ShouldBe(["Ville d’Est"]);
        merged.Change.Removed.ShouldBeEmpty();
        var whole = await bodies.CheckAsync(Stream(file.Replace("\"port\"", "\"water\"", StringComparison.Ordinal)), "bodies", ImportBodies.Kinds.ToPutBack, default);
        whole.Change!.Removed.ShouldBeEmpty();
        await using var read = store.Database.Open();
        (await CatalogueRow.EditionAsync(read, "bodies")).ShouldBe(1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_edition_that_was_not_seen_is_never_overwritten(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(store.Services);
        var categories = store.Get<Importers>()["categories"];
        Task<Outcome<ImportSummary>> TakeAsync(string name, long expected) =>
            categories.TakeAsync(Stream(DeskCity.Categories.Replace("\"Trou\"", $"\"{name}\"", StringComparison.Ordinal)), "categories", ImportOptions.None, Actor.System, expected, default);
        (await TakeAsync("Nid-de-poule", 1)).Value.Changed.ShouldBe(1);
        (await TakeAsync("Fosse", 1)).Refusal!.Code.ShouldBe("kernel.catalogueChanged");
        (await TakeAsync("Fosse", 2)).Ok.ShouldBeTrue();
        (await TakeAsync("Fosse", 3)).Ok.ShouldBeTrue("it says what is in force");
        await using var read = store.Database.Open();
        (await CatalogueRow.EditionAsync(read, "categories")).ShouldBe(3);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Rules_in_force_keep_the_bodies_and_categories_they_name(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(store.Services);
        async Task RefusedAsync(string word, string file, string field, ImportOptions? options = null)
        {
            var summary = await store.Get<Importers>()[word].RunAsync(Stream(file), word, Actor.System, default, options);
            summary.Refusals.Select(f => f.Field).ShouldContain(field);
        }
        await RefusedAsync("bodies", DeskCity.Bodies.Replace("\"kind\":\"region\"", "\"active\":false,\"kind\":\"region\"", StringComparison.Ordinal), "rules in force: fallbackBody");
        await RefusedAsync("bodies", DeskCity.Bodies.Replace("\"water\"", "\"port\"", StringComparison.Ordinal), "rules in force: rules[1].body", ImportBodies.Kinds.ToPutBack);
        await RefusedAsync("categories", DeskCity.Categories.Replace("road-gully", "road-drain", StringComparison.Ordinal), "rules in force: rules[1].when.categories");
        await RefusedAsync("bodies", """{"bodies":[{"id":"north","kind":"municipality","names":{"fr":"N","nl":"N","en":"N","de":"N"},"languages":["fr"],"areas":["1"],"channels":[{"type":"inbox"}]}]}""", "bodies[0].areas");
        await using var read = store.Database.Open();
        (await read.Set<CatalogueRow>().Select(c => c.Edition).ToListAsync()).ShouldAllBe(edition => edition == 1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Areas_of_a_kind_can_be_replaced(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(store.Services);
        var file = """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"9","kind":"municipality","name_fr":"Tout","approximate":true},"geometry":{"type":"Polygon","coordinates":[[[4.3,50.8],[4.5,50.8],[4.5,50.9],[4.3,50.9],[4.3,50.8]]]}}]}""";
        var check = await store.Get<Importers>()["areas"].CheckAsync(Stream(file), "areas", new ImportOptions(new Dictionary<string, object?> { ["replace"] = true }), default);
        check.Change!.Removed.Select(r => r.Name.In("fr")).ShouldBe(["Ouest", "Est"]);
        await store.Get<Importers>()["areas"].RunAsync(Stream(file), "areas", Actor.System, default, new ImportOptions(new Dictionary<string, object?> { ["replace"] = true }));
        await using var read = store.Database.Open();
        var left = (await AreaMap.ReadAsync(read)).All;
        left.Select(a => (a.Id, a.Approximate)).ShouldBe([("9", true)]);
        (await ExportAsync(store, "areas")).ShouldContain("\"approximate\":true");
        await store.SettleAsync();
        (await store.Get<Log>().ReadAsync(0, 100)).Count(e => e.Type == "kernel.area.removed").ShouldBe(2);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_edition_says_who_made_it_of_what(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(store.Services);
        await RunAsync(store, "bodies", DeskCity.Bodies.Replace("Eaux", "Les Eaux", StringComparison.Ordinal));
        await using var read = store.Database.Open();
        var row = (await CatalogueRow.CurrentAsync(read, "bodies"))!;
        (row.Edition, row.Actor).ShouldBe((2, Actor.System.Id));
        row.Summary.ShouldBe("""{"file":"bodies","added":0,"changed":1,"removed":0}""");
    }

    [Fact]
    public void Two_modules_never_claim_one_kind()
    {
        Should.Throw<InvalidOperationException>(() => new Importers([new Nothing(), new Nothing()])).Message.ShouldContain("nothing");
    }

    private static async Task<(long Added, long Changed, long Unchanged)> RunAsync(TestStore store, string word, string file)
    {
        var summary = await store.Get<Importers>()[word].RunAsync(Stream(file), word, Actor.System, default);
        summary.Refusals.ShouldBeEmpty(word);
        return (summary.Added, summary.Changed, summary.Unchanged);
    }

    private static async Task<string> ExportAsync(TestStore store, string word)
    {
        await using var read = store.Database.Open();
        using var file = new MemoryStream();
        (await store.Get<Importers>()[word].ExportAsync(read, file, ImportOptions.None, default)).ShouldBeTrue(word);
        return Encoding.UTF8.GetString(file.ToArray());
    }

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    private sealed class Nothing() : Importer(new ImportKind("nothing", "", "", ""))
    {
        public override Task<ImportCheck> CheckAsync(Stream stream, string file, ImportOptions options, CancellationToken cancellation) => throw new NotSupportedException();

        public override Task<Outcome<ImportSummary>> TakeAsync(Stream stream, string? file, ImportOptions options, Actor actor, long? expected, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
