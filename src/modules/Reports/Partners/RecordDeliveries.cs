using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Records what the systems of bodies are to be told, once for each event, channel and kind: to the body that gets a report, to the one that has it when it changes, and to the one that has lost
/// it. Follows the log; <see cref="SendDeliveries"/> sends.
/// </summary>
internal sealed class RecordDeliveries(RoutingMap routing, SiteAddress site) : TableFollower
{
    private static readonly HashSet<string> Givings = new(StringComparer.Ordinal)
    {
        "reports.report.received", "reports.report.assigned", "reports.report.transferred", "reports.report.rejected", "reports.report.recategorised", "reports.report.moved",
        ReportNotices.UnmergedEvent,
    };

    private static readonly HashSet<string> Changes = new(StringComparer.Ordinal)
    {
        "reports.report.registered", "reports.report.accepted", "reports.report.planned", "reports.report.started", "reports.report.held", "reports.report.resumed",
        "reports.report.resolved", "reports.report.declined", "reports.report.confirmed", "reports.report.recategorised", "reports.report.moved",
        ReportNotices.UnmergedEvent,
    };

    public override string Name => "reports.deliveries";

    /// <summary>What was told is not told again.</summary>
    public override bool Rebuildable => false;

    public override async Task ApplyAsync(Unit unit, IReadOnlyList<Event> events, int generation, CancellationToken cancellation)
    {
        var map = routing.Current.Map;
        var hooks = map.Bodies.Where(body => body.Active && body.Channels.Any(channel => channel is WebhookChannel)).ToDictionary(body => body.Id, StringComparer.Ordinal);
        if (hooks.Count == 0)
        {
            return; // Before anything is read: most installations have none.
        }
        var off = await OffAsync(unit.Store, cancellation);
        var read = new ReadReport(unit.Store);
        foreach (var happened in events.Where(happened => happened.Subject.Kind == "report" && happened.Type.StartsWith("reports.report.", StringComparison.Ordinal)))
        {
            var heard = JsonSerializer.Deserialize<Heard>(happened.Data, Json.Options)!;
            foreach (var (type, to) in Told(happened, heard))
            {
                if (!hooks.TryGetValue(to, out var body) || await read.DetailAsync(happened.Subject.Id, cancellation) is not { } detail)
                {
                    continue;
                }
                foreach (var hook in body.Channels.OfType<WebhookChannel>().Where(hook => !off.Contains((to, hook.Url))))
                {
                    Add(unit, happened, heard, type, body, hook, detail, map);
                }
            }
        }
    }

    /// <summary>The channels whose other end said that it is gone (410), since bodies were last put in force.</summary>
    public static async Task<IReadOnlySet<(string Body, string Url)>> OffAsync(Store store, CancellationToken cancellation)
    {
        var since = await store.Set<CatalogueRow>().Where(row => row.Kind == Body.Catalogue).MaxAsync(row => (long?)row.At, cancellation) ?? 0;
        var gone = await store.Set<Delivery>().AsNoTracking().Where(one => one.State == DeliveryState.Failed && one.Status == 410 && one.EndedAt > since).Select(one => new { one.Body, one.Url }).Distinct().ToListAsync(cancellation);
        return gone.Select(one => (one.Body, one.Url)).ToHashSet();
    }

