using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>Forgets answers whose time is over, every hour, some at a time.</summary>
internal sealed class IdempotencySweep(Writer writer, TimeProvider time, ILogger<IdempotencySweep> logger) : BackgroundService
{
    private const int SliceMax = 1000;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var gone = 0;
        await writer.DoAsync(Actor.System, unit =>
        {
            unit.Then((connection, transaction) =>
            {
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = "DELETE FROM idempotency_keys WHERE (actor, target, key) IN "
                    + $"(SELECT actor, target, key FROM idempotency_keys WHERE expires_at <= @now ORDER BY expires_at LIMIT {SliceMax})";
                command.Add("now", unit.Now);
                gone = command.ExecuteNonQuery();
            });
            return Task.CompletedTask;
        }, cancellation);
        return gone;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await SweepAsync(stoppingToken) == SliceMax)
                {
                }
            }
#pragma warning disable CA1031 // The database may be away, or the writers' queue full: what is over can wait an hour longer, and the server goes on.
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.LogError(failure, "Answers whose time is over could not be forgotten; it is tried again in an hour");
            }
        }
    }
}
