using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>
/// The secret of an installation, and keys derived from it for one purpose each (HKDF, RFC 5869). With the embedded store it lies in <c>keys/</c> of the data folder,
/// with PostgreSQL in the database, because all nodes must share it.
/// </summary>
public sealed class Keys(Database database, DataFolder folder)
{
    internal const string FileName = "secret";
    private const int Length = 32;
    private readonly ConcurrentDictionary<string, byte[]> derived = new(StringComparer.Ordinal);
    private readonly Lazy<byte[]> secret = new(() => database.IsSqlite ? folder.Key(FileName, () => RandomNumberGenerator.GetBytes(Length)) : Shared(database));

    /// <summary>For moving the installation to another store.</summary>
    internal byte[] Secret => secret.Value;

    /// <summary>32 bytes for this purpose alone; the same on every node and after every start.</summary>
    /// <param name="purpose">A stable name such as <c>cursor</c>.</param>
    public byte[] For(string purpose) =>
        derived.GetOrAdd(purpose, static (name, secret) => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.Value, Length, info: Encoding.UTF8.GetBytes("zinneke " + name)), secret);

    /// <summary>The first node to come makes it; the others read what it made.</summary>
    private static byte[] Shared(Database database)
    {
        using var connection = ((PostgresDatabase)database).Source.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO secrets (name, value) VALUES ('secret', @value) ON CONFLICT (name) DO NOTHING; SELECT value FROM secrets WHERE name = 'secret'";
        command.Add("value", RandomNumberGenerator.GetBytes(Length));
        return (byte[])command.ExecuteScalar()!;
    }
}

/// <summary>A secret that all nodes share; only on PostgreSQL.</summary>
internal sealed class SecretRow
{
    public required string Name { get; set; }

    public required byte[] Value { get; set; }

    internal static void Map(ModelBuilder model) => model.Entity<SecretRow>(row => row.ToTable("secrets").HasKey(r => r.Name));
}
