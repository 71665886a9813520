using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// What everybody hears live of reports (R54): number, state, holder; never words or contacts. Topics <c>report:ID</c>, <c>reports:all</c>, <c>area:ID</c>, <c>body:ID</c>. The body and the
/// area that a report leaves are told too, with who has it now. What has been hidden since is told of no more, to those who come back either. A window of the map is told of what happens inside it; events hold no places, so not of what leaves it.
/// </summary>
internal sealed class ReportLive(RoutingMap routing) : LiveSource
{
    private const string All = "reports:all";

    public override string Events => "reports.report.";

    public override IReadOnlyList<string> Kinds { get; } = ["report", "reports", "area", "body"];

    public override IReadOnlyList<string> SubjectKinds { get; } = ["report"];

    /// <summary>Reports come and are asked for by ids that nobody guesses; of municipalities and bodies it is known which there are.</summary>
    public override bool Knows(string kind, string id) => kind switch
    {
        "area" => routing.Current.Map.Municipalities.Any(area => area.Id == id),
        "body" => routing.Current.Map.Find(id) is not null,
        "reports" => id == "all",
        _ => Guid.TryParse(id, out _), // By its number it is at its own address.
    };

    public override async Task<IReadOnlyList<LiveMessage>> MessagesOfAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        var ids = events.Select(e => Guid.Parse(e.Subject.Id)).Distinct().ToList();
        var reports = await store.Set<Report>().AsNoTracking().Where(r => ids.Contains(r.Id) && (r.Visibility == Visibility.Public || r.Visibility == Visibility.Private))
            .Select(r => new { r.Id, r.Lon, r.Lat, r.Visibility, r.State }).ToDictionaryAsync(r => r.Id, cancellation);
        var merged = await store.Set<Report>().AsNoTracking().Where(r => ids.Contains(r.Id) && r.MergedInto != null)
            .Join(store.Set<Report>().AsNoTracking(), r => r.MergedInto, t => t.Id, (r, t) => new { r.Id, State = t.ArchivedFrom ?? t.State }).ToDictionaryAsync(r => r.Id, r => ReportWords.BucketOf(r.State), cancellation);
        var messages = new List<LiveMessage>(events.Count);
        foreach (var happened in events.Where(e => !e.Is<ReportImported>())) // History is no news.
        {
            var heard = JsonSerializer.Deserialize<Heard>(happened.Data, Json.Options);
            if (heard?.After is not { } standing || standing.Visibility is Visibility.Hidden or Visibility.Pending || !reports.TryGetValue(Guid.Parse(happened.Subject.Id), out var report)
                || (report.State == ReportState.Withdrawn && standing.State != ReportState.Withdrawn)) // Of what was withdrawn only that is told.
            {
                continue;
            }
            var bucket = standing.MergedInto is not null && merged.TryGetValue(Guid.Parse(happened.Subject.Id), out var shown) ? shown : standing.Bucket;
            var json = JsonSerializer.Serialize(
                new
                {
                    type = happened.Type, id = happened.Subject.Id, number = standing.Number, state = standing.State, bucket, body = standing.Holder,
                    at = Instants.FromMicros(happened.At),
                }, Json.Options);
            var point = report is { Visibility: Visibility.Public, Lon: { } lon, Lat: { } lat } ? (lon, lat) : ((double, double)?)null;
            messages.Add(new LiveMessage(happened.Position, TopicsOf(happened, heard), json, point));
        }
        return messages;
    }

    /// <summary>The same streams at the addresses of the API.</summary>
    public static void Map(Doors doors)
    {
        doors.Api.MapGet("/reports/{id}/events", async (string id, Store store, CancellationToken cancellation) =>
            await ReadReport.FindAsync(store, id, tracked: false, cancellation) is { } report && FindReportsApi.IsOpenToAll(report)
                ? (IResult)new LiveStream($"report:{report.Id}")
                : new Refusal(RefusalKind.NotFound, "reports.unknownReport").AsProblem()).Public().WithSummary("Live events of one report (server-sent events), resumed by Last-Event-ID.")
            .GivesExample(ReportExamples.Stream, media: "text/event-stream");
        doors.Api.MapGet("/reports/events", OfMany).Public().Reads("bbox", "area", "body", "after")
            .WithSummary("Live events of all reports, of a window (bbox), an area of any kind or a body (server-sent events), resumed by Last-Event-ID; who missed more than 10,000 events of the log gets 'reload'.")
            .GivesExample(ReportExamples.Stream, media: "text/event-stream");
    }

    private static IResult OfMany(HttpContext http, RoutingMap routing, AreaMap areas)
    {
        if (!ReportQuery.Of(http.Request.Query).Is(out var query, out var refusal))
        {
            return refusal.AsProblem();
        }
        var map = routing.Current.Map;
        var known = areas.Current.On(map.CalendarOf(null).DateOf(http.RequestServices.GetRequiredService<TimeProvider>().NowMicros()));
        var area = query.Area is { } id && known.Find(id) is { } found && Followed.IsOpen(found) ? found : null;
        List<Refusal> unknown =
        [
            .. query.Area is { } no && area is null ? [Refusal.Invalid("reports.unknownArea", "area", Fault.Shorten(no))] : (Refusal[])[],
            .. query.Body is { } nobody && map.Find(nobody) is null ? [Refusal.Invalid("reports.unknownWord", "body", Fault.Shorten(nobody))] : (Refusal[])[],
        ];
        if (unknown.Count > 0)
        {
            return Refusal.Of(unknown).AsProblem();
        }
        // A report knows its municipality; of other areas its point does. An area with a body is told of what happens in both.
        var byPoint = area is not null && (area.Kind != Area.Municipality || query.Body is not null);
        var topic = query.Body is { } body ? $"body:{body}" : area is not null && !byPoint ? $"area:{area.Id}" : All;
        Func<LonLat, bool>? inArea = byPoint ? known.Of(area!.Kind).Inside(area.Id) : null;
        Box? box = query.Box is [var west, var south, var east, var north] ? new Box(west, south, east, north) : null;
        return inArea is null && box is null ? new LiveStream(topic)
            : new LiveStream(topic, m => m.Point is var (lon, lat) && new LonLat(lon, lat) is var p && (box is not { } window || window.Contains(p)) && inArea?.Invoke(p) != false);
    }

    private static List<string> TopicsOf(Event happened, Heard heard) =>
    [
        $"report:{happened.Subject.Id}", All,
        .. new[] { heard.After!.Area, heard.PreviousArea }.OfType<string>().Distinct().Select(area => $"area:{area}"),
        .. new[] { heard.After.Holder, heard.PreviousHolder }.OfType<string>().Distinct().Select(body => $"body:{body}"),
    ];

    /// <summary>What every event of a report has, and where it came from in those that move it.</summary>
    private sealed record Heard(Standing? After, string? PreviousHolder, string? PreviousArea);
}
