using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>One line of a report's audit trail: an event with what it changed.</summary>
/// <param name="Action">As the API writes it; <c>ruleRan</c> and <c>ruleRefused</c> for what the register of algorithms says.</param>
/// <param name="Reason">Code; the outcome or the refusal of a rule.</param>
/// <param name="Changes">From the before and after when they are intact, else from what the log itself says of the report then.</param>
public sealed record AuditLine(Event Event, string Action, string? Reason, JsonNode? Before, JsonNode? After, IReadOnlyList<AuditChange> Changes, AuditState State);

/// <summary>What the audit page shows.</summary>
/// <param name="Names">Of accounts and keys that acted or were given the report.</param>
public sealed record AuditView(Report Report, RoutingSnapshot Map, IReadOnlyList<AuditLine> Lines, IReadOnlyDictionary<Guid, string> Names);

/// <summary>
/// The audit trail of a report (R45): <c>/{lang}/desk/reports/{number}/audit</c> for people and <c>/api/v1/reports/{id}/audit</c> to take along. The log says what happened; the
/// before and after beside it are held against their digests, so that what was altered shows, and what was erased does not look like it.
/// </summary>
internal sealed class AuditReport(Store store, ReadReport read, AuditTrail trail, RoutingMap routing, Caller caller, TimeProvider time)
{
    /// <summary>Events whose name is not that of their action.</summary>
    internal static readonly Dictionary<string, string> Actions = new(StringComparer.Ordinal)
    {
        ["reports.report.received"] = "submit", ["reports.report.imported"] = "import", ["reports.report.assigned"] = "assign", ["reports.report.registered"] = "register",
        ["reports.report.accepted"] = "accept", ["reports.report.rejected"] = "reject", ["reports.report.transferred"] = "transfer", ["reports.report.planned"] = "plan",
        ["reports.report.started"] = "start", ["reports.report.held"] = "hold", ["reports.report.resumed"] = "resume", ["reports.report.resolved"] = "resolve",
        ["reports.report.declined"] = "decline", ["reports.report.withdrawn"] = "withdraw", ["reports.report.reopened"] = "reopen", ["reports.report.confirmed"] = "confirm",
        ["reports.report.recategorised"] = "recategorise", ["reports.report.moved"] = "move", ["reports.report.escalated"] = "escalate", ["reports.report.archived"] = "archive",
        ["reports.report.merged"] = "merge", ["reports.report.published"] = "publish", ["reports.report.unmerged"] = "unmerge",
        ["kernel.algorithm.ran"] = "ruleRan", ["kernel.algorithm.refused"] = "ruleRefused",
    };

    public static void Map(Doors doors)
    {
        doors.Pages.MapGet("/desk/reports/{number}/audit", async (string number, AuditReport audit, CancellationToken cancellation) => (await audit.ReadAsync(number, cancellation)).Is(out var view, out var refusal)
            ? (IResult)new RazorComponentResult<Pages.AuditPage>(new Dictionary<string, object?> { ["View"] = view })
            : refusal.AsProblem()).Needs(ReportPermissions.Audit);
        doors.Api.MapGet("/reports/{id}/audit", async (string id, AuditReport audit, CancellationToken cancellation) => (await audit.ReadAsync(id, cancellation)).Is(out var view, out var refusal)
            ? (IResult)TypedResults.Json(JsonOf(view), Json.Options)
            : refusal.AsProblem()).Needs(ReportPermissions.Audit).WithSummary("Who did what to a report and when, with before and after.").GivesExample(ReportExamples.Audit);
    }

    /// <returns>404 for an unknown report; 403 when no body that has it, or had it in the last 30 days, is one whose trail the caller may see.</returns>
    public async Task<Outcome<AuditView>> ReadAsync(string key, CancellationToken cancellation)
    {
        if (await read.DetailAsync(key, cancellation) is not { Report: var report } detail)
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
        }
        if (!DeskSight.Of(caller, detail, time.NowMicros()).Audit)
        {
            return new Refusal(RefusalKind.Forbidden, "kernel.forbidden");
        }
        var lines = LinesOf(await trail.OfAsync(new Subject("report", report.Id), cancellation));
        var given = lines.SelectMany(line => line.Changes).Where(change => change.Field == "assignee").SelectMany(change => new[] { change.Before, change.After }).OfType<JsonNode>()
            .Select(id => Guid.TryParse(id.ToString(), out var account) ? account : Guid.Empty);
        return new AuditView(report, routing.Current.Map, lines, await Colleague.NamesAsync(store, lines.Select(line => line.Event.Actor.Id).Concat(given), cancellation));
    }

    private static List<AuditLine> LinesOf(IReadOnlyList<AuditedEvent> events)
    {
        var lines = new List<AuditLine>();
        JsonNode? stood = null;
        foreach (var one in events)
        {
            var data = JsonNode.Parse(one.Event.Data)!;
            var stands = data["after"];
            var changes = one.State == AuditState.Intact ? Differences(one.Before, one.After) : stands is null ? [] : Differences(stood, stands);
            var reason = (string?)(data["reason"] ?? data["outcome"]);
            lines.Add(new AuditLine(one.Event, Actions.GetValueOrDefault(one.Event.Type) ?? (string?)data["what"] ?? one.Event.Type, reason, one.Before, one.After, changes, one.State));
            stood = stands ?? stood;
        }
        return lines;
    }

    /// <summary>Fields that differ. The number never changes, and the bucket follows from the state.</summary>
    private static List<AuditChange> Differences(JsonNode? before, JsonNode? after) => [.. AuditChange.Between(before, after).Where(change => change.Field is not ("number" or "bucket"))];

    private static object JsonOf(AuditView view) => new
    {
        report = view.Report.Id,
        number = view.Report.Number,
        entries = view.Lines.Select(line => new
        {
            position = line.Event.Position,
            id = line.Event.Id,
            at = view.Map.CalendarOf(null).LocalAt(line.Event.At),
            type = line.Event.Type,
            action = line.Action,
            version = line.Event.SubjectVersion,
            actor = new { id = line.Event.Actor.Id, name = view.Names.GetValueOrDefault(line.Event.Actor.Id) },
            body = line.Event.Body,
            reason = line.Reason,
            state = line.State,
            before = line.Before,
            after = line.After,
            changes = line.Changes.Select(change => new { change.Field, change.Before, change.After }),
        }),
    };
}
