using System.Globalization;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What an action brings: codes and instants. Words that come with it are kept in the history, not here.</summary>
internal sealed record ActionInput
{
    /// <summary>A code; see <see cref="ReportWords"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether words or a canned answer come with it.</summary>
    public bool HasAnswer { get; init; }

    public bool HasPhoto { get; init; }

    /// <summary>The body it should go to: of a transfer or assignment, or proposed by a rejection.</summary>
    public string? Body { get; init; }

    public string? Reference { get; init; }

    /// <summary>UTC microseconds.</summary>
    public long? PlannedFrom { get; init; }

    public long? PlannedTo { get; init; }

    /// <summary>A new category that routing has looked at.</summary>
    public string? Category { get; init; }

    public (double Lon, double Lat)? Location { get; init; }

    /// <summary>The report that it is merged into.</summary>
    public Report? Target { get; init; }

    /// <summary>Where routing sends it with its new category or place.</summary>
    public Placed? Routed { get; init; }
}

/// <summary>What routing said: the home area and the body.</summary>
/// <param name="ByRule">A rule chose it; otherwise it is left to people.</param>
internal sealed record Placed(string? Area, string Body, bool ByRule);

public sealed partial class Report
{
    /// <summary>Gives a new report to its first holder and starts the clocks.</summary>
    internal void AssignFirst(string body, Circumstances world)
    {
        (State, ClockSince) = (ReportState.Assigned, CreatedAt);
        GiveTo(body, world);
        (ClockBody, Promised) = (body, DueFrom(ClockSince, body, world));
    }

    /// <summary>Nobody knows yet where it is: the coordinating body looks for the place and assigns it, and no time is promised until then.</summary>
    internal void AwaitPlace(Circumstances world)
    {
        (State, ClockSince) = (ReportState.Submitted, CreatedAt);
        (Holder, HolderSince) = (world.HandOver.Coordinator, world.Now);
    }

    /// <summary>Gives it another priority, and by that perhaps another time.</summary>
    internal void Prioritise(Priority priority, Circumstances world)
    {
        Priority = priority;
        if (State.IsOpen())
        {
            CountAnew(world);
        }
    }

    /// <summary>Does an action if the table, the hats and what comes with it allow it.</summary>
    /// <returns>The event that says so; 409 <c>actionNotAllowed</c> with <c>allowed</c>, 403 <c>notYourReport</c>, or 422 for what is missing.</returns>
    internal Outcome<ReportEvent> Act(ReportAction action, Who who, ActionInput input, Circumstances world)
    {
        if (Transitions.Find(action, State, WorkStarted) is not { } row || (action == ReportAction.Reopen && TooLateToReopen(world)))
        {
            return NotAllowed(action, who, world);
        }
        if ((row.Who & who) == 0 || (action == ReportAction.Reopen && !MayReopen(who, world)))
        {
            return new Refusal(RefusalKind.Forbidden, "reports.notYourReport");
        }
        if (Missing(row, action, input) is { } missing)
        {
            return missing;
        }
        var outcome = Decide(action, row, who, input, world);
        if (outcome.Ok)
        {
            EndAwaiting();
            Touch(world.Now);
        }
        return outcome;
    }

    /// <summary>Actions open to these hats now.</summary>
    internal IReadOnlyList<ReportAction> Allowed(Who who, Circumstances world) =>
        [.. Transitions.Allowed(State, who).Where(a => a != ReportAction.Reopen || (!TooLateToReopen(world) && MayReopen(who, world))).Where(a => a != ReportAction.Reject || world.HandOver.MayReject(this))];

