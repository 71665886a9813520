using System.Globalization;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A row of a table that sets bodies, municipalities or categories side by side.</summary>
/// <param name="Id">Of the body or area, or code of the category; empty for none.</param>
/// <param name="HalfWithinDays">The day by which half of all were solved or declined (Kaplan and Meier); null while it is not.</param>
/// <param name="NineOfTenWithinDays">The same for nine of ten.</param>
/// <param name="OnTimeShare">Of those that ended and had a promise; null when there are none.</param>
public sealed record StatisticsRow(string Id, string Name, int Received, int Open, int OpenOverdue, double? HalfWithinDays, double? NineOfTenWithinDays, double? OnTimeShare, double? HeldTimeShare);

/// <summary>A month: sent in it, and open at its end.</summary>
public sealed record StatisticsMonth(string Month, int Received, int OpenAtEnd);

/// <summary>The tables of the page of figures, which are also files: by body, area, category and month.</summary>
internal sealed class StatisticsTables(ReportCounters counters, RoutingMap routing, TimeProvider time)
{
    /// <summary>Names in addresses.</summary>
    public static IReadOnlyDictionary<string, StatisticsBy> Groups { get; } = new Dictionary<string, StatisticsBy>(StringComparer.Ordinal)
    {
        ["bodies"] = StatisticsBy.Body, ["areas"] = StatisticsBy.Area, ["categories"] = StatisticsBy.Category,
    };

    public const string Months = "months";

    public ReportStatistics Whole(StatisticsFilter filter) => counters.Of(filter, time.NowMicros());

    /// <summary>The whole and all tables.</summary>
    public (ReportStatistics Whole, IReadOnlyDictionary<StatisticsBy, IReadOnlyList<StatisticsRow>> Rows) All(StatisticsFilter filter, string language)
    {
        var (whole, groups) = counters.All(filter, time.NowMicros());
        return (whole, groups.ToDictionary(one => one.Key, one => Rows(one.Key, one.Value, whole, language)));
    }

    /// <summary>The largest first.</summary>
    public IReadOnlyList<StatisticsRow> RowsBy(StatisticsBy by, StatisticsFilter filter, ReportStatistics whole, string language) => Rows(by, counters.By(by, filter, time.NowMicros()), whole, language);

    private IReadOnlyList<StatisticsRow> Rows(StatisticsBy by, IReadOnlyList<(string Group, GroupFigures Figures)> figures, ReportStatistics whole, string language)
    {
        var map = routing.Current.Map;
        var names = by == StatisticsBy.Area ? map.MunicipalitiesOnce.ToDictionary(area => area.Id, area => area.Names, StringComparer.Ordinal) : [];
        var rows = figures.Select(one => new StatisticsRow(
            one.Group, NameOf(one.Group), one.Figures.Total, one.Figures.Open, one.Figures.Sla.OpenOverdue, one.Figures.SurvivalDays.P50, one.Figures.SurvivalDays.P90, OnTime(one.Figures.Sla),
            by == StatisticsBy.Body ? whole.HolderTimeShare.TryGetValue(one.Group, out var share) ? share : 0 : null));
        return [.. rows.OrderByDescending(row => row.Received).ThenBy(row => row.Id, StringComparer.Ordinal)];

        string NameOf(string id) => by switch
        {
            StatisticsBy.Body => map.Find(id)?.Names.In(language) ?? id,
            StatisticsBy.Area => names.GetValueOrDefault(id)?.In(language) ?? id,
            _ => map.Categories.Find(id)?.Names.In(language) ?? id,
        };
    }

    /// <summary>From the first month in which there is something to the present one.</summary>
    public static IReadOnlyList<StatisticsMonth> MonthsOf(ReportStatistics whole)
    {
        if (whole.Backlog.Count == 0 || whole.Total == 0)
        {
            return [];
        }
        var months = new List<StatisticsMonth>();
        var open = 0;
        for (var (month, last) = (NumberOf(whole.Backlog.Keys.First()), NumberOf(whole.Backlog.Keys.Last())); month <= last; month++)
        {
            var word = StatisticsTime.MonthWord(month);
            open = whole.Backlog.TryGetValue(word, out var waiting) ? waiting : open;
            months.Add(new StatisticsMonth(word, whole.ByMonth.GetValueOrDefault(word), open));
        }
        return months;
    }

    public static int OpenOf(ReportStatistics figures) => ReportWords.OpenStates.Sum(state => figures.ByState.GetValueOrDefault(ReportWords.Word(state)));

    public static int SolvedOf(ReportStatistics figures) => figures.ByState.GetValueOrDefault(ReportWords.Word(ReportState.Resolved)) + figures.ByState.GetValueOrDefault(ReportWords.Word(ReportState.Closed));

    /// <summary>Of those that ended and had a promise, the share that kept it; null when there are none.</summary>
    public static double? OnTime(KeptPromises sla) => sla.OnTime + sla.Late == 0 ? null : ReportStatistics.Share(sla.OnTime, sla.OnTime + sla.Late);

    private static int NumberOf(string month) => int.Parse(month.AsSpan(0, 4), CultureInfo.InvariantCulture) * 12 + int.Parse(month.AsSpan(5), CultureInfo.InvariantCulture) - 1;
}
