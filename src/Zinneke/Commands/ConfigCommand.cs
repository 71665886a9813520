using Zinneke.Kernel;

namespace Zinneke;

/// <summary><c>config</c>: the effective settings, with secrets masked.</summary>
internal static class ConfigCommand
{
    public static Command Verb { get; } = new(null, "config", "Prints the effective settings and where each comes from.", "config --data var")
    {
        ListsSettings = true,
        Run = call => Task.FromResult(Result.Of(new
        {
            settings = call.Settings.All.Select(entry => new { name = entry.Setting.Name, value = entry.Shown, source = entry.Source }),
        })),
    };
}
