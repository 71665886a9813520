using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Zinneke.Kernel;

/// <summary>Tells this process what other processes sealed: LISTEN on PostgreSQL, the file's data version on SQLite. Also looks by itself, should a notice be lost.</summary>
internal sealed class LogWatch(Database database, Log log, LogTail tail, ILogger<LogWatch> logger) : BackgroundService
{
    private static readonly TimeSpan SqliteLookEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PostgresLookEvery = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                tail.Advance(await log.HeadAsync(stoppingToken));
                await (database is PostgresDatabase postgres ? ListenAsync(postgres, stoppingToken) : PollAsync(stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // As in the sealer: a database that is away throws more than the driver's own exceptions.
            catch (Exception broken)
#pragma warning restore CA1031
            {
                logger.LogWarning(broken, "The watch over the log lost its connection and tries again");
                await Task.Delay(PostgresLookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(PostgresDatabase postgres, CancellationToken cancellation)
    {
        await using var connection = await postgres.Source.OpenConnectionAsync(cancellation);
        connection.Notification += (_, notice) =>
        {
            if (long.TryParse(notice.Payload, NumberStyles.None, CultureInfo.InvariantCulture, out var head))
            {
                tail.Advance(head);
            }
        };
        await using var listen = new NpgsqlCommand($"LISTEN {Sealer.Channel}", connection);
        await listen.ExecuteNonQueryAsync(cancellation);
        while (true)
        {
            if (!await connection.WaitAsync(PostgresLookEvery, cancellation))
            {
                tail.Advance(await log.HeadAsync(cancellation));
            }
        }
    }

    private async Task PollAsync(CancellationToken cancellation)
    {
        await using var connection = await database.ConnectAsync(cancellation);
        await using var look = connection.CreateCommand();
        look.CommandText = "PRAGMA data_version"; // Changes when another connection, of this or another process, has committed.
        var seen = -1L;
        while (true)
        {
            var version = (long)(await look.ExecuteScalarAsync(cancellation))!;
            if (version != seen)
            {
                seen = version;
                tail.Advance(await log.HeadAsync(cancellation));
            }
            await Task.Delay(SqliteLookEvery, cancellation);
        }
    }
}
