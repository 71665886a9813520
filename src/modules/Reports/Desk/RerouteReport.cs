using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What a new category or place would change.</summary>
/// <param name="Before">The report as it is.</param>
/// <param name="After">As it would be.</param>
public sealed record Rerouting(Report Before, Report After);

/// <summary>Routing runs again for a new category or place: for real within the action, or to show what would change (R23).</summary>
internal sealed class RerouteReport(RoutingMap routing, RouteReport route, TimeProvider time)
{
    /// <summary>Does the action to a copy of the report that nobody keeps.</summary>
    /// <returns>404, 401, 403, 409 and 422 as the action itself would answer.</returns>
    public async Task<Outcome<Rerouting>> PreviewAsync(Store store, string key, ReportAction action, ActionRequest request, Acting acting, CancellationToken cancellation)
    {
        if (await ReadReport.FindAsync(store, key, tracked: false, cancellation) is not { } before || !acting.Sees(before) || await ReadReport.FindAsync(store, key, tracked: false, cancellation) is not { } after)
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
        }
        var (router, now) = (routing.Current, time.NowMicros());
        var world = World.Of(router.Map, now, after);
        var who = Hats.Of(acting.Caller, after, acting.IsReporter, world.HandOver.Coordinator, now);
        if (request.Stale(after, ActOnReport.Allowed(after, who, world)) is { } stale)
        {
            return stale;
        }
        var found = await FindAsync(store, after, action, InputOf(request), who, router, now, sought => route.Preview(router, sought), cancellation);
        if (!found.Is(out var input, out var refusal) || !after.Act(action, who, input, world).Is(out _, out refusal))
        {
            return refusal.Code == "reports.notYourReport" ? acting.NotYours : refusal;
        }
        return new Rerouting(before, after);
    }

    /// <summary>Decides, and logs that a rule did.</summary>
    public Task<Outcome<ActionInput>> DecideAsync(Unit unit, Report report, ReportAction action, ActionInput input, Who who, Router router, CancellationToken cancellation) =>
        FindAsync(unit.Store, report, action, input, who, router, unit.Now, sought => route.Decide(unit, report.Id, report.Version + 1, router, sought), cancellation);

    private static ActionInput InputOf(ActionRequest request) => new() { Category = request.Category, Location = request.Location };

    /// <summary>Writes into the report what routing says, and into the input where it goes. Where the register leaves it to people, it stays with those who have it.</summary>
    private static async Task<Outcome<ActionInput>> FindAsync(
        Store store, Report report, ReportAction action, ActionInput input, Who who, Router router, long now, Func<Sought, Outcome<Route>> find, CancellationToken cancellation)
    {
        var recategorised = action == ReportAction.Recategorise;
        if ((recategorised ? input.Category : report.Category) is not { } code)
        {
            return input; // The table says that it is missing.
        }
        if (!router.Map.Categories.Reportable(code, professional: (who & Who.HolderStaff) != 0 || !recategorised).Is(out var category, out _))
        {
            return Refusal.Invalid("reports.unknownCategory", "category", Fault.Shorten(code));
        }
        var place = recategorised ? report.Place : input.Location;
        if (place is null && !recategorised)
        {
            return input;
        }
        if (place is not (null or { Lat: >= -90 and <= 90, Lon: >= -180 and <= 180 })) // What is no number is outside too.
        {
            return place.Value.Lat is >= -90 and <= 90 ? Refusal.Invalid("reports.longitudeOutside", "lon") : Refusal.Invalid("reports.latitudeOutside", "lat");
        }
        report.Visibility = await VisibilityAsync(store, report, router.Map, category.Code, place, now, cancellation);
        var words = await store.Set<ReportWordsRow>().AsNoTracking().FirstOrDefaultAsync(w => w.ReportId == report.Id, cancellation);
        // Answers to the questions of another category say nothing here.
        var answers = recategorised || words is null ? Answers.None : JsonSerializer.Deserialize<Answers>(words.Answers, Json.Options)!;
        if (!find(new Sought(place is { } at ? new LonLat(at.Lon, at.Lat) : null, words?.Address ?? "", code, answers, recategorised ? report.AccuracyMetres : null, now)).Is(out var found, out var refusal))
        {
            return refusal;
        }
        if (place is null && found.Rule is null) // Nobody knows where it is: whoever looks for the place goes on.
        {
            return input with { Routed = new Placed(report.Area, report.Holder ?? found.Body, ByRule: false) };
        }
        report.Keep(found);
        var byRule = found.By == DecidedBy.Rule;
        return input with { Routed = new Placed(found.Area, byRule ? found.Body : report.Holder ?? found.Body, byRule) };
    }

    /// <summary>
    /// What its new category or place makes of it. Moved out of a private place it is public again, unless staff had said that it is private; of another category it stays private, because its
    /// words were written for few.
    /// </summary>
    private static async Task<Visibility> VisibilityAsync(Store store, Report report, RoutingSnapshot map, string category, (double Lon, double Lat)? place, long now, CancellationToken cancellation)
    {
        if (report.Visibility is not (Visibility.Public or Visibility.Private) || map.IsPrivate(category, place, now))
        {
            return report.Visibility == Visibility.Public ? Visibility.Private : report.Visibility;
        }
        var wasByPlace = report.Visibility == Visibility.Private && report.Category == category && map.IsPrivate(category, report.Place, now);
        return wasByPlace && !await IsPrivateByHandAsync(store, report, cancellation) ? Visibility.Public : report.Visibility;
    }

    /// <summary>What staff said last.</summary>
    private static async Task<bool> IsPrivateByHandAsync(Store store, Report report, CancellationToken cancellation) =>
        await store.Set<ReportEntry>().AsNoTracking().Where(entry => entry.ReportId == report.Id && (entry.Action == "setPrivate" || entry.Action == "show"))
            .OrderByDescending(entry => entry.At).Select(entry => entry.Action).FirstOrDefaultAsync(cancellation) == "setPrivate";
}
