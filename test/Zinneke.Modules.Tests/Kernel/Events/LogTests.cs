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
}
