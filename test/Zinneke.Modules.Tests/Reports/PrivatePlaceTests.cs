using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Of what is reported in a place that is marked private, the public sees about where it is and what becomes of it (reports.md 4.4).</summary>
public class PrivatePlaceTests
{
    private const string Inside = "4.3512", Shelter = """
        {"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"id":"shelter","kind":"zone","name_fr":"Refuge","private":true},"geometry":{"type":"Polygon","coordinates":[[[4.3505,50.849],[4.3520,50.849],[4.3520,50.851],[4.3505,50.851],[4.3505,50.849]]]}},
        {"type":"Feature","properties":{"id":"lane","kind":"road","private":true,"half_width_m":8},"geometry":{"type":"LineString","coordinates":[[4.36,50.84],[4.36,50.86]]}},
        {"type":"Feature","properties":{"id":"past","kind":"zone","private":true,"valid_to":"2020-01-01"},"geometry":{"type":"Polygon","coordinates":[[[4.37,50.84],[4.38,50.84],[4.38,50.86],[4.37,50.86],[4.37,50.84]]]}}]}
        """;

    [Theory, OnSqlite, OnPostgres]
    public async Task A_report_in_one_is_private_and_follows_its_pin_in_and_out(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await CityAsync(store);
        var west = await city.CallerAsync("agent", DeskCity.West);
        var (inside, onLane, besideLane, past, outside) = (await city.FileAsync(lon: double.Parse(Inside, System.Globalization.CultureInfo.InvariantCulture)), await city.FileAsync(lon: 4.3601), await city.FileAsync(lon: 4.3602), await city.FileAsync(lon: 4.375), await city.FileAsync());
        (await VisibilityAsync(inside), await VisibilityAsync(onLane), await VisibilityAsync(besideLane), await VisibilityAsync(past), await VisibilityAsync(outside))
            .ShouldBe((Visibility.Private, Visibility.Private, Visibility.Public, Visibility.Public, Visibility.Public), "7 m from the middle of the lane is in it, 14 m is not");
        await using (var context = store.Database.Open())
        {
            ReportJson.Point((await ReadReport.FindAsync(context, inside, false, default))!, staff: false).ShouldBe((4.351, 50.85));
        }
        var photo = await AddPhotoAsync(city, outside);
        (await PhotoAsync(photo)).ShouldBe(FileVisibility.Public);

        await city.ActAsync(outside, "move", west, new ActionRequest { Lon = 4.3512, Lat = 50.85 });
        (await VisibilityAsync(outside), await PhotoAsync(photo)).ShouldBe((Visibility.Private, FileVisibility.Hidden));
        await city.ActAsync(outside, "move", west, new ActionRequest { Lon = 4.345, Lat = 50.85 });
        (await VisibilityAsync(outside), await PhotoAsync(photo)).ShouldBe((Visibility.Public, FileVisibility.Public));

        var show = await store.Get<ActOnReport>().RunAsync(inside, "show", new ActionRequest(), new Acting(west, false), store.Writer.DoAsync, default);
        show.Refusal!.Code.ShouldBe("reports.actionNotAllowed", "it is shown as far as it may be");

        await city.ActAsync(outside, "setPrivate", west);
        await city.ActAsync(outside, "move", west, new ActionRequest { Lon = 4.3512, Lat = 50.85 });
        await city.ActAsync(outside, "move", west, new ActionRequest { Lon = 4.345, Lat = 50.85 });
        (await VisibilityAsync(outside)).ShouldBe(Visibility.Private, "staff had said so before it was moved");
        (await store.Get<VerifyReports>().RunAsync(null, default)).Mismatches.ShouldBe(0);

        async Task<Visibility> VisibilityAsync(string number)
        {
            await using var context = store.Database.Open();
            return (await ReadReport.FindAsync(context, number, false, default))!.Visibility;
        }
        async Task<FileVisibility> PhotoAsync(Guid file)
        {
            await using var context = store.Database.Open();
            return (await context.Set<StoredFile>().SingleAsync(f => f.Id == file)).Visibility;
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_mark_is_kept_and_exported_and_must_be_clear(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await CityAsync(store);
        await using var context = store.Database.Open();
        var areas = (await AreaMap.ReadAsync(context)).All;
        areas.Where(area => area.Private).Select(area => area.Id).ShouldBe(["shelter", "lane", "past"]);
        using var written = new MemoryStream();
        AreasFile.Write(areas, written);
        written.Position = 0;
        var again = await city.Get<ImportAreas>().RunAsync(written, "areas", Actor.System, default);
        (again.Changed, again.Unchanged, again.Refused).ShouldBe((0, 5, 0));
        var unclear = await city.Get<ImportAreas>().RunAsync(DeskCity.Stream(Shelter.Replace("\"private\":true}", "\"private\":\"yes\"}", StringComparison.Ordinal)), "areas", Actor.System, default);
        unclear.Refusals.ShouldHaveSingleItem().Field.ShouldBe("features[0].properties.private");
    }

    private static async Task<DeskCity> CityAsync(TestStore store)
    {
        var city = await DeskCity.FoundAsync(store.Services);
        (await city.Get<ImportAreas>().RunAsync(DeskCity.Stream(Shelter), "areas", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        return city;
    }

    private static async Task<Guid> AddPhotoAsync(DeskCity city, string number)
    {
        await using var photo = (await IncomingPhoto.ReadAsync(new MemoryStream(Pictures.Png(40, 30)), city.Get<FileStore>())).Value;
        (await city.Get<AddPhotos>().RunAsync(number, [photo], new Acting(Caller.Program(), IsReporter: true), default)).Refusal.ShouldBeNull();
        await using var context = city.Get<Database>().Open();
        return await context.Set<ReportPhoto>().Select(p => p.FileId).SingleAsync();
    }
}
