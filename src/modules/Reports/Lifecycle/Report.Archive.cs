namespace Zinneke.Reports;

/// <summary>What is left of a report once its time is over (reports.md 4.4).</summary>
public sealed partial class Report
{
    /// <summary>The state that it was archived from; null when it was not, and of what another system had archived.</summary>
    public ReportState? ArchivedFrom { get; private set; }

    /// <summary>Only what the public may see of it stays: of a private place the neighbourhood. What its reporter withdrew is shown to nobody, and no longer is.</summary>
    private ReportEvent Archive()
    {
        (ArchivedFrom, Assignee, AccuracyMetres, ReviewAskedAt) = (State, null, null, null);
        if (!PointIsPublic)
        {
            (Lon, Lat) = ReportJson.Point(this, staff: false);
            Dispatch = "{}";
        }
        if (State == ReportState.Withdrawn)
        {
            Visibility = Visibility.Hidden;
        }
        return Enter(ReportState.Archived, new ReportArchived(Standing()));
    }
}
