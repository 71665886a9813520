using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Black rectangles on a photo (R29): drawn anew, in the trail, and only while there is something to draw from.</summary>
public class RedactPhotoTests
{
    private static readonly RedactRequest Black = new() { Rectangles = [new Redaction(0.25, 0.25, 0.5, 0.5)] };

    [Theory, OnSqlite, OnPostgres]
    public async Task The_pictures_are_made_again_and_the_trail_says_so(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var (number, photo) = await FileAsync(city);
        await store.Get<DrawFiles>().AllAsync();
        var first = (await FileOfAsync(store, photo)).Picture;
        var agent = new Acting(await city.CallerAsync("agent", DeskCity.West), false);

        (await store.Get<RedactPhoto>().RunAsync(number, photo, Black, agent, default)).Refusal.ShouldBeNull();
        (await FileOfAsync(store, photo)).Picture.ShouldBeNull("the picture as it was is served no longer");
        await store.Get<DrawFiles>().AllAsync();
        var second = (await FileOfAsync(store, photo)).Picture;
        second.ShouldNotBeNull();
        second.ShouldNotBe(first);
        await using (var read = store.Database.Open())
        {
            (await read.Set<ReportEntry>().SingleAsync(e => e.Action == "redact")).ActingBody.ShouldBe(DeskCity.West);
            await store.SettleAsync();
            var report = (await ReadReport.FindAsync(read, number, false, default))!;
            var said = (await store.Get<AuditTrail>().OfAsync(new Subject("report", report.Id)))[^1];
            (said.State, said.After!["rectangles"]!.AsArray().Count, said.Before!["rectangles"]!.AsArray().Count).ShouldBe((AuditState.Intact, 1, 0));
        }

        (await store.Get<RedactPhoto>().RunAsync(number, photo, new RedactRequest { Rectangles = [] }, agent, default)).Refusal.ShouldBeNull();
        await store.Get<DrawFiles>().AllAsync();
        (await FileOfAsync(store, photo)).Picture.ShouldBe(first, "nothing black is the photo again");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_cannot_be_is_refused(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var (number, photo) = await FileAsync(city);
        var agent = new Acting(await city.CallerAsync("agent", DeskCity.West), false);
        async Task<Refusal> RefusedAsync(RedactRequest request, Guid which, Acting by) => (await store.Get<RedactPhoto>().RunAsync(number, which, request, by, default)).Refusal!;
        foreach (var (x, y, width, height) in new[] { (-0.1, 0.0, 0.5, 0.5), (0.6, 0.0, 0.5, 0.5), (0.0, 0.0, 0.0, 0.5), (0.0, double.NaN, 0.5, 0.5) })
        {
            (await RefusedAsync(new RedactRequest { Rectangles = [new Redaction(0, 0, 1, 1), new Redaction(x, y, width, height)] }, photo, agent)).Field.ShouldBe("rectangles[1]");
        }
        (await RefusedAsync(new RedactRequest(), photo, agent)).Code.ShouldBe("reports.required");
        (await RefusedAsync(new RedactRequest { Rectangles = [.. Enumerable.Repeat(new Redaction(0, 0, 1, 1), 51)] }, photo, agent)).Code.ShouldBe("reports.tooManyRectangles");
        (await RefusedAsync(Black with { Version = 1 }, photo, agent)).Code.ShouldBe("reports.stale");
        (await RefusedAsync(Black, Guid.NewGuid(), agent)).Kind.ShouldBe(RefusalKind.NotFound);
        (await RefusedAsync(Black, photo, new Acting(await city.CallerAsync("agent", DeskCity.East), false))).Kind.ShouldBe(RefusalKind.Forbidden);
        (await RefusedAsync(Black, photo, new Acting(await city.CallerAsync("reader", DeskCity.West), false))).Kind.ShouldBe(RefusalKind.Forbidden);

        await store.Get<DrawFiles>().AllAsync();
        await city.ActAsync(number, "resolve", agent.Caller, new ActionRequest { Text = Text.Of("fr", "Réparé") });
        store.Clock.Advance(TimeSpan.FromDays(31));
        (await store.Get<RetainReports>().RunAsync(store.Clock.NowMicros(), default))["originals"].ShouldBe(1);
        (await RefusedAsync(Black, photo, agent)).Code.ShouldBe("kernel.originalGone");
    }

    private static async Task<(string Number, Guid Photo)> FileAsync(DeskCity city)
    {
        var number = await city.FileAsync();
        await using var photo = (await IncomingPhoto.ReadAsync(new MemoryStream(Pictures.Png(400, 300)), city.Get<FileStore>())).Value;
        return (number, (await city.Get<AddPhotos>().RunAsync(number, [photo], new Acting(Caller.Program(), IsReporter: true), default)).Value.Photos.Single());
    }

    private static async Task<StoredFile> FileOfAsync(TestStore store, Guid photo)
    {
        await using var read = store.Database.Open();
        return await read.Set<ReportPhoto>().Where(p => p.Id == photo).Join(read.Set<StoredFile>(), p => p.FileId, f => f.Id, (p, f) => f).SingleAsync();
    }
}
