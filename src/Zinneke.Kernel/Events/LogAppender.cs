using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;

namespace Zinneke.Kernel;

/// <summary>
/// Appends events to the sealed log inside one transaction, giving each the next position and the hash that chains it to the one before:
/// SHA-256(previous hash, position, id, type, version, subject, its version, body, actor, instant, data, digest), every text preceded by its length in bytes.
/// The caller holds the lock under which only one transaction at a time appends.
/// </summary>
internal sealed class LogAppender
{
    private readonly DbConnection connection;
    private readonly DbTransaction transaction;
    private DbCommand? insert;
    private long position;
    private byte[] hash = [];
    private bool read;
    private long markPosition;
    private byte[] markHash = [];

    public LogAppender(DbConnection connection, DbTransaction transaction)
    {
        this.connection = connection;
        this.transaction = transaction;
    }

    /// <summary>The last position given, or 0 when nothing was appended.</summary>
    public long Head => insert is null ? 0 : position;

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
        hash = Chain(hash, position, added);
        insert ??= Prepare();
        object?[] values =
        [
            position, added.Id, added.Type, added.Version, added.Subject.Kind, added.Subject.Id, added.SubjectVersion, added.Body, added.Actor.Id, added.At, added.Data, added.Digest, hash,
        ];
        for (var i = 0; i < values.Length; i++)
        {
            insert.Parameters[i].Value = values[i] switch
            {
                null => DBNull.Value,
                Guid id when insert is Microsoft.Data.Sqlite.SqliteCommand => id.ToByteArray(true),
                var value => value,
            };
        }
        insert.ExecuteNonQuery();
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

    private DbCommand Prepare()
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"INSERT INTO log ({LogRow.Columns}, digest, hash) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)";
        for (var i = 0; i < 13; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"p{i}";
            command.Parameters.Add(parameter);
        }
        return command;
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
