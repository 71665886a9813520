using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;

namespace Zinneke.Kernel;

/// <summary>
/// Inserts many new rows past EF: one prepared statement on SQLite, COPY on PostgreSQL. Table, columns and conversions are those of the model, so that a row looks as
/// if EF had written it; a Version begins at 1.
/// </summary>
internal static class BulkInsert
{
    private static readonly ConcurrentDictionary<IEntityType, Plan> Plans = new();

    /// <param name="connection">With a transaction under way.</param>
    /// <exception cref="DbException">A key is there already.</exception>
    public static void Into<T>(IModel model, DbConnection connection, IReadOnlyList<T> rows)
        where T : class
    {
        var plan = Plans.GetOrAdd(model.FindEntityType(typeof(T)) ?? throw new ArgumentException($"{typeof(T).Name} is no table"), static type => Plan.Of(type));
        if (connection is NpgsqlConnection postgres)
        {
            Copy(plan, postgres, rows);
        }
        else
        {
            Insert(plan, (SqliteConnection)connection, rows);
        }
    }

    private static void Insert<T>(Plan plan, SqliteConnection connection, IReadOnlyList<T> rows)
        where T : class
    {
        using var insert = new SqliteStatement(connection, $"INSERT INTO {plan.Table} ({plan.ColumnList}) VALUES ({string.Join(", ", plan.Columns.Select(_ => "?"))})");
        var values = new object?[plan.Columns.Length];
        foreach (var row in rows)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = plan.Columns[i].ValueOf(row);
            }
            insert.Run(values);
        }
    }

    private static void Copy<T>(Plan plan, NpgsqlConnection connection, IReadOnlyList<T> rows)
        where T : class
    {
        using var copy = connection.BeginBinaryImport($"COPY {plan.Table} ({plan.ColumnList}) FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            copy.StartRow();
            foreach (var column in plan.Columns)
            {
                if (column.ValueOf(row) is { } value)
                {
                    copy.Write(value, column.Type);
                }
                else
                {
                    copy.WriteNull();
                }
            }
        }
        copy.Complete();
    }

    /// <summary>How the rows of one table are written.</summary>
    private sealed record Plan(string Table, Column[] Columns)
    {
        public string ColumnList { get; } = string.Join(", ", Columns.Select(column => Quoted(column.Name)));

        public static Plan Of(IEntityType type) => new(type.GetTableName()!, [.. type.GetProperties().Select(property => new Column(
            property.GetColumnName(), property.GetColumnType(), property.GetGetter(), property.GetTypeMapping().Converter, property is { IsConcurrencyToken: true, Name: "Version" }))]);

        private static string Quoted(string name) => $"\"{name}\"";
    }

    private sealed record Column(string Name, string Type, IClrPropertyGetter Getter, ValueConverter? Converter, bool IsVersion)
    {
        public object? ValueOf(object row)
        {
            var value = Getter.GetClrValue(row);
            return value is null ? null : IsVersion ? Math.Max(1L, (long)value) : Converter is null ? value : Converter.ConvertToProvider(value);
        }
    }
}
