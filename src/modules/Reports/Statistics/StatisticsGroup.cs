namespace Zinneke.Reports;

/// <summary>What a row of a table says of a body, an area or a category.</summary>
/// <param name="Open">Not ended yet.</param>
internal sealed record GroupFigures(int Total, int Open, KeptPromises Sla, SurvivalDays SurvivalDays);

/// <summary>Cells added up as far as a row of a table needs them. It holds on to them until the figures are made: nobody may change them meanwhile.</summary>
internal sealed class StatisticsGroup
{
    private readonly List<StatisticsCell> cells = [];
    private readonly List<uint> endLater = [];
    private int onTime, late;

    public int Total { get; private set; }

    public List<OpenReport> Open { get; } = [];

    /// <returns>How many reports are in the cell; one without any adds nothing.</returns>
    public int Add(StatisticsCell cell)
    {
        var count = cell.ByState.Sum();
        if (count > 0) // Else all have moved on.
        {
            Total += count;
            cells.Add(cell);
            Open.AddRange(cell.Open);
            endLater.AddRange(cell.EndLater);
            (onTime, late) = (onTime + cell.OnTime, late + cell.Late);
        }
        return count;
    }

    /// <param name="now">Seconds since 1970.</param>
    public GroupFigures At(uint now) => new(
        Total, Open.Count, new KeptPromises(onTime, late, Open.Count(one => one.Due < now)),
        SurvivalDays.Of(Times(declined: true), [.. Open.Select(one => now - Math.Min(one.Created, now)), .. endLater.Select(created => now - created)]));

    /// <summary>Seconds until they were solved, or also until they were declined, in one piece.</summary>
    public uint[] Times(bool declined)
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
}
