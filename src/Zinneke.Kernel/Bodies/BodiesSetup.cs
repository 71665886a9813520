using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Registers bodies.</summary>
public static class BodiesSetup
{
    public static IServiceCollection AddBodies(this IServiceCollection services)
    {
        services.AddSingleton<BodyMap>();
        services.AddSingleton<MemoryFollower>(p => p.GetRequiredService<BodyMap>());
        return services;
    }
}
