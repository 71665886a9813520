using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Modules.Tests.Kernel;

/// <summary>A verb of a newer program beside an older server: it leaves the schema alone.</summary>
public sealed class UpgradeTests
{
    private static readonly string[] AddKey = ["key", "add", "--name", "probe", "--scope", "reports:read"];

    [Theory, OnSqlite, OnPostgres]
    public async Task A_verb_does_not_change_the_schema_under_a_running_server(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        using var served = store.Get<DataFolder>().Take();
        await store.StartAsync();
        (await VerbRun.On(store, AddKey)).ExitCode.ShouldBe(0, "the schema is the same");
        await ForgetNewestAsync(store);
        var refused = await VerbRun.On(store, AddKey);
        refused.ExitCode.ShouldBe(2, refused.Error);
        refused.Error.ShouldContain("stop the server, start it with this program");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_verb_waits_for_a_server_that_is_just_starting(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        using var served = store.Get<DataFolder>().Take();
        await store.StartAsync();
        var (name, hash) = await ForgetNewestAsync(store);
        var verb = VerbRun.On(store, AddKey);
        await Task.Delay(500);
        await RunAsync(store, $"INSERT INTO migrations (name, hash, applied_at) VALUES ('{name}', '{hash}', 0)");
        (await verb).ExitCode.ShouldBe(0, (await verb).Error);
    }

    /// <summary>The database is as an older program left it.</summary>
    private static async Task<(string Name, string Hash)> ForgetNewestAsync(TestStore store)
    {
        await using var connection = await store.Database.ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM migrations WHERE name = (SELECT max(name) FROM migrations) RETURNING name, hash";
        await using var row = await command.ExecuteReaderAsync();
        (await row.ReadAsync()).ShouldBeTrue();
        return (row.GetString(0), row.GetString(1));
    }

    private static async Task RunAsync(TestStore store, string sql)
    {
        await using var connection = await store.Database.ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
