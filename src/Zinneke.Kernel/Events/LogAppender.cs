using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Zinneke.Kernel;

/// <summary>
/// Appends events to the sealed log inside one transaction, giving each the next position and the hash that chains it to the one before:
/// SHA-256(previous hash, position, id, type, version, subject, its version, body, actor, instant, data, digest), every text preceded by its length in bytes.
/// PostgreSQL gets them by COPY, which <see cref="Flush"/> ends. The caller holds the lock under which only one transaction at a time appends.
/// </summary>
internal sealed class LogAppender : IDisposable
{
    private readonly DbConnection connection;
    private readonly DbTransaction transaction;
    private SqliteStatement? insert;
    private NpgsqlBinaryImporter? copy;
    private long position;
    private byte[] hash = [];
    private bool read;
    private bool appended;
    private long markPosition;
    private byte[] markHash = [];

    public LogAppender(DbConnection connection, DbTransaction transaction)
    {
        this.connection = connection;
        this.transaction = transaction;
    }

    /// <summary>The last position given, or 0 when nothing was appended.</summary>
    public long Head => appended ? position : 0;

    /// <summary>Remembers where the chain stands, before a unit that may be rolled back.</summary>
    public void Mark() => (markPosition, markHash) = (position, hash);

    /// <summary>Goes back to the mark.</summary>
    public void Reset()
    {
        (position, hash) = (markPosition, markHash);
        read = hash.Length > 0 || position > 0;
    }

    public void Append(NewEvent added)
    {
        if (!read)
        {
            ReadHead();
        }
        position++;
        appended = true;
        hash = Chain(hash, position, added);
        object?[] values =
        [
            position, added.Id, added.Type, added.Version, added.Subject.Kind, added.Subject.Id, added.SubjectVersion, added.Body, added.Actor.Id, added.At, added.Data, added.Digest, hash,
        ];
        if (connection is NpgsqlConnection postgres)
        {
            Copy(postgres, values);
        }
        else
        {
            Insert(values);
        }
    }

    /// <summary>Ends the appending, before the transaction is committed. On PostgreSQL the connection can do nothing else until then.</summary>
    public void Flush()
    {
        copy?.Complete();
        Dispose();
    }

    /// <summary>What was not flushed is not appended.</summary>
    public void Dispose()
    {
        insert?.Dispose();
        copy?.Dispose();
        (insert, copy) = (null, null);
    }

    private void Insert(object?[] values)
    {
        insert ??= new SqliteStatement((SqliteConnection)connection, $"INSERT INTO log ({LogRow.Columns}, digest, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        insert.Run(values);
    }

    private void Copy(NpgsqlConnection postgres, object?[] values)
    {
        copy ??= postgres.BeginBinaryImport($"COPY log ({LogRow.Columns}, digest, hash) FROM STDIN (FORMAT BINARY)");
        copy.StartRow();
        foreach (var value in values)
        {
            if (value is null)
            {
                copy.WriteNull();
            }
            else
            {
                copy.Write(value);
            }
        }
    }

    internal static byte[] Chain(byte[] previous, long position, NewEvent added)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(previous);
        Number(sha, position);
        sha.AppendData(added.Id.ToByteArray(true));
        Words(sha, added.Type);
        Number(sha, added.Version);
        Words(sha, added.Subject.Kind);
        Words(sha, added.Subject.Id);
        Number(sha, added.SubjectVersion);
        Words(sha, added.Body ?? "");
        sha.AppendData(added.Actor.Id.ToByteArray(true));
        Number(sha, added.At);
        Words(sha, added.Data);
        sha.AppendData(added.Digest ?? []);
        return sha.GetHashAndReset();
    }

    private void ReadHead()
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT position, hash FROM log ORDER BY position DESC LIMIT 1";
        using var row = command.ExecuteReader();
        if (row.Read())
        {
            position = row.GetInt64(0);
            hash = (byte[])row.GetValue(1);
        }
        read = true;
    }

    private static void Number(IncrementalHash sha, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        sha.AppendData(bytes);
    }

    private static void Words(IncrementalHash sha, string words)
    {
        var bytes = Encoding.UTF8.GetBytes(words);
        Number(sha, bytes.Length);
        sha.AppendData(bytes);
    }
}
