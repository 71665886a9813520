using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Testing.Events;

/// <summary>What an operator sees and does about followers (K12), and how their rows are checked.</summary>
public class FollowerVerbTests
{
    private readonly ThingCounter counter = new();

    private Task<TestStore> NewAsync(StoreKind kind) => TestStore.NewAsync(kind, Add);

    private void Add(IServiceCollection parts) => parts.AddSingleton(ThingTables.Map).AddSingleton<TableFollower>(counter);

    private async Task<JsonElement> RunAsync(TestStore store, params string[] args)
    {
        var run = await VerbRun.On(store, Add, args);
        run.ExitCode.ShouldBe(0, run.Error);
        return run.Json;
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_list_tells_how_far_each_is_and_a_rebuild_brings_it_there(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        await store.Writer.AddThingAsync("a");
        await store.Writer.CountAsync("a");
        var list = await RunAsync(store, "follower", "list");
        list.GetProperty("head").GetInt64().ShouldBe(2);
        Of(list, "test.things").ShouldBe((0, 2, 0, null));
        Of(list, "reports.notices").Lag.ShouldBe(2);

        (await RunAsync(store, "follower", "rebuild", "test.things")).GetProperty("position").GetInt64().ShouldBe(2);
        Of(await RunAsync(store, "follower", "list"), "test.things").ShouldBe((2, 0, 2, null));
        await using var context = store.Database.Open();
        (await context.Set<ThingCount>().AsNoTracking().SingleAsync()).ShouldSatisfyAllConditions(row => row.Count.ShouldBe(2), row => row.Generation.ShouldBe(2));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_parked_one_is_told_and_goes_on_when_it_is_resumed_or_rebuilt(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        await store.Writer.AddThingAsync("a");
        await ParkAsync(store, "test.things");
        await ParkAsync(store, "reports.notices");
        Of(await RunAsync(store, "follower", "list"), "test.things").Parked.ShouldBe("IOException");
        (await RunAsync(store, "follower", "rebuild", "test.things")).GetProperty("lag").GetInt64().ShouldBe(0);
        Of(await RunAsync(store, "follower", "list"), "test.things").Parked.ShouldBeNull();

        var refused = await VerbRun.On(store, Add, "follower", "rebuild", "reports.notices");
        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain("follower resume");
        (await RunAsync(store, "follower", "resume", "reports.notices")).GetProperty("resumed").GetBoolean().ShouldBeTrue();
        Of(await RunAsync(store, "follower", "list"), "reports.notices").Parked.ShouldBeNull();
        (await VerbRun.On(store, Add, "follower", "rebuild", "nothing")).Error.ShouldContain("expected one of kernel.erasures, ");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Rows_that_were_altered_are_found_while_events_go_on_to_come(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        await store.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await store.Writer.AddThingAsync($"t{i}");
        }
        await store.SettleAsync();
        var check = store.Get<FollowerCheck>();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await store.Writer.CountAsync("t1");
            }
        });
        (await check.RunAsync(default)).ShouldContain(("test.things", null));
        await writing;
        await store.SettleAsync();
        await store.Writer.DoAsync(Actor.System, async unit => (await unit.Store.Set<ThingCount>().FirstAsync(row => row.Thing == "t7")).Count = 99);
        (await check.RunAsync(default)).ShouldContain(one => one.Name == "test.things" && one.Wrong != null);
        await using var context = store.Database.Open();
        (await context.Set<ThingCount>().Select(row => row.Generation).Distinct().ToListAsync()).ShouldBe([1], "the check leaves nothing behind");
    }

    private static Task ParkAsync(TestStore store, string name) => store.Writer.DoAsync(Actor.System, unit =>
    {
        unit.Store.Add(new FollowerRow { Name = name, Generation = 1, Shape = 1, Error = "IOException", FailedAt = 1 });
        return Task.CompletedTask;
    });

    private static (long Position, long Lag, int Generation, string? Parked) Of(JsonElement list, string name)
    {
        var one = list.GetProperty("followers").EnumerateArray().Single(follower => follower.GetProperty("name").GetString() == name);
        var parked = one.GetProperty("parked");
        return (one.GetProperty("position").GetInt64(), one.GetProperty("lag").GetInt64(), one.GetProperty("generation").GetInt32(), parked.ValueKind == JsonValueKind.Null ? null : parked.GetProperty("error").GetString());
    }
}
