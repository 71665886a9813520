using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What ended before an instant: nobody has to do anything, and of a duplicate not with its target either, whose people still hear of it.</summary>
internal static class EndedReports
{
    /// <param name="before">UTC microseconds.</param>
    public static IQueryable<Report> EndedBefore(this Store store, long before)
    {
        var ended = store.Set<Report>().Where(report => ReportWords.ClosedStates.Contains(report.State) && (report.EndedAt ?? report.UpdatedAt) < before);
        return ended.Where(report => report.MergedInto == null || ended.Any(target => target.Id == report.MergedInto));
    }
}
