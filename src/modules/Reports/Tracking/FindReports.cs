using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What a list of reports shows: the query of <c>GET /api/v1/reports</c>, of the public list and of a body's inbox.</summary>
internal sealed record ReportQuery
{
    public const int LimitMax = 1000;

    /// <summary>Names of the query.</summary>
    public static IReadOnlyList<string> Names { get; } = ["bbox", "state", "bucket", "category", "body", "area", "createdFrom", "createdTo", "updatedSince", "text", "sort", "limit"];

    /// <summary>minLon, minLat, maxLon, maxLat in degrees.</summary>
    public double[]? Box { get; init; }

    public IReadOnlyList<ReportState> States { get; init; } = [];

    public Bucket? Bucket { get; init; }

    /// <summary>A category with all below it.</summary>
    public string? Category { get; init; }

    public string? Body { get; init; }

    public string? Area { get; init; }

    public long? CreatedFrom { get; init; }

    public long? CreatedTo { get; init; }

    public long? UpdatedSince { get; init; }

    /// <summary>Only what is overdue at this instant; while its clocks stand still nothing becomes it.</summary>
    public long? OverdueAt { get; init; }

    /// <summary>Only what its holder has neither accepted nor rejected in its time.</summary>
    public bool Silent { get; init; }

    /// <summary>Only what is to be solved soon at this instant, UTC microseconds: four fifths of the holder's time are over.</summary>
    public long? SoonAt { get; init; }

    /// <summary>Only what readers have flagged and staff have not looked at.</summary>
    public bool Flagged { get; init; }

    /// <summary>Only what is not public before staff have looked at it.</summary>
    public bool Pending { get; init; }

    /// <summary>The colleague who works on it.</summary>
    public Guid? Assignee { get; init; }

    /// <summary>Without what is merged into another report, which stands for both.</summary>
    public bool Once { get; init; }

    /// <summary>Words that the number, description or address holds: the public list finds what begins like each of them, the tables what has them anywhere.</summary>
    public string? Words { get; init; }

    public ReportSort Sort { get; init; } = ReportSort.Newest;

    public int Limit { get; init; } = 100;

    /// <summary>Reads the query of an address; empty values count as absent.</summary>
    /// <returns>422 with every field that cannot be read.</returns>
    public static Outcome<ReportQuery> Of(IQueryCollection query)
    {
        var faults = new List<Refusal>();
        string? Value(string name) => query[name].ToString() is { Length: > 0 } value ? value : null;
        long? Instant(string name)
        {
            if (Value(name) is not { } value)
            {
                return null;
            }
            if (Instants.TryRead(value, out var micros))
            {
                return micros;
            }
            faults.Add(Refusal.Invalid("reports.dateWithoutZone", name));
            return null;
        }
        T? Word<T>(string name, string? value) where T : struct, Enum
        {
            if (value is not null && ReportWords.Parse<T>(value) is null)
            {
                faults.Add(Refusal.Invalid("reports.unknownWord", name, Fault.Shorten(value)));
            }
            return ReportWords.Parse<T>(value);
        }
        var result = new ReportQuery
        {
            Box = BoxOf(Value("bbox"), faults),
            States = [.. (Value("state")?.Split(',') ?? []).Select(s => Word<ReportState>("state", s.Trim())).OfType<ReportState>()],
            Bucket = Word<Bucket>("bucket", Value("bucket")),
            Category = Value("category"),
            Body = Value("body"),
            Area = Value("area"),
            CreatedFrom = Instant("createdFrom"),
            CreatedTo = Instant("createdTo"),
            UpdatedSince = Instant("updatedSince"),
            Words = Value("text"),
            Sort = Word<ReportSort>("sort", Value("sort")) ?? ReportSort.Newest,
            Limit = LimitOf(Value("limit"), faults),
        };
        if (Refusal.OfNul(query) is { } nul)
        {
            faults.Add(nul);
        }
        return faults.Count == 0 ? result : Refusal.Of(faults);
    }

