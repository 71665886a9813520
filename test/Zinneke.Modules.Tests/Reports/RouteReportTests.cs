using System.Text.Json;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Reports are routed through the gate of the algorithm register, and people decide where it is shut.</summary>
public class RouteReportTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_report_says_that_a_rule_chose_and_the_log_says_it_with_the_report(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var report = await ReadAsync(store, await city.FileAsync());
        (report.Holder, report.ChosenByRule).ShouldBe((DeskCity.West, true));
        OutcomeOf(report).ShouldBe("automatic");
        await store.SettleAsync();
        var log = await store.Get<Log>().OfAsync(new Subject("report", report.Id));
        log.Select(e => e.Type).ShouldBe(["kernel.algorithm.ran", "reports.report.received"]);
        log[0].Read<AlgorithmRan>().Outcome.ShouldBe(DeskCity.West);
        log.ShouldAllBe(e => e.SubjectVersion == 1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Without_its_entry_people_of_the_coordinator_decide(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        await city.RetireAsync(RouteReport.Algorithm);
        var number = await city.FileAsync();
        var report = await ReadAsync(store, number);
        (report.Holder, report.Area, report.ChosenByRule, report.Rule, report.State).ShouldBe((DeskCity.Region, "1", false, null, ReportState.Assigned));
        OutcomeOf(report).ShouldBe("manual");
        await store.SettleAsync();
        var log = await store.Get<Log>().OfAsync(new Subject("report", report.Id));
        log[0].Read<AlgorithmRefused>().ShouldBe(new AlgorithmRefused("reports.route", "1", "notInUse"));
        await city.ActAsync(number, "assign", await city.CallerAsync("head", DeskCity.Region), new ActionRequest { Body = DeskCity.West, Reason = "other" });
        (await ReadAsync(store, number)).Holder.ShouldBe(DeskCity.West);
    }

    [Fact]
    public async Task A_report_that_is_moved_while_the_gate_is_shut_stays_where_it_is()
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync();
        await city.RetireAsync(RouteReport.Algorithm);
        await city.ActAsync(number, "move", await city.CallerAsync("agent", DeskCity.West), new ActionRequest { Lon = 4.45, Lat = 50.85 });
        var report = await ReadAsync(store, number);
        (report.Holder, report.Area, OutcomeOf(report)).ShouldBe((DeskCity.West, "2", "manual"));
    }

    [Theory]
    [OnSqlite("accept"), OnPostgres("accept")]
    [OnSqlite("transfer"), OnPostgres("transfer")]
    [OnSqlite("reject"), OnPostgres("reject")]
    public async Task At_a_boundary_it_is_uncertain_until_its_holder_says_whose_it_is(StoreKind kind, string action)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync(lon: 4.39999);
        (await ReadAsync(store, number)).Uncertain.ShouldBeTrue();
        (await ReadAsync(store, await city.FileAsync())).Uncertain.ShouldBeFalse();
        await city.ActAsync(number, action, await city.CallerAsync("agent", DeskCity.West), new ActionRequest { Body = action == "transfer" ? DeskCity.East : null, Reason = "otherSide" });
        var report = await ReadAsync(store, number);
        (report.Uncertain, report.Holder).ShouldBe((false, action == "accept" ? DeskCity.West : DeskCity.East));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Another_category_is_looked_at_as_exactly_as_the_place_is_known(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        // 25 m from East: beyond the 15 m of the city, within the 50 m that the device gave.
        var sent = new NewReport { ClientId = store.Get<Ids>().Next(), Category = "waste-dump", Lon = 4.399644, Lat = 50.85, AccuracyM = 50, Lang = "fr" };
        var filed = await store.Get<FileReport>().RunAsync(sent, [], new Sender(Actor.Anonymous, null, false), store.Writer.DoAsync, default);
        (await ReadAsync(store, filed.Value.Number)).Uncertain.ShouldBeFalse("dumps are the Region’s on both sides");
        await city.ActAsync(filed.Value.Number, "recategorise", await city.CallerAsync("agent", DeskCity.Region), new ActionRequest { Category = "road-hole" });
        var report = await ReadAsync(store, filed.Value.Number);
        (report.Holder, report.Uncertain).ShouldBe((DeskCity.West, true));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Who_reported_can_have_a_person_look_again(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync();
        var (reporter, agent, stranger) = (new Acting(Caller.Anonymous("fr"), true), new Acting(await city.CallerAsync("agent", DeskCity.West), false), new Acting(Caller.Anonymous("fr"), false));
        (await TryAsync(store, number, "askReview", stranger)).ShouldBe(RefusalKind.Unauthenticated);
        (await TryAsync(store, number, "answerReview", agent, "Oui, c’est à nous.")).ShouldBe(RefusalKind.Conflict, "nobody asked");
        (await TryAsync(store, number, "askReview", reporter)).ShouldBeNull();
        (await ReadAsync(store, number)).ReviewAskedAt.ShouldBe(store.Clock.NowMicros());
        (await TryAsync(store, number, "askReview", reporter)).ShouldBe(RefusalKind.Conflict, "once is enough");
        (await TryAsync(store, number, "answerReview", agent)).ShouldBe(RefusalKind.Invalid, "an answer has words");
        (await TryAsync(store, number, "answerReview", agent, "Oui, c’est à nous.")).ShouldBeNull();
        (await ReadAsync(store, number)).ReviewAskedAt.ShouldBeNull();
        (await TryAsync(store, number, "askReview", reporter)).ShouldBeNull("and again, always");
        (await TryAsync(store, number, "accept", agent)).ShouldBeNull();
        (await ReadAsync(store, number)).ReviewAskedAt.ShouldBeNull("who accepts has looked");
        (await TryAsync(store, number, "transfer", agent, body: DeskCity.East)).ShouldBeNull();
        (await ReadAsync(store, number)).ChosenByRule.ShouldBeFalse();
        (await TryAsync(store, number, "askReview", reporter)).ShouldBe(RefusalKind.Conflict, "people chose it");
    }

    private static async Task<RefusalKind?> TryAsync(TestStore store, string number, string action, Acting by, string? words = null, string? body = null)
    {
        var request = new ActionRequest { Text = words is null ? null : Text.Of("fr", words), Body = body, Reason = body is null ? null : "other" };
        return (await store.Get<ActOnReport>().RunAsync(number, action, request, by, store.Writer.DoAsync, default)).Refusal?.Kind;
    }

    private static string? OutcomeOf(Report report) => JsonDocument.Parse(report.Dispatch).RootElement.GetProperty("outcome").GetString();

    private static async Task<Report> ReadAsync(TestStore store, string number)
    {
        await using var context = store.Database.Open();
        return (await ReadReport.FindAsync(context, number, false, default))!;
    }
}