    /// <summary>Who hears what of an event.</summary>
    internal static IEnumerable<(string Type, string Body)> Told(Event happened, Heard heard)
    {
        var holder = heard.After.Holder;
        // What takes the place of its target goes on in the state that this one had.
        var begins = heard.After.State == ReportState.Assigned || (happened.Type == ReportNotices.UnmergedEvent && heard.After.State != ReportState.Submitted);
        var gave = Givings.Contains(happened.Type) && holder is not null && holder != heard.PreviousHolder && begins;
        if (gave && heard.PreviousHolder is { } lost)
        {
            yield return ("report.transferred", lost);
        }
        if (holder is null)
        {
            yield break;
        }
        if (gave)
        {
            yield return ("report.assigned", holder);
        }
        else if (happened.Type == "reports.report.reopened")
        {
            yield return ("report.reopened", holder);
        }
        else if (happened.Type == "reports.report.withdrawn")
        {
            yield return ("report.withdrawn", holder);
        }
        else if (happened.Type == "reports.report.merged")
        {
            yield return ("report.merged", holder);
        }
        else if (heard.What == "comment")
        {
            yield return ("report.commented", holder);
        }
        else if (Changes.Contains(happened.Type) || heard.What is "photo" or "setPriority" or "joined" or "parted")
        {
            yield return ("report.updated", holder);
        }
    }

    private void Add(Unit unit, Event happened, Heard heard, string type, Body body, WebhookChannel hook, ReportDetail detail, RoutingSnapshot map)
    {
        var id = unit.NextId();
        unit.Store.Add(new Delivery
        {
            Id = id, Position = happened.Position, ReportId = detail.Report.Id, Body = body.Id, Url = hook.Url, Type = type, MadeAt = unit.Now, DueAt = unit.Now,
            Payload = JsonSerializer.SerializeToUtf8Bytes(
                new { type, deliveryId = id, occurredAt = Instants.FromMicros(happened.At), report = ReportOf(happened, heard, body, hook, detail, map) }, Json.Options),
        });
    }

    /// <summary>The report for a body's system: state and version of the event, the rest as it is now.</summary>
    private Dictionary<string, object?> ReportOf(Event happened, Heard heard, Body body, WebhookChannel hook, ReportDetail detail, RoutingSnapshot map)
    {
        var report = detail.Report;
        var language = body.Languages is [var first, ..] ? first : "fr";
        var has = report.Holder == body.Id; // Who has lost it learns what the public may know.
        var shown = has || report.Visibility == Visibility.Public;
        var words = has || (shown && detail.Words?.Hidden != true) ? detail.Words : null;
        var (lon, lat) = ReportJson.Point(report, has);
        var json = new Dictionary<string, object?>
        {
            ["id"] = report.Id,
            ["number"] = report.Number,
            ["state"] = heard.After.State,
            ["version"] = happened.SubjectVersion,
            ["category"] = report.Category,
            ["names"] = map.Categories.Find(report.Category)?.Names,
            ["lon"] = lon,
            ["lat"] = lat,
            ["address"] = words?.Address,
            ["lang"] = report.Language,
            ["description"] = words?.Description,
            ["answers"] = words is null ? null : JsonSerializer.Deserialize<JsonElement>(words.Answers),
            ["photos"] = shown ? detail.Pictures.Where(one => one.Ready && !one.Photo.Hidden && report.Visibility == Visibility.Public).Select(one => site.Of(ReportJson.UrlOf(one, "large"))).ToList() : [],
            ["dueAt"] = heard.After.DueAt is { } due ? map.CalendarOf(body.Id).LocalAt(due) : null,
            ["holderDueAt"] = heard.After.HolderDueAt is { } holderDue ? map.CalendarOf(body.Id).LocalAt(holderDue) : null,
            ["dispatch"] = ReportJson.Dispatch(report, staff: has, shown),
            ["reference"] = report.Reference,
            ["mergedInto"] = (has ? detail.Target : detail.PublicTarget) is { } target ? new { target.Id, target.Number } : null,
            ["url"] = site.Of($"/{language}/reports/{report.Number}"),
            ["partnerUrl"] = site.Of($"/api/v1/partner/reports/{report.Id}"),
        };
        if (hook.Contact && has)
        {
            json["contact"] = detail.Contact is { } contact ? new { contact.Email, contact.Name, contact.Phone } : null;
        }
        return json;
    }

    /// <summary>What is read of an event.</summary>
    internal sealed record Heard(Standing After, string? PreviousHolder = null, string? What = null);
}
