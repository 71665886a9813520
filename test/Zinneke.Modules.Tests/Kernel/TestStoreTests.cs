using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Modules.Tests.Kernel;

/// <summary>What every use-case test stands on: a database of its own on both stores, and events that are sealed when it asks.</summary>
public class TestStoreTests
{
    [EventType("kernel.test.happened")]
    private sealed record TestHappened(int Number);

    [Theory, OnSqlite, OnPostgres]
    public async Task Events_are_sealed_in_their_order(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        for (var number = 1; number <= 3; number++)
        {
            await WriteAsync(store, number);
        }
        await store.SettleAsync();
        var events = await store.Get<Log>().ReadAsync(0, 100);
        events.Select(e => e.Position).ShouldBe([1, 2, 3]);
        events.Select(e => e.Read<TestHappened>().Number).ShouldBe([1, 2, 3]);
        events.ShouldAllBe(e => e.At == store.Clock.NowMicros());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_running_store_settles(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        await WriteAsync(store, 1);
        await store.SettleAsync();
        (await store.Get<Log>().HeadAsync()).ShouldBe(1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Every_store_is_its_own(StoreKind kind)
    {
        await using var first = await TestStore.NewAsync(kind);
        await using var second = await TestStore.NewAsync(kind);
        await WriteAsync(first, 1);
        await first.SettleAsync();
        await using var read = second.Database.Open();
        (await read.Set<FollowerRow>().CountAsync()).ShouldBe(0);
        (await second.Get<Log>().HeadAsync()).ShouldBe(0);
    }

    private static Task WriteAsync(TestStore store, int number) => store.Writer.DoAsync(Actor.System, unit =>
    {
        unit.Publish(new Subject("test", "1"), number, new TestHappened(number));
        return Task.CompletedTask;
    });
}
