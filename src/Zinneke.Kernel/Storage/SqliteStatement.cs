using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace Zinneke.Kernel;

/// <summary>One statement that runs many times. Values are bound by their place; the layer above would look up each of them by name each time.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    /// <param name="sql">With <c>?</c> for each value; gives no rows.</param>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle ?? throw new InvalidOperationException("the connection is closed");
        Check(sqlite3_prepare_v2(database, sql, out statement));
    }

    /// <param name="values">As the store keeps them: null, long, int, bool, double, string, bytes; a UUID becomes 16 bytes.</param>
    /// <exception cref="SqliteException">A key is there already, the disk is full ...</exception>
    public void Run(ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            Check(Bind(statement, i + 1, values[i]));
        }
        var done = sqlite3_step(statement);
        if (done != SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(done, database);
        }
        Check(sqlite3_reset(statement));
    }

    public void Dispose() => statement.Dispose();

    /// <summary>Binds a value as the store keeps it.</summary>
    /// <returns>SQLite's result code.</returns>
    internal static int Bind(sqlite3_stmt statement, int place, object? value) => value switch
    {
        null => sqlite3_bind_null(statement, place),
        long number => sqlite3_bind_int64(statement, place, number),
        int number => sqlite3_bind_int64(statement, place, number),
        bool yes => sqlite3_bind_int64(statement, place, yes ? 1 : 0),
        double number => sqlite3_bind_double(statement, place, number),
        string text => sqlite3_bind_text(statement, place, text),
        byte[] bytes => sqlite3_bind_blob(statement, place, bytes),
        Guid id => sqlite3_bind_blob(statement, place, id.ToByteArray(true)),
        _ => throw new ArgumentException($"{value.GetType().Name} is no value of this store"),
    };

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, database);
}
