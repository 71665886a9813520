using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A report as the API gives it. Public fields only, unless the caller works for the holder.</summary>
internal static class ReportJson
{
    private const double PrivateGridDegrees = 0.001; // About 100 m: the most that is shown of a private place.

    /// <summary>
    /// An answer tagged with the version, which is what <c>If-Match</c> takes (reports.md 5.4). Who asks and in which language makes others of one version: <c>Vary</c> says so. While a photo
    /// is still to be drawn there is no tag: its drawing changes the answer, and not the version.
    /// </summary>
    public static IResult Tagged(HttpContext http, ReportDetail detail, Dictionary<string, object?> json)
    {
        http.Response.Headers.Append(HeaderNames.Vary, "Accept-Language, Authorization, X-API-Key, Cookie");
        return detail.Pictures.All(picture => picture.File.State != RenditionState.Pending) && http.IsUnchanged(detail.Report.Version) ? Etags.NotModified() : TypedResults.Json(json, Json.Options);
    }

    /// <param name="staff">The caller may see contacts, notes and the whole trace.</param>
    /// <param name="row">In a list: without history, photos, answers, routing, and what is merged into it.</param>
    /// <param name="token">The private link's secret: its reporter sees the own place, words and photos.</param>
    public static Dictionary<string, object?> Of(ReportDetail detail, RoutingSnapshot map, string language, bool staff, string? token = null, bool row = false)
    {
        var report = detail.Report;
        var shown = staff || token is not null || report.Visibility == Visibility.Public;
        var worded = shown && (staff || token is not null || detail.Words?.Hidden != true);
        var (lon, lat) = Point(report, staff || token is not null);
        var json = new Dictionary<string, object?>
        {
            ["id"] = report.Id,
            ["number"] = report.Number,
            ["state"] = report.State,
            ["bucket"] = report.BucketWith(detail.Target),
            ["version"] = report.Version,
            ["category"] = report.Category,
            ["names"] = map.Categories.Find(report.Category)?.Names,
            ["lon"] = lon,
            ["lat"] = lat,
            ["address"] = worded ? detail.Words?.Address : null,
            ["area"] = report.Area,
            ["lang"] = report.Language,
            ["channel"] = report.Channel,
            ["description"] = worded ? detail.Words?.Description : null,
            ["body"] = BodyOf(report.Holder, map),
            ["holderSince"] = Local(report.HolderSince, map, report),
            ["waitingSince"] = report.EscalatedTo is null ? null : Local(report.HolderSince, map, report),
            ["createdAt"] = Local(report.CreatedAt, map, report),
            ["updatedAt"] = Local(report.UpdatedAt, map, report),
            ["dueAt"] = Local(report.DueAt, map, report),
            ["holderDueAt"] = Local(report.HolderDueAt, map, report),
            ["plannedFrom"] = Local(report.PlannedFrom, map, report),
            ["plannedTo"] = Local(report.PlannedTo, map, report),
            ["endedAt"] = Local(report.EndedAt, map, report),
            ["hops"] = report.Hops,
            ["reopenCount"] = report.ReopenCount,
            ["supportCount"] = report.Supporters,
            ["mergedInto"] = (staff ? detail.Target : detail.PublicTarget) is { } target ? new { target.Id, target.Number } : null,
            ["reference"] = report.Reference,
            ["url"] = $"/{language}/reports/{report.Number}",
        };
        if (!row)
        {
            json["answers"] = worded && detail.Words is { } words ? JsonSerializer.Deserialize<JsonElement>(words.Answers) : null;
            json["members"] = (staff ? detail.Members : detail.PublicMembers).Select(member => new { member.Report.Id, member.Report.Number, createdAt = Local(member.Report.CreatedAt, map, report) });
            json["history"] = detail.Entries.Where(e => staff || !e.Internal).Select(e => Entry(e, map, report, shown && (worded || e.ActingBody is not null), staff));
            json["photos"] = shown ? [.. Photos(detail.Pictures, token, null), .. (staff ? detail.Members : detail.PublicMembers).SelectMany(member => Photos(member.Pictures.Where(picture => staff || picture.IsPublic), null, member.Report.Number))] : (IReadOnlyList<object>)[];
            json["dispatch"] = Dispatch(report, staff, shown);
        }
        if (staff || token is not null)
        {
            json["visibility"] = report.Visibility;
        }
        if (staff)
        {
            json["contact"] = detail.Contact is { } contact ? new { contact.Email, contact.Name, contact.Phone } : null;
            json["priority"] = report.Priority;
            json["uncertain"] = report.Uncertain;
            json["assignee"] = report.Assignee;
        }
        return json;
    }

