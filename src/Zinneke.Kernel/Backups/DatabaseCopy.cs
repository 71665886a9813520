using System.ComponentModel;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Zinneke.Kernel;

/// <summary>Copies a whole database as it is at one instant, while others write: SQLite by itself, PostgreSQL through its own programs, which know every version of it.</summary>
internal static class DatabaseCopy
{
    /// <param name="path">A file that is not there yet.</param>
    /// <exception cref="BadInputException">pg_dump is missing or fails.</exception>
    public static async Task WriteAsync(Database database, string path, CancellationToken cancellation)
    {
        if (database is PostgresDatabase postgres)
        {
            await RunAsync("pg_dump", postgres, ["--no-password", "--format=custom", "--no-owner", "--no-privileges", "--file", path], cancellation);
            return;
        }
        await using var connection = await database.ConnectAsync(cancellation);
        await using var copy = connection.CreateCommand();
        copy.CommandText = "VACUUM INTO @path"; // One reading transaction: writers go on.
        copy.Add("path", path);
        await copy.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Fills an empty database.</summary>
    /// <exception cref="BadInputException">pg_restore is missing or fails; the database is then as empty as before.</exception>
    public static async Task ReadAsync(Database database, string path, CancellationToken cancellation)
    {
        if (database is PostgresDatabase postgres)
        {
            await RunAsync("pg_restore", postgres, ["--no-password", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--dbname", NameOf(postgres), path], cancellation);
            await CountAnewAsync(postgres, cancellation);
            return;
        }
        var file = ((SqliteDatabase)database).File;
        foreach (var left in (string[])[file + "-wal", file + "-shm"])
        {
            if (File.Exists(left))
            {
                File.Move(left, left + ".before-restore", overwrite: true); // Of a database that is gone: SQLite would take it for this one's.
            }
        }
        using (var whole = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
        {
            whole.Flush(flushToDisk: true);
        }
        File.Move(path, file);
        FolderSync.Sync(Path.GetDirectoryName(file)!);
    }

    /// <summary>Events that wait to be sealed carry the transaction that wrote them, by the count of the server that they come from; this one counts on its own. Their order is kept by <c>seq</c>.</summary>
    private static async Task CountAnewAsync(PostgresDatabase postgres, CancellationToken cancellation)
    {
        await using var connection = await postgres.ConnectAsync(cancellation);
        await using var update = connection.CreateCommand();
        update.CommandText = "UPDATE log_new SET xid = pg_current_xact_id()";
        await update.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Whether nothing was ever stored in it.</summary>
    public static async Task<bool> IsEmptyAsync(Database database, CancellationToken cancellation)
    {
        if (database is SqliteDatabase sqlite && !File.Exists(sqlite.File))
        {
            return true;
        }
        await using var connection = await database.ConnectAsync(cancellation);
        await using var tables = connection.CreateCommand();
        tables.CommandText = database.IsSqlite ? "SELECT count(*) FROM sqlite_master" : "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()";
        return Convert.ToInt64(await tables.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture) == 0;
    }

    private static string NameOf(PostgresDatabase postgres) => postgres.Connection.Database ?? "";

    private static async Task RunAsync(string program, PostgresDatabase postgres, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var server = postgres.Connection;
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        // By the environment, because whoever has an account on the machine sees the arguments.
        foreach (var (name, value) in ((string, string?)[])
            [("PGHOST", server.Host), ("PGPORT", server.Port.ToString(CultureInfo.InvariantCulture)), ("PGUSER", server.Username), ("PGPASSWORD", server.Password), ("PGDATABASE", server.Database), ("PGSSLMODE", ModeOf(server.SslMode))])
        {
            if (value is { Length: > 0 })
            {
                start.Environment[name] = value;
            }
        }
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new BadInputException($"{program} is not on this machine: install PostgreSQL's programs for clients (Debian: apt-get install postgresql-client)", missing);
        }
        using (process)
        {
            process.StandardInput.Close(); // It must not ask for a password.
            try
            {
                var said = await process.StandardError.ReadToEndAsync(cancellation);
                await process.WaitForExitAsync(cancellation);
                if (process.ExitCode != 0)
                {
                    throw new BadInputException($"{program} failed: {said.Trim()}");
                }
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                throw;
            }
        }
    }

    private static string? ModeOf(SslMode mode) => mode switch
    {
        SslMode.Disable => "disable", SslMode.Allow => "allow", SslMode.Require => "require", SslMode.VerifyCA => "verify-ca", SslMode.VerifyFull => "verify-full", _ => null,
    };
}
