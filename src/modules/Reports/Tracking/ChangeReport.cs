using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>
/// <c>/{lang}/reports/{number}/change?t=…</c>: what its sender may put right by the private link (R7): category and place in the first 30 minutes, photos as long as it is open. The link's
/// secret stands in the address of the forms too, so that nothing is read of who has none.
/// </summary>
internal static class ChangeReport
{
    public static void Map(Doors doors)
    {
        doors.Pages.MapGet("/reports/{number}/change", (string number, string? t, HttpContext http, ReportChanges changes, CancellationToken cancellation) =>
            changes.ShowAsync(http, number, t, null, null, null, cancellation)).Public();
        doors.Pages.MapPost("/reports/{number}/change", (string number, string? t, HttpContext http, ReportChanges changes, CancellationToken cancellation) =>
            changes.DoAsync(http, number, t, cancellation)).Public().Limited(ActOnReportApi.ByAnybody).BodyUpTo(UploadLimits.Default.BodyBytesMax);
    }
}

/// <summary>What the page of changes shows.</summary>
/// <param name="Token">The private link's secret; null for the account that sent it.</param>
/// <param name="Allowed">Words of the actions open now.</param>
/// <param name="PhotosLeft">How many photos may still be added.</param>
/// <param name="Place">The pin and the map as they were sent; null before.</param>
/// <param name="Does">What was sent and refused.</param>
public sealed record ChangeView(Report Report, RoutingSnapshot Map, string? Token, IReadOnlyList<string> Allowed, int PhotosLeft, MapFrame Frame, PlaceInput? Place, string? Does, Refusal? Refusal)
{
    internal bool Allows(ReportAction action) => Allowed.Contains(ReportWords.Word(action));

    /// <summary>Why the form that does this was refused, or null.</summary>
    public Refusal? Refused(string does) => Does == does ? Refusal : null;
}

/// <summary>Shows what a report's sender may change, and changes it.</summary>
internal sealed class ReportChanges(
    Store store, ReadReport read, RoutingMap routing, TrackLink link, Caller caller, ActOnReport act, AddPhotos add, FileStore files, PlaceSearch places, Senders senders, Writer writer, TimeProvider time)
{
    private const string Photo = "photo";

    public async Task<IResult> ShowAsync(HttpContext http, string number, string? token, PlaceInput? place, string? does, Refusal? refusal, CancellationToken cancellation)
    {
        var acting = await ActOnReportApi.ActingAsync(http, caller, store, link, number, token, cancellation);
        if (!acting.IsReporter || await read.DetailAsync(number, cancellation) is not { } detail)
        {
            return Unknown();
        }
        var (report, map, now) = (detail.Report, routing.Current.Map, time.NowMicros());
        var world = World.Of(map, now, report);
        var hats = Hats.Of(caller, report, isReporter: true, world.HandOver.Coordinator, now) & (Who.Reporter | Who.ReporterSoon);
        var left = report.State.IsOpen() ? NewReport.PhotosMax - detail.Pictures.Count(picture => !picture.Photo.After) : 0;
        var view = new ChangeView(report, map, token, ActOnReport.Allowed(report, hats, world), Math.Max(left, 0), place?.Frame ?? FrameOf(report), place, does, refusal);
        return new RazorComponentResult<Pages.ChangePage>(new Dictionary<string, object?> { ["View"] = view }) { StatusCode = refusal is null ? StatusCodes.Status200OK : (int)refusal.Kind };
    }

    public async Task<IResult> DoAsync(HttpContext http, string number, string? token, CancellationToken cancellation)
    {
        var acting = await ActOnReportApi.ActingAsync(http, caller, store, link, number, token, cancellation);
        if (!acting.IsReporter || await ReadReport.FindAsync(store, number, tracked: false, cancellation) is not { } report)
        {
            return Unknown();
        }
        if (!(await UploadForm.ReadAsync(http.Request, files)).Is(out var form, out var refusal))
        {
            return refusal.AsProblem();
        }
        await using (form)
        {
            var (does, place) = (form["do"], (PlaceInput?)null);
            if (does == ReportWords.Word(ReportAction.Move))
            {
                place = PlaceInput.Read(new FormCollection(form.Fields.ToDictionary()), FrameOf(report));
                if (place.Again)
                {
                    return await ShowAsync(http, number, token, place, null, null, cancellation);
                }
            }
            refusal = await ChangeAsync(http, number, does, form, place, acting, cancellation);
            return refusal is null
                ? new SeeOther($"/{http.Language()}/reports/{number}{(token is null ? "" : "?t=" + Uri.EscapeDataString(token))}")
                : await ShowAsync(http, number, token, place, does, refusal, cancellation);
        }
    }

    private async Task<Refusal?> ChangeAsync(HttpContext http, string number, string does, UploadForm form, PlaceInput? place, Acting acting, CancellationToken cancellation)
    {
        if (does == Photo)
        {
            return form.Refusals.Count > 0
                ? Refusal.Of([.. form.Refusals.Select(bad => bad with { Field = Photo })])
                : senders.Refuse(http, caller) ?? (await add.RunAsync(number, form.Photos, acting, cancellation)).Refusal;
        }
        if (place is { Lon: null } or { Lat: null })
        {
            return place.Fault() ?? Refusal.Invalid("reports.placeNeeded", "place");
        }
        var request = new ActionRequest { Version = SeenVersion.Of(new FormCollection(form.Fields.ToDictionary())), Category = form["category"] is { Length: > 0 } category ? category : null, Lon = place?.Lon, Lat = place?.Lat };
        return does is "recategorise" or "move"
            ? (await act.RunAsync(number, does, request, acting, writer.DoAsync, cancellation)).Refusal
            : new Refusal(RefusalKind.NotFound, "reports.unknownAction");
    }

    private MapFrame FrameOf(Report report) => report.Place is { } place ? new MapFrame(place.Lon, place.Lat, 17) : places.Start;

    private static Kernel.Problem Unknown() => new Refusal(RefusalKind.NotFound, "reports.unknownReport").AsProblem();
}
