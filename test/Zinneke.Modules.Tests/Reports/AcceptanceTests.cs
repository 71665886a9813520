using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>A body that does not answer: who is told, how often, and what then is seen (reports.md 4.2).</summary>
public class AcceptanceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory, OnSqlite, OnPostgres]
    public async Task The_body_above_is_told_once_when_the_working_days_to_answer_are_over(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        var city = await CityAsync(store, regionMails: true);
        var clock = ActivatorUtilities.CreateInstance<ReportClock>(store.Services);
        store.Clock.Set(Brussels("2026-04-02T10:00")); // Maundy Thursday: Good Friday is a working day, Easter Monday is not.
        var (silent, taken, refused) = (await city.FileAsync(), await city.FileAsync(), await city.FileAsync());
        var west = await city.CallerAsync("agent", DeskCity.West);
        await city.ActAsync(taken, "accept", west);
        await city.ActAsync(refused, "reject", west, new ActionRequest { Reason = "notOurTask", SuggestedBody = DeskCity.Water });
        store.Clock.Set(Brussels("2026-04-07T23:59") + TimeSpan.FromSeconds(58));
        await TickAsync(store, clock);
        (await ReadAsync(store, silent)).EscalatedTo.ShouldBeNull("Friday is the first working day, Tuesday the second");
        store.Clock.Advance(2 * Second);
        await TickAsync(store, clock);
        await TickAsync(store, clock);
        var report = await ReadAsync(store, silent);
        (report.EscalatedTo, report.State, report.Holder, report.AcceptDueAt).ShouldBe((DeskCity.Region, ReportState.Assigned, DeskCity.West, null));
        (await ReadAsync(store, taken)).EscalatedTo.ShouldBeNull("it was accepted");
        (await ReadAsync(store, refused)).EscalatedTo.ShouldBe(DeskCity.Region, "nobody is above the water company: the coordinating body is told");
        (await EventsAsync(store, silent)).ShouldBe(1);
        await using (var context = store.Database.Open())
        {
            var mail = await context.Set<MailRow>().SingleAsync(m => m.Notice == "reports.mail.escalated" && m.Content!.Contains(silent));
            (mail.Address, mail.Content!.Contains("Commune d’Ouest", StringComparison.Ordinal)).ShouldBe(("region@example.org", true));
            (await context.Set<MailRow>().CountAsync(m => m.Notice == "reports.mail.escalated")).ShouldBe(2, "once for each");
        }
        (await store.Get<VerifyReports>().RunAsync(null, default)).Mismatches.ShouldBe(0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_next_holder_has_its_own_time_and_an_answer_ends_the_waiting(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        var city = await CityAsync(store, regionMails: false);
        var clock = ActivatorUtilities.CreateInstance<ReportClock>(store.Services);
        var number = await city.FileAsync();
        store.Clock.Advance(TimeSpan.FromDays(10));
        await TickAsync(store, clock);
        var region = await city.CallerAsync("agent", DeskCity.Region);
        (await ReadAsync(store, number)).EscalatedTo.ShouldBe(DeskCity.Region);
        await city.ActAsync(number, "assign", region, new ActionRequest { Body = DeskCity.East, Reason = "notOurRoad" });
        (await ReadAsync(store, number)).EscalatedTo.ShouldBeNull("East has only just got it");
        store.Clock.Advance(TimeSpan.FromDays(10));
        await TickAsync(store, clock);
        (await ReadAsync(store, number)).EscalatedTo.ShouldBe(DeskCity.Region, "another holder, another time");
        (await EventsAsync(store, number)).ShouldBe(2);
        await city.ActAsync(number, "accept", await city.CallerAsync("agent", DeskCity.East));
        var report = await ReadAsync(store, number);
        (report.EscalatedTo, report.AcceptDueAt).ShouldBe((null, null));
        store.Clock.Advance(TimeSpan.FromDays(30));
        await TickAsync(store, clock);
        (await EventsAsync(store, number)).ShouldBe(2, "it is theirs now");
        await using var context = store.Database.Open();
        (await context.Set<MailRow>().CountAsync(m => m.Notice == "reports.mail.escalated")).ShouldBe(0, "nobody has an address: the desk shows it");
        (await store.Get<VerifyReports>().RunAsync(null, default)).Mismatches.ShouldBe(0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_body_has_the_days_that_it_says_and_who_was_told_sees_the_report(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await CityAsync(store, regionMails: false, waterDays: 5);
        var clock = ActivatorUtilities.CreateInstance<ReportClock>(store.Services);
        store.Clock.Set(Brussels("2026-04-13T10:00")); // A Monday.
        var number = await city.FileAsync("road-gully");
        var region = await city.CallerAsync("agent", DeskCity.Region);
        (await SeesAsync(store, city, region, number)).ShouldBeFalse("it is the water company’s");
        store.Clock.Set(Brussels("2026-04-20T23:59"));
        await TickAsync(store, clock);
        (await ReadAsync(store, number)).EscalatedTo.ShouldBeNull("the fifth working day is not over");
        store.Clock.Advance(TimeSpan.FromMinutes(2));
        await TickAsync(store, clock);
        (await ReadAsync(store, number)).EscalatedTo.ShouldBe(DeskCity.Region);
        (await SeesAsync(store, city, region, number)).ShouldBeTrue("it was told, so it can look, and assign it");
        (await SeesAsync(store, city, await city.CallerAsync("agent", DeskCity.East), number)).ShouldBeFalse();
        await using var context = store.Database.Open();
        var sight = DeskSight.Of(region, (await new ReadReport(context).DetailAsync(number, default))!, store.Clock.NowMicros());
        sight.ShouldBe(new DeskSight(true, false, false), "but not who sent it");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Who_had_a_report_knows_its_reporter_for_thirty_days(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync(email: "ada@example.org");
        var (west, east) = (await city.CallerAsync("agent", DeskCity.West), await city.CallerAsync("agent", DeskCity.East));
        async Task<(bool, bool)> SeesAsync(Caller caller)
        {
            await using var context = store.Database.Open();
            var sight = DeskSight.Of(caller, (await new ReadReport(context).DetailAsync(number, default))!, store.Clock.NowMicros());
            return (sight.Report, sight.Contact);
        }
        (await SeesAsync(east)).ShouldBe((false, false), "it never had it");
        await city.ActAsync(number, "transfer", west, new ActionRequest { Body = DeskCity.East, Reason = "other" });
        (await SeesAsync(east)).ShouldBe((true, true));
        store.Clock.Advance(TimeSpan.FromDays(30));
        (await SeesAsync(west)).ShouldBe((true, true), "until the thirtieth day");
        store.Clock.Advance(Second);
        (await SeesAsync(west)).ShouldBe((false, false));
        (await SeesAsync(east)).ShouldBe((true, true));
    }

    /// <summary>In the inbox, and on its own page.</summary>
    private static async Task<bool> SeesAsync(TestStore store, DeskCity city, Caller caller, string number)
    {
        await using var context = store.Database.Open();
        var scope = DeskScope.Of(caller, city.Get<BodyMap>(), DeskCity.Region);
        var page = await new FindReports(context).PageAsync(new ReportQuery(), scope.Narrow, null, default);
        var listed = page.Rows.Any(row => row.Report.Number == number);
        DeskSight.Of(caller, (await new ReadReport(context).DetailAsync(number, default))!, store.Clock.NowMicros()).Report.ShouldBe(listed);
        return listed;
    }

    private static async Task<DeskCity> CityAsync(TestStore store, bool regionMails, int? waterDays = null)
    {
        var city = await DeskCity.FoundAsync(store.Services);
        var bodies = DeskCity.Bodies;
        if (regionMails)
        {
            bodies = bodies.Replace("\"de\":\"Region\"},\"languages\":[\"fr\",\"nl\"],\"channels\":[{\"type\":\"inbox\"}]", "\"de\":\"Region\"},\"languages\":[\"fr\",\"nl\"],\"channels\":[{\"type\":\"email\",\"address\":\"region@example.org\"}]", StringComparison.Ordinal);
            bodies.ShouldContain("region@example.org");
        }
        if (waterDays is { } days)
        {
            bodies = bodies.Replace("{\"id\":\"water\",", $"{{\"id\":\"water\",\"acceptanceWorkDays\":{days},", StringComparison.Ordinal);
        }
        (await city.Get<ImportBodies>().RunAsync(DeskCity.Stream(bodies), "bodies", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        return city;
    }

    /// <summary>A second look at the same minute finds nothing more.</summary>
    private static async Task TickAsync(TestStore store, ReportClock clock)
    {
        await clock.TickAsync(default);
        await clock.TickAsync(default);
        await store.SettleAsync();
    }

    private static async Task<int> EventsAsync(TestStore store, string number) =>
        (await store.Get<Log>().OfAsync(new Subject("report", (await ReadAsync(store, number)).Id), default)).Count(e => e.Type == "reports.report.escalated");

    private static DateTimeOffset Brussels(string local)
    {
        var at = DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture);
        return new DateTimeOffset(at, TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels").GetUtcOffset(at));
    }

    private static async Task<Report> ReadAsync(TestStore store, string number)
    {
        await using var context = store.Database.Open();
        return (await ReadReport.FindAsync(context, number, false, default))!;
    }
}
