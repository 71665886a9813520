namespace Zinneke.Kernel;

/// <summary>A piece of a text that was or was not looked for.</summary>
public readonly record struct Piece(string Words, bool Hit);

/// <summary>Shows where a text meets a query. What comes out is plain text in pieces: whoever shows it makes the markup.</summary>
public static class Excerpt
{
    private const int Before = 60;

    /// <summary>The part of a text around the first word that begins as one that was looked for; its beginning when none does. Cut between words, with an ellipsis where something is left out.</summary>
    /// <param name="looked">Folded beginnings of words.</param>
    /// <param name="lengthMax">In characters, about.</param>
    public static IReadOnlyList<Piece> Of(string text, IReadOnlyList<string> looked, int lengthMax)
    {
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var words = WordsOf(text).Select(word => (word.Start, word.End, Hit: IsHit(text[word.Start..word.End], looked))).ToList();
        var first = words.FirstOrDefault(word => word.Hit).Start;
        var from = text.Length <= lengthMax || first <= lengthMax - Before ? 0 : words.Last(word => word.Start <= Math.Max(0, first - Before)).Start;
        var to = text.Length - from <= lengthMax ? text.Length : words.LastOrDefault(word => word.End <= from + lengthMax).End;
        to = to <= from ? Math.Min(text.Length, from + lengthMax) : to;
        var (pieces, at) = (new List<Piece>(), from);
        void Add(int until, bool hit, string sign = "")
        {
            if (until > at || sign.Length > 0)
            {
                pieces.Add(new Piece(text[at..until] + sign, hit));
            }
            at = until;
        }
        if (from > 0)
        {
            pieces.Add(new Piece("… ", false));
        }
        foreach (var word in words.Where(word => word.Hit && word.Start >= from && word.End <= to))
        {
            Add(word.Start, false);
            Add(word.End, true);
        }
        Add(to, false, to < text.Length ? " …" : "");
        return pieces;
    }

    private static bool IsHit(string word, IReadOnlyList<string> looked) => Folding.Words(word) is [var folded, ..] && looked.Any(begin => folded.StartsWith(begin, StringComparison.Ordinal));

    private static IEnumerable<(int Start, int End)> WordsOf(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var start = at;
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || char.IsSurrogate(text[at]) || (at > start && char.GetUnicodeCategory(text[at]) == System.Globalization.UnicodeCategory.NonSpacingMark)))
            {
                at++;
            }
            if (at > start)
            {
                yield return (start, at);
            }
        }
    }
}
