using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>Registers the database, the writer, the log and its followers.</summary>
public static class EventsSetup
{
    /// <param name="services">Must hold a <see cref="TimeProvider"/>.</param>
    /// <param name="open">Opens the database that the settings name.</param>
    public static IServiceCollection AddStorage(this IServiceCollection services, Func<IServiceProvider, Database> open)
    {
        services.AddSingleton(open);
        services.TryAddSingleton(p => new Ids(p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<LogTail>();
        services.AddSingleton<Log>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton(p => Committer.Of(p.GetRequiredService<Database>(), p.GetRequiredService<LogTail>()));
        services.AddSingleton<Writer>();
        services.AddSingleton<FollowerCheck>();
        services.AddSingleton<Migrator>();
        services.AddSingleton<Check, SchemaCheck>();
        services.AddSingleton<Check, LogCheck>();
        services.AddWork<PublishHeads>();
        services.AddScoped(p => p.GetRequiredService<Database>().Open());
        return services;
    }

    /// <summary>What runs beside the requests of a server: sealing, watching the log, following it.</summary>
    public static IServiceCollection AddLogServices(this IServiceCollection services)
    {
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<Database>() is PostgresDatabase postgres
            ? new Sealer(postgres, p.GetRequiredService<LogTail>(), p.GetRequiredService<ILogger<Sealer>>())
            : new NothingToSeal());
        services.AddHostedService<LogWatch>();
        services.AddSingleton<FollowerRunner>();
        services.AddHostedService(p => p.GetRequiredService<FollowerRunner>());
        return services;
    }

    /// <summary>Seals what a verb wrote, when no server is there to do it.</summary>
    public static Task SealAsync(this Database database, LogTail tail, CancellationToken cancellation = default) =>
        database is PostgresDatabase postgres ? Sealer.SealNowAsync(postgres, tail, cancellation) : Task.CompletedTask;

    private sealed class NothingToSeal : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
