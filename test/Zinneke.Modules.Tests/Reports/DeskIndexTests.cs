using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Lists and counts of desks out of memory are those of the tables, for every reach and filter, also after things have changed.</summary>
public class DeskIndexTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Desks_see_in_memory_what_the_tables_say(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        (await VerbRun.On(store, "import", "reports", VerbRun.FileOf("history.csv", ReportIndexTests.History(500)))).ExitCode.ShouldBe(0);
        await store.StartAsync();
        var (head, water) = (await city.CallerAsync("head", DeskCity.West), await city.CallerAsync("head", DeskCity.Water));
        await store.SettleAsync();
        await CompareAsync(store, city, [head, water]);

        var numbers = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            store.Clock.Advance(TimeSpan.FromHours(5));
            numbers.Add(await city.FileAsync(lon: 4.35 + i * 0.0001));
        }
        await city.ActAsync(numbers[0], "accept", head);
        await city.ActAsync(numbers[1], "hide", head);
        await city.ActAsync(numbers[2], "transfer", head, new ActionRequest { Body = DeskCity.Water, Reason = "notOurNetwork" });
        await city.ActAsync(numbers[3], "accept", head);
        await city.ActAsync(numbers[3], "hold", head, new ActionRequest { Reason = "awaitingReporter" });
        await city.ActAsync(numbers[4], "assignPerson", head, new ActionRequest { Person = head.Account });
        await city.ActAsync(numbers[0], "resolve", head, new ActionRequest { Text = Text.Of("fr", "Fait") });
        (await city.Get<FlagReport>().RunAsync(numbers[5], new FlagRequest { What = "text", Reason = "abusive" }, "net:1", default)).Ok.ShouldBeTrue();
        store.Clock.Advance(TimeSpan.FromDays(9));
        await store.SettleAsync();
        await CompareAsync(store, city, [head, water]);
    }

    private static async Task CompareAsync(TestStore store, DeskCity city, IReadOnlyList<Caller> callers)
    {
        await using var open = store.Database.Open();
        var (find, desk, now, bodies) = (new FindReports(open), store.Get<DeskIndex>(), store.Clock.NowMicros(), store.Get<BodyMap>());
        var random = new Random(11);
        var someNumbers = await open.Set<Report>().OrderByDescending(r => r.Number).Select(r => r.Number).Take(40).ToListAsync();
        foreach (var caller in callers)
        {
            var scope = DeskScope.Of(caller, bodies, DeskCity.Region);
            for (var i = 0; i < 60; i++)
            {
                var words = random.Next(4) switch { 0 => "souci", 1 => "canal trou", 2 => someNumbers[random.Next(someNumbers.Count)], _ => null };
                var named = words is null ? [] : await find.NumberedAsync(words, forAll: false, default);
                var query = new ReportQuery
                {
                    States = random.Next(3) switch { 0 => [ReportState.Assigned], 1 => [ReportState.OnHold, ReportState.Planned], _ => ReportWords.OpenStates },
                    Category = random.Next(3) == 0 ? "road" : null, Area = random.Next(4) == 0 ? "1" : null, Body = random.Next(4) == 0 ? DeskCity.Water : null,
                    OverdueAt = random.Next(4) == 0 ? now : null, SoonAt = random.Next(5) == 0 ? now : null, Silent = random.Next(6) == 0, Flagged = random.Next(8) == 0,
                    Assignee = random.Next(6) == 0 ? caller.Account : null, Sort = (ReportSort)random.Next(4), Limit = 7, Words = words,
                };
                ReportPlace? after = null;
                for (var pages = 0; pages < 5; pages++)
                {
                    var page = await find.PageAsync(query, scope.Narrow, after, default);
                    var (ids, next) = (await desk.ListAsync(query, named, scope, after, default)).ShouldNotBeNull();
                    ids.Take(query.Limit).ShouldBe(page.Rows.Select(row => row.Report.Id), $"{query}");
                    next.ShouldBe(page.Next);
                    (await find.PageAsync(query, scope.Narrow, after, default, (ids, next))).Rows.Select(row => row.Report.Id).ShouldBe(page.Rows.Select(row => row.Report.Id));
                    if ((after = next) is null)
                    {
                        break;
                    }
                }
                var counted = query with { States = ReportWords.OpenStates, OverdueAt = null, SoonAt = null, Silent = false, Flagged = false, Assignee = null };
                var counts = (await desk.CountAsync(counted, named, scope, caller.Account, now, default)).ShouldNotBeNull();
                counts.ByState.OrderBy(one => one.Key).ShouldBe((await find.CountByStateAsync(counted, scope.Narrow, default)).OrderBy(one => one.Key));
                Task<int> Count(ReportQuery asked) => find.CountAsync(asked, scope.Narrow, default);
                (counts.Overdue, counts.Soon, counts.Mine, counts.Silent, counts.Flagged, counts.Pending).ShouldBe((
                    await Count(counted with { OverdueAt = now }), await Count(counted with { SoonAt = now }), await Count(counted with { Assignee = caller.Account }),
                    await Count(counted with { Silent = true }), await Count(counted with { States = [], Flagged = true }), await Count(counted with { States = [], Pending = true })));
            }
        }
    }
}
