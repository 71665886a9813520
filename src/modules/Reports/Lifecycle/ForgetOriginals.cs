using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Gives up the photos in full size 30 days after their report was closed (reports.md 4.4): staff needed them for the work, the renditions stay. The sweep of the file store then deletes the
/// bytes. What is reopened before keeps them.
/// </summary>
internal sealed class ForgetOriginals(Database database, Writer writer, TimeProvider time, ILogger<ForgetOriginals> logger) : BackgroundService
{
    private const int BatchSize = 200;
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is System.Data.Common.DbException or InvalidOperationException)
            {
                logger.LogError(failure, "Photos in full size could not be given up; it is tried again in an hour");
            }
            await Task.Delay(Every, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Gives up those whose time is over.</summary>
    /// <returns>How many.</returns>
    internal async Task<int> RunAsync(CancellationToken cancellation)
    {
        var before = time.NowMicros() - KeptFor.ToMicros();
        var count = 0;
        while (true)
        {
            var over = await OverAsync(before, cancellation);
            await writer.DoAsync(Actor.System, async unit =>
            {
                foreach (var file in await unit.Store.Set<StoredFile>().Where(file => over.Contains(file.Id)).ToListAsync(cancellation))
                {
                    file.ForgetOriginal();
                }
            }, cancellation);
            count += over.Count;
            if (over.Count < BatchSize)
            {
                return count;
            }
        }
    }

    private async Task<List<Guid>> OverAsync(long before, CancellationToken cancellation)
    {
        await using var store = database.Open();
        return await store.Set<ReportPhoto>().AsNoTracking()
            .Join(store.Set<StoredFile>().Where(file => !file.OriginalGone && file.State != RenditionState.Pending), photo => photo.FileId, file => file.Id, (photo, file) => photo)
            .Join(store.Set<Report>().Where(report => ReportWords.ClosedStates.Contains(report.State) && (report.EndedAt ?? report.UpdatedAt) < before), photo => photo.ReportId, report => report.Id, (photo, report) => photo.FileId)
            .Distinct().Take(BatchSize).ToListAsync(cancellation);
    }
}
