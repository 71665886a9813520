using System.Globalization;
using System.Text;

namespace Zinneke.Kernel;

/// <summary>Words as they are compared when somebody searches: without case, accents and ligatures, cut at everything that is no letter or digit.</summary>
public static class Folding
{
    /// <summary>Shortest word in which one wrong letter is forgiven.</summary>
    public const int TypoLengthMin = 5;

    /// <summary>The words of a text, folded: <c>Nid-de-poule à l’ŒUVRE</c> gives nid, de, poule, a, l, oeuvre.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var letter in Decomposed(text, NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark)
            {
                continue;
            }
            if (char.IsLetterOrDigit(letter))
            {
                Append(word, char.ToLowerInvariant(letter));
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }
        return words;
    }

    /// <summary>Letters and their accents apart, also where somebody sent what is no character: half a pair, or U+FFFE, on which <see cref="string.Normalize(NormalizationForm)"/> throws.</summary>
    public static string Decomposed(string text, NormalizationForm form)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0 || text.Contains('\uFFFE', StringComparison.Ordinal))
        {
            text = string.Concat(text.EnumerateRunes()).Replace('\uFFFE', '\uFFFD'); // Runes put U+FFFD in the place of half a pair.
        }
        return text.Normalize(form);
    }

    /// <summary>A whole text folded, its words with one space between.</summary>
    public static string Fold(string text) => string.Join(' ', Words(text));

    /// <summary>True when one word becomes the other by at most one letter more, one less, one other, or two neighbours swapped (Damerau 1964).</summary>
    public static bool WithinOneEdit(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var start = a.CommonPrefixLength(b);
        a = a[start..];
        b = b[start..];
        while (a.Length > 0 && b.Length > 0 && a[^1] == b[^1])
        {
            a = a[..^1];
            b = b[..^1];
        }
        return (a.Length, b.Length) switch
        {
            ( <= 1, <= 1) => true,
            (2, 2) => a[0] == b[1] && a[1] == b[0],
            _ => false,
        };
    }

    /// <summary>
    /// How many letters of a word have to be added, taken out, changed or swapped with their neighbour until it is the beginning of another (Damerau 1964, adjacent swaps of letters that are
    /// not changed otherwise).
    /// </summary>
    /// <param name="word">At most 64 letters.</param>
    /// <param name="most">Answered as one more when it takes more.</param>
    public static int EditsToBeginning(ReadOnlySpan<char> word, ReadOnlySpan<char> other, int most)
    {
        const int lengthMax = 64;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(word.Length, lengthMax);
        other = other[..Math.Min(other.Length, word.Length + most)];
        Span<int> before = stackalloc int[lengthMax + 1], last = stackalloc int[lengthMax + 1], now = stackalloc int[lengthMax + 1];
        for (var i = 0; i <= word.Length; i++)
        {
            last[i] = i;
        }
        var least = word.Length;
        for (var j = 1; j <= other.Length; j++)
        {
            var row = now[0] = j;
            for (var i = 1; i <= word.Length; i++)
            {
                var edits = Math.Min(Math.Min(now[i - 1], last[i]) + 1, last[i - 1] + (word[i - 1] == other[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && word[i - 1] == other[j - 2] && word[i - 2] == other[j - 1])
                {
                    edits = Math.Min(edits, before[i - 2] + 1);
                }
                now[i] = edits;
                row = Math.Min(row, edits);
            }
            least = Math.Min(least, now[word.Length]);
            if (row > most)
            {
                break;
            }
            var spare = before;
            before = last;
            last = now;
            now = spare;
        }
        return Math.Min(least, most + 1);
    }

    private static void Append(StringBuilder word, char letter)
    {
        switch (letter)
        {
            case 'œ':
                word.Append("oe");
                break;
            case 'æ':
                word.Append("ae");
                break;
            case 'ß':
                word.Append("ss");
                break;
            case 'ø':
                word.Append('o');
                break;
            default:
                word.Append(letter);
                break;
        }
    }
}
