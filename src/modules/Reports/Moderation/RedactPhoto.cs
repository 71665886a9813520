using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>All that is to be black on a photo from now on.</summary>
internal sealed record RedactRequest
{
    public const int Most = 50;

    /// <summary>Shares (0 to 1) of the upright picture; none gives the whole photo back.</summary>
    public IReadOnlyList<Redaction>? Rectangles { get; init; }

    /// <summary>The version of the report that was seen; another one in the meantime is a conflict.</summary>
    public long? Version { get; init; }

    /// <summary>422 for a rectangle that lies outside the picture or is empty, or for more than <see cref="Most"/>.</summary>
    internal Refusal? Fault() => Rectangles is null ? Refusal.Invalid("reports.required", "rectangles")
        : Rectangles.Count > Most ? Refusal.Invalid("reports.tooManyRectangles", "rectangles", Most)
        : Rectangles.Index().Where(one => !Fits(one.Item)).Select(one => Refusal.Invalid("reports.rectangleOutside", $"rectangles[{one.Index}]")).FirstOrDefault();

    /// <summary>What is no number fits nowhere. Sums of shares may be off by their last digits.</summary>
    private static bool Fits(Redaction r) => r is { X: >= 0, Y: >= 0, Width: > 0, Height: > 0 } && r.X + r.Width <= 1 + 1e-6 && r.Y + r.Height <= 1 + 1e-6;
}

/// <summary>
/// <c>POST /api/v1/reports/{id}/photos/{photo}/redactions</c>: the holder's staff blacken parts of a photo (R29). The public pictures are drawn anew with the rectangles burned in, and the old
/// ones are served no longer; the stripped photo itself keeps its pixels for staff until it is deleted, and so long a rectangle can be taken back.
/// </summary>
internal sealed class RedactPhoto(Writer writer, RoutingMap routing)
{
    public static void Map(Doors doors) =>
        doors.Api.MapPost("/reports/{id}/photos/{photo:guid}/redactions", async (string id, Guid photo, RedactRequest request, HttpContext http, Caller caller, RedactPhoto redact, Idempotency once, CancellationToken cancellation) =>
            (await redact.RunAsync(id, photo, request, new Acting(caller, false), cancellation, http.StaleAgainst, once.DoAsync)).Answer())
            .Needs(ReportPermissions.Act).WithSummary("Blackens parts of a photo: all rectangles from now on, as shares of the upright picture. Its public pictures are drawn anew.")
            .TakesExample(new { rectangles = new[] { new { x = 0.4, y = 0.25, width = 0.1, height = 0.15 } }, version = 3 }).GivesExample(default(Done));

    /// <param name="ifMatch">Refuses versions that the caller does not mean.</param>
    /// <param name="commit">Puts it on disk; the writer, unless it is said.</param>
    /// <returns>404, 403 for who is not of the holder or the coordinating body, 410 when there is nothing left to draw from, 409 <c>stale</c>, or 422.</returns>
    public Task<Outcome<Done>> RunAsync(string key, Guid photo, RedactRequest request, Acting acting, CancellationToken cancellation, Func<long, Refusal?>? ifMatch = null, Commit<Done>? commit = null) =>
        (commit ?? writer.DoAsync)(acting.Caller.Actor, async unit =>
        {
            if (await ReadReport.FindAsync(unit.Store, key, tracked: true, cancellation) is not { } report || !acting.Sees(report))
            {
                return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
            }
            var coordinator = routing.Current.Map.Rules.CoordinatorBody;
            var who = Hats.Of(acting.Caller, report, false, coordinator, unit.Now);
            if ((who & ShowPart.May) == 0)
            {
                return acting.NotYours;
            }
            if ((ifMatch?.Invoke(report.Version) ?? EditWords.Stale(request.Version, report) ?? request.Fault()) is { } refused)
            {
                return refused;
            }
            if (!(await ReportPart.FindAsync(unit.Store, report, new PartRequest { What = PartRequest.OfPhoto, Photo = photo }, cancellation)).Is(out var part, out var refusal) || part.File is not { } file)
            {
                return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
            }
            var before = file.Redactions;
            if (before.SequenceEqual(request.Rectangles!))
            {
                return default(Done);
            }
            if (!file.Redact(request.Rectangles!).Is(out _, out refusal))
            {
                return refusal;
            }
            report.Touch(unit.Now);
            ReportEntry.Add(unit, report, "redact", actingBody: Hats.BodyOf(acting.Caller, report, who, coordinator));
            unit.Publish(
                new Subject("report", report.Id), report.Version + 1, new ReportNoted(report.Standing(), "redact", null), report.Holder,
                new Audit(new { photo, rectangles = before }, new { photo, rectangles = request.Rectangles }));
            return default(Done);
        }, cancellation);
}
