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
    private const int SliceMax = 1000;

    public const string KindName = "report";

    public override string Kind => KindName;

    public override string TextKey => "reports.search.report";

    public override int Shape => 2;

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

    /// <summary>What a list by words is narrowed to; the moment, and what can be asked for as state and bucket, as the tables have it.</summary>
    public static EntryFilter FilterOf(ReportQuery query)
    {
        var facets = new List<IReadOnlyList<string>>();
        if (query.States.Count > 0)
        {
            facets.Add([.. query.States.Select(StateFacet)]);
        }
        if (query.Bucket is { } bucket)
        {
            facets.Add([BucketFacet(bucket)]);
        }
        if (query.Category is { } category)
        {
            facets.Add([CategoryFacet(category)]);
        }
        return new EntryFilter(KindName, query.Words ?? "") { Body = query.Body, Area = query.Area, Facets = facets, From = query.CreatedFrom ?? 0, To = query.CreatedTo ?? long.MaxValue };
    }

    private static string StateFacet(ReportState state) => "state:" + ReportWords.Word(state);

    private static string BucketFacet(Bucket bucket) => "bucket:" + ReportWords.Word(bucket);

    private static string CategoryFacet(string category) => "category:" + category;

    /// <summary>The category and all above it: <c>road</c>, <c>road-hole</c>.</summary>
    private static IEnumerable<string> Branch(string category) =>
        Enumerable.Range(1, category.Length).Where(end => end == category.Length || category[end] == '-').Select(end => CategoryFacet(category[..end]));

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
        Facets = [StateFacet(row.Report.State), BucketFacet(ReportWords.BucketOf(row.Report.ArchivedFrom ?? row.Report.State)), .. Branch(row.Report.Category)],
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
