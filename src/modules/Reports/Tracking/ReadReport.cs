using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>One report with all that belongs to it.</summary>
internal sealed record ReportDetail(
    Report Report, ReportWordsRow? Words, ReportContact? Contact, IReadOnlyList<ReportEntry> Entries, IReadOnlyList<ReportPicture> Pictures)
{
    /// <summary>What it is merged into, and what is merged into it, oldest first.</summary>
    public Report? Target { get; init; }

    public IReadOnlyList<MergedReport> Members { get; init; } = [];

    /// <summary>The same as far as everybody may know of it.</summary>
    public Report? PublicTarget => Target is not null && Report.LinkIsPublic(Report, Target) ? Target : null;

    public IEnumerable<MergedReport> PublicMembers => Members.Where(member => Report.LinkIsPublic(Report, member.Report));

    /// <summary>The body that has it since a line of the history; null when it stayed where it was.</summary>
    public string? Moved(ReportEntry entry)
    {
        var at = Entries.TakeWhile(e => e != entry).Count();
        return at > 0 && entry.Body != Entries[at - 1].Body ? entry.Body : null;
    }

    /// <summary>What may be shown; a reporter sees the own words and photos also of a private report.</summary>
    /// <param name="token">The private link's secret, when it was opened with it.</param>
    public PublicReport ForPublic(bool isReporter, string? token)
    {
        var shown = isReporter || Report.Visibility == Visibility.Public;
        var worded = shown && (isReporter || Words?.Hidden != true);
        var (lon, lat) = ReportJson.Point(Report, isReporter);
        return new PublicReport(
            Report, lon, lat, worded ? Words?.Address : null, worded ? Words?.Description ?? "" : "",
            worded && Words is not null ? JsonSerializer.Deserialize<Answers>(Words.Answers, Json.Options)! : Answers.None,
            [.. Entries.Where(e => !e.Internal).Select(e => new TrackEntry(e.At, e.Action, e.State, e.ActingBody, Moved(e), e.PublicReason, shown && (worded || e.ActingBody is not null) ? e.Text : Text.Empty))],
            shown ? [.. Pictures.Where(p => !p.Photo.Hidden && p.File.State != RenditionState.Broken).Select(p => new TrackPicture(p.Photo.Id, p.Ready ? ShowPhotos.AddressOf(p, token) : null, p.Photo.After))] : [])
        {
            TextHidden = Words?.Hidden == true,
            Target = PublicTarget?.Number,
            Members = [.. PublicMembers.Select(member => member.Shown(member.Pictures.Where(p => p.IsPublic && shown), null))],
        };
    }
}

/// <summary>A report that is merged into another, with its photos.</summary>
internal sealed record MergedReport(Report Report, IReadOnlyList<ReportPicture> Pictures)
{
    public MergedView Shown(IEnumerable<ReportPicture> pictures, string? token) =>
        new(Report.Number, Report.CreatedAt, [.. pictures.Select(p => new TrackPicture(p.Photo.Id, p.Ready ? ShowPhotos.AddressOf(p, token) : null, p.Photo.After) { Hidden = p.Photo.Hidden })]);
}

/// <summary>A photo with the stored file it shows.</summary>
internal sealed record ReportPicture(ReportPhoto Photo, StoredFile File)
{
    public bool Ready => File.State == RenditionState.Ready;

    public bool IsPublic => !Photo.Hidden && File is { Visibility: FileVisibility.Public, State: not RenditionState.Broken };
}

/// <summary>Finds one report by id or number. Every address and call that takes a report takes either.</summary>
internal sealed class ReadReport(Store store)
{
    /// <summary>The report alone, or null.</summary>
    public static Task<Report?> FindAsync(Store store, string key, bool tracked, CancellationToken cancellation)
    {
        var reports = tracked ? store.Set<Report>() : store.Set<Report>().AsNoTracking();
        return Guid.TryParse(key, out var id)
            ? reports.FirstOrDefaultAsync(r => r.Id == id, cancellation)
            : reports.FirstOrDefaultAsync(r => r.Number == key, cancellation);
    }

