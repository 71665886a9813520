using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>Draws and sweeps beside the requests of a server.</summary>
internal sealed class FileWorker(DrawFiles draw, SweepFiles sweep, DrawSignal signal, ILogger<FileWorker> log) : BackgroundService
{
    /// <summary>Other processes write rows too, and nobody tells us.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(6);

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong with one photo, the next ones are still drawn.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var swept = TimeSpan.Zero - SweepEvery;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await draw.AllAsync(stoppingToken);
                var running = TimeSpan.FromMilliseconds(Environment.TickCount64);
                if (running - swept >= SweepEvery)
                {
                    swept = running;
                    await sweep.ForgetUnclaimedAsync(stoppingToken);
                    await sweep.DeleteOrphansAsync(TimeProvider.System.GetUtcNow().UtcDateTime, stoppingToken);
                }
                await signal.WaitAsync(LookEvery, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                log.LogError(failure, "Drawing or sweeping photos failed and is tried again");
                await Task.Delay(LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}

/// <summary>Says within this process that a photo was committed, so that it is drawn at once.</summary>
internal sealed class DrawSignal : IDisposable
{
    private readonly SemaphoreSlim wanted = new(0, 1);

    public void Poke()
    {
        try
        {
            wanted.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody said so already.
        }
    }

    /// <summary>Until somebody pokes, or the time is over.</summary>
    /// <returns>False when the time was over.</returns>
    public Task<bool> WaitAsync(TimeSpan most, CancellationToken cancellation) => wanted.WaitAsync(most, cancellation);

    public void Dispose() => wanted.Dispose();
}

/// <summary>Registers the file store and what works on it.</summary>
public static class FilesSetup
{
    public static IServiceCollection AddFiles(this IServiceCollection services)
    {
        services.AddSingleton(provider => new FileStore(provider.GetRequiredService<DataFolder>().Files));
        services.AddSingleton<DrawFiles>();
        services.AddSingleton<SweepFiles>();
        services.AddSingleton<Check, FilesCheck>();
        services.AddSingleton<DrawSignal>();
        services.AddSingleton(provider => new OnCommitted(typeof(StoredFile), provider.GetRequiredService<DrawSignal>().Poke));
        services.AddWork<FileWorker>();
        return services;
    }
}
