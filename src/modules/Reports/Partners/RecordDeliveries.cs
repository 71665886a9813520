using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Records what the systems of bodies are to be told, once for each event, channel and kind: to the body that gets a report, to the one that has it when it changes, and to the one that has lost
/// it. Follows the log; <see cref="SendDeliveries"/> sends.
/// </summary>
internal sealed class RecordDeliveries(RoutingMap routing, WebhookBody bodies) : TableFollower
{
    private static readonly HashSet<string> Givings = new(StringComparer.Ordinal)
    {
        "reports.report.received", "reports.report.assigned", "reports.report.transferred", "reports.report.rejected", "reports.report.recategorised", "reports.report.moved",
        ReportNotices.UnmergedEvent,
    };

    private static readonly HashSet<string> Changes = new(StringComparer.Ordinal)
    {
        "reports.report.registered", "reports.report.accepted", "reports.report.planned", "reports.report.started", "reports.report.held", "reports.report.resumed",
        "reports.report.resolved", "reports.report.declined", "reports.report.confirmed", "reports.report.published", "reports.report.recategorised", "reports.report.moved",
        ReportNotices.UnmergedEvent,
    };

    /// <summary>What changes no state, and yet what the holder's own system shows or may show.</summary>
    private static readonly HashSet<string> Noted = new(StringComparer.Ordinal)
    {
        "photo", "setPriority", "joined", "parted", "hide", "show", "setPrivate", "hideText", "showText", "hidePhoto", "showPhoto", "redact", "editText", EraseContact.Noted,
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
        var drawn = await PicturesDrawn.ReportsOfAsync(unit.Store, events, cancellation);
        IEnumerable<(Body Body, WebhookChannel Hook)> Hooks(string body) =>
            hooks.TryGetValue(body, out var found) ? found.Channels.OfType<WebhookChannel>().Where(hook => !off.Contains((body, hook.Url))).Select(hook => (found, hook)) : [];
        foreach (var happened in events)
        {
            if (happened.Is<FileDrawn>())
            {
                if (drawn.TryGetValue(Guid.Parse(happened.Subject.Id), out var id) && await read.DetailAsync(id.ToString(), cancellation) is { } pictured)
                {
                    var isSeen = pictured.Pictures.Any(one => one.File.Id.ToString() == happened.Subject.Id && one.Ready && !one.Photo.Hidden);
                    await TellDrawnAsync(unit, happened, pictured, isSeen && pictured.Report.Holder is { } holder ? Hooks(holder) : [], cancellation);
                }
                continue;
            }
            if (happened.Subject.Kind != "report" || !happened.Type.StartsWith("reports.report.", StringComparison.Ordinal))
            {
                continue;
            }
            var heard = JsonSerializer.Deserialize<Heard>(happened.Data, Json.Options)!;
            foreach (var (type, to) in Told(happened, heard).Where(told => hooks.ContainsKey(told.Body)))
            {
                if (await read.DetailAsync(happened.Subject.Id, cancellation) is { } detail)
                {
                    // That a contact was erased concerns who had it.
                    foreach (var (body, hook) in Hooks(to).Where(one => heard.What != EraseContact.Noted || one.Hook.Contact))
                    {
                        Add(unit, happened, type, body, hook, detail);
                    }
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
        else if (Changes.Contains(happened.Type) || (heard.What is { } what && Noted.Contains(what)))
        {
            yield return ("report.updated", holder);
        }
    }

    /// <summary>A photo has been drawn: what waited for it goes out, and who was told without it is told of it.</summary>
    private async Task TellDrawnAsync(Unit unit, Event happened, ReportDetail detail, IEnumerable<(Body Body, WebhookChannel Hook)> to, CancellationToken cancellation)
    {
        var (rows, report) = (unit.Store.Set<Delivery>(), detail.Report.Id);
        await rows.Where(one => one.ReportId == report && (one.MadeAt >= happened.At || (one.State == DeliveryState.Waiting && one.Payload == null))).LoadAsync(cancellation);
        var knowing = rows.Local.Where(one => one.ReportId == report && (one.MadeAt >= happened.At || one is { State: DeliveryState.Waiting, Payload: null })).ToList(); // With the picture in it.
        foreach (var one in knowing.Where(one => one is { State: DeliveryState.Waiting, Payload: null }))
        {
            one.DueAt = WebhookBody.WaitsUntil(detail, unit.Now) ?? unit.Now;
        }
        foreach (var (body, hook) in to.Where(one => !knowing.Exists(row => row.Body == one.Body.Id && row.Url == one.Hook.Url)))
        {
            Add(unit, happened, "report.updated", body, hook, detail);
        }
    }

    private void Add(Unit unit, Event happened, string type, Body body, WebhookChannel hook, ReportDetail detail)
    {
        var one = new Delivery
        {
            Id = unit.NextId(), Position = happened.Position, ReportId = detail.Report.Id, Body = body.Id, Url = hook.Url, Type = type, MadeAt = unit.Now,
            DueAt = WebhookBody.WaitsUntil(detail, unit.Now) ?? unit.Now,
        };
        one.Payload = one.DueAt == unit.Now ? bodies.Of(one, happened, hook, detail) : null;
        unit.Store.Add(one);
    }

    /// <summary>What is read of an event.</summary>
    internal sealed record Heard(Standing After, string? PreviousHolder = null, string? What = null);
}
