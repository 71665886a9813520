using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Registers the areas that are kept in memory.</summary>
public static class PlacesSetup
{
    public static IServiceCollection AddPlaces(this IServiceCollection services)
    {
        services.AddSingleton<AreaMap>();
        services.AddSingleton<MemoryFollower>(provider => provider.GetRequiredService<AreaMap>());
        return services;
    }
}
