using System.Globalization;
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
        var faults = new List<Refusal>();
        string? Known(string name, string code, Func<string, bool> exists)
        {
            if (query[name].ToString() is not { Length: > 0 } value)
            {
                return null;
            }
            if (!exists(value))
            {
                faults.Add(Refusal.Invalid(code, name, Fault.Shorten(value)));
            }
            return value;
        }
        int? Month(string name)
        {
            if (query[name].ToString() is not { Length: > 0 } text)
            {
                return null;
            }
            if (DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
            {
                return month.Year * 12 + month.Month - 1;
            }
            faults.Add(Refusal.Invalid("reports.badMonth", name));
            return null;
        }
        var filter = new StatisticsFilter(
            Known("body", "reports.unknownWord", body => map.Find(body) is not null),
            Known("area", "reports.unknownWord", area => map.Municipalities.Any(one => one.Id == area)),
            Known("category", "reports.notFirstLevel", category => map.Categories.Find(category) is { Parent: null }), Month("from"), Month("to"));
        return faults.Count == 0 ? filter : Refusal.Of(faults);
    }
}
