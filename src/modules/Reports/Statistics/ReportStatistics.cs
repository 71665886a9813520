using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What statistics look at in a report. Instants are UTC microseconds.</summary>
internal sealed record CountedReport(long CreatedAt, long? EndedAt, ReportState State, string Category, string? Area, string? Body, string Channel, string Language, long? DueAt, int Hops, int ReopenCount);

/// <summary>
/// Figures over reports sent before an instant (reports.md 4.6), as they stand now. Days until solved are shown twice: over those that were solved, which hides those that never are, and
/// by Kaplan and Meier (1958) over all, where one that is open counts for the time it has been waiting.
/// </summary>
internal sealed record ReportStatistics
{
    public required DateTimeOffset At { get; init; }

    public required int Total { get; init; }

    public required IReadOnlyDictionary<string, int> ByState { get; init; }

    public required IReadOnlyDictionary<string, int> ByTopCategory { get; init; }

    public required IReadOnlyDictionary<string, int> ByArea { get; init; }

    public required IReadOnlyDictionary<string, int> ByBody { get; init; }

    public required IReadOnlyDictionary<string, int> ByChannel { get; init; }

    public required IReadOnlyDictionary<string, int> ByLanguage { get; init; }

    /// <summary>Of sending, <c>2026-05</c>, in the installation's zone.</summary>
    public required IReadOnlyDictionary<string, int> ByMonth { get; init; }

    /// <summary>Open at the end of each month, and at the instant.</summary>
    public required IReadOnlyDictionary<string, int> Backlog { get; init; }

    /// <summary>From sending to solved, of those that are solved; null when none is.</summary>
    public required DaysUntil? ResolvedDays { get; init; }

    /// <summary>The day by which this share of all was solved or declined; null while it is not.</summary>
    public required SurvivalDays SurvivalDays { get; init; }

    public required KeptPromises Sla { get; init; }

    public required HopFigures Hops { get; init; }

    /// <summary>Of all that were ever solved or declined, those that came back.</summary>
    public required double ReopenShare { get; init; }

    /// <summary>When the oldest that is open was sent; null when none is.</summary>
    public required DateTimeOffset? OldestOpen { get; init; }

    /// <param name="reports">Each once; those sent at the instant or later are left out.</param>
    /// <param name="at">UTC microseconds.</param>
    public static ReportStatistics Of(IEnumerable<CountedReport> reports, long at, WorkCalendar calendar)
    {
        var all = reports.Where(report => report.CreatedAt < at).ToList();
        var open = all.Where(report => report.State.IsOpen()).ToList();
        var done = all.Where(IsDone).ToList();
        return new ReportStatistics
        {
            At = calendar.LocalAt(at),
            Total = all.Count,
            ByState = CountBy(all, report => ReportWords.Word(report.State)),
            ByTopCategory = CountBy(all, report => report.Category.Split('-')[0]),
            ByArea = CountBy(all, report => report.Area ?? ""),
            ByBody = CountBy(all, report => report.Body ?? ""),
            ByChannel = CountBy(all, report => report.Channel),
            ByLanguage = CountBy(all, report => report.Language),
            ByMonth = CountBy(all, report => MonthOf(report.CreatedAt, calendar)),
            Backlog = BacklogOf(all, at, calendar),
            ResolvedDays = DaysUntil.Of([.. all.Where(report => report is { State: ReportState.Resolved or ReportState.Closed, EndedAt: not null }).Select(report => Days(report.EndedAt!.Value - report.CreatedAt))]),
            SurvivalDays = SurvivalDays.Of([.. all.Where(report => report.State.IsOpen() || IsDone(report)).Select(report => (Days(Math.Min(report.EndedAt ?? at, at) - report.CreatedAt), report.EndedAt <= at))]),
            Sla = new KeptPromises(done.Count(report => report.EndedAt <= report.DueAt), done.Count(report => report.EndedAt > report.DueAt), open.Count(report => report.DueAt < at)),
            Hops = new HopFigures(Share(all.Sum(report => report.Hops), all.Count), Share(all.Count(report => report.Hops >= 3), all.Count)),
            ReopenShare = Share(all.Count(report => report.ReopenCount > 0), all.Count(report => report.ReopenCount > 0 || report.EndedAt is not null)),
            OldestOpen = open.Count == 0 ? null : calendar.LocalAt(open.Min(report => report.CreatedAt)),
        };
    }

