using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Zinneke.Kernel;

/// <summary>
/// On PostgreSQL, moves events from <c>log_new</c> to <c>log</c>, giving them their positions. One node at a time does so, under an advisory lock. Only events of
/// transactions below <c>pg_snapshot_xmin</c> are taken, ordered by (transaction, sequence): whatever is below can no longer be joined by a late commit, so the order is
/// final. SQLite needs no sealer: its committer seals each group in the group's own commit.
/// </summary>
internal sealed class Sealer(PostgresDatabase database, LogTail tail, ILogger<Sealer> logger) : BackgroundService
{
    internal const string Channel = "zinneke_log";
    private const long LockKey = 20260102;
    private const int BatchMax = 2000;
    private const int SealNowLooksMax = 500;
    private static readonly TimeSpan SealNowLookEvery = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan OtherNodeSealsRetry = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.Source.OpenConnectionAsync(stoppingToken);
                if (await TryLockAsync(connection, stoppingToken))
                {
                    try
                    {
                        await SealWhileConnectedAsync(connection, stoppingToken);
                    }
                    finally
                    {
                        await UnlockAsync(connection);
                    }
                }
                await Task.Delay(OtherNodeSealsRetry, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A server that is away throws more than the driver's own exceptions, and none may stop the node.
            catch (Exception broken)
#pragma warning restore CA1031
            {
                logger.LogWarning(broken, "The sealer lost its connection and tries again");
                await Task.Delay(OtherNodeSealsRetry, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Seals all that is committed now; for verbs, which end before a background service would look. A long transaction elsewhere on the server can hold it up.</summary>
    internal static async Task SealNowAsync(PostgresDatabase database, LogTail tail, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        if (!await TryLockAsync(connection, cancellation))
        {
            return; // A server seals.
        }
        try
        {
            for (var patience = 0; patience < SealNowLooksMax; patience++)
            {
                while (await SealBatchAsync(connection, tail, cancellation) == BatchMax)
                {
                }
                await using var left = new NpgsqlCommand("SELECT EXISTS (SELECT 1 FROM log_new)", connection);
                if (await left.ExecuteScalarAsync(cancellation) is false)
                {
                    break;
                }
                await Task.Delay(SealNowLookEvery, cancellation);
            }
        }
        finally
        {
            await UnlockAsync(connection);
        }
    }

    /// <summary>Whether a server seals at this moment; a verb that ends may be taken for one, for as long as it seals.</summary>
    internal static async Task<bool> IsRunningAsync(PostgresDatabase database, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        if (!await TryLockAsync(connection, cancellation))
        {
            return true;
        }
        await UnlockAsync(connection);
        return false;
    }

    /// <summary>Whether events wait to be sealed.</summary>
    internal static async Task<bool> IsWaitingAsync(PostgresDatabase database, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var waiting = new NpgsqlCommand("SELECT EXISTS (SELECT 1 FROM log_new)", connection);
        return (bool)(await waiting.ExecuteScalarAsync(cancellation))!;
    }

    private async Task SealWhileConnectedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        while (true)
        {
            var poke = tail.NextPoke;
            if (await SealBatchAsync(connection, tail, cancellation) < BatchMax)
            {
                await LogTail.WaitEitherAsync(poke, LookEvery, cancellation);
            }
        }
    }

    private static async Task<int> SealBatchAsync(NpgsqlConnection connection, LogTail tail, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var (sequences, events) = await ReadWaitingAsync(connection, transaction, cancellation);
        if (events.Count == 0)
        {
            return 0;
        }
        using var log = new LogAppender(connection, transaction);
        foreach (var waiting in events)
        {
            log.Append(waiting);
        }
        log.Flush();
        await using var clear = new NpgsqlCommand("DELETE FROM log_new WHERE seq = ANY($1)", connection, transaction) { Parameters = { new() { Value = sequences.ToArray() } } };
        await clear.ExecuteNonQueryAsync(cancellation);
        await using var notify = new NpgsqlCommand("SELECT pg_notify($1, $2)", connection, transaction)
        {
            Parameters = { new() { Value = Channel }, new() { Value = log.Head.ToString(System.Globalization.CultureInfo.InvariantCulture) } },
        };
        await notify.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        tail.Advance(log.Head);
        return events.Count;
    }

    private static async Task<(List<long> Sequences, List<NewEvent> Events)> ReadWaitingAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT seq, id, type, version, subject_kind, subject_id, subject_version, body, actor, at, data, digest
            FROM log_new WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid, seq LIMIT {BatchMax}
            """, connection, transaction);
        var sequences = new List<long>();
        var events = new List<NewEvent>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            sequences.Add(row.GetInt64(0));
            events.Add(new NewEvent(
                row.GetGuid(1), row.GetString(2), row.GetInt32(3), new Subject(row.GetString(4), row.GetString(5)), row.GetInt64(6), row.GetText(7), new Actor(row.GetGuid(8)),
                row.GetInt64(9), row.GetString(10), row.IsDBNull(11) ? null : (byte[])row.GetValue(11)));
        }
        return (sequences, events);
    }

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({LockKey})", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>However sealing ended: the connection goes back to the pool, its session lives on, and with it the lock that would keep every other node from sealing.</summary>
    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand($"SELECT pg_advisory_unlock({LockKey})", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception gone) when (gone is NpgsqlException or InvalidOperationException)
        {
            // The session has ended, and the lock with it.
        }
    }
}
