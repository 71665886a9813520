using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What the desk shows somebody of one report (R22).</summary>
/// <param name="Report">The report itself with notes and trace: held by a body of theirs or one below, or held in the last 30 days.</param>
/// <param name="Contact">Who sent it and how to reach them: a parent body sees the report of its child, but not that.</param>
/// <param name="Audit">Who did what to it.</param>
internal readonly record struct DeskSight(bool Report, bool Contact, bool Audit)
{
    private const long RecentMicros = 30 * TimeSpan.MicrosecondsPerDay;

    /// <param name="now">UTC microseconds.</param>
    /// <param name="coordinator">The body that looks at what waits to be public wherever its holder does not; null to leave that out.</param>
    public static DeskSight Of(Caller caller, ReportDetail detail, long now, string? coordinator = null)
    {
        var report = detail.Report;
        var holders = Holders(detail, now - RecentMicros).Select(body => new Where(body, report.Category, report.Area)).ToList();
        return new DeskSight(
            ActOnReportApi.SeesAll(caller, report, coordinator) || holders.Exists(where => caller.Can(ReportPermissions.Read, where)), holders.Exists(where => caller.CanAsStaff(ReportPermissions.Read, where)),
            holders.Exists(where => caller.Can(ReportPermissions.Audit, where)));
    }

    /// <summary>The report as the caller may have it from the API.</summary>
    public static ReportDetail Shown(Caller caller, ReportDetail detail, long now) => Of(caller, detail, now).Contact ? detail : detail with { Contact = null };

    /// <summary>Who has it, and who had it after an instant.</summary>
    private static IEnumerable<string?> Holders(ReportDetail detail, long since)
    {
        yield return detail.Report.Holder;
        var changes = detail.Entries.Where(e => e.Body is not null).ToList();
        for (var i = 0; i + 1 < changes.Count; i++)
        {
            if (changes[i].Body != changes[i + 1].Body && changes[i + 1].At >= since)
            {
                yield return changes[i].Body;
            }
        }
    }
}
