using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>What rules would do with the reports of the last 90 days before they are in force (R41).</summary>
public class CompareRulesTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Every_report_of_the_last_90_days_that_would_go_elsewhere_is_counted_from_where_to_where(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        await city.FileAsync(); // Too long ago.
        store.Clock.Advance(TimeSpan.FromDays(CompareRules.Days) + TimeSpan.FromMinutes(1));
        await city.FileAsync();
        var newest = await city.FileAsync();
        var east = await city.FileAsync(lon: 4.45);
        await city.FileAsync("waste-dump");
        await city.FileAsync("road-gully");

        (await RunAsync(store, city, DeskCity.Rules)).ShouldSatisfyAllConditions(same => same.Moves.ShouldBeEmpty(), same => (same.Looked, same.Complete).ShouldBe((5, true)));
        var water = await RunAsync(store, city, DeskCity.Rules.Replace("\"areaOwner\"", "\"water\"", StringComparison.Ordinal));
        water.Moves.ShouldBe([new RuleMove("west", "water", 2, newest), new RuleMove("east", "water", 1, east)]);
    }

    private static async Task<RuleEffect> RunAsync(TestStore store, DeskCity city, string rules)
    {
        await city.ReloadAsync();
        await using var context = store.Database.Open();
        return await CompareRules.RunAsync(context, city.Get<RoutingMap>().Current.Map, rules, store.Clock.NowMicros(), default);
    }
}
