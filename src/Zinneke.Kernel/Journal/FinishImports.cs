using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>At the start of a server, finishes the big imports that a crash interrupted.</summary>
internal sealed class FinishImports(IEnumerable<SlicedImport> imports, ILogger<FinishImports> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        foreach (var import in imports)
        {
            try
            {
                await import.FinishAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return; // The next start goes on.
            }
#pragma warning disable CA1031 // One import that cannot be finished must stop neither the others nor the server.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                log.LogError(failure, "An interrupted import of {Kind} could not be finished", import.Kind);
            }
        }
    }
}

/// <summary>Registers what finishes imports.</summary>
public static class JournalSetup
{
    public static IServiceCollection AddJournal(this IServiceCollection services) => services.AddWork<FinishImports>();
}
