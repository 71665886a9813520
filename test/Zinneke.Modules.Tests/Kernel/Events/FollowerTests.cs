using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Testing.Events;

public class FollowerTests
{
    private static Task<TestStore> NewAsync(StoreKind kind, ThingCounter counter, ThingMemory memory) => TestStore.NewAsync(kind, parts => parts
        .AddSingleton(ThingTables.Map)
        .AddSingleton<TableFollower>(counter)
        .AddSingleton<MemoryFollower>(memory));

    private static async Task<Dictionary<string, int>> CountsAsync(TestStore store)
    {
        await using var context = store.Database.Open();
        var generation = await context.Set<FollowerRow>().Where(f => f.Name == "test.things").Select(f => f.Generation).SingleAsync();
        return await context.Set<ThingCount>().Where(c => c.Generation == generation).ToDictionaryAsync(c => c.Thing, c => c.Count);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Table_and_memory_derive_the_same_and_each_event_once(StoreKind kind)
    {
        var (counter, memory) = (new ThingCounter(), new ThingMemory());
        await using var store = await NewAsync(kind, counter, memory);
        await store.Writer.AddThingAsync("before the start");
        await store.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await store.Writer.AddThingAsync($"t{i}");
        }
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.Writer.CountAsync($"t{i}")));
        await store.SettleAsync();

        var counts = await CountsAsync(store);
        counts.Count.ShouldBe(21);
        counts.Values.Sum().ShouldBe(41);
        memory.Counts.ShouldBe(counts, ignoreOrder: true);
        counter.Applied.ShouldBe(41);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_follower_that_stumbles_is_tried_again_and_loses_nothing(StoreKind kind)
    {
        var left = 3;
        var counter = new ThingCounter { Fault = () => left-- > 0 ? new IOException("stumbled") : null };
        await using var store = await NewAsync(kind, counter, new ThingMemory());
        await store.StartAsync();
        await store.Writer.AddThingAsync("a");
        await store.Writer.CountAsync("a");
        await store.SettleAsync();
        (await CountsAsync(store)).ShouldBe(new Dictionary<string, int> { ["a"] = 2 });
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task One_in_memory_that_fails_again_and_again_is_told_and_goes_on_when_it_can(StoreKind kind)
    {
        var memory = new ThingMemory { Breaks = true };
        await using var store = await NewAsync(kind, new ThingCounter(), memory);
        store.Get<FollowerRunner>().FirstWait = TimeSpan.FromMilliseconds(1);
        await store.StartAsync();
        await store.Writer.AddThingAsync("a");
        for (var wait = 0; !memory.IsStuck && wait < 3000; wait++)
        {
            await Task.Delay(10);
        }
        memory.IsStuck.ShouldBeTrue();
        memory.Breaks = false;
        await store.SettleAsync();
        (memory.IsStuck, memory.Counts["a"]).ShouldBe((false, 1));
    }

    /// <summary>More often than the eight times after which a follower that fails by itself is parked.</summary>
    [Theory]
    [OnSqlite(true)]
    [OnSqlite(false)]
    [OnPostgres(true)]
    [OnPostgres(false)]
    public async Task Only_its_own_failures_park_a_follower(StoreKind kind, bool outage)
    {
        var (left, own) = (12, new IOException("its own file"));
        var away = kind == StoreKind.Sqlite ? (Exception)new Microsoft.Data.Sqlite.SqliteException("disk I/O error", 10) : new Npgsql.NpgsqlException("away");
        var counter = new ThingCounter { Fault = () => left-- > 0 ? (outage ? new InvalidOperationException("likely transient", away) : own) : null };
        await using var store = await NewAsync(kind, counter, new ThingMemory());
        store.Get<FollowerRunner>().FirstWait = TimeSpan.FromMilliseconds(1);
        await store.StartAsync();
        await store.Writer.AddThingAsync("a");
        await store.SettleAsync();
        await using var context = store.Database.Open();
        var row = await context.Set<FollowerRow>().SingleAsync(f => f.Name == counter.Name);
        (row.Error is null, left).ShouldBe(outage ? (true, -1) : (false, 4), row.Error);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_rebuild_runs_beside_the_old_result_and_ends_with_the_same(StoreKind kind)
    {
        var counter = new ThingCounter();
        await using var store = await NewAsync(kind, counter, new ThingMemory());
        await store.StartAsync();
        for (var i = 0; i < 30; i++)
        {
            await store.Writer.AddThingAsync($"t{i}");
        }
        await store.SettleAsync();
        var before = await CountsAsync(store);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await store.Writer.CountAsync("t0");
            }
        });
        await new FollowerRebuild(store.Get<Log>(), store.Writer).RunAsync(counter, CancellationToken.None);
        await writing;
        await store.SettleAsync();
        var after = await CountsAsync(store);
        before["t0"] = 11;
        after.ShouldBe(before, ignoreOrder: true);
        await using var context = store.Database.Open();
        (await context.Set<ThingCount>().Select(c => c.Generation).Distinct().CountAsync()).ShouldBe(1);
    }

    /// <summary>A rebuild puts a generation in force that has come less far, between the reading of events and their applying: none between is lost.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task Events_beyond_the_next_one_wait_until_those_between_are_read(StoreKind kind)
    {
        var counter = new ThingCounter();
        await using var store = await NewAsync(kind, counter, new ThingMemory());
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            await store.Writer.AddThingAsync(name);
        }
        await store.SettleAsync();
        var log = store.Get<Log>();
        var late = await log.ReadAsync(2, 10);
        (await FollowerRunner.ApplyAsync(counter, await log.ReadAsync(0, 1), store.Writer, default)).ShouldBe(1);
        (await FollowerRunner.ApplyAsync(counter, late, store.Writer, default)).ShouldBe(1);
        await FollowerRunner.CatchUpAsync(counter, log, store.Writer, default);
        (await CountsAsync(store)).Count.ShouldBe(4);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_rebuilds_at_once_end_with_one_whole_result(StoreKind kind)
    {
        var counter = new ThingCounter();
        await using var store = await NewAsync(kind, counter, new ThingMemory());
        await store.StartAsync();
        for (var i = 0; i < 10; i++)
        {
            await store.Writer.AddThingAsync($"t{i}");
        }
        await store.SettleAsync();
        var before = await CountsAsync(store);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => new FollowerRebuild(store.Get<Log>(), store.Writer).RunAsync(counter, CancellationToken.None))));
        (await CountsAsync(store)).ShouldBe(before, ignoreOrder: true);
        await using var context = store.Database.Open();
        (await context.Set<ThingCount>().Select(c => c.Generation).Distinct().CountAsync()).ShouldBe(1);
    }

    /// <summary>A process that is killed clears nothing, and nobody rebuilds again: the next start does.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task What_an_interrupted_rebuild_left_is_gone_after_the_next_start(StoreKind kind)
    {
        var last = new LastSource();
        await using var store = await TestStore.NewAsync(kind, parts => parts.AddSingleton<SearchSource>(last));
        await DeskCity.FoundAsync(store.Services);
        var (search, rebuild) = (SearchOf(store), new FollowerRebuild(store.Get<Log>(), store.Writer));
        await rebuild.RunAsync(search, default);
        var whole = await GenerationsAsync(store);
        last.Asked = () => throw new IOException("killed");
        await Should.ThrowAsync<IOException>(() => rebuild.RunAsync(search, default));
        last.Asked = () => Task.CompletedTask;
        (await GenerationsAsync(store)).Count.ShouldBe(2, "half of it lies there");
        await store.StartAsync();
        for (var wait = 0; (await LeftAsync(store)).Count > 0 && wait < 1000; wait++)
        {
            await Task.Delay(10);
        }
        (await GenerationsAsync(store)).ShouldBe(whole);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_rebuild_that_was_only_taken_for_interrupted_begins_again_and_is_whole(StoreKind kind)
    {
        var last = new LastSource();
        await using var store = await TestStore.NewAsync(kind, parts => parts.AddSingleton<SearchSource>(last));
        await DeskCity.FoundAsync(store.Services);
        var (search, rebuild) = (SearchOf(store), new FollowerRebuild(store.Get<Log>(), store.Writer));
        await rebuild.RunAsync(search, default);
        var before = (await GenerationsAsync(store)).Single();
        last.Asked = async () =>
        {
            last.Asked = () => Task.CompletedTask;
            await rebuild.ClearLeftAsync(search, (await LeftAsync(store)).Single().Generation, default);
        };
        await rebuild.RunAsync(search, default);
        var after = (await GenerationsAsync(store)).Single();
        (after.Key, after.Value).ShouldBe((before.Key + 2, before.Value));
        (await LeftAsync(store)).ShouldBeEmpty();
    }

    private static TableFollower SearchOf(TestStore store) => store.Services.GetServices<TableFollower>().Single(follower => follower.Name == KeepSearch.FollowerName);

    private static async Task<IReadOnlyList<(string Follower, int Generation)>> LeftAsync(TestStore store)
    {
        await using var context = store.Database.Open();
        return await FollowerRebuild.UnderWayAsync(context, default);
    }

    /// <summary>How many entries each generation has.</summary>
    private static async Task<Dictionary<int, int>> GenerationsAsync(TestStore store)
    {
        await using var context = store.Database.Open();
        return await context.Set<SearchRow>().GroupBy(row => row.Generation).Select(rows => new { rows.Key, Count = rows.Count() }).ToDictionaryAsync(rows => rows.Key, rows => rows.Count);
    }

    /// <summary>A kind without things, which a rebuild asks last.</summary>
    private sealed class LastSource : SearchSource
    {
        public Func<Task> Asked { get; set; } = () => Task.CompletedTask;

        public override string Kind => "zzz";

        public override string TextKey => "test.last";

        public override Task<IReadOnlyList<SearchEntry>> ReadAsync(Store store, IReadOnlyCollection<string> ids, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<SearchEntry>>([]);

        public override async Task<(IReadOnlyList<SearchEntry> Entries, string? Next)> SliceAsync(Store store, string? after, CancellationToken cancellation)
        {
            await Asked();
            return ([], null);
        }
    }
}
