using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace Zinneke.Kernel;

/// <summary>Copies a whole installation to a database of the other kind (K30): every row of every table as it is, the log with its positions and hashes, all in one transaction. Files stay where they are.</summary>
public sealed class MoveStore(Database from, DataFolder folder, Keys keys, TimeProvider time)
{
    private static readonly string[] Changes = ["INSERT", "UPDATE", "DELETE"];

    /// <param name="to">Empty.</param>
    /// <param name="progress">Told the table and the rows copied so far.</param>
    /// <returns>Rows by table.</returns>
    /// <exception cref="BadInputException">The target holds something.</exception>
    public async Task<IReadOnlyDictionary<string, long>> RunAsync(Database to, Action<string, long>? progress, CancellationToken cancellation)
    {
        if (!await DatabaseCopy.IsEmptyAsync(to, cancellation))
        {
            throw new BadInputException("the database to move to holds something already: make an empty one");
        }
        await new Migrator(to, time).MigrateAsync(cancellation);
        await using var source = from.Open();
        await using var target = to.Open();
        await using var reading = await from.ConnectAsync(cancellation);
        await using var snapshot = await reading.BeginTransactionAsync(from.IsSqlite ? System.Data.IsolationLevel.Unspecified : System.Data.IsolationLevel.RepeatableRead, cancellation);
        await HoldAsync(reading, snapshot, cancellation);
        await using var writing = await to.ConnectAsync(cancellation);
        await using var transaction = await writing.BeginTransactionAsync(cancellation);
        var moved = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var type in target.Model.GetEntityTypes().Where(type => type.ClrType != typeof(SecretRow)).OrderBy(type => type.GetTableName(), StringComparer.Ordinal))
        {
            var table = type.GetTableName()!;
            moved[table] = await CopyAsync(type, reading, writing, at => progress?.Invoke(table, at), cancellation);
        }
        await MoveSecretAsync(to, writing, transaction, cancellation);
        await transaction.CommitAsync(cancellation);
        await CloseAsync(reading, snapshot, [.. source.Model.GetEntityTypes().Select(type => type.GetTableName()!).Distinct()], cancellation);
        return moved;
    }

    /// <summary>Lets nobody write while it is copied: SQLite's transaction has the writer's lock from its beginning, on PostgreSQL every unit goes through one table, also one without events. Before the first read, which fixes what is seen.</summary>
    private static async Task HoldAsync(DbConnection reading, DbTransaction snapshot, CancellationToken cancellation)
    {
        if (reading is NpgsqlConnection)
        {
            await DoAsync(reading, snapshot, "LOCK TABLE log_new IN SHARE ROW EXCLUSIVE MODE", cancellation);
        }
    }

    /// <summary>Whoever waited meanwhile, such as an import that had begun before, must not write into what nobody will read again.</summary>
    private static async Task CloseAsync(DbConnection reading, DbTransaction snapshot, IReadOnlyList<string> tables, CancellationToken cancellation)
    {
        const string said = "this installation has moved to another store";
        await DoAsync(reading, snapshot, reading is SqliteConnection
            ? string.Join('\n', tables.SelectMany(_ => Changes, (table, change) => $"CREATE TRIGGER IF NOT EXISTS moved_{change}_{table} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, '{said}'); END;"))
            : $"CREATE OR REPLACE FUNCTION moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{said}'; END $$; CREATE OR REPLACE TRIGGER moved BEFORE INSERT ON log_new EXECUTE FUNCTION moved()", cancellation);
        await snapshot.CommitAsync(cancellation);
    }

    private static async Task DoAsync(DbConnection connection, DbTransaction transaction, string statement, CancellationToken cancellation)
    {
        await using var does = connection.CreateCommand();
        (does.Transaction, does.CommandText) = (transaction, statement);
        await does.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<long> CopyAsync(IEntityType type, DbConnection reading, DbConnection writing, Action<long> progress, CancellationToken cancellation)
    {
        var columns = type.GetProperties().Select(property => (Name: $"\"{property.GetColumnName()}\"", Type: property.GetColumnType(), Kept: KeptAs(property))).ToArray();
        var list = string.Join(", ", columns.Select(column => column.Name));
        await using var all = reading.CreateCommand();
        all.CommandText = $"SELECT {list} FROM {type.GetTableName()}";
        await using var rows = await all.ExecuteReaderAsync(cancellation);
        await using var into = RowWriter.Of(writing, type.GetTableName()!, list, [.. columns.Select(column => column.Type)]);
        var (values, count) = (new object?[columns.Length], 0L);
        while (await rows.ReadAsync(cancellation))
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = rows.IsDBNull(i) ? null : Converted(rows, i, columns[i].Kept);
            }
            into.Write(values);
            progress(++count);
        }
        into.Complete();
        return count;
    }

    /// <summary>As the stores keep it: what a converter makes of it, else the value itself.</summary>
    private static Type KeptAs(IProperty property)
    {
        var type = property.GetTypeMapping().Converter is { } converter && property.ClrType != typeof(Guid) && property.ClrType != typeof(Guid?) ? converter.ProviderClrType : property.ClrType;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum ? Enum.GetUnderlyingType(type) : type;
    }

    private static object Converted(DbDataReader row, int column, Type kept) => kept == typeof(Guid) ? row.GetId(column)
        : row.GetValue(column) is var value && kept.IsInstanceOfType(value) ? value
        : Convert.ChangeType(value, kept, CultureInfo.InvariantCulture);

    /// <summary>From it come the signatures of links that people hold.</summary>
    private async Task MoveSecretAsync(Database to, DbConnection writing, DbTransaction transaction, CancellationToken cancellation)
    {
        if (to.IsSqlite)
        {
            if (!folder.Key(Keys.FileName, () => keys.Secret).AsSpan().SequenceEqual(keys.Secret))
            {
                throw new BadInputException($"{folder.Keys} holds the secret of another installation: move its file {Keys.FileName} away");
            }
            return;
        }
        await using var insert = writing.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "INSERT INTO secrets (name, value) VALUES ('secret', @value)";
        insert.Add("value", keys.Secret);
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Inserts rows of one table, in the quickest way of each store.</summary>
    private abstract class RowWriter : IAsyncDisposable
    {
        public static RowWriter Of(DbConnection connection, string table, string columns, string[] types) => connection is NpgsqlConnection postgres
            ? new Copying(postgres.BeginBinaryImport($"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)"), types)
            : new Inserting(new SqliteStatement((SqliteConnection)connection, $"INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", types.Select(_ => "?"))})"));

        public abstract void Write(object?[] values);

        public abstract void Complete();

        public abstract ValueTask DisposeAsync();

        private sealed class Copying(NpgsqlBinaryImporter copy, string[] types) : RowWriter
        {
            public override void Write(object?[] values)
            {
                copy.StartRow();
                for (var i = 0; i < values.Length; i++)
                {
                    if (values[i] is { } value)
                    {
                        copy.Write(value, types[i]);
                    }
                    else
                    {
                        copy.WriteNull();
                    }
                }
            }

            public override void Complete() => copy.Complete();

            public override ValueTask DisposeAsync() => copy.DisposeAsync();
        }

        private sealed class Inserting(SqliteStatement insert) : RowWriter
        {
            public override void Write(object?[] values) => insert.Run(values);

            public override void Complete()
            {
                // Each row is there once it was written.
            }

            public override ValueTask DisposeAsync()
            {
                insert.Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
