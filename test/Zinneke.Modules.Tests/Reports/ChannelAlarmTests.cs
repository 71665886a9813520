using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>A channel that does not work shows at the desk of whom it concerns, until it works again (R42).</summary>
public class ChannelAlarmTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Mail_that_was_tried_for_a_day_is_an_alarm_until_a_later_one_gets_through(StoreKind kind)
    {
        var server = new Server();
        await using var store = await TestStore.NewAsync(kind, parts => parts.AddSingleton<MailTransport>(server));
        await store.StartAsync();
        var city = await DeskCity.FoundAsync(store.Services);
        var bodies = DeskCity.Bodies.Replace("\"areas\":[\"1\"],\"parent\":\"region\",\"channels\":[{\"type\":\"inbox\"}]", "\"areas\":[\"1\"],\"parent\":\"region\",\"channels\":[{\"type\":\"inbox\"},{\"type\":\"email\",\"address\":\"west@example.org\"}]", StringComparison.Ordinal);
        (await city.Get<ImportBodies>().RunAsync(DeskCity.Stream(bodies), "bodies", Actor.System, default)).Refused.ShouldBe(0);
        await city.ReloadAsync();
        var (west, east, region, all) = (await city.CallerAsync("agent", DeskCity.West), await city.CallerAsync("agent", DeskCity.East), await city.CallerAsync("agent", DeskCity.Region), await city.CallerAsync("administrator", null));

        server.Away = true;
        var posted = store.Clock.NowMicros();
        var number = await city.FileAsync();
        for (var third = 0; third <= 24 * 3; third++)
        {
            await SendAsync(store);
            (await AlarmsAsync(store, west)).Count.ShouldBe(third < 24 * 3 ? 0 : 1, $"after {third} times twenty minutes");
            store.Clock.Advance(TimeSpan.FromMinutes(20));
        }
        var alarm = (await AlarmsAsync(store, west)).Single();
        (alarm.Body.Id, alarm.Target, alarm.Since, alarm.Error).ShouldBe((DeskCity.West, "west@example.org", posted, "IOException"));
        (await AlarmsAsync(store, all)).ShouldBe([alarm]);
        (await AlarmsAsync(store, east)).ShouldBeEmpty();
        (await AlarmsAsync(store, region)).ShouldBeEmpty("the body above is not who mends it");
        await using (var context = store.Database.Open())
        {
            (await ReadReport.FindAsync(context, number, false, default))!.Holder.ShouldBe(DeskCity.West, "it waits in the inbox");
        }

        server.Away = false;
        await city.FileAsync();
        await SendAsync(store);
        (await AlarmsAsync(store, west)).ShouldBeEmpty();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_call_that_is_tried_for_a_day_is_an_alarm_before_it_is_given_up(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        const string Url = "https://works.example.org/zinneke";
        var bodies = DeskCity.Bodies.Replace("\"areas\":[\"1\"],\"parent\":\"region\",\"channels\":[{\"type\":\"inbox\"}]", $"\"areas\":[\"1\"],\"parent\":\"region\",\"channels\":[{{\"type\":\"webhook\",\"url\":\"{Url}\",\"secret\":\"a secret of the two\"}}]", StringComparison.Ordinal);
        (await city.Get<ImportBodies>().RunAsync(DeskCity.Stream(bodies), "bodies", Actor.System, default)).Refused.ShouldBe(0);
        await city.ReloadAsync();
        var west = await city.CallerAsync("agent", DeskCity.West);
        var made = store.Clock.NowMicros();
        var position = 0L;
        Delivery Call(DeliveryState state, int attempts, long? ended = null) => new()
        {
            Id = store.Get<Ids>().Next(), Position = ++position, ReportId = store.Get<Ids>().Next(), Body = DeskCity.West, Url = Url, Type = "report.assigned", MadeAt = made, State = state, Attempts = attempts, EndedAt = ended, Error = "HTTP 502",
        };
        await AddAsync(store, Call(DeliveryState.Waiting, 5), Call(DeliveryState.Waiting, 0));
        store.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1));
        (await AlarmsAsync(store, west)).ShouldBeEmpty("it is tried further");
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        var alarm = (await AlarmsAsync(store, west)).ShouldHaveSingleItem();
        (alarm.Target, alarm.Since, alarm.Error).ShouldBe(("works.example.org", made, "HTTP 502"));
        await AddAsync(store, Call(DeliveryState.Delivered, 1, store.Clock.NowMicros()));
        (await AlarmsAsync(store, west)).ShouldBeEmpty("another got through");
    }

    private static Task AddAsync(TestStore store, params Delivery[] calls) => store.Writer.DoAsync(Actor.System, unit =>
    {
        unit.Store.AddRange(calls);
        return Task.CompletedTask;
    }, default);

    private static async Task SendAsync(TestStore store)
    {
        await store.SettleAsync();
        while (await store.Get<MailSender>().SendDueAsync() > 0)
        {
        }
    }

    private static async Task<IReadOnlyList<ChannelAlarm>> AlarmsAsync(TestStore store, Caller caller)
    {
        await using var context = store.Database.Open();
        return await ChannelAlarm.OfAsync(context, caller, store.Get<BodyMap>(), store.Clock.NowMicros(), default);
    }

    private sealed class Server : MailTransport
    {
        public bool Away { get; set; }

        public override Task SendAsync(OutgoingMail mail, CancellationToken cancellation) => Away ? throw new IOException() : Task.CompletedTask;
    }
}
