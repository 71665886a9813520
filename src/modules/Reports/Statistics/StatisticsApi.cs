using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>GET /api/v1/reports/stats</c>: the figures of reports.md 4.6, added up from counters.</summary>
internal static class StatisticsApi
{
    /// <summary>Adding up takes some milliseconds: much less often than a map.</summary>
    public static RateLimit Adding { get; } = new("reports-stats", new Quota(300, TimeSpan.FromMinutes(1)));

    public static void Map(Doors doors) =>
        doors.Api.MapGet("/reports/stats", Figures).Public().Limited(Adding).Cached(["reports"], [.. StatisticsFilter.Names])
            .WithSummary("How many reports, how long they take, and how many keep their promise; of a 'body', an 'area', a 'category' of the first level, sent in the months 'from' to 'to' (2026-05). survivalDays counts those that are still open too.")
            .Produces<object>(StatusCodes.Status200OK, "application/json")
            .GivesExample(new
            {
                at = "2026-06-01T12:00:00+02:00", total = 4120, survivalDays = new { p50 = 9.3, p90 = (double?)null }, resolvedDays = new { mean = 12.1, p50 = 5.8, p90 = 31.0 },
                byState = new { assigned = 310, resolved = 3810 }, sla = new { onTime = 3100, late = 710, openOverdue = 120 }, holderTimeShare = new Dictionary<string, double> { ["c21013"] = 0.71, ["region"] = 0.29 },
            });

    private static IResult Figures(HttpContext http, ReportCounters counters, RoutingMap routing, TimeProvider time) =>
        http.Request.Query["at"].ToString() is { Length: > 0 } at
            ? Refusal.Invalid(Instants.TryRead(at, out _) ? "reports.figuresOfNow" : "reports.dateWithoutZone", "at").AsProblem() // Those of another instant are a replay of the log: the verb does it.
            : StatisticsFilter.Of(http.Request.Query, routing.Current.Map).Is(out var filter, out var refusal)
            ? MapApi.Tagged(http, JsonSerializer.SerializeToUtf8Bytes(counters.Of(filter, time.NowMicros()), Json.Options), "application/json")
            : refusal.AsProblem();
}
