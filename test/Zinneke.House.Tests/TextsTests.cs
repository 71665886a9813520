using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Zinneke.House.Tests;

/// <summary>Every word of the interface is there in four languages, with the same places for values, and is used.</summary>
public partial class TextsTests
{
    private static readonly string[] Translations = ["fr", "nl", "de"];

    [Fact]
    public void Every_list_of_texts_is_found() =>
        Sources.Under("src", ".resx").Where(file => !file.Path.Contains("/Text/", StringComparison.Ordinal)).Select(file => file.Path)
            .ShouldBeNone("Texts lie in the folder Text/ of their assembly:");

    [Fact]
    public void Every_text_is_there_in_four_languages() =>
        Neutral().SelectMany(list => Translations.SelectMany(language => Differences(list, language)))
            .ShouldBeNone("A text has the same key, and the same {0} places, in every language:");

    [Fact]
    public void Keys_begin_with_their_area() =>
        Neutral().SelectMany(list => Read(list.FullPath).Keys.Where(key => !key.StartsWith(AreaOf(list) + ".", StringComparison.Ordinal) || !KeyShape().IsMatch(key)).Select(key => $"{list}: {key}"))
            .ShouldBeNone("A key is area.noun.word in camelCase, such as reports.new.title:");

    [Fact]
    public void Every_key_that_is_asked_for_exists()
    {
        var known = AllKeys();
        var areas = Areas();
        TextUses.All().Where(use => areas.Contains(use.Key.Split('.')[0]) && !known.Contains(use.Key)).Select(use => $"{use.Where}: {use.Key}")
            .ShouldBeNone("Add these to the .resx files, in four languages:");
    }

    [Fact]
    public void Every_key_is_used()
    {
        var used = TextUses.Mentions();
        AllKeys().Where(key => !used.Covers(key)).ShouldBeNone("No code asks for these texts; remove them in four languages:");
    }

    [Fact]
    public void No_words_stand_in_a_component() =>
        Sources.Under("src", ".razor").SelectMany(file =>
        {
            var markup = RazorComment().Replace(file.Text.Split("@code", 2)[0], "");
            return WordsBetweenTags().Matches(markup).Concat(WordsInAttribute().Matches(markup)).Select(match => $"{file}: {match.Value.ReplaceLineEndings(" ").Trim()}");
        }).ShouldBeNone("Words of the interface are texts in four languages, @Words[\"area.noun.word\"]:");

    private static IEnumerable<SourceFile> Neutral() =>
        Sources.Under("src", ".resx").Where(file => !Translations.Any(language => file.Path.EndsWith($".{language}.resx", StringComparison.Ordinal)));

    private static HashSet<string> AllKeys() => [.. Neutral().SelectMany(list => Read(list.FullPath).Keys)];

    private static HashSet<string> Areas() => [.. Neutral().Select(AreaOf)];

    private static string AreaOf(SourceFile list) => Path.GetFileNameWithoutExtension(list.Path).ToLowerInvariant();

    private static IEnumerable<string> Differences(SourceFile list, string language)
    {
        var path = $"{list.Path[..^".resx".Length]}.{language}.resx";
        var full = Path.Combine(Surroundings.Root, path);
        if (!File.Exists(full))
        {
            return [$"{path} is missing"];
        }
        var english = Read(list.FullPath);
        var other = Read(full);
        return english.Keys.Except(other.Keys).Select(key => $"{path}: {key} is missing")
            .Concat(other.Keys.Except(english.Keys).Select(key => $"{path}: {key} is not in {list.Name}"))
            .Concat(english.Keys.Intersect(other.Keys).Where(key => string.IsNullOrWhiteSpace(other[key]) != string.IsNullOrWhiteSpace(english[key])).Select(key => $"{path}: {key} is empty"))
            .Concat(english.Keys.Intersect(other.Keys).Where(key => Places(english[key]) != Places(other[key]))
                .Select(key => $"{path}: {key} has {Places(other[key])}, {list.Name} has {Places(english[key])}"));
    }

    private static string Places(string text) => string.Join(' ', Place().Matches(text).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal));

    private static Dictionary<string, string> Read(string path) =>
        XDocument.Load(path).Root!.Elements("data").ToDictionary(data => (string)data.Attribute("name")!, data => (string?)data.Element("value") ?? "", StringComparer.Ordinal);

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex RazorComment();

    [GeneratedRegex(@"(?<![=\-])>[^<>@{}()]*\p{L}{4,}[^<>@{}()]*</")]
    private static partial Regex WordsBetweenTags();

    [GeneratedRegex(@"\b(aria-label|title|alt|placeholder)=""[^""@]*\p{L}{3,}[^""@]*""")]
    private static partial Regex WordsInAttribute();

    [GeneratedRegex(@"\{(\d+)[^}]*\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"^[a-z][A-Za-z0-9]*(\.[a-zA-Z0-9_-]+)+$")]
    private static partial Regex KeyShape();
}
