using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>
/// One thread commits all units of this process in groups: it puts its connection and transaction under each waiting context, saves it inside a savepoint (a failing
/// unit rolls back alone), seals the events, and commits all with one fsync before it acknowledges any. Verbs beside the server take turns through BEGIN IMMEDIATE.
/// </summary>
internal sealed class SqliteCommitter : Committer
{
    /// <summary>Waiting units before a caller is told to come back later.</summary>
    internal const int QueueMax = 4096;
    private const int GroupMax = 256;
    private static readonly TimeSpan GroupTimeMax = TimeSpan.FromMilliseconds(25);

    private readonly SqliteDatabase database;
    private readonly LogTail tail;
    private readonly BlockingCollection<Waiting> queue = new(QueueMax);
    private readonly Thread thread;

    public SqliteCommitter(SqliteDatabase database, LogTail tail)
    {
        this.database = database;
        this.tail = tail;
        thread = new Thread(Run) { Name = "writer", IsBackground = true };
        thread.Start();
    }

    internal override int Depth => queue.Count;

    internal override Task<bool> CommitAsync(Unit unit)
    {
        var waiting = new Waiting(unit);
        return queue.TryAdd(waiting) ? waiting.Answer.Task : Task.FromResult(false);
    }

    public override ValueTask DisposeAsync()
    {
        queue.CompleteAdding();
        thread.Join();
        queue.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Run()
    {
        SqliteConnection? connection = null;
        var group = new List<Waiting>(GroupMax);
        foreach (var first in queue.GetConsumingEnumerable())
        {
            group.Clear();
            group.Add(first);
            try
            {
                connection ??= (SqliteConnection)database.ConnectAsync().GetAwaiter().GetResult();
                var head = CommitGroup(connection, group);
                Acknowledge(group);
                if (head > 0)
                {
                    tail.Advance(head);
                }
            }
            catch (Exception broken) when (broken is DbException or IOException)
            {
                // The commit itself failed (disk full, file gone): nobody was acknowledged, everybody hears why, the connection starts afresh.
                Fail(group, broken);
                connection?.Dispose();
                connection = null;
            }
        }
        connection?.Dispose();
    }

    /// <summary>Saves the first unit and those that wait behind it, and commits them.</summary>
    /// <returns>The head of the log, or 0 when no event was added.</returns>
    private long CommitGroup(SqliteConnection connection, List<Waiting> group)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        using var log = new LogAppender(connection, transaction);
        var started = Stopwatch.GetTimestamp();
        Save(connection, transaction, log, group[0]);
        while (group.Count < GroupMax && Stopwatch.GetElapsedTime(started) < GroupTimeMax && queue.TryTake(out var next))
        {
            group.Add(next);
            Save(connection, transaction, log, next);
        }
        log.Flush();
        transaction.Commit();
        return log.Head;
    }

    private static void Save(SqliteConnection connection, SqliteTransaction transaction, LogAppender log, Waiting waiting)
    {
        var unit = waiting.Unit;
        transaction.Save("unit");
        log.Mark();
        try
        {
            unit.Store.Database.AutoSavepointsEnabled = false;
            unit.Store.Database.SetDbConnection(connection);
            unit.Store.Database.UseTransaction(transaction);
            unit.Store.RaiseVersions();
            unit.Store.SaveChanges();
            foreach (var step in unit.Steps)
            {
                step(connection, transaction);
            }
            foreach (var added in unit.Events)
            {
                log.Append(added);
            }
            transaction.Release("unit");
        }
#pragma warning disable CA1031 // Whatever went wrong belongs to this unit and is thrown at its caller; the group goes on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            waiting.Failure = failure;
            log.Reset();
            transaction.Rollback("unit");
            transaction.Release("unit");
        }
    }

    private static void Acknowledge(List<Waiting> group)
    {
        foreach (var waiting in group)
        {
            if (waiting.Failure is { } failure)
            {
                waiting.Answer.SetException(failure);
            }
            else
            {
                waiting.Answer.SetResult(true);
            }
        }
    }

    private static void Fail(List<Waiting> group, Exception failure)
    {
        foreach (var waiting in group)
        {
            waiting.Answer.TrySetException(waiting.Failure ?? failure);
        }
    }

    private sealed class Waiting(Unit unit)
    {
        public Unit Unit { get; } = unit;

        public TaskCompletionSource<bool> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exception? Failure { get; set; }
    }
}