    /// <summary>Answer to a submission: what <see cref="Of"/> gives, with the private link, and whether a machine chose the body (strategy.md R4).</summary>
    public static Dictionary<string, object?> Receipt(ReportDetail detail, RoutingSnapshot map, string language, TrackLink link, Words words)
    {
        var token = link.TokenOf(detail.Report.Id);
        var json = Of(detail, map, language, staff: false, token);
        json["trackToken"] = token;
        json["trackUrl"] = $"/{language}/reports/{detail.Report.Number}?t={token}";
        var holder = map.Find(detail.Report.Holder ?? "")?.Names.In(language) ?? detail.Report.Holder ?? "";
        json["choice"] = new
        {
            text = words.In(language, detail.Report.ChosenByRule ? "reports.choice.rule" : "reports.choice.manual", holder),
            register = $"/api/v1/algorithms/{RouteReport.Algorithm.Key}",
            askAPerson = detail.Report.ChosenByRule ? $"/api/v1/reports/{detail.Report.Id}/actions/askReview" : null,
        };
        return json;
    }

    /// <summary>What routing and the clocks say of a report.</summary>
    public static Dictionary<string, object?> Routed(Report report, RoutingSnapshot map) => new()
    {
        ["category"] = report.Category,
        ["lon"] = report.Lon,
        ["lat"] = report.Lat,
        ["area"] = report.Area,
        ["body"] = BodyOf(report.Holder, map),
        ["state"] = report.State,
        ["rule"] = report.Rule,
        ["dueAt"] = Local(report.DueAt, map, report),
        ["holderDueAt"] = Local(report.HolderDueAt, map, report),
        ["visibility"] = report.Visibility,
    };

    public static object? BodyOf(string? id, RoutingSnapshot map) =>
        id is null ? null : new { id, names = map.Find(id)?.Names ?? Text.Empty };

    /// <summary>Where it is, as exactly as it may be shown.</summary>
    public static (double? Lon, double? Lat) Point(Report report, bool staff) => staff || report.PointIsPublic
        ? (report.Lon, report.Lat)
        : (Rounded(report.Lon), Rounded(report.Lat));

    /// <param name="from">Number of the report that they were sent with, when it is another.</param>
    private static IEnumerable<object> Photos(IEnumerable<ReportPicture> pictures, string? token, string? from) => pictures.Select(picture => (object)new
    {
        id = picture.Photo.Id,
        from,
        after = picture.Photo.After,
        status = picture.Photo.Hidden ? "hidden" : picture.Ready ? "ready" : picture.File.State == RenditionState.Broken ? "hidden" : "pending",
        urls = !picture.Photo.Hidden && picture.Ready ? new { large = UrlOf(picture, "large", token), medium = UrlOf(picture, "medium", token), thumb = UrlOf(picture, "thumb", token) } : null,
    });

    public static string UrlOf(ReportPicture picture, string variant, string? token = null) => ShowPhotos.AddressOf(picture, token).Replace("{variant}", variant, StringComparison.Ordinal);

    /// <summary>What the public can read of the history after an instant, UTC microseconds.</summary>
    /// <param name="known">Lines of that instant that are not new.</param>
    public static IReadOnlyList<object> Since(ReportDetail detail, long since, int known, RoutingSnapshot map)
    {
        var shown = detail.Report.Visibility == Visibility.Public;
        var later = detail.Entries.Where(e => e.At == since).Skip(known).Concat(detail.Entries.Where(e => e.At > since));
        return [.. later.Where(e => !e.Internal).Select(e => Entry(e, map, detail.Report, shown && (detail.Words?.Hidden != true || e.ActingBody is not null), staff: false))];
    }

    /// <summary>One line of the history; a state stands only on the line that changes it.</summary>
    private static Dictionary<string, object?> Entry(ReportEntry entry, RoutingSnapshot map, Report report, bool shown, bool staff)
    {
        var json = new Dictionary<string, object?>
        {
            ["at"] = Local(entry.At, map, report),
            ["action"] = entry.Action,
            ["body"] = BodyOf(entry.Body, map),
            ["by"] = BodyOf(entry.ActingBody, map),
            ["reason"] = staff ? entry.Reason : entry.PublicReason,
            ["text"] = shown ? entry.Text : Text.Empty,
        };
        if (entry.State is { } state)
        {
            json["state"] = state;
        }
        if (entry.Internal)
        {
            json["note"] = true;
        }
        return json;
    }

    /// <summary>Routing as it was: everybody sees the matched explanation, staff the whole trace. Of a place that is private it says nothing that would tell where it is.</summary>
    public static JsonElement Dispatch(Report report, bool staff, bool shown)
    {
        var dispatch = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(report.Dispatch, Json.Options)!;
        if (!shown)
        {
            dispatch["question"] = dispatch["alternatives"] = dispatch["confidence"] = JsonSerializer.SerializeToElement<object?>(null);
        }
        if (!staff && dispatch.TryGetValue("trace", out var trace) && trace.ValueKind == JsonValueKind.Array)
        {
            dispatch["trace"] = JsonSerializer.SerializeToElement(trace.EnumerateArray().Where(step => step.GetProperty("matched").GetBoolean()));
        }
        return JsonSerializer.SerializeToElement(dispatch, Json.Options);
    }

    private static DateTimeOffset? Local(long? micros, RoutingSnapshot map, Report report) =>
        micros is { } at ? map.CalendarOf(report.Holder).LocalAt(at) : null;

    private static double? Rounded(double? degrees) => degrees is { } value ? Math.Round(Math.Round(value / PrivateGridDegrees) * PrivateGridDegrees, 3) : null;
}
