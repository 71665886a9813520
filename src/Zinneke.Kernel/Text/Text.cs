using System.Text.Json.Serialization;

namespace Zinneke.Kernel;

/// <summary>
/// Words in one or more languages. Immutable; as JSON an object from language to string, such as <c>{"fr":"…","nl":"…"}</c>. Languages that a machine has translated into are marked, and then the
/// one that they come from too: <c>{"fr":"…","nl":"…","original":"fr","machine":["nl"]}</c>.
/// </summary>
[JsonConverter(typeof(TextJson))]
public sealed class Text : IEquatable<Text>
{
    private readonly SortedList<string, string> byLanguage;
    private readonly string? original;

    /// <param name="byLanguage">Words of people.</param>
    public Text(IEnumerable<KeyValuePair<string, string>> byLanguage) : this(byLanguage, null, [])
    {
    }

    /// <param name="byLanguage">Words of people and of machines.</param>
    /// <param name="original">Language that the machine's words come from; kept while there are some.</param>
    /// <param name="machine">Languages whose words a machine has translated; those that have none are left out, and so is the original.</param>
    public Text(IEnumerable<KeyValuePair<string, string>> byLanguage, string? original, IEnumerable<string> machine)
    {
        this.byLanguage = new SortedList<string, string>(StringComparer.Ordinal);
        foreach (var (language, words) in byLanguage)
        {
            this.byLanguage[language] = words;
        }
        Machine = [.. machine.Where(language => language != original && this.byLanguage.ContainsKey(language)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        this.original = original is not null && Machine.Count > 0 && this.byLanguage.ContainsKey(original) ? original : null;
    }

    public static Text Empty { get; } = new([]);

    public static Text Of(string language, string words) => new([new(language, words)]);

    /// <summary>The same words in the four languages of the interface, in their order fr, nl, en, de.</summary>
    public static Text Four(string fr, string nl, string en, string de) => new([new("fr", fr), new("nl", nl), new("en", en), new("de", de)]);

    public IReadOnlyDictionary<string, string> ByLanguage => byLanguage;

    /// <summary>Languages whose words a machine has translated.</summary>
    public IReadOnlyList<string> Machine { get; }

    /// <summary>The language in which it was written first; null when that is not known, or when people wrote several.</summary>
    public string? Original => original ?? (byLanguage.Count == 1 ? byLanguage.Keys[0] : null);

    public bool IsEmpty => byLanguage.Count == 0;

    /// <summary>Whether the words in this language are a machine's.</summary>
    public bool IsMachine(string language) => Machine.Contains(language, StringComparer.Ordinal);

    /// <summary>The words exactly in this language, or null.</summary>
    public string? Exactly(string language) => byLanguage.GetValueOrDefault(language);

    /// <summary>The words in the reader's language, else in the first fallback language that has them; words of people before words of machines, but for the reader's own language.</summary>
    /// <returns>The words and the language they are in, so that a page can mark foreign words with <c>lang</c>; two empty strings when there are none.</returns>
    public (string Words, string Language) For(string language)
    {
        var offered = Languages.FallbackOf(language);
        foreach (var candidate in offered.Where(candidate => candidate == language || !IsMachine(candidate)).Concat(offered))
        {
            if (byLanguage.TryGetValue(candidate, out var words))
            {
                return (words, candidate);
            }
        }
        return byLanguage.Count > 0 ? (byLanguage.Values[0], byLanguage.Keys[0]) : ("", "");
    }

    /// <summary>The words for the reader, without saying which language they are in.</summary>
    public string In(string language) => For(language).Words;

    public bool Equals(Text? other) => other is not null && byLanguage.SequenceEqual(other.byLanguage) && Machine.SequenceEqual(other.Machine) && Original == other.Original;

    public override bool Equals(object? obj) => Equals(obj as Text);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (language, words) in byLanguage)
        {
            hash.Add(language, StringComparer.Ordinal);
            hash.Add(words, StringComparer.Ordinal);
        }
        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(" / ", byLanguage.Values);
}
