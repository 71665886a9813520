using System.Runtime.InteropServices;

namespace Zinneke.Reports;

/// <summary>What a row of a table says of a body, an area or a category.</summary>
/// <param name="Open">Not ended yet.</param>
internal sealed record GroupFigures(int Total, int Open, KeptPromises Sla, SurvivalDays SurvivalDays);

/// <summary>Cells added up as far as a row of a table needs them. What it needs of a cell it takes along, so that each is looked at once.</summary>
internal sealed class StatisticsGroup : IDisposable
{
    private readonly Lent<uint> solved = new(), declined = new(), endLater = new();
    private readonly Lent<OpenReport> open = new();
    private bool sorted;

    public int Total { get; private set; }

    /// <summary>Solved or declined by the promised time.</summary>
    public int OnTime { get; private set; }

    /// <summary>Solved or declined after it.</summary>
    public int Late { get; private set; }

    public ReadOnlySpan<OpenReport> Open => open.All;

    /// <summary>Seconds until they were solved, ascending. Sorted when it is first asked for, after which nothing is added any more.</summary>
    public ReadOnlySpan<uint> Solved
    {
        get
        {
            if (!sorted)
            {
                RadixSort.Sort(solved.All);
                sorted = true;
            }
            return solved.All;
        }
    }

    public void Add(StatisticsCell cell)
    {
        Total += cell.Count;
        (OnTime, Late) = (OnTime + cell.OnTime, Late + cell.Late);
        solved.Add(CollectionsMarshal.AsSpan(cell.Solved));
        declined.Add(CollectionsMarshal.AsSpan(cell.Declined));
        open.Add(CollectionsMarshal.AsSpan(cell.Open));
        endLater.Add(CollectionsMarshal.AsSpan(cell.EndLater));
    }

    /// <summary>How many are open that were sent before an instant, seconds since 1970.</summary>
    public int CountOpenSince(long before)
    {
        var count = 0;
        foreach (var one in Open)
        {
            count += one.Created < before ? 1 : 0;
        }
        return count;
    }

    /// <param name="now">Seconds since 1970.</param>
    public GroupFigures At(uint now)
    {
        var overdue = 0;
        foreach (var one in Open)
        {
            overdue += one.Due < now ? 1 : 0;
        }
        return new GroupFigures(Total, open.Count, new KeptPromises(OnTime, Late, overdue), Survival(now));
    }

    /// <summary>How long it takes until one is solved or declined, by Kaplan and Meier over all.</summary>
    /// <param name="now">Seconds since 1970.</param>
    public SurvivalDays Survival(uint now)
    {
        using var waiting = new Lent<uint>();
        foreach (var one in Open)
        {
            waiting.Add(now - Math.Min(one.Created, now));
        }
        foreach (var created in endLater.All)
        {
            waiting.Add(now - created);
        }
        RadixSort.Sort(waiting.All);
        RadixSort.Sort(declined.All);
        return SurvivalDays.Of(Solved, declined.All, waiting.All);
    }

    public void Dispose()
    {
        solved.Dispose();
        declined.Dispose();
        endLater.Dispose();
        open.Dispose();
    }
}
