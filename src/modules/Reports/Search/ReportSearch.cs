using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Reports on the search page: number, address and description of what is public; category and body by what they lie under. What is merged is found as its target. Words that are hidden are
/// not there, and what changes, is hidden, withdrawn or erased says so by an event of the report.
/// </summary>
internal sealed class ReportSearch : SearchSource
{
    private const int SliceMax = 200;

    public override string Kind => "report";

    public override string TextKey => "reports.search.report";

    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<SearchSource, ReportSearch>();
        services.AddSingleton<SearchSource, CategoryEntries>();
    }

    public override IReadOnlyCollection<string> ChangedBy(IReadOnlyList<Event> events) => [.. events.Where(e => e.Subject.Kind == "report").Select(e => e.Subject.Id).Distinct(StringComparer.Ordinal)];

    public override async Task<IReadOnlyList<SearchEntry>> ReadAsync(Store store, IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        List<Guid> asked = [.. ids.Select(Guid.Parse)];
        return [.. (await WithWordsAsync(store, store.Set<Report>().Where(report => asked.Contains(report.Id)), cancellation)).Where(row => IsPublic(row.Report)).Select(EntryOf)];
    }

    public override async Task<(IReadOnlyList<SearchEntry> Entries, string? Next)> SliceAsync(Store store, string? after, CancellationToken cancellation)
    {
        var reports = store.Set<Report>().AsQueryable();
        if (after?.Split(' ') is [var at, var last])
        {
            var (micros, id) = (long.Parse(at, CultureInfo.InvariantCulture), Guid.Parse(last));
            reports = reports.Where(report => report.CreatedAt > micros || (report.CreatedAt == micros && report.Id.CompareTo(id) > 0));
        }
        var rows = await WithWordsAsync(store, reports.OrderBy(report => report.CreatedAt).ThenBy(report => report.Id).Take(SliceMax), cancellation);
        rows = [.. rows.OrderBy(row => row.Report.CreatedAt).ThenBy(row => row.Report.Id, Comparer<Guid>.Create(ReportPlace.Compare))];
        return ([.. rows.Where(row => IsPublic(row.Report)).Select(EntryOf)], rows.Count == SliceMax ? string.Create(CultureInfo.InvariantCulture, $"{rows[^1].Report.CreatedAt} {rows[^1].Report.Id}") : null);
    }

    private static bool IsPublic(Report report) => report.Visibility == Visibility.Public && report.State != ReportState.Withdrawn && report.MergedInto is null;

    private static async Task<List<(Report Report, ReportWordsRow? Words)>> WithWordsAsync(Store store, IQueryable<Report> reports, CancellationToken cancellation)
    {
        var found = await reports.AsNoTracking().ToListAsync(cancellation);
        List<Guid> ids = [.. found.Select(report => report.Id)];
        var words = await store.Set<ReportWordsRow>().AsNoTracking().Where(row => ids.Contains(row.ReportId) && !row.Hidden).ToDictionaryAsync(row => row.ReportId, cancellation);
        return [.. found.Select(report => (report, words.GetValueOrDefault(report.Id)))];
    }

    private static SearchEntry EntryOf((Report Report, ReportWordsRow? Words) row) => new(row.Report.Id.ToString("D"), $"/reports/{row.Report.Number}")
    {
        Says = row.Words is { Description.Length: > 0 } words ? Text.Of(row.Report.Language, words.Description) : Text.Empty,
        Label = row.Words?.Address is { Length: > 0 } address ? $"{row.Report.Number}, {address}" : row.Report.Number,
        Under = new Subject("category", row.Report.Category),
        Body = row.Report.Holder,
        Area = row.Report.Area,
        At = row.Report.CreatedAt,
    };
}

/// <summary>The problems that can be reported: each leads into the form. Professional ones are there to name the reports under them, and lead to those.</summary>
internal sealed class CategoryEntries() : CatalogueSearch(RoutingMap.CategoriesKind)
{
    public override string Kind => "category";

    public override string TextKey => "reports.search.category";

    protected override async Task<IReadOnlyList<SearchEntry>> AllAsync(Store store, CancellationToken cancellation)
    {
        var tree = await RoutingMap.ReadTreeAsync(store, cancellation);
        return
        [
            .. tree.Leaves.Select(leaf => new SearchEntry(leaf.Code, leaf.ProfessionalOnly ? $"/reports?category={leaf.Code}" : $"/reports/new?category={leaf.Code}")
            {
                Title = leaf.Names,
                Words = new Text(leaf.Keywords.Select(words => KeyValuePair.Create(words.Key, string.Join(' ', words.Value)))),
            }),
        ];
    }
}