    private Outcome<ReportEvent> Decide(ReportAction action, Transition row, Who who, ActionInput input, Circumstances world) => action switch
    {
        ReportAction.Assign or ReportAction.Transfer => HandOn(action, who, input, world),
        ReportAction.Register => Register(input),
        ReportAction.Accept => Accept(),
        ReportAction.Reject => Reject(who, input, world),
        ReportAction.Plan => Plan(input, world),
        ReportAction.Start => Start(world),
        ReportAction.Hold => Hold(input.Reason!, world),
        ReportAction.Resume => Resume(row.To, world),
        ReportAction.Resolve => End(ReportState.Resolved, null, world, s => new ReportResolved(s)),
        ReportAction.Decline => End(ReportState.Declined, input.Reason, world, s => new ReportDeclined(s, input.Reason)),
        ReportAction.Merge => Merge(input.Target!, world),
        ReportAction.Unmerge => Unmerge(input.Reason, world),
        ReportAction.Withdraw => Enter(ReportState.Withdrawn, new ReportWithdrawn(After(ReportState.Withdrawn))),
        ReportAction.Reopen => Reopen(input.Reason, world),
        ReportAction.Confirm => Enter(ReportState.Closed, new ReportConfirmed(After(ReportState.Closed), (who & Who.System) != 0 ? ReportConfirmed.Unopposed : null)),
        ReportAction.Archive => Archive(),
        ReportAction.Recategorise => Recategorise(who, input, world),
        ReportAction.Move => MoveTo(who, input, world),
        _ => new Refusal(RefusalKind.NotFound, "reports.unknownAction", "action"),
    };

    /// <summary>A person of the holder has looked: that answers who asked for it, and on which side of a boundary it lies.</summary>
    private ReportEvent Accept()
    {
        (ReviewAskedAt, Uncertain) = (null, false);
        return Enter(ReportState.Accepted, new ReportAccepted(After(ReportState.Accepted)));
    }

    private ReportEvent Enter(ReportState state, ReportEvent change)
    {
        (State, ClosesAt) = (state, null);
        return change with { After = Standing() };
    }

    private Standing After(ReportState state) => Standing() with { State = state };

    private Outcome<ReportEvent> HandOn(ReportAction action, Who who, ActionInput input, Circumstances world)
    {
        if (!world.HandOver.IsActive(input.Body!))
        {
            return Refusal.Invalid("reports.unknownBody", "body", input.Body!);
        }
        var first = State == ReportState.Submitted;
        if (input.Body == Holder && !first)
        {
            return Refusal.Invalid("reports.sameBody", "body");
        }
        var from = Holder;
        Uncertain = false;
        EndPause(world);
        if (first)
        {
            AssignFirst(input.Body!, world);
            return new ReportAssigned(Standing(), input.Reason, null);
        }
        Hop(world.HandOver.AfterMove(this, input.Body!, who), byRule: false, world);
        return action == ReportAction.Transfer ? new ReportTransferred(Standing(), input.Reason, from!) : new ReportAssigned(Standing(), input.Reason, from);
    }

    private Outcome<ReportEvent> Reject(Who who, ActionInput input, Circumstances world)
    {
        var from = Holder!;
        if (!world.HandOver.MayReject(this))
        {
            return new Refusal(RefusalKind.Conflict, "reports.coordinatorCannotReject")
            {
                Members = new Dictionary<string, object?> { ["allowed"] = Allowed(who, world).Select(ReportWords.Word).ToArray() },
            };
        }
        RejectedBy = RejectedBy.Length == 0 ? from : $"{RejectedBy} {from}";
        Uncertain = false;
        var next = world.HandOver.AfterRejection(this, input.Body);
        Hop(next, byRule: next != input.Body && world.HandOver.AlternativesOf(this).Contains(next), world);
        return new ReportRejected(Standing(), input.Reason, from);
    }

    private ReportRegistered Register(ActionInput input)
    {
        Reference = input.Reference;
        return new ReportRegistered(Standing());
    }

    /// <summary>The holder's own system has it under a number, whatever was done here in the meantime.</summary>
    internal ReportRegistered RegisterAs(string reference, long now)
    {
        Reference = reference.Length > ActionRequest.ReferenceLengthMax ? reference[..ActionRequest.ReferenceLengthMax] : reference;
        Touch(now);
        return new ReportRegistered(Standing());
    }

    private ReportPlanned Plan(ActionInput input, Circumstances world)
    {
        EndPause(world);
        (PlannedFrom, PlannedTo, State) = (input.PlannedFrom, input.PlannedTo, ReportState.Planned);
        return new ReportPlanned(Standing(), input.PlannedFrom!.Value, input.PlannedTo);
    }

    private ReportStarted Start(Circumstances world)
    {
        EndPause(world);
        (State, WorkStarted) = (ReportState.InProgress, true);
        return new ReportStarted(Standing());
    }

