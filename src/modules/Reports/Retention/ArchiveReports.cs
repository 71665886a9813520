using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Archives what ended long ago: photos, internal notes, flags, who supported it and what lay before and after each change go, and of what is not public the words too. The contact has gone
/// before. History of another system that nobody has worked on here stays as it was left, where nothing would go: a million rows would be written to say so.
/// </summary>
internal sealed class ArchiveReports(Periods periods) : Expiry("archive")
{
    private static readonly ReportState[] From = [.. Transitions.All.Where(row => row.Action == ReportAction.Archive).SelectMany(row => row.From)];

    public override long Before(long at) => periods.Archive(at);

    public override IQueryable<string> Over(Store store, long at) => Ended(store, at).Select(report => report.Number);

    public override async Task<int> ForgetAsync(Unit unit, long at, CancellationToken cancellation)
    {
        var reports = await Ended(unit.Store, at).Where(report => !unit.Store.Set<ReportContact>().Any(contact => contact.ReportId == report.Id)).Take(SliceMax).ToListAsync(cancellation);
        await RemoveRowsAsync(unit.Store, reports, cancellation);
        foreach (var report in reports)
        {
            var from = report.State;
            report.FlaggedAt = null;
            if (report.Act(ReportAction.Archive, Who.System, new ActionInput(), Circumstances.Alone(unit.Now)).Is(out var change, out _))
            {
                ReportEntry.Add(unit, report, ReportWords.Word(ReportAction.Archive), state: report.State);
                unit.Publish(new Subject("report", report.Id), report.Version + 1, change, report.Holder, new Audit(new { state = from }, new { state = report.State }));
            }
        }
        return reports.Count;
    }

    /// <summary>By the index of creation: nothing ends before it begins.</summary>
    private IQueryable<Report> Ended(Store store, long at)
    {
        var before = Before(at);
        return store.EndedBefore(before).Where(report =>
            report.CreatedAt < before && From.Contains(report.State)
            && (report.Visibility != Visibility.Public || !store.Set<ReportOrigin>().Any(origin => origin.ReportId == report.Id && origin.ReportVersion == report.Version)));
    }

    private static async Task RemoveRowsAsync(Store store, List<Report> reports, CancellationToken cancellation)
    {
        var ids = reports.ConvertAll(report => report.Id);
        var hidden = reports.Where(report => report.Visibility != Visibility.Public || report.State == ReportState.Withdrawn).Select(report => report.Id).ToList();
        var photos = await store.Set<ReportPhoto>().Where(photo => ids.Contains(photo.ReportId)).ToListAsync(cancellation);
        var files = photos.ConvertAll(photo => photo.FileId);
        var shared = await store.Set<ReportPhoto>().Where(photo => files.Contains(photo.FileId) && !ids.Contains(photo.ReportId)).Select(photo => photo.FileId).ToListAsync(cancellation);
        var alone = files.Except(shared).ToList();
        store.RemoveRange(photos);
        store.RemoveRange(await store.Set<StoredFile>().Where(file => alone.Contains(file.Id)).ToListAsync(cancellation)); // The sweep deletes their bytes.
        store.RemoveRange(await store.Set<ReportSupport>().Where(support => ids.Contains(support.ReportId)).ToListAsync(cancellation));
        store.RemoveRange(await store.Set<ReportFlag>().Where(flag => ids.Contains(flag.ReportId)).ToListAsync(cancellation));
        store.RemoveRange(await store.Set<ReportReminder>().Where(reminder => ids.Contains(reminder.ReportId)).ToListAsync(cancellation));
        foreach (var entry in await store.Set<ReportEntry>().Where(entry => ids.Contains(entry.ReportId) && (entry.Internal || hidden.Contains(entry.ReportId))).ToListAsync(cancellation))
        {
            entry.Text = Text.Empty;
        }
        foreach (var words in await store.Set<ReportWordsRow>().Where(words => hidden.Contains(words.ReportId) || (words.Hidden && ids.Contains(words.ReportId))).ToListAsync(cancellation))
        {
            (words.Description, words.Address, words.Answers) = ("", null, "{}");
        }
        var subjects = ids.ConvertAll(id => new Subject("report", id).Id);
        foreach (var audit in await store.Set<AuditRow>().Where(audit => audit.SubjectKind == "report" && subjects.Contains(audit.SubjectId)).ToListAsync(cancellation))
        {
            audit.Before = audit.After = audit.Salt = null; // They hold the exact place and the colleague; that each change was made stays in the log.
        }
    }
}
