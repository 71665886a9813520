using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What <see cref="AddPhotos"/> did.</summary>
internal sealed record PhotosAdded(Guid Report, IReadOnlyList<Guid> Photos);

/// <summary>Adds photos to a report: of the problem by its reporter, of the repair by its holder.</summary>
internal sealed class AddPhotos(Writer writer, RoutingMap routing, Ids ids)
{
    /// <summary>Photos of the repair; of the problem there are as many as may be sent with it.</summary>
    private const int AfterMax = 8;

    /// <param name="ifMatch">Refuses versions that the caller does not mean.</param>
    /// <param name="commit">Puts it on disk; the writer, unless it is said.</param>
    public async Task<Outcome<PhotosAdded>> RunAsync(
        string key, IReadOnlyList<IncomingPhoto> photos, Acting acting, CancellationToken cancellation, Func<long, Refusal?>? ifMatch = null, Commit<PhotosAdded>? commit = null)
    {
        if (photos.Count == 0)
        {
            return Refusal.Invalid("reports.required", "photo");
        }
        var kept = new List<KeptPhoto>();
        foreach (var photo in photos)
        {
            kept.Add(await photo.KeepAsync(cancellation));
        }
        return await (commit ?? writer.DoAsync)(acting.Caller.Actor, async unit =>
        {
            if (!(await MayAsync(unit.Store, key, acting, cancellation)).Is(out var may, out var refusal))
            {
                return refusal;
            }
            var report = may.Report;
            if (ifMatch?.Invoke(report.Version) is { } stale)
            {
                return stale;
            }
            if (!(await AddAsync(unit, report, kept, may.After, ids, cancellation)).Is(out var added, out refusal))
            {
                return refusal;
            }
            report.Touch(unit.Now);
            ReportEntry.Add(unit, report, "photo", actingBody: may.After ? report.Holder : null);
            unit.Publish(new Subject("report", report.Id), report.Version + 1, new ReportNoted(report.Standing(), "photo", null), report.Holder, new Audit(null, new { photosAdded = added.Count }));
            return new PhotosAdded(report.Id, added);
        }, cancellation);
    }

    /// <summary>Who may add photos: asked before the body of a request is read.</summary>
    /// <returns>The report, and whether the photos are of the repair; 404, 401 or 403.</returns>
    public async Task<Outcome<(Report Report, bool After)>> MayAsync(Store store, string key, Acting acting, CancellationToken cancellation)
    {
        if (await ReadReport.FindAsync(store, key, tracked: true, cancellation) is not { } report || !acting.Sees(report))
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
        }
        var who = Hats.Of(acting.Caller, report, acting.IsReporter, routing.Current.Map.Rules.CoordinatorBody, report.CreatedAt);
        var after = (who & (Who.HolderStaff | Who.Crew)) != 0;
        return after || acting.IsReporter ? (report, after) : acting.NotYours;
    }

    /// <summary>Adds photos to a unit that changes the report anyway.</summary>
    /// <param name="after">Of the repair.</param>
    public static async Task<Outcome<List<Guid>>> AddAsync(Unit unit, Report report, IReadOnlyList<KeptPhoto> kept, bool after, Ids ids, CancellationToken cancellation)
    {
        var there = await unit.Store.Set<ReportPhoto>().Where(p => p.ReportId == report.Id).Select(p => p.After).ToListAsync(cancellation);
        var most = after ? AfterMax : NewReport.PhotosMax;
        if (there.Count(of => of == after) + kept.Count > most)
        {
            return Refusal.Invalid("reports.tooManyPhotos", "photo", most);
        }
        var added = new List<Guid>();
        foreach (var photo in kept)
        {
            var file = StoredFile.Of(photo, ids.Next(), unit.Now);
            file.Claim(report.Visibility == Visibility.Public ? FileVisibility.Public : FileVisibility.Hidden);
            var shown = new ReportPhoto { Id = ids.Next(), ReportId = report.Id, FileId = file.Id, Order = there.Count + added.Count, After = after };
            unit.Store.AddRange(file, shown);
            added.Add(shown.Id);
        }
        return added;
    }
}
