using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A flag as it is sent.</summary>
internal sealed record FlagRequest : PartRequest
{
    /// <summary>One of <see cref="ReportFlag.Reasons"/>.</summary>
    public string? Reason { get; init; }
}

/// <summary>What became of a flag.</summary>
/// <param name="Hidden">The part is out of sight until staff have looked.</param>
internal sealed record Flagged(Guid Id, bool Hidden);

/// <summary>
/// <c>POST /api/v1/reports/{id}/flags</c>: a reader says that words or a photo are abusive or private (R16). Each person counts once; three different ones hide the part until the
/// holder's staff have looked, as far as the register of algorithms lets a count do that, and one is enough for them to see it.
/// </summary>
internal sealed class FlagReport(Writer writer, AlgorithmGate gate, Keys keys)
{
    /// <summary>No catalogue steers it: it comes into use, and is looked at, with the rules of who gets a report.</summary>
    public static Algorithm Algorithm { get; } = new("reports.hide", "1", typeof(FlagReport).Assembly, "Zinneke.Reports.hide.algorithm.json")
    {
        Catalogue = RoutingMap.RulesKind,
        ShownTo = ["reporter", "holder"],
    };

    private const string Hides = "hides";

    public static void Map(Doors doors) =>
        doors.Api.MapPost("/reports/{id}/flags", async (string id, FlagRequest request, HttpContext http, Caller caller, FlagReport flag, Idempotency once, Senders senders, CancellationToken cancellation) =>
            (await Senders.UnlessKnownAsync(senders.Refuse(http, caller), once, cancellation))?.AsProblem() ?? (await flag.RunAsync(id, request, SupportReport.NameOf(http, caller), cancellation, once.DoAsync)).Answer())
            .Public().Limited(ActOnReportApi.ByAnybody).WithSummary("Says that the words (what: text) or a photo (what: photo, with its id) are abusive, privateData, spam or other. Three people hide it until staff have looked.")
            .TakesExample(new { what = "photo", photo = "018f3c1e-7a00-7c11-8d22-1a2b3c4d5e6f", reason = "privateData" })
            .GivesExample(new Flagged(Guid.Parse("018f3c1e-6d2a-7b57-9c39-0f1e2d3c4b5a"), false));

    /// <param name="by">Account, key or network address. Only a hash of it and the part is kept, under a key of this installation; neither staff nor the audit trail learn who it was.</param>
    /// <param name="commit">Puts it on disk; the writer, unless it is said.</param>
    /// <returns>404 for a report that is not for everybody; 422 <c>unknownPart</c>, <c>unknownReason</c>, or <c>nothingToFlag</c> for what nobody sees anyway.</returns>
    public Task<Outcome<Flagged>> RunAsync(string key, FlagRequest request, string by, CancellationToken cancellation, Commit<Flagged>? commit = null) => (commit ?? writer.DoAsync)(Actor.Anonymous, async unit =>
    {
        if (await ReadReport.FindAsync(unit.Store, key, tracked: true, cancellation) is not { } report || !FindReportsApi.IsOpenToAll(report))
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
        }
        if (request.Reason is not { } reason || !ReportFlag.Reasons.Contains(reason))
        {
            return Refusal.Invalid("reports.unknownReason", "reason", string.Join(", ", ReportFlag.Reasons.Order(StringComparer.Ordinal)));
        }
        if (!(await ReportPart.FindAsync(unit.Store, report, request, cancellation)).Is(out var part, out var refusal))
        {
            return refusal;
        }
        var hash = Convert.ToHexStringLower(HMACSHA256.HashData(keys.For("reports.flag"), Encoding.UTF8.GetBytes($"{part.Id:N} {by}")).AsSpan(0, 16));
        var before = await unit.Store.Set<ReportFlag>().Where(flag => flag.ReportId == report.Id && flag.Part == part.Id && (flag.By == hash || flag.ReviewedAt == null)).ToListAsync(cancellation);
        if (before.Exists(flag => flag.By == hash))
        {
            return new Flagged(report.Id, part.Hidden);
        }
        if (!part.IsPublic)
        {
            return Refusal.Invalid("reports.nothingToFlag", "what");
        }
        unit.Store.Add(new ReportFlag { Id = unit.NextId(), ReportId = report.Id, Part = part.Id, By = hash, Reason = reason, At = unit.Now });
        Count(unit, part, before.Count(flag => flag.IsOfReader), reason);
        return new Flagged(report.Id, part.Hidden);
    }, cancellation);

    /// <summary>The report's version rises with each flag: of two at once one is counted anew.</summary>
    private void Count(Unit unit, ReportPart part, int before, string reason)
    {
        var (report, was) = (part.Report, part.Facts(before));
        report.FlaggedAt ??= unit.Now;
        ReportEntry.Add(unit, report, "flag", reason: reason, isInternal: true);
        var what = "flag";
        var readers = before + 1;
        var input = new { part = part.Id, readers };
        if (gate.Run(Algorithm, unit, new Subject("report", report.Id), report.Version + 1, input, () => Weigh(readers)) is Hides)
        {
            part.Show(false);
            what = ShowPart.ActionOf(part);
            ReportEntry.Add(unit, report, what, reason: ReportFlag.Hides);
        }
        report.Touch(unit.Now);
        unit.Publish(new Subject("report", report.Id), report.Version + 1, new ReportNoted(report.Standing(), what, reason), report.Holder, new Audit(was, part.Facts(readers)));
    }

    /// <param name="readers">Different people whose flags of the part nobody has looked at yet.</param>
    [AutomatedFunction("reports.hide")]
    private static Verdict<string> Weigh(int readers)
    {
        var outcome = readers >= ReportFlag.HidesAt ? Hides : "stays";
        return new Verdict<string>(outcome, outcome);
    }
}
