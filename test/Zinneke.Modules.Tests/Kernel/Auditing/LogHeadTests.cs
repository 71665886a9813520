using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Zinneke.Kernel;
using Zinneke.Testing.Events;
using Zinneke.Testing.Reports;

namespace Zinneke.Testing.Auditing;

/// <summary>The head of the log is published once a day, and whoever alters the log and repairs its chain is found by it (K14).</summary>
public class LogHeadTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_day_that_ended_has_one_head_however_often_and_wherever_it_is_looked(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var job = new PublishHeads(store.Writer, store.Get<Settings>(), NullLogger<PublishHeads>.Instance);
        await job.RunAsync(default);
        (await HeadsAsync(store)).ShouldBeEmpty();
        await PublishAsync(store, 3);
        await job.RunAsync(default); // Of the day before nothing is known.
        (await HeadsAsync(store)).ShouldBeEmpty();

        store.Clock.Advance(TimeSpan.FromDays(1));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => job.RunAsync(default)));
        await job.RunAsync(default);
        var first = (await HeadsAsync(store)).ShouldHaveSingleItem();
        var zone = store.Get<Settings>().Get(KernelSettings.TimeZone);
        (first.Day, first.Position, first.Events).ShouldBe((Instants.DayOf(store.Clock.GetUtcNow().ToMicros(), zone).AddDays(-1).ToString("O"), 3L, 3L));
        await using (var read = store.Database.Open())
        {
            first.Hash.ShouldBe((await read.Set<LogRow>().SingleAsync(row => row.Position == 3)).Hash);
        }

        store.Clock.Advance(TimeSpan.FromDays(1)); // Nothing happened: the day has the same head, so that it is known that nothing did.
        await job.RunAsync(default);
        await PublishAsync(store, 2);
        store.Clock.Advance(TimeSpan.FromDays(3)); // Nothing ran for two days.
        await job.RunAsync(default);
        (await HeadsAsync(store)).Select(head => (head.Position, head.Events)).ShouldBe([(3, 3), (3, 0), (5, 2)]);
        (await VerbRun.On(store, "verify")).ExitCode.ShouldBe(0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Who_alters_an_event_and_repairs_the_chain_after_it_is_found_by_the_published_head(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var job = new PublishHeads(store.Writer, store.Get<Settings>(), NullLogger<PublishHeads>.Instance);
        await PublishAsync(store, 6);
        store.Clock.Advance(TimeSpan.FromDays(1));
        await job.RunAsync(default);
        await PublishAsync(store, 2);

        await using (var forged = store.Database.Open())
        {
            var rows = await forged.Set<LogRow>().OrderBy(row => row.Position).ToListAsync();
            rows[2].Data = rows[2].Data.Replace("1", "9", StringComparison.Ordinal);
            byte[] hash = [];
            foreach (var row in rows)
            {
                row.Hash = hash = LogAppender.Chain(hash, row.Position, new NewEvent(
                    row.Id, row.Type, row.Version, new Subject(row.SubjectKind, row.SubjectId), row.SubjectVersion, row.Body, new Actor(row.Actor), row.At, row.Data, row.Digest));
            }
            await forged.SaveChangesAsync();
        }
        var run = await VerbRun.On(store, "verify");
        run.ExitCode.ShouldBe(3, run.Output + run.Error);
        var fault = run.Json.GetProperty("faults").EnumerateArray().ShouldHaveSingleItem();
        fault.GetProperty("check").GetString().ShouldBe("kernel.log");
        fault.GetProperty("wrong").GetString().ShouldBe("the published head no longer agrees with the log at position 6: events up to there were altered, and the chain repaired");

        await using (var cut = store.Database.Open())
        {
            await cut.Set<LogRow>().Where(row => row.Position > 5).ExecuteDeleteAsync();
        }
        (await VerbRun.On(store, "verify")).Output.ShouldContain("the published head is at position 6, which the log does not have any more");
    }

    private static async Task PublishAsync(TestStore store, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await store.Writer.DoAsync(Actor.System, unit =>
            {
                unit.Publish(new Subject("thing", "a"), i + 1, new ThingCounted(1));
                return Task.CompletedTask;
            });
        }
        await store.SettleAsync();
    }

    private static async Task<List<LogHead>> HeadsAsync(TestStore store)
    {
        await using var read = store.Database.Open();
        return await read.Set<LogHead>().AsNoTracking().OrderBy(head => head.Day).ToListAsync();
    }
}
