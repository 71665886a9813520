namespace Zinneke.Reports;

/// <summary>
/// The cells of a month. Whoever asks for no body, area or category is shown them added up, into one over all or into one for each of a kind: some sixty and not some hundreds to look at.
/// Added up when first asked for, and again after a change: months that are over hardly change.
/// </summary>
/// <param name="month">Year · 12 + month - 1.</param>
internal sealed class MonthCells(ushort month, int states)
{
    private readonly Lock adding = new();
    private readonly List<CellKey> keys = [];
    private readonly List<StatisticsCell> cells = [];
    private readonly Dictionary<StatisticsBy, IReadOnlyCollection<StatisticsCell>> sums = [];

    public StatisticsCell Make(CellKey key)
    {
        var cell = new StatisticsCell(key, states);
        keys.Add(key);
        cells.Add(cell);
        return cell;
    }

    /// <summary>A cell has changed. Nobody reads meanwhile.</summary>
    public void Changed() => sums.Clear();

    /// <summary>Cells of these bodies, areas and categories that hold something.</summary>
    public IEnumerable<StatisticsCell> Of(CellCodes codes)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if (codes.Hold(keys[i]) && cells[i] is { Count: > 0 } cell) // Keys are by themselves in memory: most cells are not looked at.
            {
                yield return cell;
            }
        }
    }

    /// <summary>All cells added up: one for each body, area or category, or a single one.</summary>
    public IReadOnlyCollection<StatisticsCell> By(StatisticsBy by)
    {
        lock (adding) // Several may read at once.
        {
            if (!sums.TryGetValue(by, out var found))
            {
                sums[by] = found = Sum(by);
            }
            return found;
        }
    }

    private Dictionary<ushort, StatisticsCell>.ValueCollection Sum(StatisticsBy by)
    {
        var found = new Dictionary<ushort, StatisticsCell>();
        foreach (var cell in Of(new CellCodes()))
        {
            var code = cell.Key.CodeOf(by);
            if (!found.TryGetValue(code, out var sum))
            {
                found[code] = sum = new StatisticsCell(new CellKey(month, code, code, code), states);
            }
            sum.Add(cell);
        }
        return found.Values;
    }
}

/// <summary>Which body, area and category cells are looked for; all for null.</summary>
internal readonly record struct CellCodes(int? Body, int? Area, int? Top)
{
    public bool HoldAll => (Body, Area, Top) is (null, null, null);

    public bool Hold(CellKey key) => (Body is null || key.Body == Body) && (Area is null || key.Area == Area) && (Top is null || key.Top == Top);
}
