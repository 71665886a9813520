using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Testing.Events;

public class LogTests
{
    /// <summary>More events than are kept in memory, read from everywhere and in every size: a log that has read them and one that never read before say the same.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_kept_in_memory_is_what_is_stored(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind, parts => parts.AddSingleton(ThingTables.Map));
        var log = store.Get<Log>();
        for (var round = 0; round < 3; round++)
        {
            foreach (var many in (int[])[1, 7, 250])
            {
                await Task.WhenAll(Enumerable.Range(0, many).Select(i => store.Writer.AddThingAsync($"t{round}-{many}-{i}")));
                await store.SettleAsync();
                await log.ReadAsync(await log.HeadAsync() - many, 100);
            }
            var head = await log.HeadAsync();
            foreach (var after in (long[])[0, 1, head - 401, head - 400, head - 399, head - 250, head - 2, head - 1, head, head + 1])
            {
                foreach (var most in (int[])[1, 200, 1000])
                {
                    var read = await log.ReadAsync(Math.Max(0, after), most);
                    var stored = await new Log(store.Database).ReadAsync(Math.Max(0, after), most);
                    (read.Count <= stored.Count).ShouldBeTrue();
                    read.Select(e => e.Id).ShouldBe(stored.Take(read.Count).Select(e => e.Id));
                    (read.Count == 0).ShouldBe(stored.Count == 0);
                }
            }
        }
    }

    /// <summary>A verb that is stopped while an open transaction holds it up: its session goes back to the pool, and must not keep the lock.</summary>
    [Theory, OnPostgres]
    public async Task Sealing_that_breaks_off_leaves_sealing_to_others(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind, parts => parts.AddSingleton(ThingTables.Map));
        await using var other = await store.Database.ConnectAsync();
        await other.RunAsync("BEGIN; SELECT pg_current_xact_id()");
        await store.Writer.AddThingAsync("waits");
        using var stop = new CancellationTokenSource();
        var sealing = store.Database.SealAsync(store.Get<LogTail>(), stop.Token);
        const string locks = "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database() WHERE locktype = 'advisory'";
        while (await other.RunAsync(locks) is 0L)
        {
            await Task.Delay(5);
        }
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => sealing);
        (await other.RunAsync(locks)).ShouldBe(0L);
    }
}

file static class Statements
{
    public static async Task<object?> RunAsync(this System.Data.Common.DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }
}
