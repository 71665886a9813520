using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The circumstances of a decision, as the catalogue, the bodies and the rules of now make them.</summary>
internal static class World
{
    /// <summary>The rule that placed the report may promise a time of its own: asked for when it is needed, because routing may have found another by then.</summary>
    public static Circumstances Of(RoutingSnapshot map, long now, Report report) => new(
        now,
        (category, body) => map.Categories.Find(category)?.Promise?.For(body, report.Priority, map.Rules.Rules.FirstOrDefault(rule => rule.Id == report.Rule)?.Sla),
        body => map.CalendarOf(body),
        new HandOver(map.Rules.CoordinatorBody, map.IsActive, AlternativesOf, map.Terms.HopsMax), map.Terms.ReopenDays, map.Terms.ConfirmDays)
    {
        AcceptanceWorkDays = body => map.Find(body)?.AcceptanceWorkDays ?? Body.AcceptanceWorkDaysDefault,
        ReopenByAll = map.Terms.ReopenByAll,
        IsPrivate = one => map.IsPrivate(one.Category, one.Place, now),
    };

    /// <summary>Bodies that routing named besides the chosen one.</summary>
    private static IReadOnlyList<string> AlternativesOf(Report report)
    {
        using var dispatch = JsonDocument.Parse(report.Dispatch);
        return dispatch.RootElement.TryGetProperty("alternatives", out var alternatives)
            ? [.. alternatives.EnumerateArray().Select(a => a.GetProperty("body").GetString()!)]
            : [];
    }
}
