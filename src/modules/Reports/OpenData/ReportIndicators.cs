using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// A figure over the reports sent in each month, as they stand now (R56). Counted by the cores of the page of figures, so that both always say the same.
/// </summary>
/// <param name="figure">Value and count; told the seconds since 1970.</param>
internal sealed class ReportIndicator(ReportCounters counters, TimeProvider time, string id, IndicatorUnit unit, Better better, Func<StatisticsSum, uint, (double? Value, long Count)> figure) : Indicator
{
    /// <summary>An open report that is older is one that waits long.</summary>
    public const int LongDays = 60;

    /// <summary>Ids and what they count.</summary>
    public static IReadOnlyList<(string Id, IndicatorUnit Unit, Better Better, Func<StatisticsSum, uint, (double? Value, long Count)> Figure)> All { get; } =
    [
        ("reports-received", IndicatorUnit.Count, Better.Neither, (sum, _) => (sum.Group.Total, sum.Group.Total)),
        ("reports-solved-in-time", IndicatorUnit.Share, Better.Higher, (sum, _) =>
            (StatisticsTables.OnTime(new KeptPromises(sum.Group.OnTime, sum.Group.Late, 0)), sum.Group.OnTime + sum.Group.Late)),
        ("reports-days-to-solve", IndicatorUnit.Days, Better.Lower, (sum, now) => (sum.Group.Survival(now).P50, sum.Group.Total)),
        ("reports-open-long", IndicatorUnit.Count, Better.Lower, (sum, now) => (sum.Group.Open.Count(one => one.Created + LongDays * 86_400L < now), sum.Group.Total)),
        ("reports-reopened", IndicatorUnit.Share, Better.Lower, (sum, _) => (sum.EverEnded == 0 ? null : sum.ReopenShare, sum.EverEnded)),
        ("reports-hand-overs", IndicatorUnit.Mean, Better.Lower, (sum, _) => (sum.MeanHops, sum.Group.Total)),
    ];

    public override string Id => id;

    public override string TextKey => "reports.indicator." + id["reports-".Length..].Replace('-', '_');

    public override IndicatorUnit Unit => unit;

    public override Better Better => better;

    public override string Dataset => ReportsDataset.TheId;

    public override string Tag => "reports";

    public override IReadOnlyList<IndicatorValue> Values(IndicatorQuery query)
    {
        var now = StatisticsTime.Seconds(time.NowMicros());
        var filter = new StatisticsFilter(query.Body, query.Area, From: query.From, To: query.To);
        return [.. counters.ByMonth(filter, sum => figure(sum, now)).Select(one => new IndicatorValue(one.Month, one.Figure.Value, one.Figure.Count))];
    }
}
