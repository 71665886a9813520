using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>A sender is known by a hash of device and network address for 30 days, and can be blocked by either for as long (R30).</summary>
public class BlockSenderTests
{
    private static readonly SentFrom Telephone = SentFrom.Of("a1", "b1");
    private static readonly BlockRequest ByDevice = new() { By = "device", Reason = "abusive" };

    [Theory, OnSqlite, OnPostgres]
    public async Task Nothing_is_taken_from_a_blocked_device_until_it_is_over_or_lifted(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync(from: Telephone);
        var agent = await city.CallerAsync("agent", DeskCity.West);
        var blocked = (await BlockAsync(city, number, ByDevice, agent)).Value;
        (blocked.By, blocked.Report, blocked.Body, blocked.Until).ShouldBe(("device", number, DeskCity.West, store.Clock.GetUtcNow().AddDays(30)));
        (await BlockAsync(city, number, ByDevice with { Reason = "spam" }, agent)).Value.ShouldBe(blocked, "once is enough");
        await city.ReloadAsync();

        var refused = (await SendAsync(city, Telephone with { Address = "net-elsewhere" })).Refusal!;
        (refused.Kind, refused.Code, (DateTimeOffset)refused.Members["until"]!).ShouldBe((RefusalKind.Forbidden, "reports.blocked", blocked.Until));
        (await SendAsync(city, SentFrom.Of("a2", "b1"))).Ok.ShouldBeTrue("another one behind the same address");
        (await SendAsync(city, null)).Ok.ShouldBeTrue("staff and channels have no number");
        (await SendAsync(city, SentFrom.Of(null, null))).Ok.ShouldBeTrue("a program of which neither is known");
        await using (var read = store.Database.Open())
        {
            (await city.Get<BlockSender>().ListAsync(read, agent, default)).ShouldBe([blocked]);
            (await city.Get<BlockSender>().ListAsync(read, await city.CallerAsync("agent", DeskCity.East), default)).ShouldBeEmpty();
            (await city.Get<BlockSender>().ListAsync(read, await city.CallerAsync("agent", DeskCity.Region), default)).ShouldBe([blocked], "the coordinating body sees all");
        }
        (await city.Get<BlockSender>().LiftAsync(blocked.Id, await city.CallerAsync("agent", DeskCity.East), default)).Refusal!.Kind.ShouldBe(RefusalKind.Forbidden);
        (await city.Get<BlockSender>().LiftAsync(blocked.Id, agent, default)).Refusal.ShouldBeNull();
        (await city.Get<BlockSender>().LiftAsync(blocked.Id, agent, default)).Refusal!.Kind.ShouldBe(RefusalKind.NotFound);
        await city.ReloadAsync();
        (await SendAsync(city, Telephone)).Ok.ShouldBeTrue();

        await BlockAsync(city, number, ByDevice with { By = "address" }, agent);
        await city.ReloadAsync();
        (await SendAsync(city, SentFrom.Of("a2", "b1"))).Refusal!.Code.ShouldBe("reports.blocked");
        store.Clock.Advance(TimeSpan.FromDays(30));
        (await SendAsync(city, SentFrom.Of("a2", "b1"))).Ok.ShouldBeTrue("it is over by itself");
        await store.SettleAsync();
        (await store.Get<VerifyReports>().RunAsync(null, default)).Mismatches.ShouldBe(0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_sent_before_the_block_is_answered_again(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var sent = Hole(city);
        var first = (await SendAsync(city, Telephone, sent)).Value;
        await BlockAsync(city, first.Number, ByDevice, await city.CallerAsync("agent", DeskCity.West));
        await city.ReloadAsync();
        var again = (await SendAsync(city, Telephone, sent)).Value;
        (again.Number, again.Replayed).ShouldBe((first.Number, true));
        (await SendAsync(city, Telephone)).Refusal!.Code.ShouldBe("reports.blocked");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_the_holder_blocks_and_the_trail_says_so_without_saying_whom(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var (number, old) = (await city.FileAsync(from: Telephone), await city.FileAsync());
        var agent = await city.CallerAsync("agent", DeskCity.West);
        (await BlockAsync(city, number, ByDevice, await city.CallerAsync("agent", DeskCity.East))).Refusal!.Kind.ShouldBe(RefusalKind.Forbidden);
        (await BlockAsync(city, number, ByDevice, await city.CallerAsync("reader", DeskCity.West))).Refusal!.Kind.ShouldBe(RefusalKind.Forbidden);
        (await BlockAsync(city, number, ByDevice with { By = "name" }, agent)).Refusal!.Code.ShouldBe("reports.unknownSender");
        (await BlockAsync(city, old, ByDevice, agent)).Refusal!.Code.ShouldBe("reports.unknownSender");
        (await BlockAsync(city, number, ByDevice with { Reason = "words" }, agent)).Refusal!.Code.ShouldBe("reports.unknownReason");
        (await BlockAsync(city, "2020-000001", ByDevice, agent)).Refusal!.Kind.ShouldBe(RefusalKind.NotFound);
        var blocked = (await BlockAsync(city, number, ByDevice, agent)).Value;
        await city.Get<BlockSender>().LiftAsync(blocked.Id, agent, default);
        await store.SettleAsync();
        await using var read = store.Database.Open();
        var report = (await ReadReport.FindAsync(read, number, false, default))!;
        (await read.Set<ReportEntry>().Where(e => e.ReportId == report.Id && e.Internal).OrderBy(e => e.Id).Select(e => e.Action).ToListAsync()).ShouldBe([BlockBook.Blocked, BlockBook.Lifted]);
        var trail = await store.Get<AuditTrail>().OfAsync(new Subject("report", report.Id));
        trail.Count(one => one.State == AuditState.Intact).ShouldBe(2);
        trail.ShouldAllBe(one => !one.Event.Data.Contains("dev-") && !$"{one.Before}{one.After}".Contains("dev-"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Senders_and_blocks_are_forgotten_after_30_days(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync(from: Telephone);
        store.Clock.Advance(TimeSpan.FromDays(29));
        await BlockAsync(city, number, ByDevice, await city.CallerAsync("agent", DeskCity.West));
        var data = store.Services.GetServices<PersonalData>().OfType<SenderData>().Single();
        async Task<int> RetainAsync() => (await store.Writer.DoAsync<int>(Actor.System, async unit => await data.RetainAsync(unit, default))).Value;
        (await RetainAsync()).ShouldBe(0);
        store.Clock.Advance(TimeSpan.FromDays(2));
        (await RetainAsync()).ShouldBe(1);
        await using var read = store.Database.Open();
        (await read.Set<ReportSender>().CountAsync(), await read.Set<SenderBlock>().CountAsync()).ShouldBe((0, 1));
        store.Clock.Advance(TimeSpan.FromDays(29));
        (await RetainAsync()).ShouldBe(1);
        (await RetainAsync()).ShouldBe(0);
        (await read.Set<SenderBlock>().CountAsync()).ShouldBe(0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_first_reports_of_a_device_wait_for_staff_and_are_public(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind, null, (FirstReports.Setting, "2"));
        var city = await DeskCity.FoundAsync(store.Services);
        async Task<bool> WaitsAsync(SentFrom? from, string words = "Un trou")
        {
            var number = await city.FileAsync(words: words, from: from);
            await using var read = store.Database.Open();
            var report = (await ReadReport.FindAsync(read, number, false, default))!;
            FindReportsApi.IsOpenToAll(report).ShouldBeTrue();
            return report.FlaggedAt is not null;
        }
        (await WaitsAsync(Telephone), await WaitsAsync(Telephone), await WaitsAsync(Telephone)).ShouldBe((true, true, false));
        (await WaitsAsync(SentFrom.Of(null, "b1")), await WaitsAsync(SentFrom.Of(null, "b1"))).ShouldBe((true, true), "whoever has no number yet has sent nothing");
        (await WaitsAsync(SentFrom.Of(null, null)), await WaitsAsync(null)).ShouldBe((false, false), "keys and staff");
        var agent = new Acting(await city.CallerAsync("agent", DeskCity.West), false);
        var first = await city.FileAsync(from: SentFrom.Of("a3", null));
        var flag = new FlagRequest { What = "text", Reason = "abusive" };
        (await city.Get<FlagReport>().RunAsync(first, flag, "net:1", default)).Value.Hidden.ShouldBeFalse();
        (await city.Get<FlagReport>().RunAsync(first, flag, "net:2", default)).Value.Hidden.ShouldBeFalse("the program is no third person");
        (await city.Get<ShowPart>().RunAsync(first, new ShowRequest { What = "text", Show = true }, agent, default)).Refusal.ShouldBeNull();
        await using var settled = store.Database.Open();
        (await ReadReport.FindAsync(settled, first, false, default))!.FlaggedAt.ShouldBeNull();
    }

    private static NewReport Hole(DeskCity city) => new() { ClientId = city.Get<Ids>().Next(), Category = "road-hole", Lon = 4.35, Lat = 50.85, Description = "Un trou", Lang = "fr" };

    private static Task<Outcome<Filed>> SendAsync(DeskCity city, SentFrom? from, NewReport? sent = null) =>
        city.Get<FileReport>().RunAsync(sent ?? Hole(city), [], new Sender(Actor.Anonymous, null, false) { From = from }, city.Get<Writer>().DoAsync, default);

    private static Task<Outcome<Blocked>> BlockAsync(DeskCity city, string number, BlockRequest request, Caller by) => city.Get<BlockSender>().RunAsync(number, request, new Acting(by, false), default);
}
