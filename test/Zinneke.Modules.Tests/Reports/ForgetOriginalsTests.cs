using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class ForgetOriginalsTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task The_photo_in_full_size_goes_thirty_days_after_closing_unless_it_was_reopened(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var officer = await city.CallerAsync("officer", DeskCity.West);
        var (solved, open, reopened) = (await FileAsync(city), await FileAsync(city), await FileAsync(city));
        await store.Get<DrawFiles>().AllAsync();
        foreach (var number in new[] { solved, reopened })
        {
            await city.ActAsync(number, "resolve", officer, new ActionRequest { Text = Text.Of("fr", "Réparé") });
        }
        store.Clock.Advance(TimeSpan.FromDays(20));
        await city.ActAsync(reopened, "reopen", Caller.Program(), new ActionRequest { Reason = "notSolved" });
        (await RunAsync()).ShouldBe(0, "20 days");
        store.Clock.Advance(TimeSpan.FromDays(11));
        (await RunAsync()).ShouldBe(1);
        (await RunAsync()).ShouldBe(0, "it is gone already");
        await using var context = store.Database.Open();
        var gone = await context.Set<ReportPhoto>().Join(context.Set<StoredFile>(), p => p.FileId, f => f.Id, (p, f) => new { p.ReportId, f.OriginalGone, f.Picture })
            .Join(context.Set<Report>(), p => p.ReportId, r => r.Id, (p, r) => new { r.Number, p.OriginalGone, p.Picture }).ToDictionaryAsync(p => p.Number, p => p);
        (gone[solved].OriginalGone, gone[open].OriginalGone, gone[reopened].OriginalGone).ShouldBe((true, false, false));
        gone[solved].Picture.ShouldNotBeNull("the renditions stay");

        async Task<int> RunAsync() => (await store.Get<RetainReports>().RunAsync(store.Clock.NowMicros(), default))["originals"];
    }

    private static async Task<string> FileAsync(DeskCity city)
    {
        var number = await city.FileAsync();
        await using var photo = (await IncomingPhoto.ReadAsync(new MemoryStream(Pictures.Png(40, 30)), city.Get<FileStore>())).Value;
        (await city.Get<AddPhotos>().RunAsync(number, [photo], new Acting(Caller.Program(), IsReporter: true), default)).Refusal.ShouldBeNull();
        return number;
    }
}
