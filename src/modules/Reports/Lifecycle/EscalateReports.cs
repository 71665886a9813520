using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// A body that neither accepts nor rejects what it was given within its acceptance time: the body above it is told, else the coordinating body, once for each time that a body gets a
/// report (reports.md 4.2). The mail goes out with the event; the page of the report says from then on who is waited for.
/// </summary>
internal sealed class EscalateReports(Writer writer, RoutingMap routing)
{
    public const string Action = "escalate";
    private const int BatchMax = 200;

    /// <summary>All whose time is over.</summary>
    /// <param name="now">UTC microseconds.</param>
    public async Task RunAsync(Store store, long now, CancellationToken cancellation)
    {
        var (due, last) = (0L, Guid.Empty);
        while (await store.Set<Report>().AsNoTracking()
            .Where(r => r.AcceptDueAt != null && r.AcceptDueAt <= now && (r.AcceptDueAt > due || (r.AcceptDueAt == due && r.Id.CompareTo(last) > 0)))
            .OrderBy(r => r.AcceptDueAt).ThenBy(r => r.Id).Take(BatchMax).Select(r => new { r.Id, r.AcceptDueAt }).ToListAsync(cancellation) is { Count: > 0 } silent)
        {
            foreach (var report in silent)
            {
                await writer.DoAsync(Actor.System, unit => EscalateAsync(unit, report.Id, cancellation), cancellation);
            }
            (due, last) = (silent[^1].AcceptDueAt!.Value, silent[^1].Id);
        }
    }

    private async Task EscalateAsync(Unit unit, Guid id, CancellationToken cancellation)
    {
        if (await unit.Store.Set<Report>().FirstOrDefaultAsync(r => r.Id == id, cancellation) is not { Holder: { } holder } report)
        {
            return;
        }
        var map = routing.Current.Map;
        var before = ReportFacts.Of(report);
        var to = map.Find(holder)?.Parent is { } parent && map.IsActive(parent) ? parent : map.Rules.CoordinatorBody;
        if (report.Escalate(to, unit.Now) is { } escalated)
        {
            ReportEntry.Add(unit, report, Action);
            unit.Publish(new Subject("report", report.Id), report.Version + 1, escalated, holder, new Audit(before, ReportFacts.Of(report)));
        }
    }
}
