using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Whether the tables have the columns that this program reads and writes; that every migration was run as it was released is looked at when the store is opened.</summary>
internal sealed class SchemaCheck(Database database) : Check
{
    public override string Name => "kernel.schema";

    public override async Task<long> RunAsync(Action<string, string> wrong, Action<long> looked, CancellationToken cancellation)
    {
        await using var store = database.Open();
        await using var connection = await database.ConnectAsync(cancellation);
        var count = 0;
        foreach (var table in store.Model.GetEntityTypes().Where(type => type.GetTableName() is not null).GroupBy(type => type.GetTableName()!, StringComparer.Ordinal))
        {
            count++;
            var expected = table.SelectMany(type => type.GetProperties()).Select(property => property.GetColumnName()).ToHashSet(StringComparer.Ordinal);
            if (await ColumnsAsync(connection, table.Key, cancellation) is not { } there)
            {
                wrong(table.Key, "the table is missing");
                continue;
            }
            foreach (var missing in expected.Except(there).Order(StringComparer.Ordinal))
            {
                wrong(table.Key, $"the column {missing} is missing");
            }
        }
        return count;
    }

    private static async Task<HashSet<string>?> ColumnsAsync(DbConnection connection, string table, CancellationToken cancellation)
    {
        try
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table} WHERE 1 = 0";
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            return [.. Enumerable.Range(0, rows.FieldCount).Select(rows.GetName)];
        }
        catch (DbException)
        {
            return null;
        }
    }
}
