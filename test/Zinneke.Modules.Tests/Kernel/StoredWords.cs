using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Testing;

/// <summary>All that a database holds as text: every field of every row of every table, the log among them.</summary>
internal static class StoredWords
{
    public static async Task<string> AllAsync(Database database)
    {
        var all = new StringBuilder();
        await using var context = database.Open();
        await using var connection = await database.ConnectAsync();
        foreach (var table in context.Model.GetEntityTypes().Select(type => type.GetTableName()).OfType<string>().Distinct())
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                for (var i = 0; i < rows.FieldCount; i++)
                {
                    var value = rows.GetValue(i);
                    all.Append(value is byte[] bytes ? $"{Convert.ToHexString(bytes)} {Encoding.UTF8.GetString(bytes)}" : Convert.ToString(value, CultureInfo.InvariantCulture)).Append('\n');
                }
            }
        }
        return all.ToString();
    }
}
