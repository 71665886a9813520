using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>An entry as the store has it: what is shown, and folded by language what is looked in. The full-text index follows it by triggers.</summary>
internal sealed class SearchRow
{
    public required int Generation { get; init; }

    public required string Kind { get; init; }

    public required string Id { get; init; }

    public required bool First { get; init; }

    public string Path { get; set; } = "";

    public Text Title { get; set; } = Text.Empty;

    public Text Says { get; set; } = Text.Empty;

    public string Label { get; set; } = "";

    /// <summary>Kind and id of the entry it lies under: <c>category:road-hole</c>.</summary>
    public string? Under { get; set; }

    public string? Body { get; set; }

    public string? Area { get; set; }

    public long? At { get; set; }

    public string Fr { get; set; } = "";

    public string Nl { get; set; } = "";

    public string En { get; set; } = "";

    public string De { get; set; } = "";

    /// <summary>Words of no language.</summary>
    public string Plain { get; set; } = "";

    /// <summary>What it can be filtered by, each a word that nobody types; see <see cref="Mark"/>.</summary>
    public string Marks { get; set; } = "";

    public void Set(SearchEntry entry)
    {
        (Path, Title, Says, Label, Under, Body, Area, At) = (entry.Path, entry.Title, entry.Says, entry.Label, entry.Under?.ToString(), entry.Body, entry.Area, entry.At);
        string In(string language) => SearchWords.Kept(string.Join(' ', ((Text[])[entry.Title, entry.Words, entry.Says]).Select(text => text.Exactly(language))));
        (Fr, Nl, En, De, Plain) = (In("fr"), In("nl"), In("en"), In("de"), SearchWords.Kept(entry.Label));
        Marks = string.Join(' ', ((string?[])[Mark('k', Kind), Mark('b', Body), Mark('a', Area), Mark('u', Under), Mark('u', Body is null ? null : $"{BodySearch.KindName}:{Body}"), .. entry.Facets.Select(facet => Mark('f', facet))]).OfType<string>());
    }

    /// <summary>The words that are kept with their counts, to know what begins like what is looked for.</summary>
    public IEnumerable<string> Vocabulary() => $"{Plain} {Fr} {Nl} {En} {De}".Split(' ').Where(SearchWords.MayGoOn).Distinct(StringComparer.Ordinal);

    /// <summary>A code as one word of letters and digits.</summary>
    /// <param name="sign">k kind, b body, a area, u under, f facet.</param>
    public static string? Mark(char sign, string? code) => code is null ? null : sign + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(code));

    /// <summary>What an entry must have of a filter: of each group one.</summary>
    public static IEnumerable<IReadOnlyList<string>> Asked(string? kind, string? body, string? area) =>
        ((string?[])[Mark('k', kind), Mark('b', body), Mark('a', area)]).OfType<string>().Select(mark => (string[])[mark]);

    internal static void Map(ModelBuilder model)
    {
        model.Entity<SearchRow>(row =>
        {
            row.ToTable("search_entries").HasKey(e => new { e.Generation, e.Kind, e.Id });
            row.Property(e => e.Title).HasConversion(t => JsonSerializer.Serialize(t, Json.Options), s => JsonSerializer.Deserialize<Text>(s, Json.Options)!);
            row.Property(e => e.Says).HasConversion(t => JsonSerializer.Serialize(t, Json.Options), s => JsonSerializer.Deserialize<Text>(s, Json.Options)!);
        });
        model.Entity<SearchWord>(row => row.ToTable("search_vocabulary").HasKey(w => new { w.Generation, w.Word }));
    }
}

/// <summary>A word that begins with a letter, and how many entries have it.</summary>
internal sealed class SearchWord
{
    public required int Generation { get; init; }

    public required string Word { get; init; }

    public int Count { get; set; }
}
