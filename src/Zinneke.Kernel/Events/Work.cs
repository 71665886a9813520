using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Zinneke.Kernel;

/// <summary>Something that a part of the program does beside requests. Two nodes may do it at the same time: it takes a lease, or does not mind.</summary>
internal sealed record Work(Func<IServiceProvider, IHostedService> Of);

/// <summary>Registers what runs beside requests.</summary>
public static class WorkSetup
{
    /// <summary>Adds a service that is started where workers run (<see cref="KernelSettings.Role"/>), and nowhere by a verb.</summary>
    public static IServiceCollection AddWork<T>(this IServiceCollection services)
        where T : class, IHostedService =>
        services.AddSingleton<T>().AddSingleton(new Work(provider => provider.GetRequiredService<T>()));
}
