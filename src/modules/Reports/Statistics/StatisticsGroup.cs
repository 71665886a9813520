namespace Zinneke.Reports;

/// <summary>What a row of a table says of a body, an area or a category.</summary>
/// <param name="Open">Not ended yet.</param>
internal sealed record GroupFigures(int Total, int Open, KeptPromises Sla, SurvivalDays SurvivalDays);

/// <summary>Cells added up as far as a row of a table needs them. It holds on to them until the figures are made: nobody may change them meanwhile.</summary>
internal sealed class StatisticsGroup
{
    private readonly List<StatisticsCell> cells = [];
    private readonly List<uint> endLater = [];
    private uint[]? solved;

    public int Total { get; private set; }

    /// <summary>Solved or declined by the promised time.</summary>
    public int OnTime { get; private set; }

    /// <summary>Solved or declined after it.</summary>
    public int Late { get; private set; }

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
            (OnTime, Late) = (OnTime + cell.OnTime, Late + cell.Late);
        }
        return count;
    }

    /// <summary>Seconds until they were solved, ascending.</summary>
    public uint[] Solved => solved ??= Sorted(cell => cell.Solved);

    /// <param name="now">Seconds since 1970.</param>
    public GroupFigures At(uint now) => new(Total, Open.Count, new KeptPromises(OnTime, Late, Open.Count(one => one.Due < now)), Survival(now));

    /// <summary>How long it takes until one is solved or declined, by Kaplan and Meier over all.</summary>
    /// <param name="now">Seconds since 1970.</param>
    public SurvivalDays Survival(uint now)
    {
        uint[] waiting = [.. Open.Select(one => now - Math.Min(one.Created, now)), .. endLater.Select(created => now - created)];
        RadixSort.Sort(waiting);
        return SurvivalDays.Of(Merged(Solved, Sorted(cell => cell.Declined)), waiting);
    }

    private uint[] Sorted(Func<StatisticsCell, List<uint>> timesOf)
    {
        var times = GC.AllocateUninitializedArray<uint>(cells.Sum(cell => timesOf(cell).Count));
        var place = 0;
        foreach (var own in cells.Select(timesOf))
        {
            own.CopyTo(times, place);
            place += own.Count;
        }
        RadixSort.Sort(times);
        return times;
    }

    private static uint[] Merged(uint[] a, uint[] b)
    {
        var merged = GC.AllocateUninitializedArray<uint>(a.Length + b.Length);
        for (int i = 0, j = 0; i + j < merged.Length;)
        {
            merged[i + j] = j == b.Length || (i < a.Length && a[i] <= b[j]) ? a[i++] : b[j++];
        }
        return merged;
    }
}
