using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What lists and counts of desks ask of a report. Instants are UTC microseconds.</summary>
internal sealed record DeskReport(Guid Id, ReportState State, string Category, string? Area, string? Holder, string? EscalatedTo, long CreatedAt, long UpdatedAt)
{
    public long? DueAt { get; init; }

    public long? HolderSince { get; init; }

    public long? HolderDueAt { get; init; }

    public long? PausedSince { get; init; }

    public Guid? Assignee { get; init; }

    public bool Flagged { get; init; }

    public bool Pending { get; init; }

    /// <summary>Description and address, folded.</summary>
    public string Words { get; init; } = "";

    public bool IsOverdue(long now) => DueAt < now && (PausedSince is null || DueAt < PausedSince);

    /// <summary>Four fifths of the holder's time are over.</summary>
    public bool IsSoon(long now) => PausedSince is null && HolderDueAt >= now && (now - HolderSince) * 10 >= (HolderDueAt - HolderSince) * 8;

    public long KeyOf(ReportSort sort) => sort switch { ReportSort.Due => DueAt ?? long.MaxValue, ReportSort.Updated => UpdatedAt, _ => CreatedAt };
}

/// <summary>A query of a desk, ready to be asked of tens of thousands of reports: as <see cref="FindReports"/> asks the tables.</summary>
/// <param name="named">What its words are the number of.</param>
internal sealed class DeskFilter(ReportQuery query, IReadOnlyCollection<Guid> named)
{
    private readonly ulong states = query.States.Count == 0 ? ulong.MaxValue : MapFilter.BitsOf(query.States);
    private readonly string[]? words = query.Words is { } asked ? [.. FindReports.WordsOf(asked)] : null;

    public bool Takes(DeskReport report) =>
        (states >> (int)report.State & 1) == 1
        && (query.Category is not { } category || Category.IsIn(report.Category, category))
        && (query.Body is not { } body || report.Holder == body)
        && (query.Area is not { } area || report.Area == area)
        && (query.Assignee is not { } assignee || report.Assignee == assignee)
        && (!query.Silent || report.EscalatedTo is not null)
        && (!query.Flagged || report.Flagged)
        && (!query.Pending || report.Pending)
        && (query.OverdueAt is not { } late || report.IsOverdue(late))
        && (query.SoonAt is not { } soon || report.IsSoon(soon))
        && (words is null || Says(report, words));

    private bool Says(DeskReport report, string[] all) =>
        named.Contains(report.Id) || (all.Length > 0 && Array.TrueForAll(all, word => report.Words.Contains(word, StringComparison.Ordinal)));
}

/// <summary>How many reports wait at a desk for what.</summary>
/// <param name="ByState">Of open ones.</param>
public sealed record DeskCounts(IReadOnlyDictionary<ReportState, int> ByState, int Overdue, int Soon, int Mine, int Silent, int Flagged, int Pending);

/// <summary>
/// Every report with which somebody still has to do something, in memory on each node: those that are open, flagged, or not public before somebody has looked at them. They are one in
/// ten of a long history; the tables would go through all of it for each number beside the filters of an inbox.
/// </summary>
internal sealed class DeskIndex(LogTail tail) : MemoryFollower
{
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, DeskReport> byId = [];
    private DeskReport[]? all;

    public override string Name => "reports.desk";

    public override async Task LoadAsync(Store store, CancellationToken cancellation) => Set([], await ReadAsync(store, store.Set<Report>(), cancellation));