    private ReportHeld Hold(string reason, Circumstances world)
    {
        (State, HoldReason) = (ReportState.OnHold, reason);
        PausedSince = reason == "awaitingReporter" ? world.Now : null;
        return new ReportHeld(Standing(), reason);
    }

    private ReportResumed Resume(ReportState to, Circumstances world)
    {
        EndPause(world);
        (State, WorkStarted) = (to, to == ReportState.InProgress);
        return new ReportResumed(Standing());
    }

    private ReportEvent End(ReportState state, string? reason, Circumstances world, Func<Standing, ReportEvent> change)
    {
        EndPause(world);
        (State, DeclineReason, EndedAt, EndedBy) = (state, reason, world.Now, Holder);
        ClosesAt = state == ReportState.Resolved ? world.Now + (world.ConfirmDays * TimeSpan.MicrosecondsPerDay) : null;
        return change(Standing());
    }

    private ReportReopened Reopen(string? reason, Circumstances world)
    {
        var body = (EndedBy ?? Holder) is { } ended && world.HandOver.IsActive(ended) ? ended : world.HandOver.Coordinator;
        State = ReportState.Assigned;
        (ClockSince, Pauses, MembersDueAt, OwnDueAt) = (world.Now, "", null, null);
        GiveTo(body, world);
        (ClockBody, DueAt, EndedAt, EndedBy, ClosesAt, DeclineReason) = (body, DueFrom(world.Now, body, world), null, null, null, null);
        ReopenCount++;
        return new ReportReopened(Standing(), reason);
    }

    private ReportRecategorised Recategorise(Who who, ActionInput input, Circumstances world)
    {
        var (before, holder) = (Category, Holder);
        Category = input.Category!;
        Rerouted(input.Routed!, who, world);
        return new ReportRecategorised(Standing(), before, holder);
    }

    private ReportMoved MoveTo(Who who, ActionInput input, Circumstances world)
    {
        var (holder, area) = (Holder, Area);
        (Lon, Lat) = input.Location!.Value;
        Rerouted(input.Routed!, who, world);
        return new ReportMoved(Standing(), holder, area);
    }

    /// <summary>State assigned only when the holder changes; otherwise the state stays as it is. The time promised is that of the new category, rule and body.</summary>
    private void Rerouted(Placed placed, Who who, Circumstances world)
    {
        Area = placed.Area;
        ClockBody = placed.ByRule ? placed.Body : ClockBody;
        if (Holder is null || (State == ReportState.Submitted && (placed.ByRule || placed.Body != Holder)))
        {
            AssignFirst(placed.Body, world);
            ChosenByRule = placed.ByRule;
        }
        else if (placed.Body != Holder)
        {
            EndPause(world);
            var body = world.HandOver.AfterMove(this, placed.Body, who);
            Hop(body, placed.ByRule && body == placed.Body, world);
        }
        CountAnew(world);
    }

    /// <summary>Both due instants from the beginning of their clocks, with every pause since.</summary>
    private void CountAnew(Circumstances world)
    {
        if (Holder is { } holder && State != ReportState.Submitted)
        {
            (Promised, HolderDueAt) = (DueFrom(ClockSince, ClockBody ?? holder, world), DueFrom(HolderSince!.Value, holder, world));
        }
    }

    private void Hop(string body, bool byRule, Circumstances world)
    {
        Hops++;
        (State, ChosenByRule) = (ReportState.Assigned, byRule);
        GiveTo(body, world);
    }

    private void GiveTo(string body, Circumstances world)
    {
        if (Holder is not null && Holder != body)
        {
            PreviousHolder = Holder;
        }
        (Holder, HolderSince, HolderDueAt) = (body, world.Now, DueFrom(world.Now, body, world));
        AwaitAnswer(body, world);
        (Reference, Assignee, PlannedFrom, PlannedTo, ReviewAskedAt, WorkStarted) = (null, null, null, null, null, false);
    }

    private long? DueFrom(long start, string body, Circumstances world) =>
        world.Sla(Category, body) is { } sla ? DueDate.Of(start, sla, world.Calendar(body), PausesSince(start)) : null;

