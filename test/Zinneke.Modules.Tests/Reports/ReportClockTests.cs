using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>What happens by itself as time passes.</summary>
public class ReportClockTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task What_nobody_contradicts_is_closed_after_fourteen_days_and_no_sooner(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var west = await city.CallerAsync("agent", DeskCity.West);
        var (quiet, hidden, contradicted, open) = (await city.FileAsync(), await city.FileAsync(), await city.FileAsync(), await city.FileAsync());
        foreach (var number in new[] { quiet, hidden, contradicted })
        {
            await city.ActAsync(number, "resolve", west, new ActionRequest { Text = Text.Of("fr", "C’est réparé.") });
        }
        await city.ActAsync(hidden, "hide", west);
        await city.ActAsync(contradicted, "reopen", west, new ActionRequest { Reason = "notSolved" });
        var clock = ActivatorUtilities.CreateInstance<ReportClock>(store.Services);
        store.Clock.Advance(TimeSpan.FromDays(14) - TimeSpan.FromSeconds(1));
        await clock.TickAsync(default);
        (await ReadAsync(store, quiet)).State.ShouldBe(ReportState.Resolved);
        store.Clock.Advance(TimeSpan.FromSeconds(1));
        await clock.TickAsync(default);
        (await ReadAsync(store, quiet)).State.ShouldBe(ReportState.Closed);
        (await ReadAsync(store, hidden)).State.ShouldBe(ReportState.Closed, "hidden or not");
        (await ReadAsync(store, contradicted)).State.ShouldBe(ReportState.Assigned);
        (await ReadAsync(store, open)).State.ShouldBe(ReportState.Assigned);
        await using var context = store.Database.Open();
        (await context.Set<Report>().CountAsync(r => r.ClosesAt != null)).ShouldBe(0);
        var last = (await new ReadReport(context).DetailAsync(quiet, default))!.Entries[^1];
        (last.Action, last.Reason, last.Actor, last.ActingBody).ShouldBe(("confirm", "unopposed", Actor.System.Id, null));
        await store.SettleAsync();
        var log = await store.Get<Log>().OfAsync(new Subject("report", last.ReportId));
        (log[^2].SubjectVersion, log[^2].Read<AlgorithmRan>().Algorithm, log[^2].Read<AlgorithmRan>().Outcome).ShouldBe((log[^1].SubjectVersion, "reports.close", "closes"));
        (await store.Get<VerifyReports>().RunAsync(null, default)).Mismatches.ShouldBe(0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Without_its_entry_in_the_register_what_is_solved_stays_so_until_its_reporter_confirms(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var (quiet, confirmed) = (await city.FileAsync(), await city.FileAsync());
        foreach (var number in new[] { quiet, confirmed })
        {
            await city.ActAsync(number, "resolve", await city.CallerAsync("agent", DeskCity.West), new ActionRequest { Text = Text.Of("fr", "C’est réparé.") });
        }
        await city.RetireAsync(CloseReports.Algorithm);
        store.Clock.Advance(TimeSpan.FromDays(15));
        await TickAsync(ActivatorUtilities.CreateInstance<ReportClock>(store.Services));
        (await ReadAsync(store, quiet)).State.ShouldBe(ReportState.Resolved);
        await store.SettleAsync();
        (await store.Get<Log>().OfAsync(new Subject("report", (await ReadAsync(store, quiet)).Id))).ShouldNotContain(e => e.Is<AlgorithmRefused>(), "a clock that looks every minute does not fill the log");
        (await store.Get<ActOnReport>().RunAsync(confirmed, "confirm", new ActionRequest { Reason = "unopposed" }, new Acting(Caller.Anonymous("fr"), true), store.Writer.DoAsync, default)).Refusal.ShouldBeNull();
        await using var context = store.Database.Open();
        var last = (await new ReadReport(context).DetailAsync(confirmed, default))!.Entries[^1];
        (last.Action, last.Reason).ShouldBe(("confirm", null), "a person did");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_holder_is_reminded_once_at_each_stage_and_those_reminded_keep_nobody_waiting(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var bodies = DeskCity.Bodies.Replace("\"areas\":[\"1\"],\"parent\":\"region\",\"channels\":[{\"type\":\"inbox\"}]", "\"areas\":[\"1\"],\"parent\":\"region\",\"channels\":[{\"type\":\"email\",\"address\":\"west@example.org\"}]", StringComparison.Ordinal);
        (await city.Get<ImportBodies>().RunAsync(DeskCity.Stream(bodies), "bodies", Actor.System, default)).Refused.ShouldBe(0);
        await city.ReloadAsync();
        var number = await city.FileAsync();
        var report = await ReadAsync(store, number);
        var clock = ActivatorUtilities.CreateInstance<ReportClock>(store.Services);
        await TickAsync(clock);
        (await RemindersAsync(store)).ShouldBe(0);
        store.Clock.Set(Instants.FromMicros(report.HolderSince!.Value + ((report.HolderDueAt!.Value - report.HolderSince.Value) * 8 / 10) + 1_000_000));
        await TickAsync(clock);
        (await RemindersAsync(store)).ShouldBe(1, "most of the time is over");
        await using (var context = store.Database.Open())
        {
            var kept = await context.Set<ReportReminder>().SingleAsync();
            (kept.ReportId, kept.DueAt, kept.Passed).ShouldBe((report.Id, report.HolderDueAt.Value, false));
        }
        store.Clock.Set(Instants.FromMicros(report.HolderDueAt.Value + 1_000_000));
        await TickAsync(clock);
        (await RemindersAsync(store)).ShouldBe(2, "the due date is over");
        await city.ActAsync(number, "setPriority", await city.CallerAsync("agent", DeskCity.West), new ActionRequest { Priority = Priority.High });
        await city.ActAsync(number, "recategorise", await city.CallerAsync("agent", DeskCity.West), new ActionRequest { Category = "road-gully" });
        await TickAsync(clock);
        (await RemindersAsync(store)).ShouldBe(2, "it is with another body, that has no address");
    }

    /// <summary>A second look at the same minute finds nothing more.</summary>
    private static async Task TickAsync(ReportClock clock)
    {
        await clock.TickAsync(default);
        await clock.TickAsync(default);
    }

    private static async Task<int> RemindersAsync(TestStore store)
    {
        await using var context = store.Database.Open();
        return await context.Set<MailRow>().CountAsync(m => m.Notice == ReportClock.Reminder);
    }

    private static async Task<Report> ReadAsync(TestStore store, string number)
    {
        await using var context = store.Database.Open();
        return (await ReadReport.FindAsync(context, number, false, default))!;
    }
}
