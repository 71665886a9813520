using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Rounds of crews (R28): who makes, sees and changes them, what they hold, and what the log says of them.</summary>
public class RoundTests
{
    private const long Leave = 1_900_000_000_000_000;

    [Theory, OnSqlite, OnPostgres]
    public async Task A_round_is_in_the_shortest_order_what_is_urgent_first_and_changes_by_hand(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var crew = await city.CallerAsync("crew", DeskCity.West);
        string[] holes = [await city.FileAsync(lon: 4.31), await city.FileAsync(lon: 4.39), await city.FileAsync(lon: 4.33)];
        var round = (await MakeAsync(store, crew, holes)).Value;
        (await OrderAsync(store, round)).ShouldBe([holes[0], holes[2], holes[1]], "the first that was chosen is where it begins");

        (await ChangeAsync(store, crew, round, RoundAction.Up, holes[1], 1)).ShouldBeNull();
        (await OrderAsync(store, round)).ShouldBe([holes[0], holes[1], holes[2]]);
        (await ChangeAsync(store, crew, round, RoundAction.Down, holes[0], 1)).ShouldBe("reports.roundStale", "somebody else has moved a stop since");
        (await ChangeAsync(store, crew, round, RoundAction.Down, holes[0], 2)).ShouldBeNull();
        (await OrderAsync(store, round)).ShouldBe([holes[1], holes[0], holes[2]]);
        (await ChangeAsync(store, crew, round, RoundAction.Down, holes[2], 3)).ShouldBeNull("the last stays the last");
        (await ChangeAsync(store, crew, round, RoundAction.Out, holes[0], 4)).ShouldBeNull();
        (await OrderAsync(store, round)).ShouldBe([holes[1], holes[2]]);
        (await ChangeAsync(store, crew, round, RoundAction.Out, holes[0], 5)).ShouldBe("reports.unknownReport");
        (await ChangeAsync(store, crew, round, RoundAction.Order, null, 5)).ShouldBeNull();
        (await OrderAsync(store, round)).ShouldBe([holes[1], holes[2]], "it begins where it began");

        (await ChangeAsync(store, crew, round, RoundAction.Finish, null, 6)).ShouldBeNull();
        (await ChangeAsync(store, crew, round, RoundAction.Up, holes[2], 7)).ShouldBe("reports.roundStale", "it is finished");
        (await ChangeAsync(store, crew, round, RoundAction.Reopen, null, 7)).ShouldBeNull();
        (await ChangeAsync(store, crew, round, RoundAction.Remove, null, 8)).ShouldBeNull();
        await using var context = store.Database.Open();
        (await context.Set<Round>().CountAsync() + await context.Set<RoundStop>().CountAsync()).ShouldBe(0);
        (await context.Set<Report>().CountAsync(report => report.State == ReportState.Assigned)).ShouldBe(3, "its reports stay as they are");
        await store.SettleAsync();
        var events = await store.Get<Log>().OfAsync(new Subject("round", round), default);
        events.Select(happened => happened.Type).ShouldBe(
            ["reports.round.created", "reports.round.changed", "reports.round.changed", "reports.round.changed", "reports.round.changed", "reports.round.changed", "reports.round.finished", "reports.round.changed", "reports.round.removed"]);
        events.ShouldAllBe(happened => happened.Body == DeskCity.West && !happened.Data.Contains("Nord", StringComparison.Ordinal), "free words are in no event");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_to_be_solved_within_hours_comes_first_when_that_is_wanted(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var head = await city.CallerAsync("head", null);
        // Of the region: waste in hours; a hole, once it has been handed to it, in days.
        string[] reports = [await city.FileAsync(lon: 4.31), await city.FileAsync(lon: 4.32), await city.FileAsync("waste-dump", 4.39)];
        foreach (var hole in reports[..2])
        {
            await city.ActAsync(hole, "transfer", head, new ActionRequest { Body = DeskCity.Region, Reason = "notOurRoad" });
        }
        (await OrderAsync(store, (await MakeAsync(store, head, reports, urgent: true)).Value)).ShouldBe([reports[2], reports[1], reports[0]]);
        (await OrderAsync(store, (await MakeAsync(store, head, reports)).Value)).ShouldBe(reports);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_round_is_of_one_body_and_of_those_who_work_for_it(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var (west, east, done) = (await city.FileAsync(), await city.FileAsync(lon: 4.45), await city.FileAsync());
        var nowhere = await city.FileAsync(lon: null);
        var (crew, reader, parent, other) = (await city.CallerAsync("crew", DeskCity.West), await city.CallerAsync("reader", DeskCity.West), await city.CallerAsync("head", DeskCity.Region), await city.CallerAsync("dispatcher", DeskCity.East));
        var waste = await city.CallerAsync("crew", DeskCity.West, categories: ["waste"], name: "sweeper");
        await city.ActAsync(done, "resolve", crew, new ActionRequest { Text = Text.Of("fr", "Fait") });
        async Task RefusedAsync(Caller by, string code, params string[] numbers) => (await MakeAsync(store, by, numbers)).Refusal!.Code.ShouldBe(code);
        await RefusedAsync(reader, "reports.roundNotYours", west);
        await RefusedAsync(parent, "reports.roundNotYours", west);
        await RefusedAsync(waste, "reports.roundNotYours", west);
        await RefusedAsync(crew, "reports.roundNotYours", west, east);
        await RefusedAsync(crew, "reports.roundNotYours", "2020-000001");
        await RefusedAsync(crew, "reports.roundClosed", west, done);
        await RefusedAsync(crew, "reports.roundEmpty");
        await RefusedAsync(await city.CallerAsync("administrator", null), "reports.roundNotYours", nowhere + "x");
        var head = await city.CallerAsync("head", null);
        await RefusedAsync(head, "reports.roundOfSeveral", west, east);
        await RefusedAsync(head, "reports.roundNoPlace", nowhere);
        (await MakeAsync(store, crew, [west], name: " ")).Refusal!.Code.ShouldBe("reports.roundNameNeeded");
        (await MakeAsync(store, crew, [west], place: "Nulle part 1")).Refusal!.Code.ShouldBe("reports.roundPlace");

        var round = (await MakeAsync(store, crew, [west])).Value;
        foreach (var stranger in new[] { reader, parent, other })
        {
            (await ChangeAsync(store, stranger, round, RoundAction.Remove, null, 1)).ShouldBe("reports.unknownRound");
        }
        (await ChangeAsync(store, await city.CallerAsync("dispatcher", DeskCity.West), round, RoundAction.Finish, null, 1)).ShouldBeNull();
    }

    /// <summary>A telephone that heard no answer sends again: one repair, one photo, one line of the history.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_sent_twice_under_one_client_id_is_done_once(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var (hole, another) = (await city.FileAsync(), await city.FileAsync());
        var (crew, colleague) = (await city.CallerAsync("crew", DeskCity.West), await city.CallerAsync("agent", DeskCity.West));
        var request = new ActionRequest { ClientId = Guid.NewGuid(), Text = Text.Of("fr", "Rebouché") };
        Task<Outcome<Guid>> TryAsync(string number, Caller by) => city.Get<ActOnReport>().RunAsync(number, "resolve", request, new Acting(by, false), store.Writer.DoAsync, default);
        var twice = await Task.WhenAll(TryAsync(hole, crew), TryAsync(hole, crew));
        twice.ShouldAllBe(outcome => outcome.Ok);
        (await TryAsync(hole, crew)).Value.ShouldBe(twice[0].Value);
        (await TryAsync(hole, colleague)).Refusal!.Code.ShouldBe("reports.clientIdUsed");
        (await TryAsync(another, crew)).Refusal!.Code.ShouldBe("reports.clientIdUsed");
        await using var context = store.Database.Open();
        (await context.Set<ReportEntry>().CountAsync(entry => entry.Action == "resolve")).ShouldBe(1);
        (await new ReadReport(context).DetailAsync(another, default))!.Report.State.ShouldBe(ReportState.Assigned);
    }

    /// <summary>Everybody without an account is one actor, and the ids of public lines can be read by all.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task A_client_id_opens_nothing_that_is_not_to_be_seen(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync();
        var said = new ActionRequest { ClientId = Guid.NewGuid(), Text = Text.Of("fr", "Le trou grandit") };
        Task<Outcome<Guid>> SayAsync(bool isReporter) => city.Get<ActOnReport>().RunAsync(number, "comment", said, new Acting(Caller.Anonymous("fr"), isReporter), store.Writer.DoAsync, default);
        (await SayAsync(true)).Ok.ShouldBeTrue();
        (await SayAsync(true)).Ok.ShouldBeTrue("the reporter is answered again");
        (await city.Get<ActOnReport>().RunAsync(number, "withdraw", new ActionRequest(), new Acting(Caller.Anonymous("fr"), true), store.Writer.DoAsync, default)).Ok.ShouldBeTrue();
        (await SayAsync(false)).Refusal!.Kind.ShouldBe(RefusalKind.NotFound);
    }

    private static Task<Outcome<Guid>> MakeAsync(TestStore store, Caller by, IReadOnlyList<string> numbers, bool urgent = false, string name = "Nord", string place = "") =>
        store.Get<MakeRound>().RunAsync(new NewRound(numbers, name, Leave, 15, place, Back: false, urgent), by, default);

    private static async Task<string?> ChangeAsync(TestStore store, Caller by, Guid round, RoundAction action, string? number, long version) =>
        (await store.Get<ChangeRound>().RunAsync(round, action, number, version, by, default)).Refusal?.Code;

    private static async Task<string[]> OrderAsync(TestStore store, Guid round)
    {
        await using var context = store.Database.Open();
        return await context.Set<RoundStop>().Where(stop => stop.RoundId == round).OrderBy(stop => stop.Place).Join(context.Set<Report>(), stop => stop.ReportId, report => report.Id, (stop, report) => report.Number).ToArrayAsync();
    }
}
