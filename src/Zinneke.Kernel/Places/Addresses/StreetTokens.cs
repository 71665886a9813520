namespace Zinneke.Kernel;

/// <summary>A street that words lead to, and the word among them that is a house number.</summary>
internal sealed record StreetHit(AddressRow Street, string? Number);

/// <summary>The streets with the words of their names, postcode and municipality in order, so that a beginning is found by halving.</summary>
internal sealed class StreetTokens
{
    /// <summary>Streets looked at for one question: what is typed of a name that begins so many says little yet, and the next letter says more.</summary>
    private const int LookedAtMax = 2000;

    private readonly string[][] words;
    private readonly int[] shortest;
    private readonly (string Word, int Street)[] sorted;

    public StreetTokens(IReadOnlyList<AddressRow> streets)
    {
        Streets = streets;
        shortest = [.. streets.Select(street => NamesOf(street).Select(name => name.Count).DefaultIfEmpty().Min())];
        words = [.. streets.Select(street => NamesOf(street).SelectMany(name => name).Concat(Folding.Words($"{street.Postcode} {street.Municipality}")).Distinct(StringComparer.Ordinal).ToArray())];
        sorted = [.. words.SelectMany((own, street) => own.Select(word => (word, street))).OrderBy(one => one.word, StringComparer.Ordinal).ThenBy(one => one.street)];
    }

    public IReadOnlyList<AddressRow> Streets { get; }

    /// <summary>Streets of which every word begins some word, but for one that begins with a digit and is then a house number.</summary>
    public IReadOnlyList<StreetHit> Find(List<string> typed, int most)
    {
        if (typed.Where(word => !char.IsDigit(word[0])).MaxBy(word => word.Length) is not { } rarest)
        {
            return [];
        }
        var hits = new List<(StreetHit Hit, int Whole, int Length)>();
        foreach (var street in Beginning(rarest).Take(LookedAtMax)) // Whole words come before those that only begin so.
        {
            if (Match(street, typed, whole: false) is var (number, whole))
            {
                hits.Add((new StreetHit(Streets[street], number), whole, shortest[street]));
            }
        }
        return
        [
            .. hits.OrderByDescending(one => one.Whole).ThenBy(one => one.Length).ThenBy(one => one.Hit.Street.Id, StringComparer.Ordinal).Take(most).Select(one => one.Hit),
        ];
    }

    /// <summary>Streets that are named in full in one language, with a house number and nothing that is not theirs.</summary>
    public IReadOnlyList<StreetHit> Named(List<string> typed)
    {
        if (typed.Where(word => !char.IsDigit(word[0])).MaxBy(word => word.Length) is not { } rarest)
        {
            return [];
        }
        var named = new List<StreetHit>();
        foreach (var street in Beginning(rarest))
        {
            if (Match(street, typed, whole: true) is ({ } number, _) && NamesOf(Streets[street]).Any(name => name.All(typed.Contains)))
            {
                named.Add(new StreetHit(Streets[street], number));
            }
        }
        return named;
    }

    private (string? Number, int Whole)? Match(int street, List<string> typed, bool whole)
    {
        string? number = null;
        var exact = 0;
        foreach (var word in typed)
        {
            if (words[street].Contains(word, StringComparer.Ordinal))
            {
                exact++;
            }
            else if (number is null && char.IsDigit(word[0]) && !(word.Length == 4 && !whole && IsPostcode(word)))
            {
                number = word;
            }
            else if (whole || !words[street].Any(own => own.StartsWith(word, StringComparison.Ordinal)))
            {
                return null;
            }
        }
        return (number, exact);
    }

    /// <summary>Four digits that some street has as postcode are one.</summary>
    private bool IsPostcode(string word) => Beginning(word).Any(street => Streets[street].Postcode == word);

    private IEnumerable<int> Beginning(string word)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = string.CompareOrdinal(sorted[middle].Word, word) < 0 ? (middle + 1, high) : (low, middle);
        }
        var seen = new HashSet<int>();
        for (; low < sorted.Length && sorted[low].Word.StartsWith(word, StringComparison.Ordinal); low++)
        {
            if (seen.Add(sorted[low].Street))
            {
                yield return sorted[low].Street;
            }
        }
    }

    private static IEnumerable<IReadOnlyList<string>> NamesOf(AddressRow street) => new[] { street.Fr, street.Nl, street.De }.OfType<string>().Select(Folding.Words);
}
