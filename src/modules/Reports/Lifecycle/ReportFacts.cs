namespace Zinneke.Reports;

/// <summary>Everything of a report that actions change, for the before and after of the audit trail: codes, instants and numbers. What people wrote lies in the history.</summary>
internal sealed record ReportFacts(
    ReportState State, Visibility Visibility, string Category, double? Lon, double? Lat, string? Area, string? Holder, string? Rule, bool ChosenByRule, long? DueAt, long? HolderDueAt,
    long? PlannedFrom, long? PlannedTo, string? HoldReason, string? DeclineReason, Priority Priority, Guid? Assignee, string? Reference, int Hops, int ReopenCount, int SupportCount,
    long? ReviewAskedAt, string? EscalatedTo, Guid? MergedInto)
{
    public static ReportFacts Of(Report report) => new(
        report.State, report.Visibility, report.Category, report.Lon, report.Lat, report.Area, report.Holder, report.Rule, report.ChosenByRule, report.DueAt, report.HolderDueAt,
        report.PlannedFrom, report.PlannedTo, report.HoldReason, report.DeclineReason, report.Priority, report.Assignee, report.Reference, report.Hops, report.ReopenCount, report.SupportCount,
        report.ReviewAskedAt, report.EscalatedTo, report.MergedInto);
}
