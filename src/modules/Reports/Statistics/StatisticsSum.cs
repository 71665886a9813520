using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Cells added up. It holds on to them until the figures are made: nobody may change them meanwhile.</summary>
internal sealed class StatisticsSum
{
    private readonly int[] byState = new int[Enum.GetValues<ReportState>().Length];
    private readonly Dictionary<int, int> tops = [], areas = [], bodies = [], channels = [], languages = [], months = [], backlog = [];
    private readonly Dictionary<int, (long Over, int Open, long OpenSince)> held = [];
    private readonly List<StatisticsCell> cells = [];
    private readonly List<OpenReport> open = [];
    private readonly List<uint> endLater = [];
    private int total, onTime, late, hops, manyHops, reopened, everEnded;

    public void Add(StatisticsCell cell)
    {
        var count = cell.ByState.Sum();
        if (count == 0)
        {
            return; // All have moved on.
        }
        total += count;
        for (var state = 0; state < byState.Length; state++)
        {
            byState[state] += cell.ByState[state];
        }
        Add(tops, cell.Key.Top, count);
        Add(areas, cell.Key.Area, count);
        Add(bodies, cell.Key.Body, count);
        Add(months, cell.Key.Month, count);
        Add(channels, cell.Channels);
        Add(languages, cell.Languages);
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
        cells.Add(cell);
        open.AddRange(cell.Open);
        endLater.AddRange(cell.EndLater);
        (onTime, late, hops, manyHops, reopened, everEnded) =
            (onTime + cell.OnTime, late + cell.Late, hops + cell.Hops, manyHops + cell.ManyHops, reopened + cell.Reopened, everEnded + cell.EverEnded);
    }

    /// <param name="at">UTC microseconds.</param>
    /// <param name="resolved">Whether anybody looks at the days of those that are solved.</param>
    public ReportStatistics At(long at, WorkCalendar calendar, StatisticsWords words, bool resolved = true)
    {
        var now = StatisticsTime.Seconds(at);
        return new ReportStatistics
        {
            At = calendar.LocalAt(at),
            Total = total,
            SurvivalDays = SurvivalDays.Of(Times(declined: true), [.. open.Select(one => now - Math.Min(one.Created, now)), .. endLater.Select(created => now - created)]),
            ResolvedDays = resolved ? DaysUntil.Of(Times(declined: false)) : null,
            ByState = Named(byState.Select((count, state) => (state, count)), state => ReportWords.Word((ReportState)state)),
            ByTopCategory = Named(tops, words.Tops),
            ByArea = Named(areas, words.Areas),
            ByBody = Named(bodies, words.Bodies),
            ByChannel = Named(channels, words.Channels),
            ByLanguage = Named(languages, words.Languages),
            ByMonth = Named(months.Select(one => (one.Key, one.Value)), StatisticsTime.MonthWord),
            Backlog = BacklogAt(StatisticsTime.MonthOf(now, calendar)),
            Sla = new KeptPromises(onTime, late, open.Count(one => one.Due < now)),
            HolderTimeShare = SharesAt(now, words.Bodies),
            Hops = new HopFigures(ReportStatistics.Share(hops, total), ReportStatistics.Share(manyHops, total)),
            ReopenShare = ReportStatistics.Share(reopened, everEnded),
            OldestOpen = open.Count == 0 ? null : calendar.LocalAt(open.Min(one => one.Created) * 1_000_000L),
        };
    }

    /// <summary>Times of all cells in one piece.</summary>
    private uint[] Times(bool declined)
    {
        var times = GC.AllocateUninitializedArray<uint>(cells.Sum(cell => cell.Solved.Count + (declined ? cell.Declined.Count : 0)));
        var place = 0;
        foreach (var cell in cells)
        {
            cell.Solved.CopyTo(times, place);
            place += cell.Solved.Count;
            if (declined)
            {
                cell.Declined.CopyTo(times, place);
                place += cell.Declined.Count;
            }
        }
        return times;
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

    private static void Add(Dictionary<int, int> counts, FewCounts more)
    {
        foreach (var (key, count) in more.All)
        {
            Add(counts, key, count);
        }
    }

    private static void Add(Dictionary<int, int> counts, int key, int count) => counts[key] = counts.GetValueOrDefault(key) + count;

    private static SortedDictionary<string, int> Named(Dictionary<int, int> counts, CodeTable words) => Named(counts.Select(one => (one.Key, one.Value)), code => words[code]);

    private static SortedDictionary<string, int> Named(IEnumerable<(int Key, int Count)> counts, Func<int, string> name) =>
        new(counts.Where(one => one.Count > 0).ToDictionary(one => name(one.Key), one => one.Count, StringComparer.Ordinal), StringComparer.Ordinal);
}
