using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Reports of which only an address in words is known: the postcode in it says whose they are, also after the category has changed.</summary>
public class PostcodeTests
{
    /// <summary>West has had its postcode in two versions: before and since 2020.</summary>
    private static readonly string TwoVersions = DeskCity.Areas.Replace("\"name_de\":\"West\"}", "\"name_de\":\"West\",\"postcodes\":[\"1801\"],\"valid_from\":\"2020-01-01\"}", StringComparison.Ordinal)
        .Replace("\"features\":[", """
            "features":[
            {"type":"Feature","properties":{"id":"1","kind":"municipality","name_fr":"Vieil Ouest","name_nl":"Oud West","name_en":"Old West","name_de":"Alt-West","postcodes":["1801"],"valid_to":"2019-12-31"},"geometry":{"type":"Polygon","coordinates":[[[4.30,50.80],[4.40,50.80],[4.40,50.90],[4.30,50.90],[4.30,50.80]]]}},
            """, StringComparison.Ordinal);

    [Theory, OnSqlite, OnPostgres]
    public async Task An_area_in_two_versions_is_still_the_only_one_of_its_postcode_and_stands_once_in_a_list(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await FoundAsync(store);
        var report = await ReadAsync(store, await FileAsync(city, "Rue du Canal 12, 1801 Ouest"));
        (report.Holder, report.Area, report.State).ShouldBe((DeskCity.West, "1", ReportState.Assigned));
        var map = city.Get<RoutingMap>().Current.Map;
        map.Municipalities.Count(area => area.Id == "1").ShouldBe(2);
        map.MunicipalitiesAt(store.Clock.NowMicros()).Select(area => area.Names.In("en")).Order().ShouldBe(["East", "West"]);
        map.MunicipalitiesAt(new DateTimeOffset(2019, 12, 31, 12, 0, 0, TimeSpan.Zero).ToMicros()).Select(area => area.Names.In("en")).ShouldContain("Old West");
        map.Municipalities.First(area => area.Id == "1").Names.In("en").ShouldBe("West", "the newest version comes first");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Another_category_is_routed_by_the_postcode_and_hides_what_is_private(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await FoundAsync(store);
        var (west, coordinator) = (await city.CallerAsync("agent", DeskCity.West), await city.CallerAsync("agent", DeskCity.Region));
        var known = await FileAsync(city, "Rue du Canal 12, 1801 Ouest");
        await city.ActAsync(known, "recategorise", west, new ActionRequest { Category = "road-gully" });
        var report = await ReadAsync(store, known);
        (report.Holder, report.Area, report.Rule, report.Visibility).ShouldBe((DeskCity.Water, "1", "gully", Visibility.Public));
        await city.ActAsync(known, "recategorise", await city.CallerAsync("agent", DeskCity.Water), new ActionRequest { Category = "waste-dump" });
        report = await ReadAsync(store, known);
        (report.Holder, report.Rule, report.Visibility).ShouldBe((DeskCity.Region, "waste", Visibility.Private));

        var unknown = await FileAsync(city, "Rue du Canal 12");
        await city.ActAsync(unknown, "recategorise", coordinator, new ActionRequest { Category = "waste-dump" });
        report = await ReadAsync(store, unknown);
        (report.Holder, report.State, report.Visibility).ShouldBe((DeskCity.Region, ReportState.Submitted, Visibility.Private), "whoever looks for the place goes on");
    }

    private static async Task<DeskCity> FoundAsync(TestStore store)
    {
        var city = await DeskCity.FoundAsync(store.Services);
        (await city.Get<ImportAreas>().RunAsync(DeskCity.Stream(TwoVersions), "areas", Actor.System, default)).Refusals.ShouldBeEmpty();
        var categories = DeskCity.Categories.Replace("\"code\":\"waste-dump\",", "\"code\":\"waste-dump\",\"private\":true,", StringComparison.Ordinal);
        (await city.Get<ImportCategories>().RunAsync(DeskCity.Stream(categories), "categories", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        return city;
    }

    private static async Task<string> FileAsync(DeskCity city, string address)
    {
        var sent = new NewReport { ClientId = city.Get<Ids>().Next(), Category = "road-hole", Address = address };
        return (await city.Get<FileReport>().RunAsync(sent, [], new Sender(Actor.Anonymous, null, false), city.Get<Writer>().DoAsync, default)).Value.Number;
    }

    private static async Task<Report> ReadAsync(TestStore store, string number)
    {
        await using var context = store.Database.Open();
        return (await ReadReport.FindAsync(context, number, false, default))!;
    }
}
