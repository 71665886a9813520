using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Testing.Events;

public class WriterTests
{
    private static Task<TestStore> NewAsync(StoreKind kind) => TestStore.NewAsync(kind, parts => parts.AddSingleton(ThingTables.Map));

    [Theory, OnSqlite, OnPostgres]
    public async Task Rows_and_events_of_many_writers_at_once_are_all_there_and_the_log_is_dense_and_chained(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        await store.StartAsync();
        var adds = Enumerable.Range(0, 64).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                (await store.Writer.AddThingAsync($"{w}-{i}")).Ok.ShouldBeTrue();
            }
        }));
        await Task.WhenAll(adds);
        await store.SettleAsync();

        await using var context = store.Database.Open();
        (await context.Set<Thing>().CountAsync()).ShouldBe(640);
        var log = await context.Set<LogRow>().AsNoTracking().OrderBy(l => l.Position).ToListAsync();
        log.Select(l => l.Position).ShouldBe(Enumerable.Range(1, 640).Select(p => (long)p));
        log.Select(l => l.SubjectId).Distinct().Count().ShouldBe(640);
        AssertChained(log);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_change_that_meets_another_runs_again_on_what_the_other_left(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        await store.Writer.AddThingAsync("one");
        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => store.Writer.CountAsync("one"))));
        results.ShouldAllBe(r => r.Ok);
        results.Select(r => r.Value).Order().ShouldBe([2, 3, 4]);
    }

    /// <summary>PostgreSQL ends one of two that wait for each other; the driver calls it transient, and EF wraps it twice.</summary>
    [Theory, OnPostgres]
    public async Task A_unit_that_was_ended_by_a_deadlock_runs_again(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var ids = new List<Guid> { (await store.Writer.AddThingAsync("a")).Value, (await store.Writer.AddThingAsync("b")).Value };
        await using var other = await store.Database.ConnectAsync();
        await ExecuteAsync(other, "SET deadlock_timeout = '60s'; BEGIN", null); // The unit's side looks first, and is ended.
        await ExecuteAsync(other, "UPDATE test_things SET name = name WHERE id = @id", ids[1]);
        var attempts = 0;
        var writing = Task.Run(() => store.Writer.DoAsync(Actor.System, async unit =>
        {
            attempts++;
            foreach (var thing in await unit.Store.Set<Thing>().ToListAsync()) // EF updates them in the order of their keys.
            {
                thing.Count++;
            }
        }));
        await using var look = await store.Database.ConnectAsync();
        while (await ExecuteAsync(look, "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.datname = current_database() JOIN pg_stat_activity a ON a.pid = l.pid AND a.datid = d.oid WHERE NOT l.granted", null) is 0L)
        {
            await Task.Delay(5);
        }
        await ExecuteAsync(other, "UPDATE test_things SET name = name WHERE id = @id", ids[0]);
        await ExecuteAsync(other, "COMMIT", null);
        await writing;
        attempts.ShouldBeGreaterThan(1); // Most often two; the unit may take its first row again before the other has woken, and meet it once more.
        await using var context = store.Database.Open();
        (await context.Set<Thing>().Select(t => t.Count).ToListAsync()).ShouldBe([2, 2]);

        static async Task<object?> ExecuteAsync(System.Data.Common.DbConnection connection, string sql, Guid? id)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            if (id is { } given)
            {
                command.Add("id", given);
            }
            return await command.ExecuteScalarAsync();
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task After_three_conflicts_the_change_is_refused_as_stale_and_leaves_nothing(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        await store.Writer.AddThingAsync("taken");
        var attempts = 0;
        var outcome = await store.Writer.DoAsync<Done>(Actor.System, unit =>
        {
            attempts++;
            unit.Store.Add(new Thing { Id = unit.NextId(), Name = "taken" });
            unit.Publish(new Subject("thing", "taken"), 1, new ThingCounted(9));
            return Task.FromResult<Outcome<Done>>(default(Done));
        });
        attempts.ShouldBe(3);
        outcome.Refusal!.Code.ShouldBe("kernel.stale");
        await store.SettleAsync();
        (await store.Get<Log>().HeadAsync()).ShouldBe(1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_unit_that_fails_takes_nobody_down_with_it(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        await store.StartAsync();
        var all = Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            try
            {
                await store.Writer.DoAsync(Actor.System, unit =>
                {
                    unit.Store.Add(new Thing { Id = unit.NextId(), Name = $"t{i}" });
                    unit.Publish(new Subject("thing", $"t{i}"), 1, new ThingCounted(i));
                    if (i % 4 == 0)
                    {
                        unit.Then((_, _) => throw new InvalidOperationException("after the rows were saved"));
                    }
                    return Task.CompletedTask;
                });
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }));
        (await Task.WhenAll(all)).Count(done => done).ShouldBe(30);
        await store.SettleAsync();
        await using var context = store.Database.Open();
        (await context.Set<Thing>().CountAsync()).ShouldBe(30);
        var log = await context.Set<LogRow>().AsNoTracking().OrderBy(l => l.Position).ToListAsync();
        log.Select(l => l.Position).ShouldBe(Enumerable.Range(1, 30).Select(p => (long)p));
        AssertChained(log);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_refusal_commits_nothing(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var outcome = await store.Writer.DoAsync<Done>(Actor.System, unit =>
        {
            unit.Store.Add(new Thing { Id = unit.NextId(), Name = "no" });
            return Task.FromResult<Outcome<Done>>(Refusal.Invalid("kernel.required", "name"));
        });
        outcome.Ok.ShouldBeFalse();
        await using var context = store.Database.Open();
        (await context.Set<Thing>().AnyAsync()).ShouldBeFalse();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_audited_event_holds_the_digest_of_words_that_can_be_erased(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        await store.Writer.DoAsync(Actor.System, unit =>
        {
            unit.Publish(new Subject("thing", "a"), 1, new ThingCounted(1), audit: new Audit(new { name = "old" }, new { name = "new" }));
            return Task.CompletedTask;
        });
        await store.SettleAsync();
        await using var context = store.Database.Open();
        var row = await context.Set<AuditRow>().SingleAsync();
        var logged = await context.Set<LogRow>().SingleAsync();
        logged.Digest.ShouldBe(row.Digest());
        logged.Data.ShouldNotContain("new");
        row.After = "{\"name\":\"forged\"}";
        row.Digest().ShouldNotBe(logged.Digest!);
    }

    private static void AssertChained(List<LogRow> log)
    {
        byte[] previous = [];
        foreach (var row in log)
        {
            var written = new NewEvent(row.Id, row.Type, row.Version, new Subject(row.SubjectKind, row.SubjectId), row.SubjectVersion, row.Body, new Actor(row.Actor), row.At, row.Data, row.Digest);
            previous = LogAppender.Chain(previous, row.Position, written);
            row.Hash.ShouldBe(previous);
        }
    }
}
