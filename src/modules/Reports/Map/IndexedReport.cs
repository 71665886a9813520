using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The few columns of a report that has many which are kept in memory. Instants are UTC microseconds; an archived report counts as what it was.</summary>
internal sealed record IndexedReport(
    Guid Id, string Number, string Category, string? Area, string? Holder, ReportState State, Visibility Visibility, double? Lon, double? Lat, long CreatedAt, long? EndedAt, long? DueAt,
    long? HolderSince, string Channel, string Language, int Hops, int ReopenCount)
{
    private const int PageSize = 5000;

    /// <summary>It is archived, and the state is what it was before.</summary>
    public bool Archived { get; init; }

    /// <summary>Everybody may know where it is.</summary>
    public bool IsPlaced => Visibility == Visibility.Public && Lon is not null && Lat is not null;

    /// <summary>Everybody may know that there is one.</summary>
    public bool IsListed => Visibility is Visibility.Public or Visibility.Private;

    public static IQueryable<IndexedReport> Of(IQueryable<Report> reports) => reports.AsNoTracking().Select(r => new IndexedReport(
        r.Id, r.Number, r.Category, r.Area, r.Holder, r.ArchivedFrom ?? r.State, r.Visibility, r.Lon, r.Lat, r.CreatedAt, r.EndedAt, r.DueAt, r.HolderSince, r.Channel, r.Language, r.Hops, r.ReopenCount)
    {
        Archived = r.ArchivedFrom != null,
    });

    /// <summary>All reports in the order in which they were sent, some thousands at a time. Past EF, which would take three times as long for a million.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<IndexedReport>> AllAsync(Store store, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await store.Database.OpenConnectionAsync(cancellation);
        await using var command = store.Database.GetDbConnection().CreateCommand();
        command.CommandText = """
            SELECT id, number, category, area, holder, coalesce(archived_from, state), visibility, lon, lat, created_at, ended_at, due_at, holder_since, channel, language, hops, reopen_count, archived_from IS NOT NULL
            FROM reports_reports ORDER BY created_at, id
            """;
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        var page = new List<IndexedReport>(PageSize);
        while (await rows.ReadAsync(cancellation))
        {
            page.Add(Read(rows, words));
            if (page.Count == PageSize)
            {
                yield return page;
                page = new List<IndexedReport>(PageSize);
            }
        }
        yield return page;
    }

    /// <param name="words">Those met before: of a few hundred codes a million copies would be made.</param>
    private static IndexedReport Read(DbDataReader row, Dictionary<string, string> words)
    {
        string Word(int column) => row.GetString(column) is var word && words.TryGetValue(word, out var known) ? known : words[word] = word;
        string? WordOrNull(int column) => row.IsDBNull(column) ? null : Word(column);
        long? Long(int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
        double? Double(int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
        return new IndexedReport(
            row.GetId(0), row.GetString(1), Word(2), WordOrNull(3), WordOrNull(4), ReportWords.Parse<ReportState>(row.GetString(5))!.Value, ReportWords.Parse<Visibility>(row.GetString(6))!.Value,
            Double(7), Double(8), row.GetInt64(9), Long(10), Long(11), Long(12), Word(13), Word(14), row.GetInt32(15), row.GetInt32(16))
        {
            Archived = row.GetBoolean(17),
        };
    }
}
