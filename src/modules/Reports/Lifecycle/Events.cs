using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Where a report stands after an event: codes, instants (UTC microseconds) and numbers. The last one of a report is its state.</summary>
public sealed record Standing(
    string Number, ReportState State, Bucket Bucket, Visibility Visibility, string Category, string? Area, string? Holder, long? HolderSince, long? DueAt, long? HolderDueAt,
    int Hops, int ReopenCount, Guid? MergedInto = null);

/// <summary>What every event of a report says: where it stands now, and why if a reason was given.</summary>
public abstract record ReportEvent(Standing After, string? Reason);

/// <summary>A report was stored and routed.</summary>
[EventType("reports.report.received")]
public sealed record ReportReceived(Standing After, string Channel, string Language, string? Rule, long RuleSet, double Confidence, bool Uncertain) : ReportEvent(After, null);

[EventType("reports.report.assigned")]
public sealed record ReportAssigned(Standing After, string? Reason, string? PreviousHolder) : ReportEvent(After, Reason);

/// <summary>The holder's own system keeps it under its own number.</summary>
[EventType("reports.report.registered")]
public sealed record ReportRegistered(Standing After) : ReportEvent(After, null);

[EventType("reports.report.accepted")]
public sealed record ReportAccepted(Standing After) : ReportEvent(After, null);

[EventType("reports.report.rejected")]
public sealed record ReportRejected(Standing After, string? Reason, string PreviousHolder) : ReportEvent(After, Reason);

[EventType("reports.report.transferred")]
public sealed record ReportTransferred(Standing After, string? Reason, string PreviousHolder) : ReportEvent(After, Reason);

/// <summary>The holder has let the time to accept or reject it pass, and the body above it was told.</summary>
/// <param name="To">That body; the coordinating one when there is none above.</param>
[EventType("reports.report.escalated")]
public sealed record ReportEscalated(Standing After, string To) : ReportEvent(After, null);

[EventType("reports.report.planned")]
public sealed record ReportPlanned(Standing After, long PlannedFrom, long? PlannedTo) : ReportEvent(After, null);

[EventType("reports.report.started")]
public sealed record ReportStarted(Standing After) : ReportEvent(After, null);

[EventType("reports.report.held")]
public sealed record ReportHeld(Standing After, string? Reason) : ReportEvent(After, Reason);

[EventType("reports.report.resumed")]
public sealed record ReportResumed(Standing After) : ReportEvent(After, null);

[EventType("reports.report.resolved")]
public sealed record ReportResolved(Standing After) : ReportEvent(After, null);

[EventType("reports.report.declined")]
public sealed record ReportDeclined(Standing After, string? Reason) : ReportEvent(After, Reason);

[EventType("reports.report.withdrawn")]
public sealed record ReportWithdrawn(Standing After) : ReportEvent(After, null);

[EventType("reports.report.reopened")]
public sealed record ReportReopened(Standing After, string? Reason) : ReportEvent(After, Reason);

/// <param name="Reason">Null when its reporter said so; <see cref="Unopposed"/> when nobody contradicted in time.</param>
[EventType("reports.report.confirmed")]
public sealed record ReportConfirmed(Standing After, string? Reason) : ReportEvent(After, Reason)
{
    public const string Unopposed = "unopposed";
}

/// <summary>It is the same problem as another report, or its target was merged in turn.</summary>
/// <param name="Target">Number of the report that stands for both.</param>
[EventType("reports.report.merged")]
public sealed record ReportMerged(Standing After, string Target) : ReportEvent(After, null);

/// <summary>It stands by itself again.</summary>
[EventType("reports.report.unmerged")]
public sealed record ReportUnmerged(Standing After, string? Reason) : ReportEvent(After, Reason);

/// <summary>Its time was over: only what is public of it is left.</summary>
[EventType("reports.report.archived")]
public sealed record ReportArchived(Standing After) : ReportEvent(After, null);

[EventType("reports.report.recategorised")]
public sealed record ReportRecategorised(Standing After, string PreviousCategory, string? PreviousHolder) : ReportEvent(After, null);

[EventType("reports.report.moved")]
public sealed record ReportMoved(Standing After, string? PreviousHolder, string? PreviousArea = null) : ReportEvent(After, null);

/// <summary>Somebody of its holder has looked at it: from now on the public sees it.</summary>
[EventType("reports.report.published")]
public sealed record ReportPublished(Standing After) : ReportEvent(After, null);

/// <summary>Something that does not change the state: a comment, a note, support, a colleague, a priority, a photo, what is shown.</summary>
/// <param name="What"><c>comment, note, support, assignPerson, setPriority, setPrivate, hide, show, photo, contactErased, askReview, answerReview, flag, hideText, showText, hidePhoto, showPhoto, settleFlags, editText, redact, blockSender, admitSender, joined, parted, agree</c>.</param>
[EventType("reports.report.noted")]
public sealed record ReportNoted(Standing After, string What, string? Reason) : ReportEvent(After, Reason);

/// <summary>A report came with the history of another system, for the first time or with other facts than before.</summary>
/// <param name="Source">The other system.</param>
[EventType("reports.report.imported")]
public sealed record ReportImported(Standing After, string Source, string Channel, string Language) : ReportEvent(After, null);