    /// <summary>What stands for a report before everybody: what it is merged into, or itself where nobody may learn that the two are one (decision 0023).</summary>
    public static async Task<Report> PublicStandInAsync(Store store, Report report, bool tracked, CancellationToken cancellation) =>
        report.MergedInto is { } id && await FindAsync(store, id.ToString(), tracked, cancellation) is { } target && Report.LinkIsPublic(report, target) ? target : report;

    /// <summary>The report with its rows, or null.</summary>
    public async Task<ReportDetail?> DetailAsync(string key, CancellationToken cancellation)
    {
        return await FindAsync(store, key, tracked: false, cancellation) is { } report ? (await DetailsAsync([report], cancellation))[0] : null;
    }

    /// <summary>Reports with their rows, in the same order: as many queries for a page as for one.</summary>
    public async Task<IReadOnlyList<ReportDetail>> DetailsAsync(IReadOnlyList<Report> reports, CancellationToken cancellation)
    {
        var ids = reports.Select(report => report.Id).ToList();
        var words = await store.Set<ReportWordsRow>().AsNoTracking().Where(w => ids.Contains(w.ReportId)).ToDictionaryAsync(w => w.ReportId, cancellation);
        var contacts = await store.Set<ReportContact>().AsNoTracking().Where(c => ids.Contains(c.ReportId)).ToDictionaryAsync(c => c.ReportId, cancellation);
        var entries = (await store.Set<ReportEntry>().AsNoTracking().Where(e => ids.Contains(e.ReportId)).OrderBy(e => e.At).ThenBy(e => e.Id).ToListAsync(cancellation)).ToLookup(e => e.ReportId);
        var members = await store.Set<Report>().AsNoTracking().Where(r => r.MergedInto != null && ids.Contains(r.MergedInto.Value)).OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).ToListAsync(cancellation);
        var targets = await TargetsAsync(store, reports, cancellation);
        List<Guid> pictured = [.. ids, .. members.Select(member => member.Id)];
        var pictures = (await store.Set<ReportPhoto>().AsNoTracking().Where(p => pictured.Contains(p.ReportId))
            .Join(store.Set<StoredFile>().AsNoTracking(), p => p.FileId, f => f.Id, (p, f) => new ReportPicture(p, f)).ToListAsync(cancellation)).ToLookup(p => p.Photo.ReportId);
        return
        [
            .. reports.Select(report => new ReportDetail(report, words.GetValueOrDefault(report.Id), contacts.GetValueOrDefault(report.Id), [.. entries[report.Id]], Ordered(pictures[report.Id]))
            {
                Target = TargetOf(report, targets),
                Members = [.. members.Where(member => member.MergedInto == report.Id).Select(member => new MergedReport(member, Ordered(pictures[member.Id])))],
            }),
        ];
    }

    /// <summary>What some of these reports are merged into.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Report>> TargetsAsync(Store store, IEnumerable<Report> reports, CancellationToken cancellation)
    {
        List<Guid> ids = [.. reports.Select(report => report.MergedInto).OfType<Guid>().Distinct()];
        return ids.Count == 0 ? new Dictionary<Guid, Report>() : await store.Set<Report>().AsNoTracking().Where(r => ids.Contains(r.Id)).ToDictionaryAsync(r => r.Id, cancellation);
    }

    public static Report? TargetOf(Report report, IReadOnlyDictionary<Guid, Report> targets) => report.MergedInto is { } target ? targets.GetValueOrDefault(target) : null;

    private static IReadOnlyList<ReportPicture> Ordered(IEnumerable<ReportPicture> pictures) => [.. pictures.OrderBy(p => p.Photo.After).ThenBy(p => p.Photo.Order)];
}
