using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Zinneke.Testing.Durability;

/// <summary>kill -9 in the middle of a big import, on both stores: the next start finishes it, each line is there once.</summary>
public class KillImportTests
{
    private const int Lines = 8_000;

    [Theory, OnSqlite, OnPostgres]
    public async Task A_killed_import_is_finished_by_the_next_start(StoreKind kind)
    {
        var folder = Directory.CreateTempSubdirectory("zinneke-import-").FullName;
        var store = await TemplateDatabase.EmptyAsync(kind);
        try
        {
            await SmallCity.ImportAsync(folder, store, RealServer.VerbAsync);
            var file = await WriteAsync(folder);
            using (var import = RealServer.BeginVerb("import", "reports", file, "--data", folder, "--store", store))
            {
                while (!import.HasExited && await AskAsync(folder, store, "SELECT coalesce(sum(done), 0) FROM imports") < Lines / 10)
                {
                    await Task.Delay(5);
                }
                import.HasExited.ShouldBeFalse();
                import.Kill();
                await import.WaitForExitAsync();
            }
            (await AskAsync(folder, store, "SELECT count(*) FROM reports_reports")).ShouldBeInRange(Lines / 10, Lines - 1);
            await using (await RealServer.StartAsync(folder, store, RealServer.FreePort()))
            {
                for (var patience = 0; patience < 1200 && await AskAsync(folder, store, "SELECT count(*) FROM imports WHERE done < count") > 0; patience++)
                {
                    await Task.Delay(50);
                }
            }
            (await AskAsync(folder, store, "SELECT count(*) FROM reports_reports")).ShouldBe(Lines);
            (await AskAsync(folder, store, "SELECT count(DISTINCT external_id) FROM reports_origins")).ShouldBe(Lines);
            var again = JsonDocument.Parse(await RealServer.VerbAsync("import", "reports", file, "--data", folder, "--store", store)).RootElement;
            again.GetProperty("unchanged").GetInt32().ShouldBe(Lines);
            (await AskAsync(folder, store, "SELECT count(*) FROM log WHERE type = 'reports.report.imported'")).ShouldBe(Lines, "one event for each report");
        }
        finally
        {
            await TemplateDatabase.DropAsync(store);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> WriteAsync(string folder)
    {
        var text = new StringBuilder("external_id,created_at,state,category,description,lon,lat\n");
        for (var i = 0; i < Lines; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i},2024-01-02T10:00:00+01:00,assigned,road,Line {i},4.35,50.85\n");
        }
        var file = Path.Combine(folder, "history.csv");
        await File.WriteAllTextAsync(file, text.ToString());
        return file;
    }

    private static async Task<long> AskAsync(string folder, string store, string sql)
    {
        await using DbConnection connection = store == "sqlite" ? new SqliteConnection($"Data Source={Path.Combine(folder, "zinneke.db")};Pooling=False") : new NpgsqlConnection(store["postgres:".Length..]);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
