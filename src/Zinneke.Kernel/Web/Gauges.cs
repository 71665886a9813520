using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>
/// What falls behind, for whoever watches over a node (K12, K29): how far each follower is behind the log, which are parked, how long events wait for the sealer, and what
/// waits to be written or mailed. The database is asked only while a collector listens.
/// </summary>
internal sealed class Gauges : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly ObservableGauge<long> lag;
    private readonly Database database;
    private readonly Log log;
    private readonly TimeProvider time;
    private readonly ILogger<Gauges> logger;
    private readonly TableFollower[] tables;
    private readonly MemoryFollower[] memories;
    private readonly Meter meter = new("Zinneke.Kernel");
    private volatile Seen seen = new([], 0, 0);

    public Gauges(
        Database database, Log log, Committer committer, IEnumerable<TableFollower> tables, IEnumerable<MemoryFollower> memories, TimeProvider time, ILogger<Gauges> logger)
    {
        (this.database, this.log, this.time, this.logger) = (database, log, time, logger);
        (this.tables, this.memories) = ([.. tables], [.. memories]);
        lag = meter.CreateObservableGauge("zinneke.follower.lag", () => seen.Followers.Select(f => Of(f.Lag, f)), "{event}", "Events that the follower has not applied yet");
        meter.CreateObservableGauge("zinneke.follower.parked", () => seen.Followers.Select(f => Of(f.Parked ? 1L : 0, f)), "1", "1 for a follower that stands still until it is rebuilt or resumed, or in memory fails again and again");
        meter.CreateObservableGauge("zinneke.log.unsealed.age", () => seen.UnsealedSeconds, "s", "Age of the oldest event without a position; 0 without one, and always on SQLite");
        meter.CreateObservableGauge("zinneke.mail.waiting", () => seen.MailsDue, "{mail}", "Mails that are due and not sent");
        meter.CreateObservableGauge("zinneke.writer.waiting", () => committer.Depth, "{unit}", "Changes that wait for this node's writer");
    }

    internal bool Owns(Instrument instrument) => ReferenceEquals(instrument.Meter, meter);

    /// <summary>Looks now.</summary>
    internal async Task LookAsync(CancellationToken cancellation = default)
    {
        var head = await log.HeadAsync(cancellation);
        await using var store = database.Open();
        var rows = await store.Set<FollowerRow>().AsNoTracking().ToDictionaryAsync(row => row.Name, StringComparer.Ordinal, cancellation);
        var now = time.NowMicros();
        seen = new Seen(
            [
                .. tables.Select(table => rows.TryGetValue(table.Name, out var row) ? new Follower(table.Name, head - row.Position, row.Error is not null) : new Follower(table.Name, head, false)),
                .. memories.Select(memory => new Follower(memory.Name, Math.Max(0, head - memory.Position), memory.IsStuck)),
            ],
            await OldestUnsealedAsync(cancellation) is { } oldest ? Math.Max(0, now - oldest) / 1e6 : 0,
            await store.Set<MailRow>().LongCountAsync(mail => mail.State == MailState.Waiting && mail.DueAt <= now, cancellation));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (lag.Enabled)
                {
                    await LookAsync(stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The database may be away for a moment: what was seen last is shown until it is back.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                logger.LogWarning(failure, "The gauges cannot be read and are tried again");
            }
            await Task.Delay(LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    /// <summary>UTC microseconds, or null when every event has its position.</summary>
    private async Task<long?> OldestUnsealedAsync(CancellationToken cancellation)
    {
        if (database.IsSqlite)
        {
            return null;
        }
        await using var connection = await database.ConnectAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT min(at) FROM log_new";
        return await command.ExecuteScalarAsync(cancellation) as long?;
    }

    private static Measurement<long> Of(long value, Follower follower) => new(value, new KeyValuePair<string, object?>("follower", follower.Name));

    private sealed record Follower(string Name, long Lag, bool Parked);

    private sealed record Seen(IReadOnlyList<Follower> Followers, double UnsealedSeconds, long MailsDue);
}
