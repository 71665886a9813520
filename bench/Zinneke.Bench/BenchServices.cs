extern alias host;

using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Bench;

/// <summary>The services of all modules over an installation's folder, in this process and without a web server.</summary>
internal static class BenchServices
{
    /// <param name="add">What the measurement adds of its own.</param>
    public static ServiceProvider Of(string folder, string store, Action<IServiceCollection>? add = null)
    {
        var parts = host::Zinneke.Modules.Parts();
        add?.Invoke(parts);
        parts.AddLogging();
        parts.AddSingleton(Settings.Of(parts.Where(part => part.ServiceType == typeof(Setting)).Select(part => (Setting)part.ImplementationInstance!), (KernelSettings.Data, folder), (KernelSettings.Store, store)));
        parts.AddSingleton(TimeProvider.System);
        return parts.BuildServiceProvider();
    }
}
