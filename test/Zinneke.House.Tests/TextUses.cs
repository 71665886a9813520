using System.Text.RegularExpressions;

namespace Zinneke.House.Tests;

/// <summary>Where code asks for texts: C# and Razor read as text, because a key in markup is no C# yet.</summary>
internal static partial class TextUses
{
    /// <summary>Keys that are asked for by their whole name: <c>words["..."]</c>, <c>words.In(language, "...")</c>, and the codes of refusals.</summary>
    public static IEnumerable<(string Where, string Key)> All() => Files().SelectMany(file => file.Lines.SelectMany((line, index) =>
        Asked().Matches(line).Select(match => match.Groups[1].Value)
            .Concat(RefusalCode().Matches(line).Select(match => KeyOfRefusal(match.Groups[1].Value)))
            .Select(key => ($"{file}:{index + 1}", key))));

    /// <summary>Everything that may be a key: whole literals, and parts of keys that are made from data: with a gap, a beginning, an ending.</summary>
    public static Mentioned Mentions()
    {
        var whole = new HashSet<string>(StringComparer.Ordinal);
        var gaps = new List<Regex>();
        var ends = new HashSet<string>(StringComparer.Ordinal);
        foreach (Match literal in Files().SelectMany(file => Literal().Matches(file.Text)))
        {
            var text = literal.Groups[2].Value;
            whole.Add(text);
            if (RefusalShape().IsMatch(text))
            {
                whole.Add(KeyOfRefusal(text));
            }
            if (text.Contains('{', StringComparison.Ordinal) && text.Contains('.', StringComparison.Ordinal) && !text.Contains(' ', StringComparison.Ordinal))
            {
                gaps.Add(new Regex("^" + string.Join("[A-Za-z0-9_.]+", Gap().Split(text).Select(Regex.Escape)) + "$"));
            }
            else if (text.EndsWith('.') && KeyStart().IsMatch(text))
            {
                gaps.Add(new Regex("^" + Regex.Escape(text) + "[A-Za-z0-9_.]+$")); // "reports.state." + code
            }
            else if (KeyEnd().IsMatch(text))
            {
                ends.Add(text); // panel.Key + ".title"
            }
        }
        return new Mentioned(whole, gaps, ends);
    }

    private static IEnumerable<SourceFile> Files() => Sources.Under("src", ".cs", ".razor");

    private static string KeyOfRefusal(string code) => code.LastIndexOf('.') is > 0 and var dot ? $"{code[..dot]}.refusal.{code[(dot + 1)..]}" : code;

    [GeneratedRegex(@"[Ww]ords(?:\[|\.(?:Find|InAll)\(|\.In\([^""]*,)\s*""([^""{}]*[^""{}.])""")]
    private static partial Regex Asked();

    [GeneratedRegex(@"(?:Refusal\.\w+\(|new(?: Refusal)?\(RefusalKind\.\w+,)\s*""([a-z]\w*\.[\w-]+)""")]
    private static partial Regex RefusalCode();

    [GeneratedRegex(@"(\$?)""((?:[^""\\\n]|\\.)*)""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Gap();

    [GeneratedRegex(@"^[a-z]\w*\.[\w-]+$")]
    private static partial Regex RefusalShape();

    [GeneratedRegex(@"^[a-z]\w*(\.\w+)*\.$")]
    private static partial Regex KeyStart();

    [GeneratedRegex(@"^(\.\w+)+$")]
    private static partial Regex KeyEnd();

    /// <summary>Which keys some code may ask for.</summary>
    internal sealed record Mentioned(HashSet<string> Whole, List<Regex> Gaps, HashSet<string> Ends)
    {
        public bool Covers(string key) =>
            Whole.Contains(key) || Gaps.Exists(gap => gap.IsMatch(key)) || Ends.Any(end => key.EndsWith(end, StringComparison.Ordinal) && Whole.Contains(key[..^end.Length]));
    }
}