    public override async Task ApplyAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        List<Guid> ids = [.. events.Where(e => e.Subject.Kind == "report").Select(e => Guid.Parse(e.Subject.Id)).Distinct()];
        if (ids.Count > 0)
        {
            Set(ids, await ReadAsync(store, store.Set<Report>().Where(r => ids.Contains(r.Id)), cancellation));
        }
    }

    /// <summary>The counts beside the filters of an inbox.</summary>
    /// <param name="open">What is filtered beside them: of open reports.</param>
    /// <param name="named">What its words are the number of.</param>
    /// <param name="me">Who asks.</param>
    /// <returns>Null when it does not hold yet what was written before.</returns>
    public async Task<DeskCounts?> CountAsync(ReportQuery open, IReadOnlyCollection<Guid> named, DeskScope scope, Guid? me, long now, CancellationToken cancellation)
    {
        if (!await SeenAsync(tail, cancellation))
        {
            return null;
        }
        var anywhere = new DeskFilter(open with { States = [] }, named);
        var (byState, overdue, soon, mine, silent, flagged, pending) = (new int[Enum.GetValues<ReportState>().Length], 0, 0, 0, 0, 0, 0);
        foreach (var report in All())
        {
            if (!anywhere.Takes(report) || !scope.Covers(report))
            {
                continue;
            }
            flagged += report.Flagged ? 1 : 0;
            pending += report.Pending ? 1 : 0;
            if (report.State.IsOpen())
            {
                byState[(int)report.State]++;
                overdue += report.IsOverdue(now) ? 1 : 0;
                soon += report.IsSoon(now) ? 1 : 0;
                mine += report.Assignee is { } assignee && assignee == me ? 1 : 0;
                silent += report.EscalatedTo is not null ? 1 : 0;
            }
        }
        var counted = byState.Index().Where(one => one.Item > 0).ToDictionary(one => (ReportState)one.Index, one => one.Item);
        return new DeskCounts(counted, overdue, soon, mine, silent, flagged, pending);
    }

    /// <summary>The reports of a page of an inbox.</summary>
    /// <param name="named">What its words are the number of.</param>
    /// <returns>At most one more than the limit, in no order; null for questions that only the tables answer. <c>Next</c>: where the page behind it begins.</returns>
    public async Task<(List<Guid> Ids, ReportPlace? Next)?> ListAsync(ReportQuery query, IReadOnlyCollection<Guid> named, DeskScope scope, ReportPlace? after, CancellationToken cancellation)
    {
        var kept = query.Flagged || query.Pending || (query.States.Count > 0 && query.States.All(state => state.IsOpen()));
        if (!kept || !await SeenAsync(tail, cancellation))
        {
            return null;
        }
        var filter = new DeskFilter(query, named);
        var down = query.Sort is ReportSort.Newest or ReportSort.Updated;
        int Order(ReportPlace a, ReportPlace b) => (a.Key != b.Key ? a.Key.CompareTo(b.Key) : ReportPlace.Compare(a.Id, b.Id)) * (down ? -1 : 1);
        var page = new PriorityQueue<ReportPlace, ReportPlace>(query.Limit + 2, Comparer<ReportPlace>.Create((a, b) => Order(b, a))); // The last one comes out first.
        foreach (var report in All())
        {
            if (!filter.Takes(report) || !scope.Covers(report))
            {
                continue;
            }
            var place = new ReportPlace(report.KeyOf(query.Sort), report.Id);
            if ((after is null || Order(after, place) < 0) && (page.Count <= query.Limit || Order(place, page.Peek()) < 0))
            {
                page.Enqueue(place, place);
                if (page.Count > query.Limit + 1)
                {
                    page.Dequeue();
                }
            }
        }
        List<ReportPlace> places = [.. page.UnorderedItems.Select(one => one.Element)];
        places.Sort(Order);
        return ([.. places.Select(place => place.Id)], places.Count > query.Limit ? places[query.Limit - 1] : null);
    }

    private DeskReport[] All()
    {
        lock (gate)
        {
            return all ??= [.. byId.Values]; // Read without a lock: who changes something makes another.
        }
    }

    /// <param name="asked">Those that are not among the reports found wait for nobody any more.</param>
    private void Set(IReadOnlyList<Guid> asked, IReadOnlyList<DeskReport> found)
    {
        lock (gate)
        {
            foreach (var id in asked)
            {
                byId.Remove(id);
            }
            foreach (var report in found)
            {
                byId[report.Id] = report;
            }
            all = null;
        }
    }

    private static async Task<IReadOnlyList<DeskReport>> ReadAsync(Store store, IQueryable<Report> reports, CancellationToken cancellation)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        string Known(string word) => words.TryGetValue(word, out var known) ? known : words[word] = word;
        var found = await reports.AsNoTracking().Where(r => ReportWords.OpenStates.Contains(r.State) || r.FlaggedAt != null || r.Visibility == Visibility.Pending)
            .GroupJoin(store.Set<ReportWordsRow>().AsNoTracking(), r => r.Id, w => w.ReportId, (r, words) => new { r, words })
            .SelectMany(one => one.words.DefaultIfEmpty(), (one, w) => new { one.r, Words = w!.Search ?? "" })
            .Select(one => new DeskReport(one.r.Id, one.r.State, one.r.Category, one.r.Area, one.r.Holder, one.r.EscalatedTo, one.r.CreatedAt, one.r.UpdatedAt)
            {
                Words = one.Words,
                DueAt = one.r.DueAt, HolderSince = one.r.HolderSince, HolderDueAt = one.r.HolderDueAt, PausedSince = one.r.PausedSince, Assignee = one.r.Assignee, Flagged = one.r.FlaggedAt != null, Pending = one.r.Visibility == Visibility.Pending,
            }).ToListAsync(cancellation);
        return found.ConvertAll(one => one with { Category = Known(one.Category), Area = one.Area is { } area ? Known(area) : null, Holder = one.Holder is { } holder ? Known(holder) : null });
    }
}