    /// <summary>Solved or declined, and known when. What is a duplicate or was withdrawn says nothing of how long work takes.</summary>
    private static bool IsDone(CountedReport report) => report is { EndedAt: not null, State: ReportState.Resolved or ReportState.Closed or ReportState.Declined };

    private static SortedDictionary<string, int> CountBy(IEnumerable<CountedReport> reports, Func<CountedReport, string> key) =>
        new(reports.CountBy(key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>Those sent so far, less those that had ended: one pass over the months.</summary>
    private static SortedDictionary<string, int> BacklogOf(List<CountedReport> all, long at, WorkCalendar calendar)
    {
        var change = new SortedDictionary<string, int>(StringComparer.Ordinal) { [MonthOf(at, calendar)] = 0 };
        void Add(long instant, int by) => change[MonthOf(instant, calendar)] = change.GetValueOrDefault(MonthOf(instant, calendar)) + by;
        foreach (var report in all)
        {
            Add(report.CreatedAt, 1);
            if (report.EndedAt is { } ended && ended < at)
            {
                Add(ended, -1);
            }
            else if (!report.State.IsOpen() && report.EndedAt is null)
            {
                Add(report.CreatedAt, -1); // Withdrawn, a duplicate, or ended who knows when.
            }
        }
        var open = 0;
        foreach (var month in change.Keys.ToList())
        {
            change[month] = open += change[month];
        }
        return change;
    }

    private static string MonthOf(long instant, WorkCalendar calendar) => calendar.DateOf(instant).ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);

    private static double Days(long micros) => micros / (double)TimeSpan.MicrosecondsPerDay;

    internal static double Share(double part, int whole) => whole == 0 ? 0 : Math.Round(part / whole, 4);
}

/// <summary>Elapsed days.</summary>
internal sealed record DaysUntil(double Mean, double P50, double P90)
{
    public static DaysUntil? Of(double[] days)
    {
        Array.Sort(days);
        double Rank(double p) => Math.Round(days[(int)Math.Ceiling(p * days.Length) - 1], 4); // Nearest rank.
        return days.Length == 0 ? null : new DaysUntil(Math.Round(days.Average(), 4), Rank(0.5), Rank(0.9));
    }
}

/// <summary>Days after which half, and nine of ten, are solved or declined; null when that many are not yet.</summary>
internal sealed record SurvivalDays(double? P50, double? P90)
{
    /// <param name="waits">How long each waited, in days, and whether that ended the waiting; of others only that it was at least so long is known.</param>
    public static SurvivalDays Of((double Days, bool Ended)[] waits)
    {
        Array.Sort(waits);
        var (left, waiting) = (1.0, waits.Length);
        double? half = null, most = null;
        for (var i = 0; i < waits.Length;)
        {
            var (at, ended, gone) = (waits[i].Days, 0, 0);
            for (; i < waits.Length && waits[i].Days == at; i++, gone++)
            {
                ended += waits[i].Ended ? 1 : 0;
            }
            left *= 1 - ((double)ended / waiting);
            waiting -= gone;
            half ??= left <= 0.5 ? Math.Round(at, 4) : null;
            most ??= left <= 0.1 ? Math.Round(at, 4) : null;
        }
        return new SurvivalDays(half, most);
    }
}

/// <summary>Solved or declined by the promised time or after it, and open beyond it.</summary>
internal sealed record KeptPromises(int OnTime, int Late, int OpenOverdue);

/// <summary>Changes of holder: the mean, and the share of reports with three and more.</summary>
internal sealed record HopFigures(double Mean, double ShareThreeOrMore);
