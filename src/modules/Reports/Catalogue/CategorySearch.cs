using System.Collections.Frozen;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Finds categories by words in any of the languages at once, over names, keywords and the names above; without case and accents, at the beginning or inside of longer
/// words, and with one wrong letter from five letters on. Immutable.
/// </summary>
internal sealed class CategorySearch
{
    public const int WordsMax = 8;

    // How much a word says about a category, and how well it was met.
    private const double OfName = 3, OfKeyword = 2.5, OfAbove = 1;
    private const double Whole = 1, Beginning = 0.8, Wrong = 0.6, Inside = 0.4;
    private const int InsideLengthMin = 4;

    /// <summary>Words that say nothing about a problem, folded, in the four languages.</summary>
    private static readonly FrozenSet<string> Empty = FrozenSet.Create(
        "les", "des", "une", "dans", "sur", "pour", "avec", "mon", "notre", "est", "qui", "het", "een", "van", "aan", "bij", "voor", "met", "mijn", "onze", "naast",
        "the", "and", "for", "with", "near", "our", "der", "die", "das", "den", "dem", "ein", "eine", "auf", "und", "mit", "bei", "vor", "ist");

    private readonly List<(Category Category, Entry[] Entries)> leaves;

    public CategorySearch(CategoryTree tree) => leaves = [.. tree.Leaves.Select(leaf => (leaf, EntriesOf(leaf, tree)))];

    /// <summary>The categories that meet most of the words, best first.</summary>
    /// <param name="words">As typed; only the first eight words count.</param>
    /// <param name="professional">Whether those for professionals only are found too.</param>
    /// <param name="countMax">How many at most.</param>
    public IReadOnlyList<Category> Find(string words, bool professional = false, int countMax = 10)
    {
        var all = Folding.Words(words);
        var telling = all.Where(word => word.Length > 2 && !Empty.Contains(word)).Take(WordsMax).ToList();
        telling = telling.Count > 0 ? telling : [.. all.Take(WordsMax)];
        if (telling.Count == 0)
        {
            return [];
        }
        var hits = new List<(Category Category, int Met, double Score)>();
        foreach (var (category, entries) in leaves)
        {
            if (professional || !category.ProfessionalOnly)
            {
                var scores = telling.Select(word => entries.Max(entry => entry.Weight * Likeness(word, entry.Word))).ToList();
                hits.Add((category, scores.Count(score => score > 0), scores.Sum()));
            }
        }
        var most = hits.Count == 0 ? 0 : hits.Max(hit => hit.Met);
        return most == 0 ? [] : [.. hits.Where(hit => hit.Met == most).OrderByDescending(hit => hit.Score).Take(countMax).Select(hit => hit.Category)];
    }

    /// <summary>How well a typed word meets one of the catalogue, 0 to 1.</summary>
    private static double Likeness(string typed, string word)
    {
        if (word.StartsWith(typed, StringComparison.Ordinal))
        {
            return word.Length == typed.Length ? Whole : Beginning;
        }
        if (typed.Length >= Folding.TypoLengthMin && word.Length >= typed.Length - 1 && Misspelt(typed, word))
        {
            return Wrong;
        }
        // Dutch and German write one word where French writes three.
        return typed.Length >= InsideLengthMin && word.Contains(typed, StringComparison.Ordinal) ? Inside : 0;
    }

    /// <summary>One wrong letter in the whole word or in its beginning.</summary>
    private static bool Misspelt(string typed, string word)
    {
        for (var length = typed.Length - 1; length <= Math.Min(typed.Length + 1, word.Length); length++)
        {
            if (Folding.WithinOneEdit(typed, word.AsSpan(0, length)))
            {
                return true;
            }
        }
        return false;
    }

    private static Entry[] EntriesOf(Category leaf, CategoryTree tree)
    {
        var best = new Dictionary<string, double>(StringComparer.Ordinal);
        void Add(IEnumerable<string> texts, double weight)
        {
            foreach (var word in texts.SelectMany(Folding.Words))
            {
                best[word] = Math.Max(weight, best.GetValueOrDefault(word));
            }
        }
        foreach (var node in tree.PathTo(leaf))
        {
            Add(node.Names.ByLanguage.Values, node == leaf ? OfName : OfAbove);
            Add(node.Keywords.Values.SelectMany(words => words), node == leaf ? OfKeyword : OfAbove);
        }
        return [.. best.Select(entry => new Entry(entry.Key, entry.Value))];
    }

    private readonly record struct Entry(string Word, double Weight);
}
