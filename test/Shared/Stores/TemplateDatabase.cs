using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using Zinneke.Kernel;

namespace Zinneke.Testing;

/// <summary>
/// An empty, migrated database that is made once in a process and copied for every test that needs one: a file on SQLite, CREATE DATABASE ... TEMPLATE on PostgreSQL.
/// Each set of tables has its own.
/// </summary>
internal static class TemplateDatabase
{
    private static readonly ConcurrentDictionary<(StoreKind Kind, string Tables), Lazy<Task<string>>> Templates = new();
    private static readonly string Run = $"zinneke_{Environment.ProcessId}";
    private static int copies;

    /// <summary>Copies the template.</summary>
    /// <param name="folder">Where a SQLite file goes.</param>
    /// <returns>What <c>--store</c> takes: <c>sqlite</c> (the file is then zinneke.db in the folder) or <c>postgres:...</c>.</returns>
    public static async Task<string> CopyAsync(StoreKind kind, IReadOnlyList<TableMap> tables, string folder)
    {
        var template = await Templates.GetOrAdd((kind, string.Join(',', tables.Select(t => t.Owner))), key => new(() => MakeAsync(key.Kind, tables))).Value;
        if (kind == StoreKind.Sqlite)
        {
            File.Copy(template, Path.Combine(folder, "zinneke.db"));
            return "sqlite";
        }
        var name = NextName("copy");
        await OnServerAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return StoreOf(name);
    }

    /// <summary>Removes a copy on PostgreSQL, also when somebody is still connected.</summary>
    public static async Task DropAsync(string store)
    {
        if (store != "sqlite")
        {
            var name = new NpgsqlConnectionStringBuilder(store["postgres:".Length..]).Database;
            await OnServerAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        }
    }

    /// <summary>Makes a database without any table.</summary>
    public static async Task<string> EmptyAsync(StoreKind kind)
    {
        if (kind == StoreKind.Sqlite)
        {
            return "sqlite";
        }
        var name = NextName("empty");
        await OnServerAsync($"CREATE DATABASE {name} TEMPLATE template0");
        return StoreOf(name);
    }

    private static async Task<string> MakeAsync(StoreKind kind, IReadOnlyList<TableMap> tables)
    {
        var folder = kind == StoreKind.Sqlite ? Directory.CreateTempSubdirectory("zinneke-template-").FullName : "";
        var file = Path.Combine(folder, "zinneke.db");
        var store = await EmptyAsync(kind);
        await using (var database = Database.Of(store, file, tables))
        {
            await new Migrator(database, new ManualClock()).MigrateAsync();
        }
        if (kind == StoreKind.Postgres)
        {
            return new NpgsqlConnectionStringBuilder(store["postgres:".Length..]).Database!; // Stays there: the server is thrown away.
        }
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return file;
    }

    private static string NextName(string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{Run}_{what}_{Interlocked.Increment(ref copies)}");

    private static string StoreOf(string name) =>
        "postgres:" + new NpgsqlConnectionStringBuilder(Postgres.Required) { Database = name, MaxPoolSize = 20 }.ConnectionString;

    private static async Task OnServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Postgres.Required) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