    private static int LimitOf(string? text, List<Refusal> faults)
    {
        if (text is null)
        {
            return 100;
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= LimitMax)
        {
            return limit;
        }
        faults.Add(Refusal.Invalid("reports.limitOutside", "limit", LimitMax));
        return 100;
    }

    private static double[]? BoxOf(string? text, List<Refusal> faults)
    {
        if (text is null)
        {
            return null;
        }
        var box = ReadBox(text);
        if (box is null)
        {
            faults.Add(Refusal.Invalid("reports.badBox", "bbox"));
        }
        return box;
    }

    /// <summary>Reads <c>minLon,minLat,maxLon,maxLat</c>; null when it is none.</summary>
    public static double[]? ReadBox(string text)
    {
        var parts = text.Split(',');
        var box = new double[4];
        var fine = parts.Length == 4;
        for (var i = 0; fine && i < 4; i++)
        {
            fine = double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out box[i]) && double.IsFinite(box[i]);
        }
        return fine && box[0] <= box[2] && box[1] <= box[3] ? box : null;
    }
}

/// <summary>Orders of a list.</summary>
public enum ReportSort
{
    Newest,
    Oldest,

    /// <summary>Overdue first: by due date, those without one last.</summary>
    Due,
    Updated,
}

/// <summary>Where a page of a list ended.</summary>
internal sealed record ReportPlace(long Key, Guid Id)
{
    /// <summary>As both stores order ids: by their bytes from the first on.</summary>
    public static int Compare(Guid a, Guid b)
    {
        Span<byte> first = stackalloc byte[16], second = stackalloc byte[16];
        a.TryWriteBytes(first, bigEndian: true, out _);
        b.TryWriteBytes(second, bigEndian: true, out _);
        return first.SequenceCompareTo(second);
    }
}

/// <summary>One page of a list.</summary>
/// <param name="Next">Where the next page begins; null at the end.</param>
internal sealed record ReportPage(IReadOnlyList<ReportRow> Rows, ReportPlace? Next);

/// <summary>One row of a list.</summary>
internal sealed record ReportRow(Report Report, string? Address, string Description)
{
    /// <summary>What it is merged into.</summary>
    public Report? Target { get; init; }
}

/// <summary>Lists of reports by filter, page by page by key.</summary>
internal sealed class FindReports(Store store, ReportIndex? index = null, FindEntries? search = null)
{
    /// <summary>Further words are not looked at.</summary>
    private const int WordsMax = 8;

    /// <summary>Of what holds the words that are asked for, so many of the newest are put in the order of change; older ones are not in that list.</summary>
    private const int OrderedMax = 1000;

    /// <summary>The index keeps places to 1e-7 degree: it looks a little beyond the box, and the tables decide what lies at its edge.</summary>
    private const double EdgeDegrees = 1e-7;

    private static readonly Visibility[] OpenToAll = [Visibility.Public, Visibility.Private];

    /// <param name="scope">What the caller may see: null for the public; else narrows staff to their bodies.</param>
    /// <param name="among">What is known already of the page: its reports, perhaps one more, and where the page behind it begins.</param>
    /// <returns>At most <see cref="ReportQuery.Limit"/>; fewer of a page that is not the last when some of it has just been changed.</returns>
    public async Task<ReportPage> PageAsync(
        ReportQuery query, Func<IQueryable<Report>, IQueryable<Report>>? scope, ReportPlace? after, CancellationToken cancellation, (List<Guid> Ids, ReportPlace? Next)? among = null)
    {
        var forAll = scope is null;
        query = forAll && query.Words is not null ? query with { Once = true } : query; // What is merged is found in what it is merged into.
        var known = forAll ? await KnownAsync(query, after, cancellation) : among;
        var reports = Filter(store.Set<Report>().AsNoTracking(), known is null ? query : query with { Words = null }, forAll, byId: known is not null);
        var asksWhatIsHidden = query.Box is not null || query.Words is not null; // Whether a private report is in the answer would tell its place and words.
        reports = scope is null
            ? reports.Where(r => (asksWhatIsHidden ? r.Visibility == Visibility.Public : OpenToAll.Contains(r.Visibility)) && r.State != ReportState.Withdrawn)
            : scope(reports);
        if (known is { Ids: var ids })
        {
            reports = reports.Where(r => ids.Contains(r.Id));
        }
        var page = await After(reports, query.Sort, after).Take(query.Limit + 1)
            .GroupJoin(store.Set<ReportWordsRow>().AsNoTracking(), r => r.Id, w => w.ReportId, (r, words) => new { r, words })
            .SelectMany(x => x.words.DefaultIfEmpty(), (x, w) => new ReportRow(x.r, forAll && w!.Hidden ? null : w!.Address, forAll && w.Hidden ? "" : w.Description ?? ""))
            .ToListAsync(cancellation);
        var targets = await ReadReport.TargetsAsync(store, page.Select(row => row.Report), cancellation);
        page = [.. Ordered(page.Select(row => row with { Target = ReadReport.TargetOf(row.Report, targets) }), query.Sort)];
        if (page.Count <= query.Limit)
        {
            return new ReportPage(page, known?.Next); // The tables may know better of some of them; that ends no list.
        }
        page.RemoveAt(query.Limit);
        var last = page[^1].Report;
        return new ReportPage(page, new ReportPlace(KeyOf(last, query.Sort), last.Id));
    }

