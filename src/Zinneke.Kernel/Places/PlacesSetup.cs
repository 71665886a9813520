using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Registers areas and addresses.</summary>
public static class PlacesSetup
{
    public static IServiceCollection AddPlaces(this IServiceCollection services)
    {
        services.AddSingleton<ApplyAreas>();
        services.AddSingleton<SlicedImport>(provider => provider.GetRequiredService<ApplyAreas>());
        services.AddSingleton<EditAreas>();
        services.AddSingleton<ImportAddresses>();
        services.AddSingleton<SlicedImport>(provider => provider.GetRequiredService<ImportAddresses>());
        services.AddSingleton<AddressIndex>();
        services.AddSingleton<MemoryFollower>(provider => provider.GetRequiredService<AddressIndex>());
        services.AddSingleton<AreaMap>();
        services.AddSingleton<MemoryFollower>(provider => provider.GetRequiredService<AreaMap>());
        return services;
    }
}
