using System.Collections.Frozen;

namespace Zinneke.Kernel;

/// <summary>The words that people look for, and those that are kept to be found.</summary>
internal static class SearchWords
{
    /// <summary>Of a query; further ones are not looked at.</summary>
    public const int CountMax = 8;

    /// <summary>Longer ones are cut, in the index as in the query.</summary>
    private const int LengthMax = 40;
    private const int TwoEditsLengthMin = 9;

    /// <summary>Folded words of the four languages that nearly every text has: a query is not narrowed by them.</summary>
    private static readonly FrozenSet<string> Common = FrozenSet.Create(
        "a", "au", "aux", "d", "dans", "de", "des", "du", "en", "est", "et", "il", "la", "le", "les", "l", "pour", "que", "qui", "sur", "un", "une", "y",
        "aan", "bij", "een", "het", "in", "is", "met", "op", "te", "van", "voor", "the", "and", "at", "for", "of", "on", "to", "with",
        "am", "an", "auf", "bei", "das", "dem", "den", "der", "die", "ein", "eine", "im", "ist", "mit", "und", "von", "zu");

    /// <summary>The words of a text as they are kept, with a space between.</summary>
    public static string Kept(string text) => string.Join(' ', Folding.Words(text).Select(Cut));

    /// <summary>The words of a query that count: eight at most, without those that say nothing unless there are no others.</summary>
    public static IReadOnlyList<string> Asked(string? query)
    {
        List<string> all = [.. Folding.Words(query ?? "").Select(Cut).Distinct(StringComparer.Ordinal)];
        List<string> telling = [.. all.Where(word => !Common.Contains(word)).Take(CountMax)];
        return telling.Count > 0 ? telling : [.. all.Take(CountMax)];
    }

    /// <summary>Whether it may be the beginning of a longer word: numbers are whole.</summary>
    public static bool MayGoOn(string word) => word.Length > 0 && char.IsLetter(word[0]);

    /// <summary>Wrong letters that are forgiven in a word.</summary>
    public static int EditsMax(string word) => !MayGoOn(word) || word.Length < Folding.TypoLengthMin ? 0 : word.Length < TwoEditsLengthMin ? 1 : 2;

    private static string Cut(string word) => word.Length <= LengthMax ? word : word[..LengthMax];
}
