using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>A call to the system of a body waits for pictures, two minutes at most; and who asks for what has changed hears of them.</summary>
public class WebhookPicturesTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_call_is_written_when_the_picture_is_drawn_or_after_two_minutes(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var hook = """{"type":"webhook","url":"http://127.0.0.1:9/","secret":"a secret of the two","allowPrivate":true}""";
        var bodies = DeskCity.Bodies.Replace("\"areas\":[\"1\"],\"parent\":\"region\",\"channels\":[{\"type\":\"inbox\"}]", $"\"areas\":[\"1\"],\"parent\":\"region\",\"channels\":[{{\"type\":\"inbox\"}},{hook}]", StringComparison.Ordinal);
        (await city.Get<ImportBodies>().RunAsync(DeskCity.Stream(bodies), "bodies", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        await store.StartAsync();
        var number = await FileAsync(city);
        await store.SettleAsync();
        var row = await FirstAsync(store, number);
        (row.Type, row.Payload, row.DueAt).ShouldBe(("report.assigned", null, store.Clock.NowMicros() + TimeSpan.FromMinutes(2).ToMicros()));

        store.Clock.Advance(TimeSpan.FromSeconds(3));
        await store.Get<DrawFiles>().AllAsync();
        await store.SettleAsync();
        row = await FirstAsync(store, number);
        (row.Payload, row.DueAt).ShouldBe((null, store.Clock.NowMicros()));
        (await store.Get<SendDeliveries>().DoDueAsync()).ShouldBe(1);
        row = await FirstAsync(store, number);
        var said = System.Text.Json.JsonDocument.Parse(row.Payload!).RootElement.GetProperty("report");
        (row.Attempts, said.GetProperty("photos").GetArrayLength(), said.GetProperty("version").GetInt64()).ShouldBe((1, 1, 1));
        await using (var read = store.Database.Open())
        {
            (await read.Set<Delivery>().CountAsync()).ShouldBe(1, "what has the picture needs no other call");
            var report = (await ReadReport.FindAsync(read, number, false, default))!;
            (report.UpdatedAt, report.Version).ShouldBe((store.Clock.NowMicros(), 1), "who asks since then hears of it, and nobody is stale");
        }

        var slow = await FileAsync(city);
        await store.SettleAsync();
        store.Clock.Advance(TimeSpan.FromMinutes(2));
        while (await store.Get<SendDeliveries>().DoDueAsync() > 0)
        {
        }
        row = await FirstAsync(store, slow);
        System.Text.Json.JsonDocument.Parse(row.Payload!).RootElement.GetProperty("report").GetProperty("photos").GetArrayLength().ShouldBe(0);
        await store.Get<DrawFiles>().AllAsync();
        await store.SettleAsync();
        await using var last = store.Database.Open();
        (await last.Set<Delivery>().Where(one => one.ReportId == row.ReportId).OrderBy(one => one.Position).Select(one => one.Type).ToListAsync()).ShouldBe(["report.assigned", "report.updated"]);
    }

    private static async Task<Delivery> FirstAsync(TestStore store, string number)
    {
        await using var read = store.Database.Open();
        var report = (await ReadReport.FindAsync(read, number, false, default))!;
        return await read.Set<Delivery>().AsNoTracking().Where(one => one.ReportId == report.Id).OrderBy(one => one.Position).FirstAsync();
    }

    private static async Task<string> FileAsync(DeskCity city)
    {
        await using var photo = (await IncomingPhoto.ReadAsync(new MemoryStream(Pictures.Png(40, 30)), city.Get<FileStore>())).Value;
        var sent = new NewReport { ClientId = city.Get<Ids>().Next(), Category = "road-hole", Lon = 4.35, Lat = 50.85, Description = "Un trou", Lang = "fr" };
        var filed = (await city.Get<FileReport>().RunAsync(sent, [photo], new Sender(Actor.Anonymous, null, false), city.Get<Writer>().DoAsync, default)).Value;
        return filed.Number;
    }
}
