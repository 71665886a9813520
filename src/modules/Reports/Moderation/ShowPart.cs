using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What staff decide of a part.</summary>
internal sealed record ShowRequest : PartRequest
{
    /// <summary>Everybody may see it; otherwise it is hidden.</summary>
    public bool? Show { get; init; }
}

/// <summary>
/// <c>POST /api/v1/reports/{id}/parts</c>: the holder's staff hide the words of a report or one photo, or show them again (R29, R30). Whatever they decide, the flags of the part are dealt with.
/// </summary>
internal sealed class ShowPart(Writer writer, RoutingMap routing)
{
    /// <summary>Who decides.</summary>
    public const Who May = Who.HolderStaff | Who.Coordinator;

    public static void Map(Doors doors)
    {
        doors.Pages.MapPost("/desk/reports/{number}/parts", FromPageAsync).Needs(ReportPermissions.Act);
        doors.Api.MapPost("/reports/{id}/parts", async (string id, ShowRequest request, HttpContext http, Caller caller, ShowPart show, Idempotency once, CancellationToken cancellation) =>
            (await show.RunAsync(id, request, new Acting(caller, false), cancellation, http.StaleAgainst, once.DoAsync)).Answer())
            .Needs(ReportPermissions.Act).WithSummary("Hides the words (what: text) or a photo (what: photo, with its id), or shows them again, and settles their flags.")
            .TakesExample(new { what = "text", show = false }).GivesExample(new Flagged(Guid.Parse("018f3c1e-6d2a-7b57-9c39-0f1e2d3c4b5a"), true));
    }

    /// <summary>The word of the history for a part that was shown or hidden just now.</summary>
    public static string ActionOf(ReportPart part) => (part.Hidden, part.Photo) switch { (true, null) => "hideText", (true, _) => "hidePhoto", (false, null) => "showText", _ => "showPhoto" };

    /// <param name="ifMatch">Refuses versions that the caller does not mean.</param>
    /// <param name="commit">Puts it on disk; the writer, unless it is said.</param>
    /// <returns>404, 403 for who is not of the holder or the coordinating body, or 422 <c>unknownPart</c>.</returns>
    public Task<Outcome<Flagged>> RunAsync(string key, ShowRequest request, Acting acting, CancellationToken cancellation, Func<long, Refusal?>? ifMatch = null, Commit<Flagged>? commit = null) =>
        (commit ?? writer.DoAsync)(acting.Caller.Actor, async unit =>
        {
            if (await ReadReport.FindAsync(unit.Store, key, tracked: true, cancellation) is not { } report || !acting.Sees(report))
            {
                return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
            }
            var coordinator = routing.Current.Map.Rules.CoordinatorBody;
            var who = Hats.Of(acting.Caller, report, false, coordinator, unit.Now);
            if ((who & May) == 0)
            {
                return acting.NotYours;
            }
            if (ifMatch?.Invoke(report.Version) is { } stale)
            {
                return stale;
            }
            if (request.Show is not { } shown)
            {
                return Refusal.Invalid("reports.required", "show");
            }
            if (!(await ReportPart.FindAsync(unit.Store, report, request, cancellation)).Is(out var part, out var refusal))
            {
                return refusal;
            }
            return await DecideAsync(unit, part, shown, Hats.BodyOf(acting.Caller, report, who, coordinator), cancellation);
        }, cancellation);

    private static async Task<IResult> FromPageAsync(string number, HttpContext http, Caller caller, ShowPart show, OfficerDesk desk, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        var photo = Guid.TryParse(form["photo"], out var id) ? id : (Guid?)null;
        var request = new ShowRequest { What = photo is null ? PartRequest.Text : PartRequest.OfPhoto, Photo = photo, Show = bool.TryParse(form["show"], out var shown) ? shown : null };
        var outcome = await show.RunAsync(number, request, new Acting(caller, false), cancellation);
        return outcome.Refusal is { } refusal ? await desk.ShowAsync(number, null, refusal, cancellation) : new SeeOther($"/{http.Language()}/desk/reports/{number}");
    }

    private static async Task<Outcome<Flagged>> DecideAsync(Unit unit, ReportPart part, bool shown, string? by, CancellationToken cancellation)
    {
        var report = part.Report;
        var waiting = await unit.Store.Set<ReportFlag>().Where(flag => flag.ReportId == report.Id && flag.ReviewedAt == null).ToListAsync(cancellation);
        var ofPart = waiting.Where(flag => flag.Part == part.Id).ToList();
        var changes = part.Hidden == shown;
        if (!changes && ofPart.Count == 0)
        {
            return new Flagged(report.Id, part.Hidden);
        }
        var was = part.Facts(ofPart.Count);
        ofPart.ForEach(flag => flag.ReviewedAt = unit.Now);
        report.FlaggedAt = waiting.Except(ofPart).Select(flag => (long?)flag.At).Min();
        part.Show(shown);
        var action = changes ? ActionOf(part) : "settleFlags";
        ReportEntry.Add(unit, report, action, isInternal: !changes, actingBody: by);
        report.Touch(unit.Now);
        unit.Publish(new Subject("report", report.Id), report.Version + 1, new ReportNoted(report.Standing(), action, null), report.Holder, new Audit(was, part.Facts(0)));
        return new Flagged(report.Id, part.Hidden);
    }
}
