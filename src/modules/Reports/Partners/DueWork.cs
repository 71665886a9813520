using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Work on rows that wait for an instant: looks twice a second whether any is due, and begins again after a failure of the store.</summary>
internal abstract class DueWork(RoutingMap routing, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);

    protected RoutingMap Routing { get; } = routing;

    /// <summary>Does some of what is due.</summary>
    /// <returns>How many rows were taken; called again until it says 0.</returns>
    internal abstract Task<int> DoDueAsync(CancellationToken cancellation = default);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Routing.Loaded.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = LookEvery;
            try
            {
                while (await DoDueAsync(stoppingToken) > 0)
                {
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is System.Data.Common.DbException or InvalidOperationException)
            {
                logger.LogError(failure, "{Work} stopped and begins again", GetType().Name);
                wait = AfterFailure;
            }
            await Task.Delay(wait, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
