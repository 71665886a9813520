using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>What is looked for: the query of <c>/search</c> and <c>GET /api/v1/search</c>.</summary>
public sealed record SearchQuery
{
    public const int LengthMax = 200;
    public const int LimitMax = 100;
    private const int LimitUsual = 20;

    /// <summary>As typed; every word must be met.</summary>
    public string? Words { get; init; }

    public string? Kind { get; init; }

    public string? Body { get; init; }

    public string? Area { get; init; }

    /// <summary>Entries of a page, 1 to <see cref="LimitMax"/>.</summary>
    public int Limit { get; init; } = LimitUsual;

    /// <summary>Nothing is looked for.</summary>
    public bool IsEmpty => Kind is null && Body is null && Area is null && SearchWords.Asked(Words).Count == 0;

    /// <summary>Reads the query of an address; empty values count as absent.</summary>
    /// <returns>422 with every field that cannot be read.</returns>
    public static Outcome<SearchQuery> Of(IQueryCollection query)
    {
        string? Value(string name) => query[name].ToString() is { Length: > 0 } value ? value : null;
        var faults = new List<Refusal>();
        foreach (var field in (string[])["q", "kind", "body", "area"])
        {
            if (Value(field)?.Length > LengthMax)
            {
                faults.Add(Refusal.Invalid("kernel.searchTooLong", field, LengthMax));
            }
        }
        var limit = LimitUsual;
        if (Value("limit") is { } asked && (!int.TryParse(asked, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out limit) || limit is < 1 or > LimitMax))
        {
            faults.Add(Refusal.Invalid("kernel.searchLimit", "limit", LimitMax));
        }
        if (Refusal.OfNul(query) is { } nul)
        {
            faults.Add(nul);
        }
        return faults.Count > 0 ? Refusal.Of(faults) : new SearchQuery { Words = Value("q"), Kind = Value("kind"), Body = Value("body"), Area = Value("area"), Limit = limit };
    }
}

/// <summary>What a list by words shows of one kind of entries.</summary>
/// <param name="Words">Each must begin a word of the entry; none finds nothing.</param>
public sealed record EntryFilter(string Kind, string Words)
{
    public string? Body { get; init; }

    public string? Area { get; init; }

    /// <summary>Of each group one must hold.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Facets { get; init; } = [];

    /// <summary>Came at this instant or later, UTC microseconds; to the second.</summary>
    public long From { get; init; }

    /// <summary>Came before this instant, UTC microseconds; to the second.</summary>
    public long To { get; init; } = long.MaxValue;

    internal IReadOnlyList<IReadOnlyList<string>> Marks =>
    [
        .. SearchRow.Asked(null, Body, Area),
        .. Facets.Select(group => (string[])[.. group.Select(facet => SearchRow.Mark('f', facet)!)]),
    ];
}

/// <summary>Where a page ended. A rebuild numbers everything anew: a place of another generation is none.</summary>
public sealed record SearchPlace(int Generation, long Doc);

/// <summary>One page of what was found.</summary>
/// <param name="Words">Beginnings of words that were looked for, folded, with those that were put in the place of mistyped ones.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
public sealed record FoundPage(IReadOnlyList<Found> Hits, IReadOnlyList<string> Words, SearchPlace? Next);

/// <summary>One thing that was found. Texts are plain.</summary>
public sealed record Found(string Kind, string Id, string Path, Text Title, Text Says, string Label, string? Body, string? Area, long? At);
