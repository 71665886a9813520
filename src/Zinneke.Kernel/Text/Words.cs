using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.Localization;

namespace Zinneke.Kernel;

/// <summary>The texts of one assembly: resource <c>{assembly}.Text.{Name}</c> in the four languages. Every key begins with <paramref name="Prefix"/> and a dot.</summary>
/// <param name="Prefix">Area of the keys, such as <c>reports</c>.</param>
/// <param name="Marker">A type of the assembly that holds the resource.</param>
/// <param name="Name">Name of the resource file, such as <c>Reports</c> for Text/Reports.resx.</param>
public sealed record WordList(string Prefix, Type Marker, string Name);

/// <summary>Looks up the texts of the interface. A key's area, before its first dot, says which list holds it.</summary>
public sealed class Words
{
    private readonly Dictionary<string, IStringLocalizer> lists;
    private volatile FrozenDictionary<(string Language, string Key), string> own = FrozenDictionary<(string, string), string>.Empty;

    public Words(IEnumerable<WordList> lists, IStringLocalizerFactory factory) =>
        this.lists = lists.ToDictionary(
            list => list.Prefix,
            list => factory.Create($"Text.{list.Name}", list.Marker.Assembly.GetName().Name!),
            StringComparer.Ordinal);

    /// <summary>What the installation says in place of the program's texts.</summary>
    internal FrozenDictionary<(string Language, string Key), string> Own
    {
        get => own;
        set => own = value;
    }

    /// <summary>The text in the language of the current request.</summary>
    /// <exception cref="KeyNotFoundException">There is no such key: a bug, found by the House tests.</exception>
    public string this[string key, params object[] arguments] => Find(key, arguments) ?? throw new KeyNotFoundException($"no text for {key}");

    /// <summary>The text in a language given, for mail and for content that is stored.</summary>
    public string In(string language, string key, params object[] arguments) => InLanguage(language, () => this[key, arguments]);

    /// <summary>The program's own text with its gaps open, also where the installation says something else; null when there is none.</summary>
    public string? Shipped(string language, string key) => ListOf(key) is { } list ? InLanguage(language, () => list[key] is { ResourceNotFound: false } found ? found.Value : null) : null;

    /// <summary>The keys of all texts, in their order.</summary>
    public IEnumerable<string> Keys => lists.Values.SelectMany(list => InLanguage(Languages.All[0], () => list.GetAllStrings(includeParentCultures: true).Select(text => text.Name).ToList())).Order(StringComparer.Ordinal);

    /// <summary>The text, or null when there is none: for keys made from data, such as the code of a state.</summary>
    public string? Find(string key, params object[] arguments)
    {
        if (own.Count > 0 && own.TryGetValue((CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, key), out var said) && Filled(said, arguments) is { } filled)
        {
            return filled;
        }
        if (ListOf(key) is not { } list)
        {
            return null;
        }
        var found = arguments.Length == 0 ? list[key] : list[key, arguments];
        return found.ResourceNotFound ? null : found.Value;
    }

    /// <summary>The same text in the four languages.</summary>
    public Text InAll(string key, params object[] arguments) => new(Languages.All.Select(l => KeyValuePair.Create(l, In(l, key, arguments))));

    /// <summary>Null when the gaps are not those of this program: one before it may have had others, and its own words are better than none.</summary>
    private static string? Filled(string said, object[] arguments)
    {
        try
        {
            return arguments.Length == 0 ? said : string.Format(CultureInfo.CurrentCulture, said, arguments);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private IStringLocalizer? ListOf(string key) => key.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? lists.GetValueOrDefault(key[..dot]) : null;

    private static T InLanguage<T>(string language, Func<T> find)
    {
        var (before, formatsBefore) = (CultureInfo.CurrentUICulture, CultureInfo.CurrentCulture);
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture = Languages.CultureOf(language);
            return find();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
            CultureInfo.CurrentCulture = formatsBefore;
        }
    }
}
