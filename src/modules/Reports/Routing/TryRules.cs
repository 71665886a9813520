using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Zinneke.Geo;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary><c>/{lang}/admin/rules/try</c>: who would get a problem at a place by the rules in force, and why; nothing is decided or kept (R41).</summary>
internal static class TryRules
{
    public const int PointsMax = 200;

    private const int LengthMax = 20_000;
    private static readonly char[] Between = [',', ';', '\t', ' '];

    public static void Map(Doors doors)
    {
        doors.Pages.MapGet("/admin/rules/try", (HttpContext http, RoutingMap routing, PlaceSearch places) => Page(http, new RuleTrial([], routing.Current.Map, new PlaceInput(null, null, null, places.Start, false), null, "", null))).Needs(ImportRules.Kinds.Permission);
        doors.Pages.MapPost("/admin/rules/try", TryAsync).Needs(ImportRules.Kinds.Permission);
    }

    private static async Task<IResult> TryAsync(HttpContext http, RoutingMap routing, PlaceSearch places, TimeProvider time, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        if (Refusal.OfNul(form) is { } nul)
        {
            return nul.AsProblem();
        }
        var (place, category, text, router) = (PlaceInput.Read(form, places.Start), form["category"].ToString(), form["points"].ToString(), routing.Current);
        var trial = new RuleTrial([], router.Map, place, category.Length == 0 ? null : category, text, null);
        if (place.Again)
        {
            return Page(http, trial);
        }
        return Read(place, category, text, router.Map).Is(out var points, out var refusal)
            ? Page(http, trial with { Tried = [.. points.Select(point => new TriedPoint(point.At, point.Category, router.At(new RouteRequest(point.At, point.Category, Answers.None, null, time.NowMicros()))))] })
            : Page(http, trial with { Refusal = refusal });
    }

    /// <summary>The place of the map first, then the lines.</summary>
    /// <returns>422 with the first line that cannot be read; or when there is nothing to try.</returns>
    private static Outcome<List<(LonLat At, string Category)>> Read(PlaceInput place, string category, string text, RoutingSnapshot map)
    {
        if (place.Fault() is { } fault)
        {
            return fault;
        }
        var points = new List<(LonLat, string)>();
        if (place is { Lon: { } lon, Lat: { } lat })
        {
            if (!map.Categories.Has(category))
            {
                return Refusal.Invalid(category.Length == 0 ? "reports.required" : "reports.unknownCategory", "category", Fault.Shorten(category));
            }
            points.Add((new LonLat(lon, lat), category));
        }
        var lines = text.Length > LengthMax ? null : text.Split('\n');
        if (lines is null || lines.Count(line => !string.IsNullOrWhiteSpace(line)) > PointsMax)
        {
            return Refusal.Invalid("reports.tryTooMany", "points", PointsMax);
        }
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim() is not { Length: > 0 } line)
            {
                continue;
            }
            if (PointOf(line, map) is not { } point)
            {
                return Refusal.Invalid("reports.tryLine", "points", i + 1, Fault.Shorten(line));
            }
            points.Add(point);
        }
        return points.Count == 0 ? Refusal.Invalid("reports.tryNothing", "points") : points;
    }

    private static (LonLat At, string Category)? PointOf(string line, RoutingSnapshot map) =>
        line.Split(Between, StringSplitOptions.RemoveEmptyEntries) is [var x, var y, var category]
        && double.TryParse(x, NumberStyles.Float, CultureInfo.InvariantCulture, out var lon) && double.TryParse(y, NumberStyles.Float, CultureInfo.InvariantCulture, out var lat)
        && new LonLat(lon, lat) is { InRange: true } at && map.Categories.Has(category) ? (at, category) : null;

    private static RazorComponentResult<Pages.TryRulesPage> Page(HttpContext http, RuleTrial trial)
    {
        http.Response.Headers.CacheControl = "no-store";
        return new(new Dictionary<string, object?> { ["View"] = trial }) { StatusCode = trial.Refusal is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity };
    }
}

/// <summary>A point and who would get it.</summary>
public sealed record TriedPoint(LonLat At, string Category, Route Route);

/// <summary>What the rule workbench shows.</summary>
/// <param name="Text">The lines as they were sent.</param>
public sealed record RuleTrial(IReadOnlyList<TriedPoint> Tried, RoutingSnapshot Map, PlaceInput Place, string? Category, string Text, Refusal? Refusal);