    /// <summary>The reports of a window that the public list shows, newest first, as the index in memory has them; null for other questions.</summary>
    /// <returns>At most <see cref="ReportQuery.Limit"/>. <c>Next</c>: where the page behind them begins.</returns>
    public async Task<(List<Guid> Ids, ReportPlace? Next)?> InWindowAsync(ReportQuery query, ReportPlace? after, CancellationToken cancellation) =>
        query is { Box: not null, Words: null, Sort: ReportSort.Newest, Bucket: null, Once: false } ? await KnownAsync(query, after, cancellation) : null;

    /// <summary>
    /// The reports among which the page lies, from what is kept for such questions: the index in memory, and the search for words. Null when the tables have to be asked.
    /// <c>Next</c>: where the page after it begins, if it turns out that all of them are on this one.
    /// </summary>
    private async Task<(List<Guid> Ids, ReportPlace? Next)?> KnownAsync(ReportQuery query, ReportPlace? after, CancellationToken cancellation)
    {
        static ReportPlace? From(long? until) => until is { } second ? new ReportPlace(second, Guid.Empty) : null;
        if (search is not null && query is { Words: not null, Box: null, UpdatedSince: null, Sort: ReportSort.Newest or ReportSort.Updated })
        {
            var byTime = query.Sort == ReportSort.Newest;
            return await search.NewestAsync(ReportSearch.FilterOf(query), byTime ? after?.Key : null, byTime ? query.Limit + 1 : OrderedMax, cancellation) is var (found, until)
                ? ([.. found.Select(Guid.Parse), .. await NumberedAsync(query.Words, forAll: true, cancellation)], byTime ? From(until) : null)
                : null;
        }
        if (index is null || FilterOf(query) is not { } filter || !await index.SeenAsync(cancellation))
        {
            return null;
        }
        if (query.Sort == ReportSort.Updated)
        {
            Box? box = query.Box is [var minLon, var minLat, var maxLon, var maxLat] ? new Box(minLon, minLat, maxLon, maxLat).Grown(EdgeDegrees) : null;
            return after is null && index.Map.Changed(query.Limit + 1, filter, box) is var (changed, last) ? (changed, From(last)) : null;
        }
        if (query.Box is [var west, var south, var east, var north])
        {
            var listed = index.Map.Listed(new Box(west, south, east, north).Grown(EdgeDegrees), query.Limit + 1, filter, after);
            return ([.. listed.Take(query.Limit).Select(place => place.Id)], listed.Count > query.Limit ? listed[query.Limit - 1] : null);
        }
        return index.Map.Newest(query.Limit + 1, filter, after?.Key) is var (newest, end) ? (newest, From(end)) : null;
    }

