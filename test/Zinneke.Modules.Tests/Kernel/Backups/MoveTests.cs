using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Modules.Tests.Kernel.Backups;

/// <summary>The whole demonstration city moves to the other store and back, and nobody could tell (K30).</summary>
public class MoveTests
{
    private static readonly string[][] Exports =
    [
        ["reports", "export", "--format", "csv"], ["reports", "export", "--format", "json"], ["reports", "export", "--format", "geojson"], ["reports", "export", "--format", "georeport-bulk"],
        ["export", "areas"], ["export", "bodies"], ["export", "categories"], ["export", "rules"], ["export", "answers"],
    ];

    [Theory, OnPostgres]
    public async Task What_goes_out_is_the_same_before_and_after(StoreKind other)
    {
        await using var here = await Elsewhere.NewAsync(StoreKind.Sqlite);
        await using var there = await Elsewhere.NewAsync(other);
        var made = await here.RunAsync("demo");
        made.ExitCode.ShouldBe(0, made.Error);
        (await here.RunAsync("follower", "rebuild", "kernel.search")).ExitCode.ShouldBe(0);
        var before = await ExportedAsync(here.Folder, here.Store);
        var found = await FoundAsync(here.Folder, here.Store);
        found.Length.ShouldBe(100);

        var moved = await here.RunAsync("move", "--to", there.Store);
        moved.ExitCode.ShouldBe(0, moved.Output + moved.Error);
        moved.Json.GetProperty("tables").GetProperty("reports_reports").GetInt64().ShouldBeGreaterThan(1900);
        File.Exists(Path.Combine(here.Folder, "zinneke.db")).ShouldBeFalse("nobody starts the old one by mistake");
        (await ExportedAsync(here.Folder, there.Store)).ShouldBe(before);
        (await FoundAsync(here.Folder, there.Store)).ShouldBe(found, ignoreOrder: true, "the full-text index follows the entries that are copied");
        var verified = await VerbRun.In(here.Folder, there.Store, "verify");
        verified.ExitCode.ShouldBe(0, verified.Output);
        (await VerbRun.In(here.Folder, there.Store, "reports", "verify")).ExitCode.ShouldBe(0);

        (await here.RunAsync("follower", "list")).ExitCode.ShouldBe(0); // Makes an empty one.
        (await VerbRun.In(here.Folder, there.Store, "move", "--to", "sqlite")).Error.ShouldContain("holds something already");
        File.Delete(Path.Combine(here.Folder, "zinneke.db"));
        moved = await VerbRun.In(here.Folder, there.Store, "move", "--to", "sqlite");
        moved.ExitCode.ShouldBe(0, moved.Output + moved.Error);
        (await ExportedAsync(here.Folder, here.Store)).ShouldBe(before);
        (await FoundAsync(here.Folder, here.Store)).ShouldBe(found, ignoreOrder: true);
        verified = await here.RunAsync("verify");
        verified.ExitCode.ShouldBe(0, verified.Output);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Who_writes_while_it_moves_waits_and_is_then_refused(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await using var there = await Elsewhere.NewAsync(kind == StoreKind.Sqlite ? StoreKind.Postgres : StoreKind.Sqlite);
        await DeskCity.FoundAsync(store.Services);
        await store.SettleAsync();
        Task? late = null;
        await using var to = Database.Of(there.Store, Path.Combine(there.Folder, "zinneke.db"), store.Database.Maps);
        await store.Get<MoveStore>().RunAsync(to, (_, _) =>
        {
            late ??= Task.Run(() => store.Get<Accounts>().GiveRoleAsync(Caller.Program(), "late@example.org", "Late", new WantedRole("agent", DeskCity.West, [], [])));
            late.IsCompleted.ShouldBeFalse();
        }, default);
        (await Should.ThrowAsync<Exception>(late!)).ToString().ShouldContain("has moved to another store");
        // Units without events go by the same door: settings of people, drafts, what is forgotten.
        var quiet = async () => await store.Writer.DoAsync(Actor.System, unit =>
        {
            unit.Store.Add(new ReportSender { ReportId = unit.NextId(), Device = "late", At = unit.Now });
            return Task.CompletedTask;
        });
        (await Should.ThrowAsync<Exception>(quiet)).ToString().ShouldContain("has moved to another store");
        var forgets = async () => await store.Writer.DoAsync(Actor.System, unit =>
        {
            unit.Store.RemoveRange(unit.Store.Set<CatalogueRow>());
            return Task.CompletedTask;
        });
        (await Should.ThrowAsync<Exception>(forgets)).ToString().ShouldContain("has moved to another store");
        await using var moved = to.Open();
        (await moved.Set<Account>().AnyAsync(account => account.Email == "late@example.org")).ShouldBeFalse();
    }

    [Theory, OnSqlite]
    public async Task It_does_not_move_under_a_server(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        using var served = store.Get<DataFolder>().Take();
        (await VerbRun.On(store, "move", "--to", "sqlite")).Error.ShouldContain("in use by another server");
    }

    /// <summary>What the search finds of a word, at most a page.</summary>
    private static async Task<string[]> FoundAsync(string folder, string store)
    {
        await using var maps = await TestStore.NewAsync(StoreKind.Sqlite);
        await using var database = Database.Of(store, Path.Combine(folder, "zinneke.db"), maps.Database.Maps);
        return [.. (await new FindEntries(database, new LogTail()).PageAsync(new SearchQuery { Words = "trottoir", Limit = SearchQuery.LimitMax }, null, default)).Hits.Select(hit => $"{hit.Kind} {hit.Id} {hit.Title}")];
    }

    private static async Task<IReadOnlyList<string>> ExportedAsync(string folder, string store)
    {
        var all = new List<string>();
        foreach (var export in Exports)
        {
            var run = await VerbRun.In(folder, store, export);
            run.ExitCode.ShouldBe(0, run.Error);
            all.Add(run.Output);
        }
        return all;
    }
}
