using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>The modules put together.</summary>
public static class Installation
{
    /// <summary>All services and contributions of the modules; <see cref="Settings"/> are added when a verb has read them.</summary>
    /// <param name="modules">In the order in which they register and map; the kernel first.</param>
    public static IServiceCollection Parts(IReadOnlyList<IModule> modules)
    {
        var parts = new ServiceCollection();
        foreach (var module in modules)
        {
            parts.AddSingleton(module);
            parts.AddSingleton(new TableMap(module.Name, module.GetType().Assembly, module.Tables));
            module.Add(parts);
        }
        return parts;
    }
}
