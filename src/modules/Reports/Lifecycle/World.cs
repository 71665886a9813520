using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The circumstances of a decision, as the catalogue, the bodies and the rules of now make them.</summary>
internal static class World
{
    /// <param name="ruleSla">Promise of the rule that placed the report, when it has one of its own.</param>
    public static Circumstances Of(RoutingSnapshot map, long now, Report report, Sla? ruleSla = null) => new(
        now,
        (category, body) => map.Categories.Find(category)?.Promise?.For(body, report.Priority, ruleSla),
        body => map.CalendarOf(body),
        new HandOver(map.Rules.CoordinatorBody, map.IsActive, AlternativesOf));

    /// <summary>Bodies that routing named besides the chosen one.</summary>
    private static IReadOnlyList<string> AlternativesOf(Report report)
    {
        using var dispatch = JsonDocument.Parse(report.Dispatch);
        return dispatch.RootElement.TryGetProperty("alternatives", out var alternatives)
            ? [.. alternatives.EnumerateArray().Select(a => a.GetProperty("body").GetString()!)]
            : [];
    }
}
