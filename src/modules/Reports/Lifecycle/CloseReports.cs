using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Closes solved reports that nobody contradicted in time (reports.md section 3), through the gate of the algorithm register. Where the register does not let the clock decide, what is solved stays solved
/// until its reporter confirms it.
/// </summary>
internal sealed class CloseReports(Writer writer, ActOnReport act, AlgorithmGate gate, ILogger<CloseReports> logger)
{
    private const int BatchMax = 200;
    private const string Closes = "closes";

    /// <summary>No catalogue steers it: it comes into use, and is looked at, with the rules of who gets a report.</summary>
    public static Algorithm Algorithm { get; } = new("reports.close", "1", typeof(CloseReports).Assembly, "Zinneke.Reports.close.algorithm.json")
    {
        Catalogue = RoutingMap.RulesKind,
        ShownTo = ["reporter", "holder"],
        AsksAPerson = true,
    };

    /// <summary>All whose time is over; one that cannot be closed keeps none of the others waiting.</summary>
    /// <param name="now">UTC microseconds.</param>
    public async Task RunAsync(Store store, long now, CancellationToken cancellation)
    {
        if (!gate.Allows(Algorithm))
        {
            return;
        }
        var (closesAt, last) = (0L, Guid.Empty);
        while (await store.Set<Report>().AsNoTracking()
            .Where(r => r.ClosesAt != null && r.ClosesAt <= now && (r.ClosesAt > closesAt || (r.ClosesAt == closesAt && r.Id.CompareTo(last) > 0)))
            .OrderBy(r => r.ClosesAt).ThenBy(r => r.Id).Take(BatchMax).Select(r => new { r.Id, r.Number, r.ClosesAt }).ToListAsync(cancellation) is { Count: > 0 } quiet)
        {
            foreach (var report in quiet)
            {
                var outcome = await act.RunAsync(report.Id.ToString(), "confirm", new ActionRequest(), new Acting(Caller.Program(), false), CommitOf(report.Id), cancellation);
                if (outcome.Refusal is { } refusal)
                {
                    logger.LogWarning("The report {Number} is not closed by itself: {Code}", report.Number, refusal.Code);
                }
            }
            (closesAt, last) = (quiet[^1].ClosesAt!.Value, quiet[^1].Id);
        }
    }

    /// <summary>Lets the gate decide in the unit that closes; what somebody contradicted meanwhile is left.</summary>
    private Commit<Guid> CommitOf(Guid id) => (actor, useCase, cancellation) => writer.DoAsync(actor, async unit =>
    {
        var report = await unit.Store.Set<Report>().FirstAsync(r => r.Id == id, cancellation);
        var input = new { report.State, report.ClosesAt, unit.Now };
        return gate.Run(Algorithm, unit, new Subject("report", id), report.Version + 1, input, () => Weigh(report, unit.Now)) is Closes
            ? await useCase(unit)
            : new Refusal(RefusalKind.Conflict, "reports.stale");
    }, cancellation);

    [AutomatedFunction("reports.close")]
    private static Verdict<string> Weigh(Report report, long now)
    {
        var outcome = report.State == ReportState.Resolved && report.ClosesAt <= now ? Closes : "stays";
        return new Verdict<string>(outcome, outcome);
    }
}
