using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Without any address an area of every kind is found by its names (K10).</summary>
public class PlaceSearchTests
{
    private static readonly string WithParks = DeskCity.Areas.Replace("\"features\":[", """
        "features":[
        {"type":"Feature","properties":{"id":"p1","kind":"park","name_fr":"Parc de l’Été-Josaphat","name_nl":"Zomer Josafatpark","name_en":"Josaphat Park","name_de":"Josaphatpark"},"geometry":{"type":"Polygon","coordinates":[[[4.31,50.81],[4.32,50.81],[4.32,50.82],[4.31,50.82],[4.31,50.81]]]}},
        {"type":"Feature","properties":{"id":"z1","kind":"zone","name_fr":"Ouest-Canal","name_nl":"Kanaalzone","name_en":"Canal zone","name_de":"Kanalzone"},"geometry":{"type":"Polygon","coordinates":[[[4.41,50.81],[4.42,50.81],[4.42,50.82],[4.41,50.82],[4.41,50.81]]]}},
        {"type":"Feature","properties":{"id":"shelter","kind":"zone","name_fr":"Refuge","private":true},"geometry":{"type":"Polygon","coordinates":[[[4.43,50.81],[4.44,50.81],[4.44,50.82],[4.43,50.82],[4.43,50.81]]]}},
        {"type":"Feature","properties":{"id":"bare","kind":"zone"},"geometry":{"type":"Polygon","coordinates":[[[4.45,50.81],[4.46,50.81],[4.46,50.82],[4.45,50.82],[4.45,50.81]]]}},
        {"type":"Feature","properties":{"id":"r1","kind":"road","name_fr":"Rue Neuve"},"geometry":{"type":"LineString","coordinates":[[4.37,50.87],[4.38,50.87]]}},
        {"type":"Feature","properties":{"id":"old","kind":"park","name_fr":"Parc disparu","name_nl":"Verdwenen park","name_en":"Gone","name_de":"Weg","valid_to":"2019-12-31"},"geometry":{"type":"Polygon","coordinates":[[[4.41,50.81],[4.42,50.81],[4.42,50.82],[4.41,50.82],[4.41,50.81]]]}},
        """, StringComparison.Ordinal);

    [Theory, OnSqlite, OnPostgres]
    public async Task Names_of_parks_and_zones_are_found_by_their_beginning_in_every_language(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        (await city.Get<ImportAreas>().RunAsync(DeskCity.Stream(WithParks), "areas", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        await using var context = store.Database.Open();
        var (park, zone, town) = ((4.315, 50.815), (4.415, 50.815), (4.35, 50.85));
        foreach (var (words, centre) in new[]
        {
            ("PARC DE L'ETE JOSAPHAT", park), ("josafatp", park), ("zomer", park), ("josaphat", park), ("été", park), ("kanaalzone", zone), ("canal", zone), ("ouest", town), ("oues", town), ("ouest-can", zone), ("west", town),
        })
        {
            var found = await city.Get<PlaceSearch>().FindAsync(context, words, default);
            found.Frame.ShouldNotBeNull(words);
            (Math.Round(found.Frame.Value.Lon, 3), Math.Round(found.Frame.Value.Lat, 3)).ShouldBe(centre, words);
        }
        foreach (var words in new[] { "disparu", "saphat", "zzz", " ", "refuge" })
        {
            (await city.Get<PlaceSearch>().FindAsync(context, words, default)).Frame.ShouldBeNull(words);
        }

        const string houses = "street_fr,street_nl,number,postcode,municipality,lon,lat\nRue Neuve,Nieuwstraat,3,1000,Bruxelles,4.33,50.83\n";
        (await city.Get<PlaceSearch>().FindAsync(context, "rue neuve", default)).Addresses.ShouldBeEmpty();
        (await city.Get<ImportAddresses>().RunAsync(DeskCity.Stream(houses), "a.csv", Actor.System, default)).Refused.ShouldBe(0);
        await city.ReloadAsync();
        foreach (var words in new[] { "Rue Neuve", "Rue Neuve 3" })
        {
            (await city.Get<PlaceSearch>().FindAsync(context, words, default)).Addresses.ShouldHaveSingleItem(words).Lon.ShouldBe(4.33, words);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_a_surface_with_a_name_that_is_not_private_can_be_followed(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        (await city.Get<ImportAreas>().RunAsync(DeskCity.Stream(WithParks), "areas", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        var (map, areas) = (city.Get<RoutingMap>().Current.Map, city.Get<FollowReports>().Areas);
        areas.All.Where(Followed.IsOpen).Select(area => area.Id).Order(StringComparer.Ordinal).ShouldBe(["1", "2", "p1", "z1"]);
        Followed.Checked("p1", null, null, null, [], map, areas).Ok.ShouldBeTrue();
        foreach (var id in new[] { "shelter", "r1", "bare", "old", "nowhere" })
        {
            Followed.Checked(id, null, null, null, [], map, areas).Refusal!.Code.ShouldBe("reports.unknownArea", id);
        }
    }
}
