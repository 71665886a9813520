using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// One problem that was reported more than once (reports.md 4.5). What is merged keeps everything of its own and only says into what; what its target shows of both is read from both. So nothing
/// can be lost, and unmerging gives back what was.
/// </summary>
public sealed partial class Report
{
    /// <summary>The target: never merged into another itself. Null for what stands by itself, and for a duplicate of another system that names none.</summary>
    public Guid? MergedInto { get; private set; }

    /// <summary>What it was merged into when it was: differs from the target once that one was merged in turn, and takes it along when it is unmerged.</summary>
    public Guid? MergedVia { get; private set; }

    public long? MergedAt { get; private set; }

    /// <summary>The earliest promise of those merged into it, moved by its own pauses since; none made before it was last reopened.</summary>
    public long? MembersDueAt { get; private set; }

    /// <summary>Its own promise, while <see cref="MembersDueAt"/> may be the earlier one.</summary>
    public long? OwnDueAt { get; private set; }

    /// <summary>People who said "me too" of those merged into it, and not of itself.</summary>
    public int MembersSupportCount { get; private set; }

    /// <summary>People for whom the problem exists, each once.</summary>
    public int Supporters => SupportCount + MembersSupportCount;

    /// <summary>What the public sees of a state; a duplicate stands where its target does.</summary>
    internal Bucket BucketWith(Report? target) => target is not null && (ArchivedFrom ?? State) == ReportState.Duplicate ? target.Bucket : Bucket;

    /// <summary>What it promises by itself: setting it leaves the earlier promise of a member in force.</summary>
    private long? Promised
    {
        get => MembersDueAt is null ? DueAt : OwnDueAt;
        set => (OwnDueAt, DueAt) = MembersDueAt is { } earliest ? (value, value < earliest ? value : earliest) : (null, value);
    }

    /// <summary>Everybody may know that these two are one: neither tells where the other is that is private.</summary>
    internal static bool LinkIsPublic(Report one, Report other) => one.Visibility == other.Visibility && FindReportsApi.IsOpenToAll(one) && FindReportsApi.IsOpenToAll(other);

    /// <summary>Takes what those merged into it promise and who supports them.</summary>
    /// <param name="members">Each with the instant at which its promise became one of this report's.</param>
    /// <param name="supporters">Theirs that are not its own.</param>
    internal void Gather(IEnumerable<(Report Member, long Since)> members, int supporters, Circumstances world)
    {
        var own = Promised;
        MembersDueAt = members.Where(one => one.Since >= ClockSince).Select(one => MovedByPauses(one.Member.DueAt, one.Since, world)).Min();
        Promised = own;
        MembersSupportCount = supporters;
        Touch(world.Now);
    }

    /// <summary>Its target was merged in turn, or stands by itself again.</summary>
    internal ReportMerged Follow(Report target, Circumstances world)
    {
        MergedInto = target.Id;
        Touch(world.Now);
        return new ReportMerged(Standing(), target.Number);
    }

    /// <summary>Takes the place of its target, whose reporter has withdrawn it: the body that has the problem goes on with it.</summary>
    /// <param name="state">Of the target before.</param>
    internal void TakePlaceOf(Report target, ReportState state, Circumstances world)
    {
        StandAlone();
        (State, PreviousHolder, Holder, HolderSince, HolderDueAt) = (state, target.PreviousHolder, target.Holder, target.HolderSince, target.HolderDueAt);
        if (State == ReportState.Assigned)
        {
            AwaitAnswer(Holder!, world);
        }
        if (State != ReportState.Submitted && ClockBody is null && Promised is null)
        {
            StartClock(world); // It was merged before its place was found.
        }
        Touch(world.Now);
    }

    /// <summary>Another has taken the place of the one that it was merged into.</summary>
    internal void GoVia(Report heir) => MergedVia = heir.Id;

    private Outcome<ReportEvent> Merge(Report target, Circumstances world)
    {
        if (target.Id == Id)
        {
            return Refusal.Invalid("reports.mergeIntoItself", "target");
        }
        if (!target.State.IsOpen())
        {
            return new Refusal(RefusalKind.Conflict, "reports.targetNotOpen", "target") { Arguments = [target.Number] };
        }
        EndPause(world);
        Gather([], 0, world);
        (MergedInto, MergedVia, MergedAt) = (target.Id, target.Id, world.Now);
        return Enter(ReportState.Duplicate, new ReportMerged(Standing(), target.Number));
    }

    /// <summary>Back to the body that had it, which answers anew whether it is its own; its promise stays what it was.</summary>
    private ReportEvent Unmerge(string? reason, Circumstances world)
    {
        var waited = MergedAt is not null && ClockBody is null && Promised is null; // Merged before its place was found.
        StandAlone();
        if (Holder is null || waited)
        {
            GiveTo(Holder ?? world.HandOver.Coordinator, world); // Of another system, which named none, or nobody's yet.
        }
        if (waited)
        {
            StartClock(world);
        }
        AwaitAnswer(Holder!, world);
        return Enter(ReportState.Assigned, new ReportUnmerged(Standing(), reason));
    }

    private void StartClock(Circumstances world) => (ClockBody, Promised) = (Holder, DueFrom(ClockSince, Holder!, world));

    private void StandAlone() => (MergedInto, MergedVia, MergedAt, PlannedFrom, PlannedTo, WorkStarted) = (null, null, null, null, null, false);

    private long? MovedByPauses(long? due, long since, Circumstances world) => PausesSince(since).Aggregate(due, (moved, pause) => Moved(moved, ClockBody ?? Holder, pause, world));
}
