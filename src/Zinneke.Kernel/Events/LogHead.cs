using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>How far the chain of the log reached when a day had ended, as it was published: who keeps a copy elsewhere sees later whether anything up to there was altered.</summary>
public sealed class LogHead
{
    /// <summary>The day that had ended, on the clocks of the city: <c>2026-05-04</c>.</summary>
    public required string Day { get; set; }

    /// <summary>Of the last event that the log held then.</summary>
    public long Position { get; set; }

    /// <summary>SHA-256 of the chain at this position, 32 bytes.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>When it was taken, UTC microseconds: right after midnight, or later when nothing ran then.</summary>
    public long At { get; set; }

    /// <summary>Events since the head before.</summary>
    public long Events { get; set; }
}

/// <summary>
/// Publishes the head of the log once a day. A day that passed while nothing ran gets none: what the log held then nobody wrote down, and a head that is made up later would prove nothing.
/// Of two nodes that do it at the same time the key of the day lets one through, and the other finds it there.
/// </summary>
internal sealed class PublishHeads(Writer writer, Settings settings, ILogger<PublishHeads> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery);
        do
        {
            try
            {
                await RunAsync(stoppingToken);
            }
#pragma warning disable CA1031 // Whatever is in the way now may be gone in five minutes.
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                logger.LogError(failure, "The head of the log was not published; it is tried again in {Minutes} minutes", LookEvery.TotalMinutes);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Publishes the head of the day that ended last, unless it is published or the log was empty then.</summary>
    internal Task RunAsync(CancellationToken cancellation)
    {
        var zone = settings.Get(KernelSettings.TimeZone);
        return writer.DoAsync(Actor.System, async unit =>
        {
            var today = Instants.DayOf(unit.Now, zone);
            var day = today.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var last = await unit.Store.Set<LogHead>().OrderByDescending(head => head.Day).FirstOrDefaultAsync(cancellation);
            if (last is not null && string.CompareOrdinal(last.Day, day) >= 0)
            {
                return;
            }
            var end = await unit.Store.Set<LogRow>().AsNoTracking().OrderByDescending(row => row.Position).Select(row => new { row.Position, row.Hash }).FirstOrDefaultAsync(cancellation);
            var startOfToday = Instants.StartOf(today, zone);
            if (end is null || (last is null && !await unit.Store.Set<LogRow>().AnyAsync(row => row.At < startOfToday, cancellation)))
            {
                return; // A new installation: nothing had happened when the day ended.
            }
            unit.Store.Add(new LogHead { Day = day, Position = end.Position, Hash = end.Hash, At = unit.Now, Events = end.Position - (last?.Position ?? 0) });
        }, cancellation);
    }
}
