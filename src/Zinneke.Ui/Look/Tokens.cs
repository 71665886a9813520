using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Zinneke.Ui;

/// <summary>The colours of web/css/tokens.css, read from the very file, so that nothing can differ from what browsers get.</summary>
public static partial class Tokens
{
    /// <summary>Name of each colour to its value <c>#rrggbb</c>, light.</summary>
    public static FrozenDictionary<string, string> Light { get; } = Block("""[data-theme="light"] {""");

    /// <summary>The same names, dark.</summary>
    public static FrozenDictionary<string, string> Dark { get; } = Block("""[data-theme="dark"] {""");

    /// <summary>The dark ones as they stand for readers whose system is dark: equal to <see cref="Dark"/>.</summary>
    public static FrozenDictionary<string, string> DarkBySystem { get; } = Block(""":root:not([data-theme="light"]) {""");

    private static FrozenDictionary<string, string> Block(string head)
    {
        using var reader = new StreamReader(typeof(Tokens).Assembly.GetManifestResourceStream("tokens.css")!);
        var css = reader.ReadToEnd();
        var start = css.IndexOf(head, StringComparison.Ordinal) + head.Length;
        var block = css[start..css.IndexOf('}', start)];
        return Colour().Matches(block).ToFrozenDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value, StringComparer.Ordinal);
    }

    [GeneratedRegex("--([a-z0-9-]+): (#[0-9a-f]{6});")]
    private static partial Regex Colour();
}
