using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Gives up the photos in full size some time after their report has ended: staff needed them for the work, the renditions stay. The sweep of the file store then deletes the
/// bytes. What is reopened before keeps them.
/// </summary>
internal sealed class ForgetOriginals(Periods periods) : Expiry("originals")
{
    public override long Before(long at) => periods.Original(at);

    public override IQueryable<string> Over(Store store, long at) => Ended(store, at).Select(over => over.Report.Number);

    public override async Task<int> ForgetAsync(Unit unit, long at, CancellationToken cancellation)
    {
        var files = await Ended(unit.Store, at).Select(over => over.File).Take(SliceMax).ToListAsync(cancellation);
        files.ForEach(file => file.ForgetOriginal());
        return files.Count;
    }

    private IQueryable<EndedPhoto> Ended(Store store, long at)
    {
        return store.Set<ReportPhoto>()
            .Join(store.Set<StoredFile>().Where(file => !file.OriginalGone && file.State != RenditionState.Pending), photo => photo.FileId, file => file.Id, (photo, file) => new { photo.ReportId, file })
            .Join(store.EndedBefore(Before(at)), both => both.ReportId, report => report.Id,
                (both, report) => new EndedPhoto { Report = report, File = both.file });
    }

    private sealed class EndedPhoto
    {
        public required Report Report { get; init; }

        public required StoredFile File { get; init; }
    }
}
