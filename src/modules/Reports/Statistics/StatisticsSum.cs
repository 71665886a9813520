using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Cells added up.</summary>
internal sealed class StatisticsSum : IDisposable
{
    private readonly int[] byState = new int[Enum.GetValues<ReportState>().Length];
    private readonly Tally tops = new(), areas = new(), bodies = new(), channels = new(), languages = new();
    private readonly Dictionary<int, int> months = [], backlog = [];
    private readonly Dictionary<int, (long Over, int Open, long OpenSince)> held = [];
    private readonly StatisticsGroup group = new();
    private int hops, manyHops, reopened, everEnded;

    public StatisticsGroup Group => group;

    /// <summary>Changes of holder, the mean.</summary>
    public double MeanHops => ReportStatistics.Share(hops, group.Total);

    /// <summary>How many were ever solved or declined.</summary>
    public int EverEnded => everEnded;

    /// <summary>Of those the share that came back.</summary>
    public double ReopenShare => ReportStatistics.Share(reopened, everEnded);

    public void Add(StatisticsCell cell)
    {
        group.Add(cell);
        var count = cell.Count;
        for (var state = 0; state < byState.Length; state++)
        {
            byState[state] += cell.ByState[state];
        }
        Add(months, cell.Key.Month, count);
        channels.Add(cell.Channels);
        languages.Add(cell.Languages);
        Add(backlog, cell.Key.Month, count - cell.EndUnknown);
        foreach (var (month, ends) in cell.EndMonths.All)
        {
            Add(backlog, month, -ends);
        }
        foreach (var (body, over, going, since) in cell.Held.All)
        {
            var sum = held.GetValueOrDefault(body);
            held[body] = (sum.Over + over, sum.Open + going, sum.OpenSince + since);
        }
        (hops, manyHops, reopened, everEnded) = (hops + cell.Hops, manyHops + cell.ManyHops, reopened + cell.Reopened, everEnded + cell.EverEnded);
    }

    /// <summary>Counts a cell under its body, area or category.</summary>
    public void Count(StatisticsBy by, StatisticsCell cell) => (by switch { StatisticsBy.Body => bodies, StatisticsBy.Area => areas, _ => tops }).Add(cell.Key.CodeOf(by), cell.Count);

    /// <param name="at">UTC microseconds.</param>
    public ReportStatistics At(long at, WorkCalendar calendar, StatisticsWords words)
    {
        var now = StatisticsTime.Seconds(at);
        var (figures, total) = (group.At(now), group.Total);
        return new ReportStatistics
        {
            At = calendar.LocalAt(at),
            Total = total,
            SurvivalDays = figures.SurvivalDays,
            ResolvedDays = DaysUntil.Of(group.Solved),
            ByState = Named(byState.Select((count, state) => (state, count)), state => ReportWords.Word((ReportState)state)),
            ByTopCategory = Named(tops, words.Tops),
            ByArea = Named(areas, words.Areas),
            ByBody = Named(bodies, words.Bodies),
            ByChannel = Named(channels, words.Channels),
            ByLanguage = Named(languages, words.Languages),
            ByMonth = Named(months.Select(one => (one.Key, one.Value)), StatisticsTime.MonthWord),
            Backlog = BacklogAt(StatisticsTime.MonthOf(now, calendar)),
            Sla = figures.Sla,
            HolderTimeShare = SharesAt(now, words.Bodies),
            Hops = new HopFigures(MeanHops, ReportStatistics.Share(manyHops, total)),
            ReopenShare = ReopenShare,
            OldestOpen = OldestOf(group.Open) is { } oldest ? calendar.LocalAt(oldest * 1_000_000L) : null,
        };
    }

    /// <summary>Those sent so far, less those that had ended: one pass over the months.</summary>
    private SortedDictionary<string, int> BacklogAt(int month)
    {
        backlog.TryAdd(month, 0);
        var waiting = 0;
        var byMonth = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (one, change) in backlog.OrderBy(one => one.Key))
        {
            byMonth[StatisticsTime.MonthWord(one)] = waiting += change;
        }
        return byMonth;
    }

    private SortedDictionary<string, double> SharesAt(uint now, CodeTable bodies)
    {
        var seconds = held.ToDictionary(one => one.Key, one => one.Value.Over + Math.Max(0, (long)one.Value.Open * now - one.Value.OpenSince));
        var all = seconds.Values.Sum(time => (double)time);
        return new(seconds.Where(one => one.Value > 0).ToDictionary(one => bodies[one.Key], one => Math.Round(one.Value / all, 4)), StringComparer.Ordinal);
    }

    public void Dispose() => group.Dispose();

    private static uint? OldestOf(ReadOnlySpan<OpenReport> open)
    {
        uint? oldest = null;
        foreach (var one in open)
        {
            oldest = oldest < one.Created ? oldest : one.Created;
        }
        return oldest;
    }

    private static void Add(Dictionary<int, int> counts, int key, int count) => counts[key] = counts.GetValueOrDefault(key) + count;

    private static SortedDictionary<string, int> Named(Tally counts, CodeTable words) => Named(counts.All, code => words[code]);

    private static SortedDictionary<string, int> Named(IEnumerable<(int Key, int Count)> counts, Func<int, string> name) =>
        new(counts.Where(one => one.Count > 0).ToDictionary(one => name(one.Key), one => one.Count, StringComparer.Ordinal), StringComparer.Ordinal);
}

/// <summary>Counts under small numbers.</summary>
internal sealed class Tally
{
    private int[] counts = new int[32];

    public IEnumerable<(int Key, int Count)> All => counts.Index().Select(one => (one.Index, one.Item));

    public void Add(int key, int count)
    {
        if (key >= counts.Length)
        {
            Array.Resize(ref counts, Math.Max(key + 1, counts.Length * 2));
        }
        counts[key] += count;
    }

    public void Add(FewCounts more)
    {
        foreach (var (key, count) in more.All)
        {
            Add(key, count);
        }
    }
}
