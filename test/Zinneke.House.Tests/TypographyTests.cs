using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Zinneke.House.Tests;

/// <summary>
/// French has a narrow no-break space before ; ! and ?, and a no-break space before a colon, a per cent sign and inside its quotation marks, so that no line begins
/// with one of them. Apostrophes of all languages are round. Looked at in the .resx files and in the JSON files that ship with the program.
/// </summary>
public partial class TypographyTests
{
    [Fact]
    public void French_signs_stay_with_their_word() =>
        Texts("fr").Where(text => Loose().IsMatch(text.Value)).Select(text => $"{text.Where}: {text.Value}")
            .ShouldBeNone("U+202F stands before ; ! ? and U+00A0 before : % » and after «:");

    [Fact]
    public void Apostrophes_are_round() =>
        new[] { "fr", "nl", "en", "de" }.SelectMany(Texts).Where(text => Typewritten().IsMatch(text.Value)).Select(text => $"{text.Where}: {text.Value}")
            .ShouldBeNone("An apostrophe is ’ (U+2019):");

    [Theory]
    [InlineData("Vraiment ?", true)]
    [InlineData("Vraiment?", true)]
    [InlineData("Vraiment\u202f?", false)]
    [InlineData("« {0}\u00a0»", true)]
    [InlineData("«\u00a0{0}\u00a0»\u202f; {1}\u00a0: 5\u00a0%", false)]
    [InlineData("Source\u202f: {0}", true)]
    [InlineData("https://exemple.be", false)]
    [InlineData("à 14:05", false)]
    public void A_loose_sign_is_seen(string text, bool loose) => Loose().IsMatch(text).ShouldBe(loose);

    private static IEnumerable<(string Where, string Value)> Texts(string language) =>
        Sources.Under("src", language == "en" ? ".resx" : $".{language}.resx").Where(file => language != "en" || file.Name.Count(c => c == '.') == 1).SelectMany(Entries)
            .Concat(Sources.Under("src", ".json").Where(file => file.Name != "packages.lock.json").SelectMany(file => Said(file, language)));

    private static IEnumerable<(string, string)> Entries(SourceFile list) =>
        XDocument.Load(list.FullPath).Root!.Elements("data").Select(data => ($"{list}: {(string?)data.Attribute("name")}", (string?)data.Element("value") ?? ""));

    private static IEnumerable<(string, string)> Said(SourceFile file, string language)
    {
        using var json = JsonDocument.Parse(file.Text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return [.. Below(json.RootElement, ofLanguage: false, language).Select(text => (file.ToString(), text))];
    }

    /// <summary>Every string at or below a property that is named by the language.</summary>
    private static IEnumerable<string> Below(JsonElement element, bool ofLanguage, string language) => element.ValueKind switch
    {
        JsonValueKind.String when ofLanguage => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(one => Below(one, ofLanguage, language)),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(one => Below(one.Value, ofLanguage || one.NameEquals(language), language)),
        _ => [],
    };

    [GeneratedRegex(@"(?<!\u202f)[;!?](?=\s|$|[.)»])|[ \u202f][:%»](?=\s|$|[.,)])|«(?!\u00a0)|(?<!\u00a0)»")]
    private static partial Regex Loose();

    [GeneratedRegex(@"\p{L}'\p{L}")]
    private static partial Regex Typewritten();
}
