using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Counts all reports as they come and change, in a cell for each month of sending, body, area and category of the first level: statistics are added up from some thousand cells and not
/// from a million reports. Each row remembers what it last contributed, so that applying a change twice counts it once. About 70 bytes a report.
/// </summary>
/// <param name="gate">Read while adding up; whoever changes holds it for writing.</param>
/// <param name="until">What ends after this instant has not ended yet, and who got it later does not have it; UTC microseconds.</param>
internal sealed class ReportCounters(WorkCalendar calendar, ReaderWriterLockSlim gate, long until = long.MaxValue)
{
    private static readonly int States = Enum.GetValues<ReportState>().Length;

    private readonly CodeTable areas = new(), bodies = new(), tops = new(), channels = new(), languages = new();
    private readonly Dictionary<CellKey, int> numbers = [];
    private readonly List<(StatisticsCell Cell, MonthCells Month)> cells = [];
    private readonly SortedDictionary<ushort, MonthCells> months = [];
    private readonly Dictionary<int, IReadOnlyList<HeldTime>> moved = [];
    private Contribution[] contributed = [];
    private long changes;

    private StatisticsWords Words => new(areas, bodies, tops, channels, languages);

    /// <summary>Rises with each report that is counted, or counted anew.</summary>
    public long Changes => Interlocked.Read(ref changes);

    /// <summary>Figures over what the filter names.</summary>
    /// <param name="at">UTC microseconds; not before what was last counted.</param>
    public ReportStatistics Of(StatisticsFilter filter, long at)
    {
        using var sum = new StatisticsSum();
        Read(() => Gather(filter, sum));
        return sum.At(at, calendar, Words);
    }

    /// <summary>Figures of each group over what the filter names; groups without a report are left out.</summary>
    public IReadOnlyList<(string Group, GroupFigures Figures)> By(StatisticsBy by, StatisticsFilter filter, long at)
    {
        using var groups = new StatisticsGroups(by);
        Read(() => Look(filter, by, groups.Add));
        return groups.At(StatisticsTime.Seconds(at), Words);
    }

    /// <summary>The figures over all, and of each group of every kind, gathered and sorted on two cores: the whole takes about as long as two kinds of groups.</summary>
    public (ReportStatistics Whole, IReadOnlyDictionary<StatisticsBy, IReadOnlyList<(string Group, GroupFigures Figures)>> Groups) All(StatisticsFilter filter, long at)
    {
        using StatisticsGroups bodies = new(StatisticsBy.Body), areas = new(StatisticsBy.Area), tops = new(StatisticsBy.Category);
        using var sum = new StatisticsSum();
        var (whole, now) = ((ReportStatistics?)null, StatisticsTime.Seconds(at));
        IReadOnlyList<(string, GroupFigures)> byBody = [], byArea = [], byTop = [];
        Read(() => Parallel.Invoke(
            () =>
            {
                Gather(filter, sum);
                Look(filter, StatisticsBy.Category, tops.Add);
            },
            () =>
            {
                Look(filter, StatisticsBy.Body, bodies.Add);
                Look(filter, StatisticsBy.Area, areas.Add);
            }));
        Parallel.Invoke(
            () => whole = sum.At(at, calendar, Words),
            () => byBody = bodies.At(now, Words),
            () => byArea = areas.At(now, Words),
            () => byTop = tops.At(now, Words));
        return (whole!, new Dictionary<StatisticsBy, IReadOnlyList<(string, GroupFigures)>> { [StatisticsBy.Body] = byBody, [StatisticsBy.Area] = byArea, [StatisticsBy.Category] = byTop });
    }

    /// <summary>A figure over the reports sent in each month, as they stand now; months without a report are left out.</summary>
    public IReadOnlyList<(int Month, T Figure)> ByMonth<T>(StatisticsFilter filter, Func<StatisticsSum, T> figure)
    {
        var found = new SortedDictionary<int, StatisticsSum>();
        try
        {
            Read(() => Look(filter, StatisticsBy.Nothing, cell =>
            {
                if (!found.TryGetValue(cell.Key.Month, out var sum))
                {
                    found[cell.Key.Month] = sum = new StatisticsSum();
                }
                sum.Add(cell);
            }));
            return [.. found.Select(one => (one.Key, figure(one.Value)))];
        }
        finally
        {
            foreach (var sum in found.Values)
            {
                sum.Dispose();
            }
        }
    }

    /// <summary>Counts a report, or counts it anew. The caller holds the gate.</summary>
    /// <param name="row">Its number in the index.</param>
    /// <param name="held">Which bodies had it, when its row does not say it all.</param>
    public void Put(int row, in IndexedReport report, IReadOnlyList<HeldTime>? held)
    {
        if (row >= contributed.Length)
        {
            Array.Resize(ref contributed, row + row / 4 + 16);
        }
        if (contributed[row].Counted)
        {
            Change(row, -1);
            moved.Remove(row);
        }
        if (held is not null)
        {
            moved[row] = HeldTimes.Until(held, until);
        }
        Interlocked.Increment(ref changes);
        contributed[row] = new Contribution(report, until, CellOf(report), channels.Of(report.Channel), languages.Of(report.Language));
        Change(row, 1);
    }

