using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Which reports are counted: of one body, area and category of the first level, sent in some months; all for null.</summary>
/// <param name="From">The first month, as year · 12 + month - 1.</param>
/// <param name="To">The last month.</param>
internal sealed record StatisticsFilter(string? Body = null, string? Area = null, string? Category = null, int? From = null, int? To = null)
{
    /// <summary>Names of the query.</summary>
    public static IReadOnlyList<string> Names { get; } = ["body", "area", "category", "from", "to"];

    public static StatisticsFilter All { get; } = new();

    /// <returns>422 with every value that is not known.</returns>
    public static Outcome<StatisticsFilter> Of(IQueryCollection query, RoutingSnapshot map)
    {
        var read = new QueryWords(query);
        return read.Read(new StatisticsFilter(
            read.Known("body", "reports.unknownWord", body => map.Find(body) is not null), read.Known("area", "reports.unknownWord", area => map.Municipalities.Any(one => one.Id == area)),
            read.Known("category", "reports.notFirstLevel", category => map.Categories.Find(category) is { Parent: null }), read.Month("from", "reports.badMonth"), read.Month("to", "reports.badMonth")));
    }
}
