using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Zinneke.Kernel;

/// <summary>The rows of one generation of a follower, put together into a fingerprint: two generations that say the same have the same.</summary>
internal static class DerivedRows
{
    /// <summary>SHA-256 over all columns but the generation, row by row in the order of the key.</summary>
    /// <exception cref="ArgumentException">A type is no table with a generation.</exception>
    public static async Task<byte[]> DigestAsync(Store store, TableFollower follower, int generation, CancellationToken cancellation)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var type in follower.Derives)
        {
            await AppendAsync(sha, store, store.Model.FindEntityType(type) ?? throw new ArgumentException($"{type.Name} is no table"), generation, cancellation);
        }
        return sha.GetHashAndReset();
    }

    private static async Task AppendAsync(IncrementalHash sha, Store store, IEntityType type, int generation, CancellationToken cancellation)
    {
        var by = type.FindProperty("Generation")?.GetColumnName() ?? throw new ArgumentException($"{type.ClrType.Name} has no Generation");
        var columns = type.GetProperties().Where(property => property.Name != "Generation" && !property.IsConcurrencyToken).Select(property => $"\"{property.GetColumnName()}\"").ToList();
        var key = type.FindPrimaryKey()!.Properties.Select(property => $"\"{property.GetColumnName()}\"");
        await store.Database.OpenConnectionAsync(cancellation);
        await using var command = store.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", columns)} FROM {type.GetTableName()} WHERE {by} = @generation ORDER BY {string.Join(", ", key)}";
        command.Add("generation", generation);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            for (var i = 0; i < columns.Count; i++)
            {
                var value = rows.GetValue(i);
                sha.AppendData(value as byte[] ?? Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                sha.AppendData([0x1F]);
            }
        }
    }
}
