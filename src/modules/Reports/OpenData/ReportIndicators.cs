using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// A figure over the reports sent in each month, as they stand now (R56). Counted by the cores of the page of figures, so that both always say the same.
/// </summary>
/// <param name="place">Its place in <see cref="All"/>.</param>
internal sealed class ReportIndicator(ReportFigures figures, int place) : Indicator
{
    /// <summary>An open report that is older is one that waits long.</summary>
    public const int LongDays = 60;

    /// <summary>Ids and what they count: value and count, told the seconds since 1970.</summary>
    public static IReadOnlyList<(string Id, IndicatorUnit Unit, Better Better, Func<StatisticsSum, uint, (double? Value, long Count)> Figure)> All { get; } =
    [
        ("reports-received", IndicatorUnit.Count, Better.Neither, (sum, _) => (sum.Group.Total, sum.Group.Total)),
        ("reports-solved-in-time", IndicatorUnit.Share, Better.Higher, (sum, _) =>
            (StatisticsTables.OnTime(new KeptPromises(sum.Group.OnTime, sum.Group.Late, 0)), sum.Group.OnTime + sum.Group.Late)),
        ("reports-days-to-solve", IndicatorUnit.Days, Better.Lower, (sum, now) => (sum.Group.Survival(now).P50, sum.Group.Total)),
        ("reports-open-long", IndicatorUnit.Count, Better.Lower, (sum, now) => (sum.Group.CountOpenSince(now - LongDays * 86_400L), sum.Group.Total)),
        ("reports-reopened", IndicatorUnit.Share, Better.Lower, (sum, _) => (sum.EverEnded == 0 ? null : sum.ReopenShare, sum.EverEnded)),
        ("reports-hand-overs", IndicatorUnit.Mean, Better.Lower, (sum, _) => (sum.MeanHops, sum.Group.Total)),
    ];

    public override string Id => All[place].Id;

    public override string TextKey => "reports.indicator." + Id["reports-".Length..].Replace('-', '_');

    public override IndicatorUnit Unit => All[place].Unit;

    public override Better Better => All[place].Better;

    public override string Dataset => ReportsDataset.TheId;

    public override string Tag => "reports";

    public override IReadOnlyList<IndicatorValue> Values(IndicatorQuery query) =>
        [.. figures.Of(new StatisticsFilter(query.Body, query.Area, From: query.From, To: query.To)).Select(one => new IndicatorValue(one.Month, one.Figures[place].Value, one.Figures[place].Count))];
}

/// <summary>The figures of all indicators month by month, added up once for a page that shows each of them. What was asked last is kept until a report changes, a minute at most.</summary>
internal sealed class ReportFigures(ReportCounters counters, TimeProvider time)
{
    private readonly Lock gate = new();
    private (StatisticsFilter Filter, long Changes, long Minute) asked = (StatisticsFilter.All, -1, -1);
    private IReadOnlyList<(int Month, (double? Value, long Count)[] Figures)> told = [];

    public IReadOnlyList<(int Month, (double? Value, long Count)[] Figures)> Of(StatisticsFilter filter)
    {
        var now = StatisticsTime.Seconds(time.NowMicros());
        var ask = (filter, counters.Changes, now / 60L);
        lock (gate)
        {
            if (asked == ask)
            {
                return told;
            }
        }
        var figures = counters.ByMonth(filter, sum => ReportIndicator.All.Select(one => one.Figure(sum, now)).ToArray());
        lock (gate)
        {
            (asked, told) = (ask, figures);
        }
        return figures;
    }
}
