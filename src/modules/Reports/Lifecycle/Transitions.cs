namespace Zinneke.Reports;

/// <summary>What can be done to a report. Names are also the words of the API (camelCase).</summary>
internal enum ReportAction
{
    Submit,
    Assign,
    Register,
    Accept,
    Reject,
    Transfer,
    Plan,
    Start,
    Hold,
    Resume,
    Resolve,
    Decline,
    Merge,
    Unmerge,
    Withdraw,
    Reopen,
    Confirm,
    Archive,
    Recategorise,
    Move,
}

/// <summary>The hats that somebody wears towards one report; a person may wear several.</summary>
[Flags]
internal enum Who
{
    None = 0,

    /// <summary>Everybody, a resident without account among them.</summary>
    Anyone = 1,
    Reporter = 1 << 1,

    /// <summary>The reporter during the first 30 minutes.</summary>
    ReporterSoon = 1 << 2,

    /// <summary>Staff of any body.</summary>
    Staff = 1 << 3,
    HolderStaff = 1 << 4,
    HolderParentStaff = 1 << 5,
    Coordinator = 1 << 6,

    /// <summary>A key of the holder's own system.</summary>
    Partner = 1 << 7,
    Crew = 1 << 8,
    System = 1 << 9,

    /// <summary>A key that submits for a channel.</summary>
    Key = 1 << 10,
    Import = 1 << 11,
}

/// <summary>What an action must bring.</summary>
[Flags]
internal enum Needed
{
    Nothing = 0,
    Category = 1,
    Location = 1 << 1,
    Body = 1 << 2,
    Reason = 1 << 3,
    Reference = 1 << 4,
    PlannedFrom = 1 << 5,
    Target = 1 << 6,

    /// <summary>Words or a canned answer.</summary>
    Answer = 1 << 7,

    /// <summary>Words, a canned answer or a photo.</summary>
    AnswerOrPhoto = 1 << 8,
}

/// <summary>One allowed change: an action, the states it starts from, the state it leads to, who may do it and what it must bring.</summary>
internal sealed record Transition(ReportAction Action, ReportState[] From, ReportState To, Who Who, Needed Needed);

/// <summary>The complete table of changes (reports.md section 3). What is not in it is refused.</summary>
internal static class Transitions
{
    private const ReportState Submitted = ReportState.Submitted, Assigned = ReportState.Assigned, Accepted = ReportState.Accepted, Planned = ReportState.Planned,
        InProgress = ReportState.InProgress, OnHold = ReportState.OnHold, Resolved = ReportState.Resolved, Closed = ReportState.Closed, Declined = ReportState.Declined,
        Duplicate = ReportState.Duplicate, Withdrawn = ReportState.Withdrawn, Archived = ReportState.Archived;

    private const Who PartnerOrHolder = Who.Partner | Who.HolderStaff;

    public static IReadOnlyList<Transition> All { get; } =
    [
        new(ReportAction.Submit, [], Submitted, Who.Anyone | Who.Staff | Who.Key | Who.Import, Needed.Category | Needed.Location),
        new(ReportAction.Assign, [Submitted], Assigned, Who.System | Who.Staff, Needed.Body),
        new(ReportAction.Assign, [Assigned, Accepted, Planned, InProgress, OnHold], Assigned, Who.HolderStaff | Who.HolderParentStaff | Who.Coordinator, Needed.Body | Needed.Reason),
        new(ReportAction.Register, [Assigned], Assigned, PartnerOrHolder, Needed.Reference),
        new(ReportAction.Accept, [Assigned], Accepted, PartnerOrHolder, Needed.Nothing),
        new(ReportAction.Reject, [Assigned], Assigned, PartnerOrHolder, Needed.Reason),
        new(ReportAction.Transfer, [Assigned, Accepted, Planned, InProgress, OnHold], Assigned, PartnerOrHolder, Needed.Body | Needed.Reason),
        new(ReportAction.Plan, [Accepted, Planned, OnHold, InProgress], Planned, PartnerOrHolder, Needed.PlannedFrom),
        new(ReportAction.Start, [Accepted, Planned, OnHold], InProgress, PartnerOrHolder | Who.Crew, Needed.Nothing),
        new(ReportAction.Hold, [Accepted, Planned, InProgress], OnHold, PartnerOrHolder, Needed.Reason),
        new(ReportAction.Resume, [OnHold], InProgress, PartnerOrHolder | Who.System, Needed.Nothing),
        new(ReportAction.Resume, [OnHold], Accepted, PartnerOrHolder | Who.System, Needed.Nothing),
        new(ReportAction.Resolve, [Assigned, Accepted, Planned, InProgress, OnHold], Resolved, PartnerOrHolder | Who.Crew, Needed.AnswerOrPhoto),
        new(ReportAction.Decline, [Assigned, Accepted, Planned, InProgress, OnHold], Declined, PartnerOrHolder, Needed.Reason | Needed.Answer),
        new(ReportAction.Merge, [Submitted, Assigned, Accepted, Planned, InProgress, OnHold], Duplicate, Who.HolderStaff, Needed.Target),
        new(ReportAction.Unmerge, [Duplicate], Assigned, Who.HolderStaff, Needed.Reason),
        new(ReportAction.Withdraw, [Submitted, Assigned, Accepted], Withdrawn, Who.Reporter, Needed.Nothing),
        new(ReportAction.Reopen, [Resolved, Declined], Assigned, Who.Anyone | Who.Staff, Needed.Reason),
        new(ReportAction.Reopen, [Withdrawn], Assigned, Who.Reporter | Who.Staff, Needed.Reason),
        new(ReportAction.Confirm, [Resolved], Closed, Who.Reporter | Who.System, Needed.Nothing),
        new(ReportAction.Reopen, [Closed], Assigned, Who.Anyone | Who.Staff, Needed.Reason),
        new(ReportAction.Archive, [Closed, Declined, Withdrawn, Duplicate], Archived, Who.System, Needed.Nothing),
        new(ReportAction.Recategorise, [Submitted, Assigned, Accepted, Planned, InProgress, OnHold], Assigned, Who.HolderStaff | Who.ReporterSoon, Needed.Category),
        new(ReportAction.Move, [Submitted, Assigned, Accepted, Planned, InProgress, OnHold], Assigned, Who.HolderStaff | Who.ReporterSoon, Needed.Location),
    ];

    /// <summary>The row for an action in a state; of the two ways to resume the one that fits whether work had begun.</summary>
    public static Transition? Find(ReportAction action, ReportState from, bool workStarted = false)
    {
        var rows = All.Where(t => t.Action == action && t.From.Contains(from)).ToList();
        return action == ReportAction.Resume && rows.Count > 1
            ? rows.Find(t => t.To == (workStarted ? InProgress : Accepted))
            : rows.FirstOrDefault();
    }

    /// <summary>The actions open to these hats in this state, in the order of the table.</summary>
    public static IReadOnlyList<ReportAction> Allowed(ReportState from, Who who) =>
        [.. All.Where(t => t.From.Contains(from) && (t.Who & who) != 0).Select(t => t.Action).Distinct()];
}
