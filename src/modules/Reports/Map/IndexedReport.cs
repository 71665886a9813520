using Microsoft.EntityFrameworkCore;

namespace Zinneke.Reports;

/// <summary>The few columns of a report that has many which are kept in memory. Instants are UTC microseconds; an archived report counts as what it was.</summary>
internal sealed record IndexedReport(
    Guid Id, string Number, string Category, string? Area, string? Holder, ReportState State, Visibility Visibility, double? Lon, double? Lat, long CreatedAt, long? EndedAt, long? DueAt,
    long? HolderSince, string Channel, string Language, int Hops, int ReopenCount)
{
    /// <summary>Everybody may know where it is.</summary>
    public bool IsPlaced => Visibility == Visibility.Public && Lon is not null && Lat is not null;

    public static IQueryable<IndexedReport> Of(IQueryable<Report> reports) => reports.AsNoTracking().Select(r => new IndexedReport(
        r.Id, r.Number, r.Category, r.Area, r.Holder, r.ArchivedFrom ?? r.State, r.Visibility, r.Lon, r.Lat, r.CreatedAt, r.EndedAt, r.DueAt, r.HolderSince, r.Channel, r.Language, r.Hops, r.ReopenCount));
}
