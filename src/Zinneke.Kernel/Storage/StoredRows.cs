using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;
using static SQLitePCL.raw;

namespace Zinneke.Kernel;

/// <summary>
/// The rows of a query, read column by column without an object for any of them: for what is read by the thousand or the million. Text is UTF-8 as it is stored.
/// Columns are asked by their place from 0, in the type that they have; what is null is asked with <see cref="IsNull"/> first, except text, which is then empty.
/// </summary>
public abstract class StoredRows : IAsyncDisposable
{
    /// <summary>Runs a query.</summary>
    /// <param name="connection">Open; used by nothing else meanwhile.</param>
    /// <param name="sql">With <c>$1</c>, <c>$2</c> ... for the values.</param>
    /// <param name="values">Null, long, double, string, bool, or a UUID.</param>
    public static async Task<StoredRows> OpenAsync(DbConnection connection, string sql, IReadOnlyList<object?> values, CancellationToken cancellation)
    {
        if (connection is SqliteConnection sqlite)
        {
            return new OfSqlite(sqlite, sql, values);
        }
        var command = new NpgsqlCommand(sql, (NpgsqlConnection)connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }
        return new OfPostgres(command, await command.ExecuteReaderAsync(cancellation));
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False behind the last one.</returns>
    public abstract ValueTask<bool> ReadAsync(CancellationToken cancellation);

    public abstract bool IsNull(int column);

    public abstract long Long(int column);

    public abstract double Double(int column);

    public abstract bool Bool(int column);

    public abstract Guid Id(int column);

    /// <summary>Valid until the next row; empty for null.</summary>
    public abstract ReadOnlySpan<byte> Utf8(int column);

    public string? Text(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(Utf8(column));

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    public double? DoubleOrNull(int column) => IsNull(column) ? null : Double(column);

    public abstract ValueTask DisposeAsync();

    private sealed class OfSqlite : StoredRows
    {
        private readonly sqlite3 database;
        private readonly sqlite3_stmt statement;
        private readonly nint row; // Of the statement, which lives as long as this.

        public OfSqlite(SqliteConnection connection, string sql, IReadOnlyList<object?> values)
        {
            database = connection.Handle ?? throw new InvalidOperationException("the connection is closed");
            SqliteException.ThrowExceptionForRC(sqlite3_prepare_v2(database, sql, out statement), database);
            row = statement.DangerousGetHandle();
            try
            {
                for (var i = 0; i < values.Count; i++)
                {
                    SqliteException.ThrowExceptionForRC(SqliteStatement.Bind(statement, sqlite3_bind_parameter_index(statement, $"${i + 1}"), values[i]), database);
                }
            }
            catch
            {
                statement.Dispose();
                throw;
            }
        }

        public override ValueTask<bool> ReadAsync(CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            var result = SqliteColumns.Step(row);
            if (result is not (SQLITE_ROW or SQLITE_DONE))
            {
                SqliteException.ThrowExceptionForRC(result, database);
            }
            return ValueTask.FromResult(result == SQLITE_ROW);
        }

        public override bool IsNull(int column) => SqliteColumns.Type(row, column) == SQLITE_NULL;

        public override long Long(int column) => SqliteColumns.Long(row, column);

        public override double Double(int column) => SqliteColumns.Double(row, column);

        public override bool Bool(int column) => SqliteColumns.Long(row, column) != 0;

        public override Guid Id(int column) => new(SqliteColumns.Bytes(row, column), bigEndian: true);

        public override ReadOnlySpan<byte> Utf8(int column) => SqliteColumns.Bytes(row, column); // Of text: its bytes as they are stored.

        public override ValueTask DisposeAsync()
        {
            statement.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class OfPostgres(NpgsqlCommand command, NpgsqlDataReader rows) : StoredRows
    {
        public override async ValueTask<bool> ReadAsync(CancellationToken cancellation) => await rows.ReadAsync(cancellation);

        public override bool IsNull(int column) => rows.IsDBNull(column);

        public override long Long(int column) => rows.GetInt64(column);

        public override double Double(int column) => rows.GetDouble(column);

        public override bool Bool(int column) => rows.GetBoolean(column);

        public override Guid Id(int column) => rows.GetGuid(column);

        public override ReadOnlySpan<byte> Utf8(int column) => rows.IsDBNull(column) ? default : rows.GetFieldValue<byte[]>(column);

        public override async ValueTask DisposeAsync()
        {
            await rows.DisposeAsync();
            await command.DisposeAsync();
        }
    }
}
