using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Ui;

namespace Zinneke;

/// <summary>What this program is made of: one line a module.</summary>
public static class Modules
{
    public static IReadOnlyList<IModule> All { get; } =
    [
        new KernelModule(),
        new UiModule(),
        new ReportsModule(),
    ];

    /// <summary>The modules' services and contributions, and the verbs of the program itself.</summary>
    public static IServiceCollection Parts()
    {
        var parts = Installation.Parts(All);
        parts.AddSingleton(ServeCommand.Verb);
        parts.AddSingleton(ConfigCommand.Verb);
        return parts;
    }
}
