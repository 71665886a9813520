using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Rows that are written past EF say to the letter what the list says otherwise.</summary>
public class WindowRowsTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Rows_of_a_window_are_those_of_any_list(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        (await VerbRun.On(store, "import", "reports", VerbRun.FileOf("history.csv", ReportIndexTests.History(400)))).ExitCode.ShouldBe(0);
        await store.StartAsync();
        var officer = await city.CallerAsync("head", DeskCity.West);
        var numbers = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            store.Clock.Advance(TimeSpan.FromMilliseconds(1234.567));
            numbers.Add(await city.FileAsync(lon: 4.35 + i * 0.0001, words: $"Un trou « béant » \"là\" \u2028 <b>{i}</b> 🕳"));
        }
        await city.ActAsync(numbers[0], "accept", officer);
        await city.ActAsync(numbers[1], "setPrivate", officer);
        await city.ActAsync(numbers[2], "transfer", officer, new ActionRequest { Body = DeskCity.Water, Reason = "notOurNetwork" });
        await city.Get<SupportReport>().RunAsync(numbers[3], "actor:1", Actor.Anonymous, default);
        await using var open = store.Database.Open();
        await open.Set<ReportWordsRow>().Where(row => open.Set<Report>().Any(r => r.Id == row.ReportId && r.Number == numbers[4])).ExecuteUpdateAsync(set => set.SetProperty(row => row.Hidden, true));
        await open.Set<Report>().Where(r => r.Number == numbers[5]).ExecuteUpdateAsync(set => set
            .SetProperty(r => r.Reference, "A/17").SetProperty(r => r.PlannedFrom, 1_700_000_000_000_000).SetProperty(r => r.PlannedTo, 1_700_000_100_000_001).SetProperty(r => r.EscalatedTo, DeskCity.Water));
        await store.SettleAsync();

        var (find, map) = (new FindReports(open, store.Get<ReportIndex>()), store.Get<RoutingMap>().Current.Map);
        ReportQuery all = new() { Box = [4, 50, 5, 51], Limit = 30 };
        ReportQuery[] queries =
        [
            all with { States = [ReportState.Assigned, ReportState.Accepted] }, all with { States = [ReportState.Resolved, ReportState.Closed], Category = "road" }, all with { Box = [4.349, 50.849, 4.3502, 50.851] },
            all with { States = [ReportState.Assigned], Body = DeskCity.Water }, all with { States = [ReportState.Planned], CreatedFrom = 1_704_500_000_000_000, CreatedTo = 1_800_000_000_000_000, Category = "waste-dump" }, all,
        ];
        var written = 0;
        foreach (var query in queries)
        {
            var (ids, next) = (await find.InWindowAsync(query, null, default)).ShouldNotBeNull();
            ids.ShouldNotBeEmpty($"{query}");
            using var rows = await WindowRows.ReadAsync(open, query, ids, next is null ? null : "later", map, "fr", default);
            var page = await find.PageAsync(query, null, null, default);
            (rows is null).ShouldBe(page.Rows.Any(row => row.Report.MergedInto is not null));
            if (rows is not null)
            {
                var expected = JsonSerializer.Serialize(new { reports = page.Rows.Select(row => FindReportsApi.Row(row, map, "fr")), next = page.Next is null ? null : "later" }, Json.Options);
                Encoding.UTF8.GetString(rows.Written.Span).ShouldBe(expected);
                written++;
            }
        }
        written.ShouldBeGreaterThan(3);
    }
}