    /// <summary>What has a number, and what that is merged into: the search has no entry for what is merged.</summary>
    /// <param name="forAll">Only what everybody may see leads to its target.</param>
    public async Task<IReadOnlyCollection<Guid>> NumberedAsync(string number, bool forAll, CancellationToken cancellation) =>
        [.. (await store.Set<Report>().Where(r => r.Number == number && (!forAll || r.Visibility == Visibility.Public)).Select(r => new { r.Id, r.MergedInto }).ToListAsync(cancellation)).SelectMany(r => new[] { r.Id, r.MergedInto }.OfType<Guid>())];

    /// <summary>What is looked for: each in description and address, folded.</summary>
    internal static IReadOnlyList<string> WordsOf(string words) => [.. Folding.Words(words).Take(WordsMax)];

    public Task<int> CountAsync(ReportQuery query, Func<IQueryable<Report>, IQueryable<Report>> scope, CancellationToken cancellation) =>
        scope(Filter(store.Set<Report>().AsNoTracking(), query)).CountAsync(cancellation);

    /// <summary>How many there are in each state.</summary>
    public async Task<IReadOnlyDictionary<ReportState, int>> CountByStateAsync(ReportQuery query, Func<IQueryable<Report>, IQueryable<Report>> scope, CancellationToken cancellation) =>
        await scope(Filter(store.Set<Report>().AsNoTracking(), query)).GroupBy(r => r.State).Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellation);

    /// <summary>
    /// What the index in memory answers: the newest, in a box or anywhere. Null for other questions. Of duplicates the tables know the bucket, and of what is archived whether it was one.
    /// </summary>
    private static MapFilter? FilterOf(ReportQuery query)
    {
        if (query is not { Sort: ReportSort.Newest or ReportSort.Updated, UpdatedSince: null, OverdueAt: null, Assignee: null, Words: null, SoonAt: null, Silent: false, Flagged: false, Pending: false }
            || (query.Once && query.States.Contains(ReportState.Archived)))
        {
            return null;
        }
        var exact = query.States.Count > 0;
        var states = Enum.GetValues<ReportState>().Where(state => state != ReportState.Withdrawn
            && !(query.Once && state == ReportState.Duplicate)
            && (!exact || query.States.Contains(state))
            && (query.Bucket is null || (state == ReportState.Duplicate && !exact) || ReportWords.BucketOf(state) == query.Bucket));
        return new MapFilter(MapFilter.BitsOf(states), query.Category, query.Area, query.Body, query.CreatedFrom ?? long.MinValue, query.CreatedTo ?? long.MaxValue) { Exact = exact };
    }

    /// <param name="forAll">Words that are hidden find nothing.</param>
    /// <param name="byId">Their ids narrow them down: SQLite, which knows no numbers of rows, would take an index on the area or body all the same, and go through tens of thousands.</param>
    private IQueryable<Report> Filter(IQueryable<Report> reports, ReportQuery query, bool forAll = false, bool byId = false)
    {
        if (query.Bucket is not null || query.States.Count > 0)
        {
            var states = Enum.GetValues<ReportState>().Where(s => (query.States.Count == 0 || query.States.Contains(s)) && (query.Bucket is null || ReportWords.BucketOf(s) == query.Bucket)).ToList();
            reports = query is { Bucket: not null, States.Count: 0 }
                ? reports.Where(r => states.Contains(r.ArchivedFrom ?? r.State) // An archived one is in the bucket that it was in, and a duplicate in that of its target.
                    || ((r.ArchivedFrom ?? r.State) == ReportState.Duplicate && store.Set<Report>().Any(t => t.Id == r.MergedInto && states.Contains(t.ArchivedFrom ?? t.State))))
                : reports.Where(r => states.Contains(r.State));
        }
        reports = query.Box is [var minLon, var minLat, var maxLon, var maxLat] ? reports.Where(r => r.Lon >= minLon && r.Lon <= maxLon && r.Lat >= minLat && r.Lat <= maxLat) : reports;
        reports = query.Category is { } category ? reports.Where(r => r.Category == category || r.Category.StartsWith(category + "-")) : reports;
        reports = query.Body is { } body ? byId ? reports.Where(r => r.Holder + "" == body) : reports.Where(r => r.Holder == body) : reports;
        reports = query.Area is { } area ? byId ? reports.Where(r => r.Area + "" == area) : reports.Where(r => r.Area == area) : reports;
        reports = query.CreatedFrom is { } from ? reports.Where(r => r.CreatedAt >= from) : reports;
        reports = query.CreatedTo is { } to ? reports.Where(r => r.CreatedAt < to) : reports;
        reports = query.UpdatedSince is { } since ? reports.Where(r => r.UpdatedAt >= since) : reports;
        reports = query.OverdueAt is { } now ? reports.Where(r => r.DueAt < now && (r.PausedSince == null || r.DueAt < r.PausedSince)) : reports;
        reports = query.Once ? reports.Where(r => (r.ArchivedFrom ?? r.State) != ReportState.Duplicate) : reports;
        reports = query.SoonAt is { } at ? reports.Where(r => r.PausedSince == null && r.HolderDueAt >= at && (at - r.HolderSince) * 10 >= (r.HolderDueAt - r.HolderSince) * 8) : reports;
        reports = query.Flagged ? reports.Where(r => r.FlaggedAt != null) : reports;
        reports = query.Pending ? reports.Where(r => r.Visibility == Visibility.Pending) : reports;
        reports = query.Silent ? reports.Where(r => r.EscalatedTo != null) : reports;
        reports = query.Assignee is { } assignee ? reports.Where(r => r.Assignee == assignee) : reports;
        if (query.Words is { } words)
        {
            var folded = WordsOf(words);
            var found = store.Set<ReportWordsRow>().Where(w => folded.Count > 0 && !(forAll && w.Hidden));
            foreach (var word in folded)
            {
                found = found.Where(w => w.Search.Contains(word));
            }
            reports = reports.Where(r => r.Number == words || store.Set<Report>().Any(m => m.Number == words && m.MergedInto == r.Id && (!forAll || m.Visibility == Visibility.Public)) || found.Any(w => w.ReportId == r.Id));
        }
        return reports;
    }

    private static IQueryable<Report> After(IQueryable<Report> reports, ReportSort sort, ReportPlace? after) => sort switch
    {
        ReportSort.Oldest => (after is null ? reports : reports.Where(r => r.CreatedAt > after.Key || (r.CreatedAt == after.Key && r.Id.CompareTo(after.Id) > 0)))
            .OrderBy(r => r.CreatedAt).ThenBy(r => r.Id),
        ReportSort.Due => (after is null ? reports : reports.Where(r => (r.DueAt ?? long.MaxValue) > after.Key || ((r.DueAt ?? long.MaxValue) == after.Key && r.Id.CompareTo(after.Id) > 0)))
            .OrderBy(r => r.DueAt ?? long.MaxValue).ThenBy(r => r.Id),
        ReportSort.Updated => (after is null ? reports : reports.Where(r => r.UpdatedAt < after.Key || (r.UpdatedAt == after.Key && r.Id.CompareTo(after.Id) < 0)))
            .OrderByDescending(r => r.UpdatedAt).ThenByDescending(r => r.Id),
        _ => (after is null ? reports : reports.Where(r => r.CreatedAt < after.Key || (r.CreatedAt == after.Key && r.Id.CompareTo(after.Id) < 0)))
            .OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id),
    };

    /// <summary>The join may lose the order of the page.</summary>
    private static IEnumerable<ReportRow> Ordered(IEnumerable<ReportRow> rows, ReportSort sort) => sort is ReportSort.Oldest or ReportSort.Due
        ? rows.OrderBy(r => KeyOf(r.Report, sort)).ThenBy(r => r.Report.Id, BigEndian)
        : rows.OrderByDescending(r => KeyOf(r.Report, sort)).ThenByDescending(r => r.Report.Id, BigEndian);

    private static IComparer<Guid> BigEndian { get; } = Comparer<Guid>.Create(ReportPlace.Compare);

    private static long KeyOf(Report report, ReportSort sort) => sort switch
    {
        ReportSort.Due => report.DueAt ?? long.MaxValue,
        ReportSort.Updated => report.UpdatedAt,
        _ => report.CreatedAt,
    };
}