    private void Change(int row, int by)
    {
        ref readonly var one = ref contributed[row];
        var (cell, month) = cells[one.Cell];
        month.Changed();
        cell.Change(one, one.HasEnded ? MonthOf(one.Ended) : 0, by);
        foreach (var held in moved.GetValueOrDefault(row, []))
        {
            cell.Held.Change(bodies.Of(held.Body), StatisticsTime.Seconds(held.Since), held.Until is { } ended ? StatisticsTime.Seconds(ended) : null, by);
        }
        if (one.HeldByOne && !moved.ContainsKey(row))
        {
            cell.Held.Change(cell.Key.Body, one.HeldSince, one.HasEnded ? one.Ended : null, by);
        }
    }

    private int CellOf(in IndexedReport report)
    {
        var top = report.Category.IndexOf('-', StringComparison.Ordinal) is var end and > 0 ? report.Category[..end] : report.Category;
        var key = new CellKey((ushort)MonthOf(StatisticsTime.Seconds(report.CreatedAt)), bodies.Of(report.Holder), areas.Of(report.Area), tops.Of(top));
        if (!numbers.TryGetValue(key, out var cell))
        {
            if (!months.TryGetValue(key.Month, out var month))
            {
                months[key.Month] = month = new MonthCells(key.Month, States);
            }
            numbers[key] = cell = cells.Count;
            cells.Add((month.Make(key), month));
        }
        return cell;
    }

    private void Gather(StatisticsFilter filter, StatisticsSum sum)
    {
        Look(filter, StatisticsBy.Nothing, sum.Add);
        foreach (var by in (ReadOnlySpan<StatisticsBy>)[StatisticsBy.Body, StatisticsBy.Area, StatisticsBy.Category])
        {
            Look(filter, by, cell => sum.Count(by, cell));
        }
    }

    /// <summary>While nobody changes cells.</summary>
    private void Read(Action reading)
    {
        gate.EnterReadLock();
        try
        {
            reading();
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    /// <summary>Shows what the filter names, added up or not; of each body, area or category by itself if so wanted.</summary>
    private void Look(StatisticsFilter filter, StatisticsBy by, Action<StatisticsCell> at)
    {
        var codes = new CellCodes(CodeOf(bodies, filter.Body), CodeOf(areas, filter.Area), CodeOf(tops, filter.Category));
        foreach (var (number, month) in months)
        {
            if (number < (filter.From ?? 0) || number > (filter.To ?? int.MaxValue))
            {
                continue;
            }
            foreach (var cell in codes.HoldAll ? month.By(by) : month.Of(codes))
            {
                at(cell);
            }
        }
    }

    private static int? CodeOf(CodeTable table, string? word) => word is null ? null : table.Find(word);

    private int MonthOf(uint seconds) => StatisticsTime.MonthOf(seconds, calendar);
}

/// <summary>What figures are set side by side for.</summary>
internal enum StatisticsBy
{
    /// <summary>All in one.</summary>
    Nothing,
    Body,
    Area,
    Category,
}

/// <summary>Cells added up for each body, area or category.</summary>
internal sealed class StatisticsGroups(StatisticsBy by) : IDisposable
{
    private StatisticsGroup?[] groups = new StatisticsGroup?[32];

    public void Add(StatisticsCell cell)
    {
        var code = cell.Key.CodeOf(by);
        if (code >= groups.Length)
        {
            Array.Resize(ref groups, Math.Max(code + 1, groups.Length * 2));
        }
        (groups[code] ??= new StatisticsGroup()).Add(cell);
    }

    public IReadOnlyList<(string Group, GroupFigures Figures)> At(uint now, StatisticsWords words)
    {
        var names = by switch { StatisticsBy.Body => words.Bodies, StatisticsBy.Area => words.Areas, _ => words.Tops };
        return [.. groups.Index().Where(one => one.Item is not null).Select(one => (names[one.Index], one.Item!.At(now)))];
    }

    public void Dispose() => Array.ForEach(groups, group => group?.Dispose());
}

/// <summary>Months and seconds as statistics keep them.</summary>
internal static class StatisticsTime
{
    /// <summary>Whole seconds since 1970, until 2106.</summary>
    public static uint Seconds(long micros) => (uint)Math.Clamp(micros / 1_000_000, 0, uint.MaxValue);

    /// <summary>Year · 12 + month - 1, in the installation's zone.</summary>
    public static int MonthOf(uint seconds, WorkCalendar calendar)
    {
        var date = calendar.DateOf(seconds * 1_000_000L);
        return date.Year * 12 + date.Month - 1;
    }

    /// <summary><c>2026-05</c></summary>
    public static string MonthWord(int month) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{month / 12:0000}-{month % 12 + 1:00}");
}

/// <summary>The words behind the codes of cells.</summary>
internal sealed record StatisticsWords(CodeTable Areas, CodeTable Bodies, CodeTable Tops, CodeTable Channels, CodeTable Languages);
