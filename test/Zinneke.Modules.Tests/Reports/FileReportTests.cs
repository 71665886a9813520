using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class FileReportTests
{
    /// <summary>What was filed may be sent again also when it could no longer be filed: here its photo was erased meanwhile.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task A_report_sent_again_is_the_same_one_although_its_photo_is_gone(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var photo = store.Get<Ids>().Next();
        await using (var sent = (await IncomingPhoto.ReadAsync(new MemoryStream(Pictures.Jpeg(40, 30)), store.Get<FileStore>())).Value)
        {
            var kept = await sent.KeepAsync();
            await store.Writer.DoAsync(Actor.System, unit =>
            {
                unit.Store.Add(StoredFile.Of(kept, photo, unit.Now));
                return Task.CompletedTask;
            });
        }
        var report = new NewReport { ClientId = store.Get<Ids>().Next(), Category = "road-hole", Lon = 4.35, Lat = 50.85, Description = "Un trou", Photos = [photo] };
        var first = (await FileAsync(city, report)).Value;
        (await FileAsync(city, report)).Value.ShouldBe(first with { Replayed = true, Stored = null });

        await store.Writer.DoAsync(Actor.System, async unit =>
        {
            unit.Store.RemoveRange(await unit.Store.Set<ReportPhoto>().ToListAsync());
            unit.Store.RemoveRange(await unit.Store.Set<StoredFile>().ToListAsync());
        });
        (await FileAsync(city, report)).Value.ShouldBe(first with { Replayed = true, Stored = null });
        (await FileAsync(city, report with { ClientId = store.Get<Ids>().Next() })).Refusal!.Code.ShouldBe("reports.photoGone");
    }

    private static Task<Outcome<Filed>> FileAsync(DeskCity city, NewReport report) =>
        city.Get<FileReport>().RunAsync(report, [], new Sender(Actor.Anonymous, null, false), city.Get<Writer>().DoAsync, default);
}
