using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What a body's system is told in one call: <c>{type, deliveryId, occurredAt, report}</c> (reports.md 5.3).</summary>
internal sealed class WebhookBody(RoutingMap routing, SiteAddress site)
{
    /// <summary>Photos are drawn within seconds; a call waits for those that were sent less than this before.</summary>
    private static readonly TimeSpan PicturePatience = TimeSpan.FromMinutes(2);

    /// <summary>Until when a call about a report waits for its pictures, UTC microseconds; null when it need not. The address of a picture is a hash of what is drawn.</summary>
    public static long? WaitsUntil(ReportDetail detail, long now) => detail.Pictures.Where(one => one.File.State == RenditionState.Pending)
        .Select(one => (long?)(one.File.CreatedAt + PicturePatience.ToMicros())).Where(until => until > now).Max();

    /// <returns>The bytes that are signed and sent: the state and version of the event, the rest as it is now.</returns>
    public byte[] Of(Delivery one, Event happened, WebhookChannel hook, ReportDetail detail) => JsonSerializer.SerializeToUtf8Bytes(
        new { type = one.Type, deliveryId = one.Id, occurredAt = Instants.FromMicros(happened.At), report = ReportOf(happened, one.Body, hook, detail) }, Json.Options);

    private Dictionary<string, object?> ReportOf(Event happened, string body, WebhookChannel hook, ReportDetail detail)
    {
        var (map, report) = (routing.Current.Map, detail.Report);
        var isOfReport = happened.Subject.Kind == "report"; // Otherwise of one of its files.
        var standing = isOfReport ? JsonSerializer.Deserialize<RecordDeliveries.Heard>(happened.Data, Json.Options)!.After : report.Standing();
        var language = map.Find(body)?.Languages is [var first, ..] ? first : Languages.All[0];
        var has = report.Holder == body; // Who has lost it learns what the public may know.
        var shown = has || report.Visibility == Visibility.Public;
        var words = has || (shown && detail.Words?.Hidden != true) ? detail.Words : null;
        var (lon, lat) = ReportJson.Point(report, has);
        var json = new Dictionary<string, object?>
        {
            ["id"] = report.Id,
            ["number"] = report.Number,
            ["state"] = standing.State,
            ["version"] = isOfReport ? happened.SubjectVersion : report.Version,
            ["category"] = report.Category,
            ["names"] = map.Categories.Find(report.Category)?.Names,
            ["lon"] = lon,
            ["lat"] = lat,
            ["address"] = words?.Address,
            ["lang"] = report.Language,
            ["description"] = words?.Description,
            ["answers"] = words is null ? null : JsonSerializer.Deserialize<JsonElement>(words.Answers),
            ["photos"] = PhotosOf(detail, has),
            ["dueAt"] = standing.DueAt is { } due ? map.CalendarOf(body).LocalAt(due) : null,
            ["holderDueAt"] = standing.HolderDueAt is { } holderDue ? map.CalendarOf(body).LocalAt(holderDue) : null,
            ["dispatch"] = ReportJson.Dispatch(report, staff: has, shown),
            ["reference"] = report.Reference,
            ["mergedInto"] = (has ? detail.Target : detail.PublicTarget) is { } target ? new { target.Id, target.Number } : null,
            ["url"] = site.Of($"/{language}/reports/{report.Number}"),
            ["partnerUrl"] = site.Of($"/api/v1/partner/reports/{report.Id}"),
        };
        if (has)
        {
            (json["visibility"], json["textHidden"]) = (report.Visibility, detail.Words?.Hidden == true); // What its own pages must not show either.
        }
        if (hook.Contact && has)
        {
            json["contact"] = detail.Contact is { } contact ? new { contact.Email, contact.Name, contact.Phone } : null;
        }
        return json;
    }

    /// <summary>The large renditions. Those that not everybody may see lie at an address of the API, which the holder's key opens.</summary>
    private List<Uri> PhotosOf(ReportDetail detail, bool has) =>
        [.. detail.Pictures.Where(one => one.Ready && !one.Photo.Hidden && (has || one.IsPublic)).Select(one => site.Of(ReportJson.UrlOf(one, "large")))];
}
