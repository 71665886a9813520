using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>POST /api/v1/reports/{id}/actions/{action}</c>, photos and support. Who may do what is decided by the table and the caller's hats, not by the door.</summary>
internal static class ActOnReportApi
{
    public static RateLimit Picturing { get; } = new("reports-photos", Quota.Of(Limits.PhotosPerHour, TimeSpan.FromHours(1)), Quota.Of(Limits.PhotosPerDay, TimeSpan.FromDays(1)));

    /// <summary>What anybody may do to reports, such as contradict or support, by page and by API together; keys of bodies and channels are not counted.</summary>
    public static RateLimit ByAnybody { get; } = new("reports-act", Quota.Of(Limits.ActPerHour, TimeSpan.FromHours(1)), Quota.Of(Limits.ActPerDay, TimeSpan.FromDays(1)));

    private const long JsonBytesMax = 1 << 20;

    public static void Map(Doors doors)
    {
        doors.Api.MapPost("/reports/{id}/actions/{action}", ActAsync).Public().Limited(ByAnybody).BodyUpTo(UploadLimits.Default.BodyBytesMax)
            .WithSummary("Does an action of the transition table; 409 with 'allowed' when it is not open now. JSON; from who repairs also multipart with a part 'action' (JSON) and photos of the repair in parts 'photo'.")
            .TakesExample(new { version = 1, reason = "weather", text = new { fr = "Nous venons après le gel.", nl = "Wij komen na de vorst." } }).GivesExample(ReportExamples.Report);
        doors.Api.MapPost("/reports/{id}/route", PreviewAsync).Public().WithSummary("Says what another category (category) or place (lon, lat) would change, without changing it.")
            .TakesExample(new { category = "road-surface-pothole" }).GivesExample(ReportExamples.Preview);
        doors.Api.MapPost("/reports/{id}/support", SupportAsync).Public().Limited(ByAnybody).WithSummary("Says: me too. Counts once for each person.")
            .GivesExample(new SupportCount(Guid.Parse("018f3c1e-6d2a-7b57-9c39-0f1e2d3c4b5a"), 3));
        doors.Api.MapPost("/reports/{id}/photos", AddPhotosAsync).Public().Limited(Picturing).BodyUpTo(UploadLimits.Default.BodyBytesMax)
            .WithSummary("Adds photos of the problem or, by the holder, of the repair: parts 'photo' with JPEG, PNG or WebP of up to 20 MB.")
            .TakesExample(new { photo = "(the bytes of a picture)" }, "multipart/form-data").GivesExample(ReportExamples.Report);
    }

    /// <summary>How the caller is known to the report: by its private link, or by the account that filed it.</summary>
    public static async Task<Acting> ActingAsync(HttpContext http, Caller caller, Store store, TrackLink link, string key, string? token, CancellationToken cancellation)
    {
        if (await ReadReport.FindAsync(store, key, tracked: false, cancellation) is not { } report)
        {
            return new Acting(caller, false);
        }
        token ??= http.Request.Headers["Zinneke-Track"].ToString() is { Length: > 0 } header ? header : http.Request.Query["t"].ToString();
        var isReporter = link.Opens(report.Id, token)
            || (caller.Account is { } account && await store.Set<ReportContact>().AnyAsync(c => c.ReportId == report.Id && c.Account == account, cancellation));
        return new Acting(caller, isReporter);
    }

    private static async Task<IResult> ActAsync(
        string id, string action, HttpContext http, Caller caller, Store store, ActOnReport act, ReadReport read, RoutingMap routing, TrackLink link, AddPhotos add, FileStore files, Idempotency once, Senders senders, CancellationToken cancellation)
    {
        var acting = await ActingAsync(http, caller, store, link, id, null, cancellation);
        if (!(await SentAsync(id, http, store, add, files, acting, once, cancellation)).Is(out var sent, out var refusal))
        {
            return refusal.AsProblem();
        }
        await using var form = sent.Form;
        if (await Senders.UnlessKnownAsync(senders.Refuse(http, caller, action, sent.Request), once, cancellation) is { } blocked)
        {
            return blocked.AsProblem();
        }
        var photos = new List<KeptPhoto>();
        foreach (var photo in form?.Photos ?? [])
        {
            photos.Add(await photo.KeepAsync(cancellation));
        }
        var outcome = await act.RunAsync(id, action, sent.Request, acting, once.DoAsync, cancellation, photos);
        return await AnswerAsync(outcome, http, caller, read, routing, cancellation);
    }

    private sealed record Sent(ActionRequest Request, UploadForm? Form);

