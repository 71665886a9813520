using System.Buffers;
using System.Runtime.InteropServices;

namespace Zinneke.Reports;

/// <summary>What a row of a table says of a body, an area or a category.</summary>
/// <param name="Open">Not ended yet.</param>
/// <param name="ResolvedDays">Of those that were solved; null when none was.</param>
internal sealed record GroupFigures(int Total, int Open, KeptPromises Sla, SurvivalDays SurvivalDays, DaysUntil? ResolvedDays);

/// <summary>Cells added up as far as a row of a table needs them. It holds on to them until the figures are made: nobody may change them meanwhile.</summary>
internal sealed class StatisticsGroup
{
    private readonly List<StatisticsCell> cells = [];
    private readonly List<uint> endLater = [];

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

    /// <param name="now">Seconds since 1970.</param>
    public GroupFigures At(uint now)
    {
        var (survival, resolved) = Times(now);
        return new GroupFigures(Total, Open.Count, new KeptPromises(OnTime, Late, Open.Count(one => one.Due < now)), survival, resolved);
    }

    /// <summary>How long it takes until one is solved or declined, by Kaplan and Meier over all; and until those were solved that were.</summary>
    /// <param name="now">Seconds since 1970.</param>
    public (SurvivalDays Survival, DaysUntil? Resolved) Times(uint now)
    {
        var (solvedCount, declinedCount, waitingCount) = (cells.Sum(cell => cell.Solved.Count), cells.Sum(cell => cell.Declined.Count), Open.Count + endLater.Count);
        // Lent: megabytes that are taken anew for each answer are cleared away by nothing but the rarest of collections, which stops everybody.
        var times = ArrayPool<uint>.Shared.Rent((solvedCount + declinedCount) * 2 + waitingCount);
        try
        {
            var solved = times.AsSpan(0, solvedCount);
            var declined = times.AsSpan(solvedCount, declinedCount);
            Fill(solved, cell => cell.Solved);
            Fill(declined, cell => cell.Declined);
            var ended = times.AsSpan(solvedCount + declinedCount, solvedCount + declinedCount);
            Merge(solved, declined, ended);
            var waiting = times.AsSpan((solvedCount + declinedCount) * 2, waitingCount);
            for (var i = 0; i < waitingCount; i++)
            {
                waiting[i] = i < Open.Count ? now - Math.Min(Open[i].Created, now) : now - endLater[i - Open.Count];
            }
            RadixSort.Sort(waiting);
            return (SurvivalDays.Of(ended, waiting), DaysUntil.Of(solved));
        }
        finally
        {
            ArrayPool<uint>.Shared.Return(times);
        }
    }

    private void Fill(Span<uint> times, Func<StatisticsCell, List<uint>> timesOf)
    {
        var place = 0;
        foreach (var own in cells.Select(timesOf))
        {
            CollectionsMarshal.AsSpan(own).CopyTo(times[place..]);
            place += own.Count;
        }
        RadixSort.Sort(times);
    }

    private static void Merge(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b, Span<uint> merged)
    {
        for (int i = 0, j = 0; i + j < merged.Length;)
        {
            merged[i + j] = j == b.Length || (i < a.Length && a[i] <= b[j]) ? a[i++] : b[j++];
        }
    }
}
