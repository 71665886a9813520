using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Registers the register and its gate.</summary>
public static class AlgorithmsSetup
{
    public static IServiceCollection AddAlgorithms(this IServiceCollection services)
    {
        services.AddSingleton<AlgorithmRegister>();
        services.AddSingleton<MemoryFollower>(p => p.GetRequiredService<AlgorithmRegister>());
        services.AddSingleton<AlgorithmGate>();
        services.AddSingleton(new Permission(ImportAlgorithms.Edit, "Change the register of algorithms, and with it what may decide by itself"));
        return services;
    }
}
