using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Zinneke.Kernel;

/// <summary>One short READ COMMITTED transaction for each unit; the server groups the commits. Events go to <c>log_new</c>; the sealer is poked after the commit.</summary>
internal sealed class PostgresCommitter(LogTail tail) : Committer
{
    /// <summary>Units under way at once: more would only wait for a connection.</summary>
    private const int UnderWayMax = 24;
    private const int WaitingMax = 4096;

    /// <summary>From so many events on, COPY is faster than a batch of inserts.</summary>
    private const int CopyFrom = 20;
    private const string Columns = "id, type, version, subject_kind, subject_id, subject_version, body, actor, at, data, digest";

    private readonly SemaphoreSlim underWay = new(UnderWayMax);
    private int waiting;

    internal override int Depth => Volatile.Read(ref waiting);

    internal override async Task<bool> CommitAsync(Unit unit)
    {
        if (Interlocked.Increment(ref waiting) > WaitingMax)
        {
            Interlocked.Decrement(ref waiting);
            return false;
        }
        await underWay.WaitAsync();
        try
        {
            await SaveAsync(unit);
        }
        finally
        {
            underWay.Release();
            Interlocked.Decrement(ref waiting);
        }
        if (unit.Events.Count > 0)
        {
            tail.Poke();
        }
        return true;
    }

    public override ValueTask DisposeAsync()
    {
        underWay.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task SaveAsync(Unit unit)
    {
        unit.Store.RaiseVersions();
        unit.Store.Database.AutoSavepointsEnabled = false;
        await using var transaction = await unit.Store.Database.BeginTransactionAsync();
        await unit.Store.SaveChangesAsync();
        var connection = (NpgsqlConnection)unit.Store.Database.GetDbConnection();
        var inner = (NpgsqlTransaction)transaction.GetDbTransaction();
        foreach (var step in unit.Steps)
        {
            step(connection, inner);
        }
        if (unit.Events.Count >= CopyFrom)
        {
            Copy(connection, unit.Events);
        }
        else if (unit.Events.Count > 0)
        {
            await AppendAsync(connection, inner, unit.Events);
        }
        else
        {
            await PassAsync(connection, inner);
        }
        await transaction.CommitAsync();
    }

    /// <summary>A unit without events adds none, by the same door: it waits while the installation is copied elsewhere, and is refused by one that has moved (MoveStore).</summary>
    private static async Task PassAsync(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        await using var nothing = new NpgsqlCommand($"INSERT INTO log_new ({Columns}) SELECT {Columns} FROM log_new WHERE false", connection, transaction);
        await nothing.ExecuteNonQueryAsync();
    }

    private static async Task AppendAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<NewEvent> events)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var added in events)
        {
            var command = new NpgsqlBatchCommand(
                $"INSERT INTO log_new ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
            object?[] values = [added.Id, added.Type, added.Version, added.Subject.Kind, added.Subject.Id, added.SubjectVersion, added.Body, added.Actor.Id, added.At, added.Data];
            foreach (var value in values)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
            }
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bytea, Value = (object?)added.Digest ?? DBNull.Value });
            batch.BatchCommands.Add(command);
        }
        await batch.ExecuteNonQueryAsync();
    }

    private static void Copy(NpgsqlConnection connection, List<NewEvent> events)
    {
        using var copy = connection.BeginBinaryImport($"COPY log_new ({Columns}) FROM STDIN (FORMAT BINARY)");
        foreach (var added in events)
        {
            copy.StartRow();
            copy.Write(added.Id);
            copy.Write(added.Type);
            copy.Write(added.Version);
            copy.Write(added.Subject.Kind);
            copy.Write(added.Subject.Id);
            copy.Write(added.SubjectVersion);
            copy.Write(added.Body);
            copy.Write(added.Actor.Id);
            copy.Write(added.At);
            copy.Write(added.Data);
            copy.Write(added.Digest, NpgsqlDbType.Bytea);
        }
        copy.Complete();
    }
}
