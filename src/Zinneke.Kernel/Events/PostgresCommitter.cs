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

    private readonly SemaphoreSlim underWay = new(UnderWayMax);
    private int waiting;

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
        if (unit.Events.Count > 0)
        {
            await AppendAsync(connection, inner, unit.Events);
        }
        await transaction.CommitAsync();
    }

    private static async Task AppendAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<NewEvent> events)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var added in events)
        {
            var command = new NpgsqlBatchCommand(
                "INSERT INTO log_new (id, type, version, subject_kind, subject_id, subject_version, body, actor, at, data, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
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
}
