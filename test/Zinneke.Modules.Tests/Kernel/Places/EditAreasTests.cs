using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Testing.Places;

/// <summary>One area by form (reports.md R40): corrections, changes from a day on, the end and its undoing; each an audited event, and a file of them imports to the same state.</summary>
public class EditAreasTests
{
    private static readonly DateOnly Always = DateOnly.MinValue, NewYear = new(2030, 1, 1), Summer = new(2031, 7, 1);

    [Theory, OnSqlite, OnPostgres]
    public async Task A_correction_stays_in_its_version_and_the_trail_says_what_was(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var actor = (await city.CallerAsync("administrator", null)).Actor;
        var edit = store.Get<EditAreas>();
        var facts = new AreaFacts(Text.Four("Ouest-Village", "West", "West", "West"), null, "water", ["1801", "1802"], true);
        (await edit.ChangeAsync(new SeenArea("1", Always, 1), facts, null, actor)).Value.ShouldBe(Always);
        var held = (await HeldAsync(store, "1")).ShouldHaveSingleItem();
        (held.Version, held.Area.Names.In("fr"), held.Area.Owner, held.Area.Private).ShouldBe((2, "Ouest-Village", "water", true));
        held.Area.Postcodes.ShouldBe(["1801", "1802"]);
        (await edit.ChangeAsync(new SeenArea("1", Always, 2), facts, null, actor)).Ok.ShouldBeTrue("the same again");
        (await edit.ChangeAsync(new SeenArea("1", Always, 1), facts, null, actor)).Refusal!.Code.ShouldBe("kernel.areaChanged");
        (await edit.ChangeAsync(new SeenArea("9", Always, 1), facts, null, actor)).Refusal!.Kind.ShouldBe(RefusalKind.NotFound);

        await store.SettleAsync();
        var trail = (await store.Get<AuditTrail>().OfAsync(new Subject("area", "1"))).Where(one => one.State == AuditState.Intact).ShouldHaveSingleItem();
        (trail.Event.Type, trail.Event.Actor).ShouldBe(("kernel.area.changed", actor));
        AuditChange.Between(trail.Before, trail.After).Select(change => $"{change.Field} {change.Before} {change.After}")
            .ShouldBe(["nameFr Ouest Ouest-Village", "owner  water", "postcodes  1801, 1802", "private false true"]);
        trail.Event.Data.ShouldNotContain("Village", customMessage: "the log holds no words");
        await using var context = store.Database.Open();
        var edition = await CatalogueRow.CurrentAsync(context, ImportAreas.Catalogue);
        (edition!.Edition, edition.Actor).ShouldBe((2, actor.Id));
        edition.Summary!.ShouldBe("""{"file":null,"added":0,"changed":1,"removed":0}""");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_changes_on_a_day_begins_a_version_and_can_be_taken_back(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(store.Services);
        var edit = store.Get<EditAreas>();
        var before = (await HeldAsync(store, "1"))[0].Area;
        var renamed = FactsOf(before) with { Names = Text.Of("fr", "Ouest-le-Neuf") };
        (await edit.ChangeAsync(new SeenArea("1", Always, 1), FactsOf(before), NewYear, Actor.System)).Refusal!.Code.ShouldBe("kernel.areaSame");
        (await edit.ChangeAsync(new SeenArea("1", Always, 1), renamed, NewYear, Actor.System)).Value.ShouldBe(NewYear);
        var versions = await ReadAsync(store);
        versions.On(NewYear.AddDays(-1)).Find("1").ShouldBe(before with { ValidTo = NewYear.AddDays(-1) });
        versions.On(NewYear).Find("1").ShouldBe(before with { ValidFrom = NewYear, Names = renamed.Names });
        await SameAfterImportAsync(store, kind);

        (await edit.ChangeAsync(new SeenArea("1", NewYear, 1), renamed with { Postcodes = ["1"] }, NewYear, Actor.System)).Refusal!.Code.ShouldBe("kernel.areaFrom");
        (await edit.ChangeAsync(new SeenArea("1", Always, 2), renamed, NewYear, Actor.System)).Refusal!.Code.ShouldBe("kernel.areaFrom", "after the last day of the first version");
        (await edit.EndAsync(new SeenArea("1", Always, 2), NewYear, true, Actor.System)).Refusal!.Code.ShouldBe("kernel.areaFollowed");
        (await edit.TakeBackAsync(new SeenArea("1", Always, 2), Actor.System)).Refusal!.Code.ShouldBe("kernel.areaAlone");
        (await edit.TakeBackAsync(new SeenArea("1", NewYear, 1), Actor.System)).Value.ShouldBe(Always);
        (await HeldAsync(store, "1")).ShouldHaveSingleItem().Area.ShouldBe(before);
        (await edit.TakeBackAsync(new SeenArea("1", NewYear, 1), Actor.System)).Refusal!.Kind.ShouldBe(RefusalKind.NotFound);

        await store.SettleAsync();
        var trail = await store.Get<AuditTrail>().OfAsync(new Subject("area", "1"));
        trail.Select(one => one.Event.Type["kernel.area.".Length..]).ShouldBe(["added", "changed", "added", "removed", "changed"]);
        AuditChange.Between(trail[2].Before, trail[2].After).Select(change => change.Field).ShouldBe(["nameFr", "nameNl", "nameEn", "nameDe", "validFrom"]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_end_is_set_by_who_has_seen_what_names_the_area_and_undone(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var rules = DeskCity.Rules.Replace("""{"categories":["waste"]}""", """{"categories":["waste"],"areas":["1"]}""", StringComparison.Ordinal);
        (await store.Get<ImportAreas>().RunAsync(DeskCity.Stream(ParkIn("1")), "park", Actor.System, default)).Refused.ShouldBe(0);
        (await city.Get<Importers>()["rules"].RunAsync(DeskCity.Stream(rules), "rules", Actor.System, default)).Refusals.ShouldBeEmpty();
        var edit = store.Get<EditAreas>();
        await using (var context = store.Database.Open())
        {
            (await edit.UsesAsync(context, "1", NewYear)).Select(use => $"{use.Kind} {use.Id}").Order().ShouldBe(["areas park", "bodies west", "rules waste"]);
            (await edit.UsesAsync(context, "2", NewYear)).Select(use => use.Id).ShouldBe(["east"]);
        }
        (await edit.EndAsync(new SeenArea("1", Always, 1), NewYear, false, Actor.System)).Refusal!.ShouldSatisfyAllConditions(r => r.Code.ShouldBe("kernel.areaUsed"), r => r.Field.ShouldBe("sure"), r => r.Arguments.ShouldBe([3]));
        (await edit.EndAsync(new SeenArea("1", Always, 1), NewYear, true, Actor.System)).Ok.ShouldBeTrue();
        (await ReadAsync(store)).On(NewYear.AddDays(1)).Find("1").ShouldBeNull();
        await SameAfterImportAsync(store, kind);
        (await edit.EndAsync(new SeenArea("1", Always, 1), null, false, Actor.System)).Refusal!.Kind.ShouldBe(RefusalKind.Conflict);
        (await edit.EndAsync(new SeenArea("1", Always, 2), null, false, Actor.System)).Ok.ShouldBeTrue();
        (await HeldAsync(store, "1"))[0].Area.ValidTo.ShouldBe(DateOnly.MaxValue);

        await edit.ChangeAsync(new SeenArea("2", Always, 1), FactsOf((await HeldAsync(store, "2"))[0].Area) with { Postcodes = ["1900"] }, NewYear, Actor.System);
        (await edit.EndAsync(new SeenArea("2", NewYear, 1), NewYear.AddDays(-1), true, Actor.System)).Refusal!.Code.ShouldBe("kernel.areaUntil");
        (await edit.EndAsync(new SeenArea("2", NewYear, 1), Summer, true, Actor.System)).Ok.ShouldBeTrue();
        (await edit.TakeBackAsync(new SeenArea("2", NewYear, 2), Actor.System)).Ok.ShouldBeTrue();
        (await HeldAsync(store, "2")).ShouldHaveSingleItem().Area.ValidTo.ShouldBe(Summer, "the end stays");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_no_version_could_hold_is_refused_at_its_field(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(store.Services);
        await store.Get<ImportAreas>().RunAsync(DeskCity.Stream(ParkIn("1")), "park", Actor.System, default);
        var (edit, facts) = (store.Get<EditAreas>(), FactsOf((await HeldAsync(store, "1"))[0].Area));
        foreach (var (wrong, code, field) in new[]
        {
            (facts with { Names = Text.Empty }, "areaNameless", "names"),
            (facts with { Names = Text.Of("nl", new string('x', 201)) }, "areaNameLong", "names.nl"),
            (facts with { Names = Text.Of("de", "a\0b") }, "nulInText", "names.de"),
            (facts with { Parent = "\0" }, "nulInText", "parent"),
            (facts with { Postcodes = ["1000 1020"] }, "areaPostcodes", "postcodes"),
            (facts with { Parent = "9" }, "areaParent", "parent"),
            (facts with { Parent = "1" }, "areaParent", "parent"),
            (facts with { Parent = "park" }, "areaParent", "parent"),
        })
        {
            var refusal = (await edit.ChangeAsync(new SeenArea("1", Always, 1), wrong, null, Actor.System)).Refusal!;
            (refusal.Kind, refusal.Word, refusal.Field).ShouldBe((RefusalKind.Invalid, code, field));
        }
        (await HeldAsync(store, "1"))[0].Version.ShouldBe(1);
        (await edit.ChangeAsync(new SeenArea("park", Always, 1), FactsOf((await HeldAsync(store, "park"))[0].Area) with { Parent = "2" }, null, Actor.System)).Ok.ShouldBeTrue();
        await SameAfterImportAsync(store, kind);
    }

    [Fact]
    public async Task What_an_area_may_lie_in_are_the_larger_surfaces_around_its_middle()
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        await DeskCity.FoundAsync(store.Services);
        await store.Get<ImportAreas>().RunAsync(DeskCity.Stream(ParkIn(null)), "park", Actor.System, default);
        var areas = (await ReadAsync(store)).On(NewYear);
        areas.Around(areas.Find("park")!).Select(area => area.Id).ShouldBe(["1"]);
        areas.Around(areas.Find("1")!).ShouldBeEmpty();
    }

    private static string ParkIn(string? parent) => $$"""
        {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"park","kind":"park","name_fr":"Parc"{{(parent is null ? "" : $",\"parent\":\"{parent}\"")}} },
        "geometry":{"type":"Polygon","coordinates":[[[4.31,50.81],[4.32,50.81],[4.32,50.82],[4.31,50.82],[4.31,50.81]]]} }]}
        """;

    private static AreaFacts FactsOf(Area area) => new(area.Names, area.Parent, area.Owner, area.Postcodes, area.Private);

    private static async Task<IReadOnlyList<HeldArea>> HeldAsync(TestStore store, string id)
    {
        await using var context = store.Database.Open();
        return await EditAreas.ReadAsync(context, id);
    }

    private static async Task<AreaVersions> ReadAsync(TestStore store)
    {
        await using var context = store.Database.Open();
        return await AreaMap.ReadAsync(context);
    }

    /// <summary>The exported file changes nothing here, and makes the same areas in another installation.</summary>
    private static async Task SameAfterImportAsync(TestStore store, StoreKind kind)
    {
        using var file = new MemoryStream();
        await using (var context = store.Database.Open())
        {
            (await store.Get<ImportAreas>().ExportAsync(context, file, ImportOptions.None, default)).ShouldBeTrue();
        }
        var here = await store.Get<ImportAreas>().RunAsync(new MemoryStream(file.ToArray()), "areas", Actor.System, default);
        (here.Added, here.Changed, here.Refused).ShouldBe((0, 0, 0));
        await using var other = await TestStore.NewAsync(kind);
        (await other.Get<ImportAreas>().RunAsync(new MemoryStream(file.ToArray()), "areas", Actor.System, default)).Refused.ShouldBe(0);
        (await ReadAsync(other)).All.ShouldBe((await ReadAsync(store)).All);
    }
}
