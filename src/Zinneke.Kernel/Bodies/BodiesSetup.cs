using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Registers bodies.</summary>
public static class BodiesSetup
{
    public static IServiceCollection AddBodies(this IServiceCollection services)
    {
        services.AddSingleton<BodyMap>();
        services.AddSingleton<MemoryFollower>(p => p.GetRequiredService<BodyMap>());
        services.AddSingleton(new AreaUses(async (store, area, cancellation) =>
            [.. (await BodyMap.ReadAsync(store, cancellation)).Where(body => body.Active && body.Areas.Contains(area)).Select(body => new AreaUse(Body.Catalogue, body.Id, body.Names))]));
        return services;
    }
}
