using System.Data.Common;
using System.Security.Cryptography;
using System.Text;

namespace Zinneke.Kernel;

/// <summary>
/// Brings a database to the schema of this program: numbered SQL files of the kernel and the modules, each in one transaction, recorded in <c>migrations</c>.
/// Column types are written as placeholders ({uuid} {text} {bytes} {long} {int} {real} {bool} {json}), so that one file serves both stores; a file ending in
/// <c>.sqlite.sql</c> or <c>.postgres.sql</c> is for that store alone. A released file is never edited: its hash is checked.
/// </summary>
public sealed class Migrator(Database database, TimeProvider time)
{
    /// <summary>Runs what is missing.</summary>
    /// <returns>The names of the migrations that were run, such as <c>reports/0001_reports</c>.</returns>
    /// <exception cref="BadInputException">The database was made by a newer program, or a released migration has another content.</exception>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellation = default)
    {
        await using var connection = await database.ConnectAsync(cancellation);
        await MakeTableAsync(connection, cancellation);
        var all = All();
        var done = new List<string>();
        foreach (var (name, sql) in all)
        {
            if (await RunAsync(connection, name, sql, cancellation))
            {
                done.Add(name);
            }
        }
        await RefuseNewerAsync(connection, all, cancellation);
        return done;
    }

    /// <summary>Whether the database lacks migrations of this program.</summary>
    public async Task<bool> IsBehindAsync(CancellationToken cancellation = default)
    {
        await using var connection = await database.ConnectAsync(cancellation);
        await MakeTableAsync(connection, cancellation);
        var known = await NamesAsync(connection, cancellation);
        return All().Exists(m => !known.Contains(m.Name));
    }

    /// <summary>The migrations that were run on this database, by name; none on an empty one.</summary>
    public async Task<IReadOnlyList<string>> DoneAsync(CancellationToken cancellation = default)
    {
        await using var connection = await database.ConnectAsync(cancellation);
        await MakeTableAsync(connection, cancellation);
        return [.. (await NamesAsync(connection, cancellation)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Under the lock too: on PostgreSQL two that both see no table both make one, and one of them fails.</summary>
    private async Task MakeTableAsync(DbConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, transaction, database.MigrationLockSql, cancellation);
        await ExecuteAsync(
            connection, transaction, Fill("CREATE TABLE IF NOT EXISTS migrations (name {text} NOT NULL, hash {text} NOT NULL, applied_at {long} NOT NULL, CONSTRAINT pk_migrations PRIMARY KEY (name))"), cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>All migrations of this program for this store, in the order in which they run.</summary>
    private List<(string Name, string Sql)> All()
    {
        var all = new List<(string, string)>();
        foreach (var map in database.Maps)
        {
            var prefix = $"{map.Assembly.GetName().Name}.Migrations.";
            var files = map.Assembly.GetManifestResourceNames()
                .Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && n.EndsWith(".sql", StringComparison.Ordinal))
                .Select(n => (Resource: n, Name: n[prefix.Length..^4]))
                .Where(f => !IsForOtherStore(f.Name))
                .OrderBy(f => f.Name, StringComparer.Ordinal);
            foreach (var (resource, name) in files)
            {
                using var reader = new StreamReader(map.Assembly.GetManifestResourceStream(resource)!);
                all.Add(($"{map.Owner}/{name}", Fill(reader.ReadToEnd())));
            }
        }
        return all;
    }

    private bool IsForOtherStore(string name) => name.Contains('.', StringComparison.Ordinal) && !name.EndsWith("." + database.Name, StringComparison.Ordinal);

    private string Fill(string sql)
    {
        foreach (var (placeholder, type) in database.ColumnTypes)
        {
            sql = sql.Replace("{" + placeholder + "}", type, StringComparison.Ordinal);
        }
        return sql;
    }

    private async Task<bool> RunAsync(DbConnection connection, string name, string sql, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, transaction, database.MigrationLockSql, cancellation);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql.ReplaceLineEndings("\n"))));
        await using var find = Command(connection, transaction, "SELECT hash FROM migrations WHERE name = @name", ("name", name));
        if (await find.ExecuteScalarAsync(cancellation) is string known)
        {
            return known == hash ? false : throw new BadInputException($"migration {name} was changed after it had been run on this database: expected hash {known}, found {hash}");
        }
        await ExecuteAsync(connection, transaction, sql, cancellation);
        await using var record = Command(connection, transaction, "INSERT INTO migrations (name, hash, applied_at) VALUES (@name, @hash, @at)", ("name", name), ("hash", hash), ("at", time.NowMicros()));
        await record.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private static async Task RefuseNewerAsync(DbConnection connection, List<(string Name, string Sql)> all, CancellationToken cancellation)
    {
        var own = all.Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        if ((await NamesAsync(connection, cancellation)).FirstOrDefault(name => !own.Contains(name)) is { } foreign)
        {
            throw new BadInputException($"this database holds migration {foreign}, which this program does not know: it was made by a newer program, start that one");
        }
    }

    /// <summary>The migrations that were run on this database.</summary>
    private static async Task<HashSet<string>> NamesAsync(DbConnection connection, CancellationToken cancellation)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await using var list = Command(connection, null, "SELECT name FROM migrations");
        await using var rows = await list.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            names.Add(rows.GetString(0));
        }
        return names;
    }

    private static async Task ExecuteAsync(DbConnection connection, DbTransaction? transaction, string sql, CancellationToken cancellation)
    {
        await using var command = Command(connection, transaction, sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static DbCommand Command(DbConnection connection, DbTransaction? transaction, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Add(name, value);
        }
        return command;
    }
}
