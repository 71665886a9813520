using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The drawn photos of the demonstration, drawn once and then shared by many reports.</summary>
internal sealed class DemoPhotos
{
    private readonly Dictionary<(string? Subject, int Background), StoredFile> files;

    private DemoPhotos(Dictionary<(string? Subject, int Background), StoredFile> files) => this.files = files;

    /// <summary>Draws what is not drawn yet.</summary>
    public static async Task<DemoPhotos> MakeAsync(FileStore store, Writer writer, DrawFiles draw, Database database, Ids ids, CancellationToken cancellation)
    {
        var kept = new List<((string? Subject, int Background) Key, KeptPhoto Photo)>();
        foreach (var (subject, background) in StreetPictures.All)
        {
            using var jpeg = new MemoryStream(DrawSvg.ToJpeg(StreetPictures.Svg(subject, background)));
            await using var photo = (await IncomingPhoto.ReadAsync(jpeg, store, cancel: cancellation)).Value;
            kept.Add(((subject, background), await photo.KeepAsync(cancellation)));
        }
        var hashes = kept.Select(item => item.Photo.Hash).ToList();
        await writer.DoAsync(Actor.System, async unit =>
        {
            var there = await unit.Store.Set<StoredFile>().Where(file => hashes.Contains(file.Hash)).Select(file => file.Hash).ToListAsync(cancellation);
            foreach (var (_, photo) in kept.Where(item => !there.Contains(item.Photo.Hash)))
            {
                var file = StoredFile.Of(photo, ids.Next(), unit.Now);
                file.Claim(FileVisibility.Private);
                unit.Store.Add(file);
            }
        }, cancellation);
        await draw.AllAsync(cancellation);
        await using var reading = database.Open();
        var drawn = await reading.Set<StoredFile>().AsNoTracking().Where(file => hashes.Contains(file.Hash)).ToListAsync(cancellation);
        return new DemoPhotos(kept.ToDictionary(item => item.Key, item => drawn.First(file => file.Hash == item.Photo.Hash)));
    }

    /// <summary>Rows for a photo of a report, and for one after the repair when <paramref name="solved"/>.</summary>
    public IEnumerable<(StoredFile File, ReportPhoto Photo)> Of(Report report, bool solved, Ids ids, Random chance)
    {
        var subject = StreetPictures.SubjectOf(report.Category);
        var options = files.Keys.Where(key => key.Subject == subject).OrderBy(key => key.Background).ToList();
        var before = options[chance.Next(options.Count)];
        yield return One(report, files[before], 0, after: false, ids);
        if (solved)
        {
            yield return One(report, files[(null, before.Background)], 1, after: true, ids);
        }
    }

    private static (StoredFile File, ReportPhoto Photo) One(Report report, StoredFile drawn, int order, bool after, Ids ids)
    {
        var file = drawn.Again(ids.Next(), report.CreatedAt);
        file.Claim(FileVisibility.Public);
        return (file, new ReportPhoto { Id = ids.Next(), ReportId = report.Id, FileId = file.Id, Order = order, After = after });
    }
}