    private IEnumerable<Pause> PausesSince(long start) =>
        from pause in Pauses.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        let ends = pause.Split('/')
        let to = long.Parse(ends[1], CultureInfo.InvariantCulture)
        where to > start
        select new Pause(Math.Max(start, long.Parse(ends[0], CultureInfo.InvariantCulture)), to);

    /// <summary>Starts the clocks again; both due instants move by what the pause counts.</summary>
    private void EndPause(Circumstances world)
    {
        if (PausedSince is { } since)
        {
            Pauses = string.Create(CultureInfo.InvariantCulture, $"{Pauses} {since}/{world.Now}").TrimStart();
            var pause = new Pause(since, world.Now);
            var own = Moved(Promised, ClockBody ?? Holder, pause, world);
            (MembersDueAt, HolderDueAt) = (Moved(MembersDueAt, ClockBody ?? Holder, pause, world), Moved(HolderDueAt, Holder, pause, world));
            Promised = own;
        }
        (PausedSince, HoldReason) = (null, null);
    }

    /// <summary>A due instant after a pause, in the unit and the working days of the body that it is counted for.</summary>
    private long? Moved(long? due, string? body, Pause pause, Circumstances world) =>
        due is { } at && body is not null && world.Sla(Category, body) is { } sla ? DueDate.Moved(at, sla.Unit, pause, world.Calendar(body)) : due;

    /// <summary>Where not everybody may: its reporter, and whoever works on it or above those who do.</summary>
    private static bool MayReopen(Who who, Circumstances world) => world.ReopenByAll || (who & ~(Who.Anyone | Who.Staff | Who.Key)) != 0;

    /// <summary>History of other systems does not always say when a report ended: its last change then counts.</summary>
    private bool TooLateToReopen(Circumstances world) =>
        State != ReportState.Withdrawn && world.Now - (EndedAt ?? UpdatedAt) > world.ReopenDaysMax * TimeSpan.MicrosecondsPerDay;

    private Refusal NotAllowed(ReportAction action, Who who, Circumstances world) => NotAllowed(ReportWords.Word(action), Allowed(who, world).Select(ReportWords.Word).ToArray());

    /// <summary>409 with what is allowed instead.</summary>
    public Refusal NotAllowed(string action, IReadOnlyList<string> allowed) => new(RefusalKind.Conflict, "reports.actionNotAllowed", "action")
    {
        Arguments = [action, ReportWords.Word(State)],
        Members = new Dictionary<string, object?> { ["allowed"] = allowed },
    };

    private static Refusal? Missing(Transition row, ReportAction action, ActionInput input)
    {
        var errors = new List<Refusal>();
        void Need(Needed what, bool present, string field)
        {
            if (row.Needed.HasFlag(what) && !present)
            {
                errors.Add(Refusal.Invalid("reports.required", field));
            }
        }
        Need(Needed.Body, input.Body is { Length: > 0 }, "body");
        Need(Needed.Reason, input.Reason is { Length: > 0 }, "reason");
        Need(Needed.Reference, input.Reference is { Length: > 0 }, "reference");
        Need(Needed.PlannedFrom, input.PlannedFrom is not null, "plannedFrom");
        Need(Needed.Answer, input.HasAnswer, "text");
        Need(Needed.AnswerOrPhoto, input.HasAnswer || input.HasPhoto, "text");
        Need(Needed.Category, input.Category is not null, "category");
        Need(Needed.Location, input.Location is not null, "lon");
        Need(Needed.Target, input.Target is not null, "target");
        var known = action switch
        {
            ReportAction.Hold => ReportWords.HoldReasons,
            ReportAction.Decline => ReportWords.DeclineReasons,
            ReportAction.Reopen => ReportWords.ReopenReasons,
            _ => null,
        };
        if (errors.Count == 0 && known is not null && !known.Contains(input.Reason!))
        {
            errors.Add(Refusal.Invalid("reports.unknownReason", "reason", string.Join(", ", known.Order(StringComparer.Ordinal))));
        }
        if (input.PlannedTo < input.PlannedFrom)
        {
            errors.Add(Refusal.Invalid("reports.plannedToBeforeFrom", "plannedTo"));
        }
        return errors.Count == 0 ? null : Refusal.Of(errors);
    }
}
