using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Zinneke.Kernel;
using Zinneke.Testing.Events;

namespace Zinneke.Testing.Auditing;

/// <summary>The trail of the whole installation says the same as a slow look at every row of the log (K14).</summary>
public class ReadAuditTests
{
    private static readonly Guid[] Actors = [Actor.System.Id, new("00000000-0000-8000-8000-0000000000a1"), new("00000000-0000-8000-8000-0000000000a2")];
    private static readonly string[] Kinds = ["thing", "account"], Ids = ["a", "b", "c"];
    private static readonly string?[] Bodies = [null, "west", "east"];

    [Theory, OnSqlite, OnPostgres]
    public async Task Every_filter_finds_what_a_look_at_every_row_finds_page_by_page(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await FillAsync(store, 120);
        var all = await store.Get<Log>().ReadAsync(0, 1000);
        var read = Reader(store, Caller.Program());
        var day = Instants.FromMicros(all[60].At).ToString("yyyy-MM-dd");
        foreach (var asked in (Dictionary<string, StringValues>[])
        [
            [], new() { ["actor"] = Actors[1].ToString() }, new() { ["kind"] = "account" }, new() { ["kind"] = "thing", ["subject"] = "b" }, new() { ["body"] = "west" }, new() { ["from"] = day }, new() { ["to"] = day },
            new() { ["from"] = day, ["to"] = day, ["type"] = "test.thing.counted", ["actor"] = Actors[2].ToString(), ["body"] = "east" }, new() { ["type"] = "no.such.type" },
        ])
        {
            var query = (await read.QueryOfAsync(new QueryCollection(asked), default)).Value;
            var expected = all.Where(one => (query.Actor is null || one.Actor.Id == query.Actor) && (query.Kind is null || one.Subject.Kind == query.Kind) && (query.Subject is null || one.Subject.Id == query.Subject)
                    && (query.Body is null || one.Body == query.Body) && (query.Type is null || one.Type == query.Type) && !(one.At < query.From) && !(one.At >= query.Before))
                .OrderByDescending(one => one.At).ThenByDescending(one => one.Position).Select(one => one.Position).ToList();
            var found = new List<long>();
            AuditPlace? after = null;
            do
            {
                var page = await read.PageAsync(query, after, 7, default);
                found.AddRange(page.Entries.Select(entry => entry.Event.Position));
                after = page.Next;
            }
            while (after is not null);
            found.ShouldBe(expected, JsonSerializer.Serialize(asked.ToDictionary(one => one.Key, one => one.Value.ToString())));
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Files_hold_every_entry_once_and_nothing_that_a_spreadsheet_runs(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await FillAsync(store, 30);
        await store.Writer.DoAsync(Actor.System, unit =>
        {
            unit.Publish(new Subject("thing", "=cmd|'/c calc'!A1"), 1, new ThingCounted(1), "+west", new Audit(new { name = "A" }, new { name = "B" }));
            return Task.CompletedTask;
        });
        await store.SettleAsync();
        var file = new AuditFile(Reader(store, Caller.Program()), store.Get<AuditWords>());
        using var csv = new MemoryStream();
        await file.WriteCsvAsync(csv, new AuditQuery(), default);
        var lines = System.Text.Encoding.UTF8.GetString(csv.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        (lines.Length, lines[0]).ShouldBe((32, string.Join(',', AuditFile.Columns)));
        lines[1].ShouldContain(",\"'=cmd|'/c calc'!A1\",1,\"'+west\",");
        lines[1].ShouldContain(",\"{\"\"count\"\":1}\",intact,");

        using var jsonl = new MemoryStream();
        await file.WriteLinesAsync(jsonl, new AuditQuery(), default);
        var entries = System.Text.Encoding.UTF8.GetString(jsonl.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        entries.Select(entry => entry.GetProperty("position").GetInt64()).Order().ShouldBe(Enumerable.Range(1, 31).Select(position => (long)position));
        entries[0].GetProperty("after").GetProperty("name").GetString().ShouldBe("B");
        entries.ShouldAllBe(entry => entry.GetProperty("hash").GetString()!.Length == 64);
    }

    [Theory, OnSqlite]
    public async Task Who_administers_one_body_sees_what_concerns_it_and_nothing_else(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await FillAsync(store, 60);
        var own = new Caller(Actor.Anonymous, "en", [new Reach("west", new HashSet<string> { AuditPermissions.Read }, [], [])], _ => []);
        var read = Reader(store, own);
        var query = (await read.QueryOfAsync(QueryCollection.Empty, default)).Value;
        var page = await read.PageAsync(query, null, 100, default);
        page.Entries.Count.ShouldBeGreaterThan(10);
        page.Entries.ShouldAllBe(entry => entry.Event.Body == "west");
        (await read.QueryOfAsync(Asked(new() { ["body"] = "east" }), default)).Refusal!.Kind.ShouldBe(RefusalKind.Forbidden);
        var unknown = Asked(new() { ["actor"] = "nobody@example.org" });
        (await read.PageAsync((await read.QueryOfAsync(unknown, default)).Value, null, 100, default)).Entries.ShouldBeEmpty("it says of nobody whether they have an account");
        (await Reader(store, Caller.Program()).QueryOfAsync(unknown, default)).Refusal!.Code.ShouldBe("kernel.unknownPerson");
        (await read.QueryOfAsync(Asked(new() { ["from"] = "yesterday", ["to"] = "0001-01-01" }), default)).Refusal!.Errors.Select(error => error.Field).ShouldBe(["from", "to"]);
    }

    /// <summary>What the trail shows of every event that this program can write is said in words, of every kind of thing that it can be about.</summary>
    [Fact]
    public async Task Every_type_of_event_has_words()
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        var audited = store.Get<AuditWords>();
        audited.Types.Count.ShouldBeGreaterThan(40);
        audited.Types.Where(type => audited.Did(type) == type).ShouldBeEmpty();
        audited.Kinds.Where(kind => audited.KindOf(kind.Kind) == kind.Kind).Select(kind => kind.Kind).ShouldBeEmpty();
    }

    /// <summary>Neither store sorts or looks through the log for any one filter.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task Each_filter_has_its_index(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await FillAsync(store, 400);
        await using var connection = await store.Database.ConnectAsync();
        if (kind == StoreKind.Postgres)
        {
            await using var small = connection.CreateCommand();
            small.CommandText = "ANALYZE log; SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off"; // Few rows: what it would do with millions.
            await small.ExecuteNonQueryAsync();
        }
        foreach (var (filter, index) in ((string, string)[])
        [
            ("", "ix_log_at_position"), ("WHERE l.at >= 5", "ix_log_at_position"), ($"WHERE l.actor = {(kind == StoreKind.Sqlite ? "x'0000000000008000800000000000000F'" : "'00000000-0000-8000-8000-00000000000f'")}", "ix_log_actor_at_position"),
            ("WHERE l.type = 'seldom'", "ix_log_type_at_position"), ("WHERE l.subject_kind = 'seldom'", "ix_log_subject_kind_at_position"), ("WHERE l.body = 'seldom' AND l.at < 9000000000000000", "ix_log_body_at_position"),
            ("WHERE l.body = 'seldom' AND (l.at, l.position) < (9000000000000000, 5)", "ix_log_body_at_position"), ("WHERE l.subject_kind = 'thing' AND l.subject_id = 'b'", "ix_log_subject_kind_"),
        ])
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"EXPLAIN {(kind == StoreKind.Sqlite ? "QUERY PLAN" : "")} SELECT {LogRow.WithAudit} {filter} ORDER BY l.at DESC, l.position DESC LIMIT 51";
            var plan = new List<string>();
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                plan.Add(rows.GetString(rows.FieldCount - 1));
            }
            string.Join('\n', plan).ShouldContain(index, customMessage: filter);
            if (!index.EndsWith('_'))
            {
                plan.ShouldNotContain(step => step.Contains("TEMP B-TREE", StringComparison.Ordinal) || step.Contains("Sort", StringComparison.Ordinal), filter);
            }
        }
    }

    private static QueryCollection Asked(Dictionary<string, StringValues> values) => new(values);

    private static ReadAudit Reader(TestStore store, Caller caller) => new(store.Database, store.Get<Settings>(), store.Get<BodyMap>(), caller);

    /// <summary>Events of three days, some at the same instant and some of the past.</summary>
    private static async Task FillAsync(TestStore store, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await store.Writer.DoAsync(new Actor(Actors[i % 3]), unit =>
            {
                var subject = new Subject(Kinds[i % 2], Ids[i % 5 % 3]);
                if (i % 7 == 0)
                {
                    unit.PublishPast(unit.Actor, unit.Now - TimeSpan.FromDays(40 - i % 11).ToMicros(), subject, i, new ThingCounted(i), Bodies[i % 4 % 3]);
                }
                else
                {
                    unit.Publish(subject, i, new ThingCounted(i), Bodies[i % 4 % 3], i % 3 == 0 ? new Audit(new { i }, new { i = i + 1 }) : null);
                }
                return Task.CompletedTask;
            });
            store.Clock.Advance(i % 4 == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(47));
        }
        await store.SettleAsync();
    }
}
