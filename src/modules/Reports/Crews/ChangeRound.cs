using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What can be done with a round.</summary>
internal enum RoundAction
{
    /// <summary>A stop changes places with the one before it.</summary>
    Up,

    /// <summary>A stop changes places with the one after it.</summary>
    Down,

    /// <summary>A stop leaves the round.</summary>
    Out,

    /// <summary>The engine makes the order again.</summary>
    Order,
    Finish,
    Reopen,

    /// <summary>The round goes; its reports stay as they are.</summary>
    Remove,
}

/// <summary>Changes a round by hand. Every change raises the version of the round, so that of two who move stops at once the second is told.</summary>
internal sealed class ChangeRound(Writer writer)
{
    /// <param name="number">Of the report at the stop, for the actions that take one; its id where the page does not tell the number, because another body has it.</param>
    /// <param name="version">Of the round as it was seen.</param>
    /// <returns>404 for a round of another body or a stop that is not in it, 409 when somebody has changed it since, or it is finished.</returns>
    public Task<Outcome<Guid>> RunAsync(Guid id, RoundAction action, string? number, long version, Caller caller, CancellationToken cancellation) => writer.DoAsync<Guid>(caller.Actor, async unit =>
    {
        if (!(await RoundAccess.FindAsync(unit.Store, id, caller, tracked: true, cancellation)).Is(out var round, out var refusal))
        {
            return refusal;
        }
        if (round.Version != version || (round.FinishedAt is not null && action is not (RoundAction.Reopen or RoundAction.Remove)))
        {
            return new Refusal(RefusalKind.Conflict, "reports.roundStale");
        }
        var stops = await unit.Store.Set<RoundStop>().Where(stop => stop.RoundId == id).OrderBy(stop => stop.Place).ToListAsync(cancellation);
        var ids = stops.Select(stop => stop.ReportId).ToList();
        var reports = await unit.Store.Set<Report>().AsNoTracking().Where(report => ids.Contains(report.Id)).ToDictionaryAsync(report => report.Id, cancellation);
        var at = stops.FindIndex(stop => stop.ReportId.ToString() == number || (reports.TryGetValue(stop.ReportId, out var report) && report.Number == number));
        if (action is RoundAction.Up or RoundAction.Down or RoundAction.Out && at < 0)
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
        }
        var change = Do(unit.Store, round, stops, reports, action, at, unit.Now);
        unit.Publish(new Subject("round", id), round.Version + 1, change, round.Body);
        return id;
    }, cancellation);

    private static object Do(Store store, Round round, List<RoundStop> stops, Dictionary<Guid, Report> reports, RoundAction action, int at, long now)
    {
        switch (action)
        {
            case RoundAction.Finish:
                round.FinishedAt = now;
                return new RoundFinished(stops.Count, reports.Values.Count(report => RoundView.IsSolved(report.ArchivedFrom ?? report.State)));
            case RoundAction.Remove:
                store.RemoveRange(stops);
                store.Remove(round);
                return new RoundRemoved(stops.Count);
            case RoundAction.Reopen:
                round.FinishedAt = null;
                break;
            case RoundAction.Order:
                RoundPlan.Order(round, [.. stops.Where(stop => reports.ContainsKey(stop.ReportId)).Select(stop => (stop, reports[stop.ReportId]))]);
                break;
            case RoundAction.Out:
                store.Remove(stops[at]);
                stops.RemoveAt(at);
                RoundPlan.Number(stops);
                break;
            default:
                var with = action == RoundAction.Up ? at - 1 : at + 1;
                if (with >= 0 && with < stops.Count)
                {
                    (stops[at].Place, stops[with].Place) = (stops[with].Place, stops[at].Place);
                }
                break;
        }
        store.Entry(round).State = EntityState.Modified; // The stops belong to it: its version rises with them.
        return new RoundChanged(ReportWords.Word(action), stops.Count);
    }
}
