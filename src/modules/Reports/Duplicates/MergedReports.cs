using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// A report, its target and all that is merged into either, while one unit changes who is merged into what (reports.md 4.5). Every such change raises the version of the targets it concerns: of two
/// that cross, the second finds what the first has made of it.
/// </summary>
internal sealed class MergedReports
{
    /// <summary>Reports merged into one target: all of them are written when it is merged in turn.</summary>
    public const int MembersMax = 100;

    private readonly Unit unit;
    private readonly Report report;
    private readonly Report? target;
    private readonly List<Report> merged;
    private readonly Dictionary<Guid, Report> all;
    private readonly Dictionary<Guid, ReportFacts> before;
    private readonly ILookup<Guid, string> supporters;

    private MergedReports(Unit unit, Report report, Report? target, List<Report> merged, ILookup<Guid, string> supporters)
    {
        (this.unit, this.report, this.target, this.merged, this.supporters) = (unit, report, target, merged, supporters);
        all = merged.Append(report).Concat(target is null ? [] : [target]).Distinct().ToDictionary(one => one.Id);
        before = all.ToDictionary(one => one.Key, one => ReportFacts.Of(one.Value));
    }

    /// <param name="report">About to be merged, unmerged or withdrawn.</param>
    /// <param name="into">The target that it is about to get; null otherwise.</param>
    public static async Task<MergedReports> OfAsync(Unit unit, Report report, Report? into, CancellationToken cancellation)
    {
        var reports = unit.Store.Set<Report>();
        var target = into ?? (report.MergedInto is { } id ? await reports.FirstOrDefaultAsync(r => r.Id == id, cancellation) : null);
        Guid?[] heads = [report.Id, target?.Id ?? report.Id];
        var merged = await reports.Where(r => heads.Contains(r.MergedInto)).OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).ToListAsync(cancellation);
        List<Guid> ids = [.. merged.Select(r => r.Id), .. heads.OfType<Guid>()];
        var supporters = await unit.Store.Set<ReportSupport>().AsNoTracking().Where(s => ids.Contains(s.ReportId)).ToListAsync(cancellation);
        return new MergedReports(unit, report, target, merged, supporters.ToLookup(s => s.ReportId, s => s.By));
    }

    /// <summary>Does to the others what the action, which the report has done, means for them.</summary>
    /// <param name="worldOf">The circumstances of each.</param>
    /// <param name="by">The body in whose name it is done.</param>
    public Refusal? Follow(ReportAction action, Func<Report, Circumstances> worldOf, string? by)
    {
        switch (action)
        {
            case ReportAction.Merge when merged.Count + 1 > MembersMax:
                return new Refusal(RefusalKind.Conflict, "reports.tooManyMerged", "target") { Arguments = [MembersMax] };
            case ReportAction.Merge:
                Bring(merged.FindAll(one => one.MergedInto == report.Id), target!, worldOf, by);
                Join(target!, "joined", worldOf, by);
                break;
            case ReportAction.Unmerge:
                Bring(merged.FindAll(one => one != report && Descends(one)), report, worldOf, by);
                Gather(report, worldOf);
                if (target is not null)
                {
                    Join(target, "parted", worldOf, by);
                }
                break;
            case ReportAction.Withdraw when merged.Count > 0:
                Succeed(merged[0], worldOf, by);
                break;
        }
        return null;
    }

    /// <summary>The oldest takes the place of what its reporter withdraws: for the others the problem is still there.</summary>
    private void Succeed(Report heir, Func<Report, Circumstances> worldOf, string? by)
    {
        report.Gather([], 0, worldOf(report));
        heir.TakePlaceOf(report, before[report.Id].State, worldOf(heir));
        var others = merged.FindAll(one => one != heir);
        foreach (var one in others.Where(one => one.MergedVia == report.Id))
        {
            one.GoVia(heir);
        }
        Bring(others, heir, worldOf, by);
        Gather(heir, worldOf);
        Tell(heir, new ReportUnmerged(heir.Standing(), "targetWithdrawn"), "unmerge", "targetWithdrawn", heir.State, by);
    }

    private void Bring(List<Report> moved, Report to, Func<Report, Circumstances> worldOf, string? by)
    {
        foreach (var one in moved)
        {
            Tell(one, one.Follow(to, worldOf(one)), "merge", to.Number, null, by);
        }
    }

    /// <summary>The public reads of it only where it may know that the two are one.</summary>
    private void Join(Report head, string what, Func<Report, Circumstances> worldOf, string? by)
    {
        Gather(head, worldOf);
        Tell(head, new ReportNoted(head.Standing(), what, report.Number), what, report.Number, null, by, isInternal: !Report.LinkIsPublic(report, head));
    }

    private void Gather(Report head, Func<Report, Circumstances> worldOf)
    {
        var members = all.Values.Where(one => one.MergedInto == head.Id).ToList();
        // Of whom nothing is kept any more nobody can say that they are the same.
        var unknown = members.Sum(one => Math.Max(0, one.SupportCount - supporters[one.Id].Count()));
        var known = members.SelectMany(one => supporters[one.Id]).Except(supporters[head.Id]).Count();
        head.Gather(members.Select(one => (one, SinceOf(one, head))), known + unknown, worldOf(head));
    }

    private void Tell(Report one, ReportEvent change, string action, string reason, ReportState? state, string? by, bool isInternal = false)
    {
        ReportEntry.Add(unit, one, action, reason: reason, state: state, isInternal: isInternal, actingBody: by);
        unit.Publish(new Subject("report", one.Id), one.Version + 1, change, one.Holder, new Audit(before[one.Id], ReportFacts.Of(one)));
    }

    /// <summary>It came to the target with the report.</summary>
    private bool Descends(Report one)
    {
        var via = one.MergedVia;
        while (via is { } next && next != report.Id)
        {
            via = all.GetValueOrDefault(next)?.MergedVia;
        }
        return via is not null;
    }

    /// <summary>Since when its promise is one of its target's: not before what it came with was merged.</summary>
    private long SinceOf(Report one, Report head)
    {
        var since = one.MergedAt!.Value;
        for (var via = one.MergedVia; via is { } next && next != head.Id && all.TryGetValue(next, out var parent); via = parent.MergedVia)
        {
            since = Math.Max(since, parent.MergedAt ?? 0);
        }
        return since;
    }
}