    /// <summary>JSON, or from who repairs a form with photos: nobody else's pictures are read.</summary>
    private static async Task<Outcome<Sent>> SentAsync(string id, HttpContext http, Store store, AddPhotos add, FileStore files, Acting acting, Idempotency once, CancellationToken cancellation)
    {
        if (http.Request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) != true)
        {
            http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = JsonBytesMax; // Only photos need more.
            return (await ReadAsync(http)).Then<Sent>(request => new Sent(request, null));
        }
        var may = await add.MayAsync(store, id, acting, cancellation);
        if ((!may.Is(out var who, out var refusal) && !await once.IsKnownAsync(cancellation)) || !(await UploadForm.ReadAsync(http.Request, files)).Is(out var form, out refusal))
        {
            return refusal;
        }
        var read = !who.After ? acting.NotYours : form.Refusals.Count > 0 ? Refusal.Of(form.Refusals) : JsonBody.Read<ActionRequest>(form["action"], "reports", "action");
        if (read.Is(out var request, out refusal))
        {
            return new Sent(request with { IfMatch = http.StaleAgainst }, form);
        }
        await form.DisposeAsync();
        return refusal;
    }

    private static async Task<Outcome<ActionRequest>> ReadAsync(HttpContext http) =>
        (await CallBody.ReadAsync<ActionRequest>(http)).Then<ActionRequest>(request => request with { IfMatch = http.StaleAgainst });

    /// <summary><c>{"now","then","changes","dispatch"}</c>: each side with category, area, body, state, due dates and rule; <c>changes</c> names what differs.</summary>
    private static async Task<IResult> PreviewAsync(
        string id, HttpContext http, Caller caller, Store store, RerouteReport reroute, RoutingMap routing, TrackLink link, CancellationToken cancellation)
    {
        if (!(await ReadAsync(http)).Is(out var request, out var malformed))
        {
            return malformed.AsProblem();
        }
        if ((request.Category is null) == (request.Location is null))
        {
            return Refusal.Invalid("reports.oneChange", "category").AsProblem();
        }
        var acting = await ActingAsync(http, caller, store, link, id, null, cancellation);
        var outcome = await reroute.PreviewAsync(store, id, request.Category is null ? ReportAction.Move : ReportAction.Recategorise, request, acting, cancellation);
        if (!outcome.Is(out var found, out var refusal))
        {
            return refusal.AsProblem();
        }
        var (now, then) = (ReportJson.Routed(found.Before, routing.Current.Map), ReportJson.Routed(found.After, routing.Current.Map));
        return TypedResults.Json(new
        {
            version = found.Before.Version,
            now,
            then,
            changes = now.Keys.Where(name => JsonSerializer.Serialize(now[name], Json.Options) != JsonSerializer.Serialize(then[name], Json.Options)),
            dispatch = ReportJson.Dispatch(found.After, SeesAll(caller, found.Before), shown: true),
        }, Json.Options);
    }

    private static async Task<IResult> AnswerAsync(Outcome<Guid> outcome, HttpContext http, Caller caller, ReadReport read, RoutingMap routing, CancellationToken cancellation)
    {
        if (!outcome.Is(out var id, out var refusal))
        {
            return refusal.AsProblem();
        }
        var detail = DeskSight.Shown(caller, (await read.DetailAsync(id.ToString(), cancellation))!, http.RequestServices.GetRequiredService<TimeProvider>().NowMicros());
        return ReportJson.Tagged(http, detail, ReportJson.Of(detail, routing.Current.Map, http.Language(), SeesAll(caller, detail.Report)));
    }

    /// <summary>Staff fields are for who works for the holder or a body above it, and for the body that was told that the holder does not answer.</summary>
    /// <param name="coordinator">The body that looks at what waits to be public wherever its holder does not; null to leave that out.</param>
    public static bool SeesAll(Caller caller, Report report, string? coordinator = null) =>
        caller.Can(ReportPermissions.Read, new Where(report.Holder, report.Category, report.Area))
        || (coordinator is not null && report.Visibility == Visibility.Pending && caller.Can(ReportPermissions.Read, new Where(coordinator, report.Category, report.Area)))
        || (report.EscalatedTo is { } told && caller.Can(ReportPermissions.Read, new Where(told, report.Category, report.Area)));

    private static async Task<IResult> SupportAsync(string id, HttpContext http, Caller caller, SupportReport support, Idempotency once, Senders senders, CancellationToken cancellation) =>
        (await Senders.UnlessKnownAsync(senders.Refuse(http, caller), once, cancellation))?.AsProblem() ?? (await support.RunAsync(id, SupportReport.NameOf(http, caller), caller.Actor, cancellation, http.StaleAgainst, once.DoAsync)).Answer();

    private static async Task<IResult> AddPhotosAsync(
        string id, HttpContext http, Caller caller, Store store, FileStore files, AddPhotos add, ReadReport read, RoutingMap routing, TrackLink link, Idempotency once, Senders senders, CancellationToken cancellation)
    {
        if (await Senders.UnlessKnownAsync(senders.Refuse(http, caller), once, cancellation) is { } blocked)
        {
            return blocked.AsProblem();
        }
        var acting = await ActingAsync(http, caller, store, link, id, null, cancellation);
        var may = await add.MayAsync(store, id, acting, cancellation);
        if ((!may.Is(out _, out var refusal) && !await once.IsKnownAsync(cancellation)) || !(await UploadForm.ReadAsync(http.Request, files)).Is(out var form, out refusal))
        {
            return refusal.AsProblem();
        }
        await using (form)
        {
            if (form.Refusals.Count > 0)
            {
                return Refusal.Of(form.Refusals).AsProblem();
            }
            var outcome = await once.BeforeAsync<PhotosAdded>(cancellation) ?? await add.RunAsync(id, form.Photos, acting, cancellation, http.StaleAgainst, once.DoAsync);
            return await AnswerAsync(outcome.Then<Guid>(_ => outcome.Value.Report), http, caller, read, routing, cancellation);
        }
    }
}
