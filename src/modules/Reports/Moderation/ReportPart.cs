using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Names a part of a report that can be flagged and hidden: <c>{"what":"text"}</c>, or <c>{"what":"photo","photo":ID}</c>.</summary>
internal record PartRequest
{
    public const string Text = "text", OfPhoto = "photo";

    /// <summary><see cref="Text"/>, everything that the reporter wrote; or <see cref="OfPhoto"/>.</summary>
    public string? What { get; init; }

    /// <summary>Id of the photo within the report.</summary>
    public Guid? Photo { get; init; }
}

/// <summary>A part of a report: the words of its reporter, or one photo. Staff see it all the same when it is hidden, and so does its reporter the words.</summary>
/// <param name="Words">The words; null for a photo.</param>
/// <param name="Photo">The photo; null for the words.</param>
internal sealed record ReportPart(Report Report, ReportWordsRow? Words, ReportPhoto? Photo, StoredFile? File)
{
    /// <summary>Key of its flags.</summary>
    public Guid Id => Photo?.Id ?? Report.Id;

    public string What => Photo is null ? PartRequest.Text : PartRequest.OfPhoto;

    public bool Hidden => Photo?.Hidden ?? Words!.Hidden;

    /// <summary>Everybody can see it now.</summary>
    public bool IsPublic => Report.Visibility == Visibility.Public && !Hidden && (Photo is not null || Words!.HasAny);

    /// <summary>The part that a request names, tracked.</summary>
    /// <returns>422 <c>unknownPart</c> for a part that the report does not have.</returns>
    public static async Task<Outcome<ReportPart>> FindAsync(Store store, Report report, PartRequest request, CancellationToken cancellation)
    {
        if (request is { What: PartRequest.Text, Photo: null } && await store.Set<ReportWordsRow>().FirstOrDefaultAsync(row => row.ReportId == report.Id, cancellation) is { } words)
        {
            return new ReportPart(report, words, null, null);
        }
        if (request is { What: PartRequest.OfPhoto, Photo: { } id } && await store.Set<ReportPhoto>().FirstOrDefaultAsync(row => row.Id == id && row.ReportId == report.Id, cancellation) is { } photo)
        {
            return new ReportPart(report, null, photo, await store.Set<StoredFile>().FirstOrDefaultAsync(file => file.Id == photo.FileId, cancellation));
        }
        return Refusal.Invalid("reports.unknownPart", "what");
    }

    public void Show(bool shown)
    {
        Words?.Hidden = !shown;
        Photo?.Hidden = !shown;
        File?.Show(shown && Report.Visibility == Visibility.Public);
    }

    /// <summary>Of the part, for the audit trail.</summary>
    public object Facts(int flags) => new { part = What, photo = Photo?.Id, hidden = Hidden, flags };
}
