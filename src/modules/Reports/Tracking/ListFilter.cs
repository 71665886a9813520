using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What the address of the public list says: the same filter for the list, its map and its feeds (R15).</summary>
internal static class ListFilter
{
    /// <summary>Names of the query that the list and its feeds depend on.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. MapFilter.Names, "bbox", "text", "updatedSince", "sort"];

    /// <summary>Those that the form has a field for; what else the address holds stays in it.</summary>
    private static readonly string[] Fields = ["bucket", "category", "area", "body", "from", "to", "text", "cursor"];

    /// <summary>Reads the names of the API and the days of the form (<c>from</c>, <c>to</c>).</summary>
    /// <param name="zone">Of days without a time.</param>
    /// <returns>422 with every field that cannot be read.</returns>
    public static Outcome<ReportQuery> Read(IQueryCollection query, WorkCalendar zone)
    {
        var (listed, mapped) = (ReportQuery.Of(query), MapFilter.Of(query, zone, created: false));
        if (!listed.Ok || !mapped.Ok)
        {
            // A word that neither knows is one fault.
            return Refusal.Of([.. (listed.Refusal?.All() ?? []).Concat(mapped.Refusal?.All() ?? []).DistinctBy(fault => fault.Field)]);
        }
        var (read, period) = (listed.Value, mapped.Value);
        return read with
        {
            CreatedFrom = period.From == long.MinValue ? read.CreatedFrom : Math.Max(period.From, read.CreatedFrom ?? period.From),
            CreatedTo = period.To == long.MaxValue ? read.CreatedTo : Math.Min(period.To, read.CreatedTo ?? period.To),
        };
    }

    /// <summary>The same filter as the query of the map's layer; null where a map cannot say what the list does: of words, of what has changed since, and of what is archived.</summary>
    public static string? OfMap(ReportQuery query)
    {
        if (query.Words is not null || query.UpdatedSince is not null || query.States.Contains(ReportState.Archived))
        {
            return null;
        }
        var words = new List<KeyValuePair<string, string?>>();
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                words.Add(new(name, value));
            }
        }
        Add("state", query.States.Count > 0 ? string.Join(',', query.States.Select(ReportWords.Word)) : query.Bucket is null ? MapFilter.AllStates : null);
        Add("bucket", query.Bucket is { } bucket ? ReportWords.Word(bucket) : null);
        Add("category", query.Category);
        Add("area", query.Area);
        Add("body", query.Body);
        Add("from", Instant(query.CreatedFrom));
        Add("to", Instant(query.CreatedTo));
        return QueryHelpers.AddQueryString("", words);
    }

    /// <summary>What the map shows first: the window or the municipality asked for, else the city.</summary>
    public static MapFrame FrameOf(ReportQuery query, RoutingSnapshot map, MapFrame start) =>
        query.Box is [var west, var south, var east, var north] ? MapFrame.Of(new Box(west, south, east, north))
        : query.Area is { } area && map.Municipality(area) is { } chosen ? MapFrame.Of(chosen.Shape.Bounds)
        : start;

    /// <summary>What the address holds beside the fields of the form.</summary>
    public static IReadOnlyList<(string Name, string Value)> Kept(IQueryCollection query) =>
        [.. Names.Except(Fields).Select(name => (name, query[name].ToString())).Where(one => one.Item2.Length > 0)];

    private static string? Instant(long? micros) => micros is { } at ? Instants.Write(Instants.FromMicros(at)) : null;
}
