using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The few columns of a report that has many which are kept in memory. Instants are UTC microseconds; an archived report counts as what it was.</summary>
internal readonly record struct IndexedReport(
    Guid Id, string Number, string Category, string? Area, string? Holder, ReportState State, Visibility Visibility, double? Lon, double? Lat, long CreatedAt, long? EndedAt, long? DueAt,
    long? HolderSince, string Channel, string Language, int Hops, int ReopenCount)
{
    /// <summary>When it last changed.</summary>
    public required long UpdatedAt { get; init; }

    /// <summary>It is archived, and the state is what it was before.</summary>
    public bool Archived { get; init; }

    /// <summary>Everybody may know where it is.</summary>
    public bool IsPlaced => Visibility == Visibility.Public && Lon is not null && Lat is not null;

    /// <summary>Everybody may know that there is one.</summary>
    public bool IsListed => Visibility is Visibility.Public or Visibility.Private;

    public static IQueryable<IndexedReport> Of(IQueryable<Report> reports) => reports.AsNoTracking().Select(r => new IndexedReport(
        r.Id, r.Number, r.Category, r.Area, r.Holder, r.ArchivedFrom ?? r.State, r.Visibility, r.Lon, r.Lat, r.CreatedAt, r.EndedAt, r.DueAt, r.HolderSince, r.Channel, r.Language, r.Hops, r.ReopenCount)
    {
        UpdatedAt = r.UpdatedAt,
        Archived = r.ArchivedFrom != null,
    });

    /// <summary>All reports, in the order in which they lie in the store. Past EF, which would take many times as long for a million.</summary>
    public static async Task<List<IndexedReport>> AllAsync(Store store, CancellationToken cancellation)
    {
        var count = await store.Set<Report>().CountAsync(cancellation); // Some hundred megabytes are not copied as they grow.
        await store.Database.OpenConnectionAsync(cancellation);
        await using var rows = await StoredRows.OpenAsync(store.Database.GetDbConnection(), """
            SELECT id, number, category, area, holder, coalesce(archived_from, state), visibility, lon, lat, created_at, ended_at, due_at, holder_since, channel, language,
                CAST(hops AS bigint), CAST(reopen_count AS bigint), archived_from IS NOT NULL, updated_at
            FROM reports_reports
            """, [], cancellation);
        var (all, words) = (new List<IndexedReport>(count), new KnownWords());
        while (await rows.ReadAsync(cancellation))
        {
            all.Add(Read(rows, words));
        }
        return all;
    }

    private static IndexedReport Read(StoredRows row, KnownWords words) => new(
        row.Id(0), row.Text(1)!, words.Of(row.Utf8(2)), words.OfOrNull(row, 3), words.OfOrNull(row, 4), ReportWords.Parse<ReportState>(words.Of(row.Utf8(5)))!.Value,
        ReportWords.Parse<Visibility>(words.Of(row.Utf8(6)))!.Value, row.DoubleOrNull(7), row.DoubleOrNull(8), row.Long(9), row.LongOrNull(10), row.LongOrNull(11), row.LongOrNull(12),
        words.Of(row.Utf8(13)), words.Of(row.Utf8(14)), (int)row.Long(15), (int)row.Long(16))
    {
        Archived = row.Bool(17),
        UpdatedAt = row.Long(18),
    };
}
