using System.Text.Json.Serialization;

namespace Zinneke.Kernel;

/// <summary>Words in one or more languages. Immutable; as JSON an object from language to string, such as <c>{"fr":"…","nl":"…"}</c>.</summary>
[JsonConverter(typeof(TextJson))]
public sealed class Text : IEquatable<Text>
{
    private readonly SortedList<string, string> byLanguage;

    public Text(IEnumerable<KeyValuePair<string, string>> byLanguage)
    {
        this.byLanguage = new SortedList<string, string>(StringComparer.Ordinal);
        foreach (var (language, words) in byLanguage)
        {
            this.byLanguage[language] = words;
        }
    }

    public static Text Empty { get; } = new([]);

    public static Text Of(string language, string words) => new([new(language, words)]);

    /// <summary>The same words in the four languages of the interface, in their order fr, nl, en, de.</summary>
    public static Text Four(string fr, string nl, string en, string de) => new([new("fr", fr), new("nl", nl), new("en", en), new("de", de)]);

    public IReadOnlyDictionary<string, string> ByLanguage => byLanguage;

    public bool IsEmpty => byLanguage.Count == 0;

    /// <summary>The words exactly in this language, or null.</summary>
    public string? Exactly(string language) => byLanguage.GetValueOrDefault(language);

    /// <summary>The words in the reader's language, else in the first fallback language that has them.</summary>
    /// <returns>The words and the language they are in, so that a page can mark foreign words with <c>lang</c>; two empty strings when there are none.</returns>
    public (string Words, string Language) For(string language)
    {
        foreach (var candidate in Languages.FallbackOf(language))
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

    public bool Equals(Text? other) => other is not null && byLanguage.SequenceEqual(other.byLanguage);

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
