using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Other words for a report.</summary>
internal sealed record WordsRequest
{
    /// <summary>The description from now on; may be empty.</summary>
    public string? Description { get; init; }

    /// <summary>The version that was seen; another one in the meantime is a conflict.</summary>
    public long? Version { get; init; }
}

/// <summary>
/// <c>POST /api/v1/reports/{id}/words</c>: the holder's staff put what the reporter wrote into words that everybody may read (R30). The words as they were stay in an internal line of the history,
/// for as long as those are kept; the public line says that they were changed.
/// </summary>
internal sealed class EditWords(Writer writer, RoutingMap routing)
{
    public static void Map(Doors doors)
    {
        doors.Pages.MapPost("/desk/reports/{number}/words", FromPageAsync).Needs(ReportPermissions.Act);
        doors.Api.MapPost("/reports/{id}/words", async (string id, WordsRequest request, HttpContext http, Caller caller, EditWords edit, Idempotency once, CancellationToken cancellation) =>
            (await edit.RunAsync(id, request, new Acting(caller, false), cancellation, http.StaleAgainst, once.DoAsync)).Answer())
            .Needs(ReportPermissions.Act).WithSummary("Changes the description of a report; the words as they were stay in its internal history.")
            .TakesExample(new { description = "Dalle cassée devant l’école.", version = 3 }).GivesExample(default(Done));
    }

    /// <param name="ifMatch">Refuses versions that the caller does not mean.</param>
    /// <param name="commit">Puts it on disk; the writer, unless it is said.</param>
    /// <returns>404, 403 for who is not of the holder or the coordinating body, 409 <c>stale</c>, or 422.</returns>
    public Task<Outcome<Done>> RunAsync(string key, WordsRequest request, Acting acting, CancellationToken cancellation, Func<long, Refusal?>? ifMatch = null, Commit<Done>? commit = null) =>
        (commit ?? writer.DoAsync)(acting.Caller.Actor, async unit =>
        {
            if (await ReadReport.FindAsync(unit.Store, key, tracked: true, cancellation) is not { } report || !acting.Sees(report)
                || await unit.Store.Set<ReportWordsRow>().FirstOrDefaultAsync(row => row.ReportId == report.Id, cancellation) is not { } words)
            {
                return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
            }
            var coordinator = routing.Current.Map.Rules.CoordinatorBody;
            var who = Hats.Of(acting.Caller, report, false, coordinator, unit.Now);
            if ((who & ShowPart.May) == 0)
            {
                return acting.NotYours;
            }
            if ((ifMatch?.Invoke(report.Version) ?? Stale(request.Version, report) ?? Fault(request.Description)) is { } refused)
            {
                return refused;
            }
            var (before, after) = (words.Description, request.Description!.ReplaceLineEndings("\n").Trim());
            if (before == after)
            {
                return default(Done);
            }
            words.Description = after;
            report.Touch(unit.Now);
            var by = Hats.BodyOf(acting.Caller, report, who, coordinator);
            ReportEntry.Add(unit, report, "editText", actingBody: by);
            ReportEntry.Add(unit, report, "textBefore", Text.Of(report.Language, before), isInternal: true, actingBody: by);
            unit.Publish(
                new Subject("report", report.Id), report.Version + 1, new ReportNoted(report.Standing(), "editText", null), report.Holder, new Audit(new { letters = before.Length }, new { letters = after.Length }));
            return default(Done);
        }, cancellation);

    /// <summary>409 for another version than the one that was seen, when one was.</summary>
    public static Refusal? Stale(long? version, Report report) => version is { } seen && seen != report.Version
        ? new Refusal(RefusalKind.Conflict, "reports.stale") { Members = new Dictionary<string, object?> { ["version"] = report.Version } }
        : null;

    private static Refusal? Fault(string? description) => description is null ? Refusal.Invalid("reports.required", "description")
        : description.Length > NewReport.DescriptionLengthMax ? Refusal.Invalid("reports.descriptionTooLong", "description", NewReport.DescriptionLengthMax)
        : Refusal.OfNul(description, "description");

    private static async Task<IResult> FromPageAsync(string number, HttpContext http, Caller caller, EditWords edit, OfficerDesk desk, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        var request = new WordsRequest { Description = form["description"], Version = SeenVersion.Of(form) };
        var outcome = await edit.RunAsync(number, request, new Acting(caller, false), cancellation);
        var typed = form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        typed["do"] = "editText";
        return outcome.Refusal is { } refusal ? await desk.ShowAsync(number, typed, refusal, cancellation) : new SeeOther($"/{http.Language()}/desk/reports/{number}");
    }
}
