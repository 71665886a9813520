using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Readers flag words and photos, three hide, staff decide (R16, reports.md 5.4).</summary>
public class FlagTests
{
    private static readonly FlagRequest OfText = new() { What = "text", Reason = "abusive" };

    [Theory, OnSqlite, OnPostgres]
    public async Task Three_people_hide_the_words_and_one_person_counts_once(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync(words: "Des injures");
        for (var again = 0; again < 3; again++)
        {
            (await FlagAsync(city, number, OfText, "net:192.0.2.1")).Value.Hidden.ShouldBeFalse("one person is one");
        }
        (await FlagAsync(city, number, OfText with { Reason = "spam" }, "net:192.0.2.2")).Value.Hidden.ShouldBeFalse();
        (await SeenAsync(city, number)).ShouldBe(("Des injures", "Rue du Canal 12"));
        (await FlagAsync(city, number, OfText, "actor:3")).Value.Hidden.ShouldBeTrue();
        (await SeenAsync(city, number)).ShouldBe(("", null));
        (await FoundAsync(store, "injures")).ShouldBe(0, "what is hidden cannot be found by its words either");
        (await FlagAsync(city, number, OfText, "net:192.0.2.4")).Refusal!.Code.ShouldBe("reports.nothingToFlag");

        var agent = await city.CallerAsync("agent", DeskCity.West);
        (await DecideAsync(city, number, true, agent)).Value.Hidden.ShouldBeFalse();
        (await SeenAsync(city, number)).Description.ShouldBe("Des injures");
        (await FoundAsync(store, "injures")).ShouldBe(1);
        (await FlagAsync(city, number, OfText, "actor:3")).Value.Hidden.ShouldBeFalse("who was heard is not heard again");
        (await FlagAsync(city, number, OfText, "net:192.0.2.5")).Value.Hidden.ShouldBeFalse("those that staff dealt with count no more");
        await using var read = store.Database.Open();
        (await ReadReport.FindAsync(read, number, false, default))!.FlaggedAt.ShouldNotBeNull();
        await store.SettleAsync();
        (await store.Get<Log>().OfAsync(new Subject("report", (await ReadReport.FindAsync(read, number, false, default))!.Id))).Where(e => e.Is<AlgorithmRan>()).Select(e => e.Read<AlgorithmRan>())
            .Where(ran => ran.Algorithm == "reports.hide").Select(ran => ran.Outcome).ShouldBe(["stays", "stays", "hides", "stays"]);
        (await store.Get<VerifyReports>().RunAsync(null, default)).Mismatches.ShouldBe(0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Without_its_entry_in_the_register_no_count_hides_and_staff_still_do(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        await city.RetireAsync(FlagReport.Algorithm);
        var number = await city.FileAsync();
        foreach (var reader in (string[])["a", "b", "c", "d"])
        {
            (await FlagAsync(city, number, OfText, reader)).Value.Hidden.ShouldBeFalse();
        }
        await using (var read = store.Database.Open())
        {
            var report = (await ReadReport.FindAsync(read, number, false, default))!;
            report.FlaggedAt.ShouldNotBeNull("it waits for people");
            await store.SettleAsync();
            (await store.Get<Log>().OfAsync(new Subject("report", report.Id))).Where(e => e.Is<AlgorithmRefused>()).Select(e => e.Read<AlgorithmRefused>())
                .ShouldBe(Enumerable.Repeat(new AlgorithmRefused("reports.hide", "1", "notInUse"), 4));
        }
        (await DecideAsync(city, number, false, await city.CallerAsync("agent", DeskCity.West))).Value.Hidden.ShouldBeTrue();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Flags_that_come_at_once_are_each_counted(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => FlagAsync(city, number, OfText, $"net:192.0.2.{i}")));
        outcomes.ShouldAllBe(outcome => outcome.Ok);
        outcomes.Count(outcome => outcome.Value.Hidden).ShouldBe(1, "the third one hides");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Nobody_learns_who_flagged_and_after_30_days_nothing_tells_one_from_another(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync();
        await FlagAsync(city, number, OfText, "net:192.0.2.77");
        await using (var read = store.Database.Open())
        {
            var report = (await ReadReport.FindAsync(read, number, false, default))!;
            (await read.Set<ReportFlag>().SingleAsync()).By!.ShouldNotContain("192.0.2");
            (await read.Set<ReportEntry>().SingleAsync(e => e.Action == "flag")).Actor.ShouldBe(Actor.Anonymous.Id);
            await store.SettleAsync();
            var trail = await store.Get<AuditTrail>().OfAsync(new Subject("report", report.Id));
            trail.ShouldAllBe(one => one.State == AuditState.None || one.State == AuditState.Intact);
            trail[^1].Event.Data.ShouldContain("\"abusive\"");
        }
        store.Clock.Advance(TimeSpan.FromDays(31));
        var data = store.Services.GetServices<PersonalData>().OfType<FlagData>().Single();
        (await store.Writer.DoAsync<int>(Actor.System, async unit => await data.RetainAsync(unit, default))).Value.ShouldBe(1);
        (await store.Writer.DoAsync<int>(Actor.System, async unit => await data.RetainAsync(unit, default))).Value.ShouldBe(0);
        await using (var read = store.Database.Open())
        {
            (await read.Set<ReportFlag>().SingleAsync()).By.ShouldBeNull();
        }
        await DecideAsync(city, number, false, await city.CallerAsync("agent", DeskCity.West));
        (await store.Writer.DoAsync<int>(Actor.System, async unit => await data.RetainAsync(unit, default))).Value.ShouldBe(1);
        await using (var read = store.Database.Open())
        {
            (await read.Set<ReportFlag>().CountAsync()).ShouldBe(0);
            (await read.Set<ReportWordsRow>().SingleAsync()).Hidden.ShouldBeTrue("what was decided stays");
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_the_holder_decides_and_only_of_what_there_is(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync();
        (await DecideAsync(city, number, false, await city.CallerAsync("agent", DeskCity.East))).Refusal!.Kind.ShouldBe(RefusalKind.Forbidden);
        (await DecideAsync(city, number, false, await city.CallerAsync("reader", DeskCity.West))).Refusal!.Kind.ShouldBe(RefusalKind.Forbidden);
        var agent = new Acting(await city.CallerAsync("agent", DeskCity.West), false);
        foreach (var request in (ShowRequest[])[new() { What = "photo", Photo = Guid.NewGuid(), Show = false }, new() { What = "title", Show = false }, new() { What = "photo", Show = false }])
        {
            (await city.Get<ShowPart>().RunAsync(number, request, agent, default)).Refusal!.Code.ShouldBe("reports.unknownPart");
        }
        (await city.Get<ShowPart>().RunAsync(number, new ShowRequest { What = "text" }, agent, default)).Refusal!.Field.ShouldBe("show");
        (await FlagAsync(city, number, OfText with { Reason = "dull" }, "a")).Refusal!.Code.ShouldBe("reports.unknownReason");
        (await FlagAsync(city, "2020-000001", OfText, "a")).Refusal!.Kind.ShouldBe(RefusalKind.NotFound);
        await city.ActAsync(number, "setPrivate", agent.Caller);
        (await FlagAsync(city, number, OfText, "a")).Refusal!.Code.ShouldBe("reports.nothingToFlag");
    }

    private static Task<Outcome<Flagged>> FlagAsync(DeskCity city, string number, FlagRequest request, string by) => city.Get<FlagReport>().RunAsync(number, request, by, default);

    private static Task<Outcome<Flagged>> DecideAsync(DeskCity city, string number, bool show, Caller by) =>
        city.Get<ShowPart>().RunAsync(number, new ShowRequest { What = "text", Show = show }, new Acting(by, false), default);

    private static async Task<(string Description, string? Address)> SeenAsync(DeskCity city, string number)
    {
        await using var read = city.Get<Database>().Open();
        var detail = (await new ReadReport(read).DetailAsync(number, default))!;
        var shown = detail.ForPublic(false, null);
        var json = ReportJson.Of(detail, city.Get<RoutingMap>().Current.Map, "fr", staff: false);
        (json["description"] as string ?? "").ShouldBe(shown.Description);
        detail.ForPublic(true, "token").Description.ShouldNotBeEmpty("its reporter sees it all the same");
        (await new FindReports(read).PageAsync(new ReportQuery { Limit = 10 }, null, null, default)).Rows.Single().Description.ShouldBe(shown.Description);
        return (shown.Description, shown.Address);
    }

    private static async Task<int> FoundAsync(TestStore store, string words)
    {
        await using var read = store.Database.Open();
        return (await new FindReports(read).PageAsync(new ReportQuery { Limit = 10, Words = words }, null, null, default)).Rows.Count;
    }
}
