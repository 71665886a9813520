using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Modules.Tests.Kernel.Places;

/// <summary>Streets and addresses: imported from files of any size, found by their beginnings in both languages (K10).</summary>
public class AddressesTests
{
    private const string Csv = """
        street_fr,street_nl,number,postcode,municipality,lon,lat
        Rue Haute,Hoogstraat,12,1000,Bruxelles,4.3480,50.8375
        Rue Haute,Hoogstraat,12 A,1000,Bruxelles,4.3481,50.8375
        Rue de l’Église,Kerkstraat,5,1082,Berchem-Sainte-Agathe,4.29,50.86
        Rue de l’Église,Kerkstraat,5,1060,Saint-Gilles,4.34,50.83
        Place du 4 Août,4 Augustusplein,7,1030,Schaerbeek,4.37,50.86
        Petite rue Haute,Kleine Hoogstraat,12,1000,Bruxelles,4.35,50.84
        Chaussée d’Ixelles,Elsensesteenweg,,1050,Ixelles,4.366,50.833
        """;

    [Theory, OnSqlite, OnPostgres]
    public async Task The_same_file_again_changes_nothing_and_another_changes_what_differs(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        Counts(await ImportAsync(store, Csv)).ShouldBe((7, 7, 0, 0));
        Counts(await ImportAsync(store, Csv)).ShouldBe((7, 0, 0, 7));
        Counts(await ImportAsync(store, Csv.Replace("4.3481", "4.3482", StringComparison.Ordinal).Replace("Rue Haute,Hoog", "RUE HAUTE,Hoog", StringComparison.Ordinal))).ShouldBe((7, 0, 1, 6));
        await using var read = store.Database.Open();
        (await read.Set<AddressRow>().CountAsync(row => row.Number == "")).ShouldBe(6, "five streets brought along by houses, and one by itself");
        (await read.Set<AddressRow>().SingleAsync(row => row.Number == "12a")).Lon.ShouldBe(4.3482);
        (await read.Set<AddressRow>().Where(row => row.Number == "" && row.Fr == "RUE HAUTE").CountAsync()).ShouldBe(1, "a name is put right");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_file_with_a_fault_is_refused_whole_and_each_fault_named(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var summary = await ImportAsync(store, "street_fr,number,postcode,lon,lat\nRue A,1,1000,4.3,50.8\n,2,1000,4.3,50.8\nRue B,3,,4.3,50.8\nRue C,4,1000,east,50.8\n");
        (summary.Read, summary.Refused).ShouldBe((4, 3));
        summary.Refusals.Select(fault => (fault.Line, fault.Field)).ShouldBe([(3, "street_fr"), (4, "postcode"), (5, "lon")]);
        (await ImportAsync(store, "street_fr,number\nRue A,1\n")).Refusals.Select(fault => fault.Field).ShouldBe(["lon", "lat"]);
        await using var read = store.Database.Open();
        (await read.Set<AddressRow>().CountAsync()).ShouldBe(0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task GeoJson_and_the_columns_of_the_register_are_understood_and_so_is_a_packed_file(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        const string geo = """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"street_fr":"Rue Neuve","street_nl":"Nieuwstraat","number":3,"postcode":1000},"geometry":{"type":"Point","coordinates":[4.3565,50.8525]}}]}""";
        Counts(await ImportAsync(store, geo)).ShouldBe((1, 1, 0, 0));
        Counts(await ImportAsync(store, "EPSG:4326_lat,EPSG:4326_lon,house_number,municipality_name_fr,postcode,streetname_fr,streetname_nl\n50.8525,4.3565,3,Bruxelles,1000,Rue Neuve,Nieuwstraat\n")).ShouldBe((1, 0, 0, 1));
        (await ImportAsync(store, geo.Replace("\"Point\",\"coordinates\":[4.3565,50.8525]", "\"LineString\",\"coordinates\":[[4.3,50.8],[4.4,50.8]]", StringComparison.Ordinal))).Refused.ShouldBe(1);
        var file = Path.Combine(store.Get<DataFolder>().Root, "a.csv.gz");
        await using (var packed = new GZipStream(File.Create(file), CompressionMode.Compress))
        {
            await packed.WriteAsync(Encoding.UTF8.GetBytes(Csv));
        }
        var run = await VerbRun.On(store, "import", "addresses", file);
        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.ShouldContain("\"added\":7");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_large_file_goes_in_slices_and_comes_out_the_same(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var many = "street_fr,number,postcode,lon,lat\n" + string.Concat(Enumerable.Range(1, 2500).Select(i => $"Rue {i % 50},{i},1000,4.3{i:0000},50.8\n"));
        Counts(await ImportAsync(store, many)).ShouldBe((2500, 2500, 0, 0));
        Counts(await ImportAsync(store, many)).ShouldBe((2500, 0, 0, 2500));
        await using var read = store.Database.Open();
        (await read.Set<AddressRow>().CountAsync()).ShouldBe(2550);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Beginnings_find_in_both_languages_without_accents_and_hyphens(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await ImportAsync(store, Csv);
        var index = await IndexAsync(store);
        await using var read = store.Database.Open();
        async Task<string[]> FindAsync(string words) => [.. (await index.FindAsync(read, words, 8)).Select(one => one.LabelIn("fr"))];
        (await FindAsync("hoogs 12")).ShouldBe(["Rue Haute 12, 1000 Bruxelles", "Petite rue Haute 12, 1000 Bruxelles"]);
        (await FindAsync("RUE HAUTE 12 a")).ShouldBe(["Rue Haute 12A, 1000 Bruxelles", "Petite rue Haute, 1000 Bruxelles"]);
        (await FindAsync("rue de l'eglise 5 1060")).ShouldBe(["Rue de l’Église 5, 1060 Saint-Gilles"]);
        (await FindAsync("eglise 99")).Length.ShouldBe(2, "a number that is not there leads to the street");
        (await FindAsync("4 aout 7")).ShouldBe(["Place du 4 Août 7, 1030 Schaerbeek"]);
        (await FindAsync("ixel")).ShouldBe(["Chaussée d’Ixelles, 1050 Ixelles"]);
        (await FindAsync("haute saint")).ShouldBeEmpty();
        (await FindAsync("1000")).ShouldBeEmpty("a postcode alone is no address");
        (await FindAsync(new string('a', 500))).ShouldBeEmpty();
        (await index.FindAsync(read, "hoogstraat 12", 1)).Single().LabelIn("nl").ShouldBe("Hoogstraat 12, 1000 Bruxelles");
        var house = (await index.FindAsync(read, "hoogstraat 12a", 1)).Single();
        (house.Lon, house.Number).ShouldBe((4.3481, "12a"));
        (await index.GetAsync(read, house.Id)).ShouldBe(house);
        (await index.GetAsync(read, house.Id + "9")).ShouldBeNull();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_one_house_that_is_named_in_full_is_unique(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await ImportAsync(store, Csv);
        var index = await IndexAsync(store);
        await using var read = store.Database.Open();
        async Task<double?> LonAsync(string words) => (await index.UniqueAsync(read, words))?.Lon;
        (await LonAsync("Rue Haute 12, 1000 Bruxelles")).ShouldBe(4.3480);
        (await LonAsync("hoogstraat 12")).ShouldBe(4.3480);
        (await LonAsync("Kleine Hoogstraat 12")).ShouldBe(4.35);
        (await LonAsync("Rue de l'Église 5")).ShouldBeNull("in two municipalities");
        (await LonAsync("Kerkstraat 5, 1060")).ShouldBe(4.34);
        (await LonAsync("Rue Haute")).ShouldBeNull();
        (await LonAsync("Rue Haute 99")).ShouldBeNull();
        (await LonAsync("Haute 12")).ShouldBeNull("a part of a name");
        (await LonAsync("devant le 12 rue Haute")).ShouldBeNull("more than an address");
    }

    private static Task<ImportSummary> ImportAsync(TestStore store, string text) => store.Get<ImportAddresses>().RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), "a.csv", Actor.System, default);

    private static (long, long, long, long) Counts(ImportSummary summary) => (summary.Read, summary.Added, summary.Changed, summary.Unchanged);

    private static async Task<AddressIndex> IndexAsync(TestStore store)
    {
        await using var read = store.Database.Open();
        var index = store.Get<AddressIndex>();
        await index.LoadAsync(read, default);
        return index;
    }
}
