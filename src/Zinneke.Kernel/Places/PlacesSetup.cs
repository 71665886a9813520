using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Registers areas.</summary>
public static class PlacesSetup
{
    public static IServiceCollection AddPlaces(this IServiceCollection services)
    {
        services.AddSingleton<ApplyAreas>();
        services.AddSingleton<SlicedImport>(provider => provider.GetRequiredService<ApplyAreas>());
        services.AddSingleton<AreaMap>();
        services.AddSingleton<MemoryFollower>(provider => provider.GetRequiredService<AreaMap>());
        return services;
    }
}
