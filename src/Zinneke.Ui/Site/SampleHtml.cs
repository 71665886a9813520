using System.Text;
using System.Text.RegularExpressions;

namespace Zinneke.Ui;

/// <summary>Makes rendered HTML pleasant to read: one element a line, drawings shortened.</summary>
internal static partial class SampleHtml
{
    public static string Tidy(string html)
    {
        var short1 = Drawn().Replace(html, "$1…</svg>");
        var lines = new StringBuilder();
        var depth = 0;
        foreach (Match piece in Piece().Matches(short1))
        {
            var text = piece.Value.Trim();
            if (text.Length == 0)
            {
                continue;
            }
            var closes = text.StartsWith("</", StringComparison.Ordinal);
            depth -= closes ? 1 : 0;
            lines.Append(' ', 2 * Math.Max(0, depth)).AppendLine(Spaces().Replace(text, " "));
            var opens = text[0] == '<' && !closes && !text.EndsWith("/>", StringComparison.Ordinal) && !Void().IsMatch(text) && !text.Contains("</", StringComparison.Ordinal);
            depth += opens ? 1 : 0;
        }
        return lines.ToString();
    }

    [GeneratedRegex("(<svg[^>]*>).*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Drawn();

    /// <summary>A short element on one line, else a tag, else text.</summary>
    [GeneratedRegex(@"<(\w+)[^<>]*>[^<>]{0,60}</\1>|<svg[^>]*>…</svg>|<[^>]+>|[^<]+")]
    private static partial Regex Piece();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("^<(input|img|br|hr|meta|link)[ >]")]
    private static partial Regex Void();
}
