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

    public Words(IEnumerable<WordList> lists, IStringLocalizerFactory factory) =>
        this.lists = lists.ToDictionary(
            list => list.Prefix,
            list => factory.Create($"Text.{list.Name}", list.Marker.Assembly.GetName().Name!),
            StringComparer.Ordinal);

    /// <summary>The text in the language of the current request.</summary>
    /// <exception cref="KeyNotFoundException">There is no such key: a bug, found by the House tests.</exception>
    public string this[string key, params object[] arguments] => Find(key, arguments) ?? throw new KeyNotFoundException($"no text for {key}");

    /// <summary>The text in a language given, for mail and for content that is stored.</summary>
    public string In(string language, string key, params object[] arguments)
    {
        var before = CultureInfo.CurrentUICulture;
        var formatsBefore = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture = Languages.CultureOf(language);
            return this[key, arguments];
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
            CultureInfo.CurrentCulture = formatsBefore;
        }
    }

    /// <summary>The text, or null when there is none: for keys made from data, such as the code of a state.</summary>
    public string? Find(string key, params object[] arguments)
    {
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || !lists.TryGetValue(key[..dot], out var list))
        {
            return null;
        }
        var found = arguments.Length == 0 ? list[key] : list[key, arguments];
        return found.ResourceNotFound ? null : found.Value;
    }

    /// <summary>The same text in the four languages.</summary>
    public Text InAll(string key, params object[] arguments) => new(Languages.All.Select(l => KeyValuePair.Create(l, In(l, key, arguments))));
}
