namespace Zinneke.Kernel;

/// <summary>Where a verb writes and what it inherits from its surroundings; tests give their own.</summary>
/// <param name="Variables">All environment variables.</param>
public sealed record Shell(Stream Output, TextWriter Error, IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>A bar is drawn and JSON is indented when the streams are terminals.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>The settings file that is read when it exists.</summary>
    public string Yaml { get; init; } = "zinneke.yaml";

    public static Shell OfProcess() => new(
        Console.OpenStandardOutput(),
        Console.Error,
        Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? ""))
    {
        ErrorIsTerminal = !Console.IsErrorRedirected,
    };
}
