namespace Zinneke.Reports;

/// <summary>What a cell is of: month of sending, body that has them now, area, category of the first level.</summary>
internal readonly record struct CellKey(ushort Month, ushort Body, ushort Area, ushort Top)
{
    public ushort CodeOf(StatisticsBy by) => by switch { StatisticsBy.Body => Body, StatisticsBy.Area => Area, StatisticsBy.Category => Top, _ => 0 };
}

/// <summary>An open report: since when it waits, and until when it was promised. Seconds since 1970; no promise is the end of time.</summary>
internal readonly record struct OpenReport(uint Created, uint Due);

/// <summary>What one report adds to its cell. Times are seconds since 1970.</summary>
internal readonly struct Contribution
{
    private readonly Marks marks;

    public Contribution(in IndexedReport report, long until, int cell, ushort channel, ushort language)
    {
        (Cell, Channel, Language, State, Hops) = (cell, channel, language, report.State, (byte)Math.Min(report.Hops, byte.MaxValue));
        Created = StatisticsTime.Seconds(report.CreatedAt);
        Ended = StatisticsTime.Seconds(report.EndedAt ?? 0);
        Due = report.DueAt is { } due ? StatisticsTime.Seconds(due) : uint.MaxValue;
        var since = HeldTimes.Of(report);
        HeldSince = StatisticsTime.Seconds(since?.Since ?? 0);
        marks = Marks.Counted
            | (report.EndedAt <= until ? Marks.Ended : 0)
            | (report.EndedAt > until ? Marks.EndsLater : 0)
            | (report.EndedAt <= report.DueAt ? Marks.OnTime : 0)
            | (report.EndedAt > report.DueAt ? Marks.Late : 0)
            | (report.ReopenCount > 0 ? Marks.Reopened : 0)
            | (since?.Since < until ? Marks.HeldByOne : 0);
    }

    [Flags]
    private enum Marks : byte
    {
        Counted = 1,
        Ended = 2,
        EndsLater = 4,
        OnTime = 8,
        Late = 16,
        Reopened = 32,
        HeldByOne = 64,
    }

    public readonly int Cell;
    public readonly uint Created;
    public readonly uint Ended;
    public readonly uint Due;
    public readonly uint HeldSince;
    public readonly ReportState State;
    public readonly ushort Channel;
    public readonly ushort Language;
    public readonly byte Hops;

    public bool Counted => Is(Marks.Counted);

    /// <summary>Solved or declined at a known time that has come.</summary>
    public bool HasEnded => Is(Marks.Ended);

    public bool EndsLater => Is(Marks.EndsLater);

    public bool OnTime => Is(Marks.OnTime);

    public bool Late => Is(Marks.Late);

    public bool Reopened => Is(Marks.Reopened);

    /// <summary>Its holder had it from <see cref="HeldSince"/> on, unless its history says more.</summary>
    public bool HeldByOne => Is(Marks.HeldByOne);

    private bool Is(Marks mark) => (marks & mark) != 0;
}

/// <summary>Counts of a cell, and how long those in it took or wait.</summary>
internal sealed class StatisticsCell(CellKey key, int states)
{
    public CellKey Key { get; } = key;

    public int[] ByState { get; } = new int[states];

    /// <summary>Reports in it; 0 when all have moved on.</summary>
    public int Count { get; private set; }

    public FewCounts Channels { get; } = new();

    public FewCounts Languages { get; } = new();

    /// <summary>Months in which reports ended.</summary>
    public FewCounts EndMonths { get; } = new();

    /// <summary>Neither open nor ended at a known time: withdrawn, a duplicate, or ended who knows when.</summary>
    public int EndUnknown { get; private set; }

    /// <summary>Seconds from sending to solved.</summary>
    public List<uint> Solved { get; } = [];

    /// <summary>Seconds from sending to declined.</summary>
    public List<uint> Declined { get; } = [];

    public List<OpenReport> Open { get; } = [];

    /// <summary>When those were sent that ended after the instant that is looked at.</summary>
    public List<uint> EndLater { get; } = [];

    public int OnTime { get; private set; }

    public int Late { get; private set; }

    public int Hops { get; private set; }

    public int ManyHops { get; private set; }

    public int Reopened { get; private set; }

    public int EverEnded { get; private set; }

    public HeldSums Held { get; } = new();

    /// <summary>Adds a report, or takes it back.</summary>
    /// <param name="endMonth">In which it ended, if it did.</param>
    public void Change(in Contribution one, int endMonth, int by)
    {
        var ended = one.HasEnded || one.EndsLater;
        var solved = one.State is ReportState.Resolved or ReportState.Closed;
        var done = ended && (solved || one.State == ReportState.Declined);
        Count += by;
        ByState[(int)one.State] += by;
        Channels.Change(one.Channel, by);
        Languages.Change(one.Language, by);
        Hops += by * one.Hops;
        ManyHops += one.Hops >= 3 ? by : 0;
        Reopened += one.Reopened ? by : 0;
        EverEnded += one.Reopened || ended ? by : 0;
        OnTime += done && one.OnTime ? by : 0;
        Late += done && one.Late ? by : 0;
        EndUnknown += !ended && !one.State.IsOpen() ? by : 0;
        if (one.HasEnded)
        {
            EndMonths.Change(endMonth, by);
        }
        if (one.State.IsOpen())
        {
            Change(Open, new OpenReport(one.Created, one.Due), by);
        }
        else if (done && one.EndsLater)
        {
            Change(EndLater, one.Created, by);
        }
        else if (done)
        {
            Change(solved ? Solved : Declined, one.Ended - Math.Min(one.Created, one.Ended), by);
        }
    }

    /// <summary>Adds another cell's reports.</summary>
    public void Add(StatisticsCell more)
    {
        Count += more.Count;
        for (var state = 0; state < ByState.Length; state++)
        {
            ByState[state] += more.ByState[state];
        }
        Channels.Add(more.Channels);
        Languages.Add(more.Languages);
        EndMonths.Add(more.EndMonths);
        Held.Add(more.Held);
        Solved.AddRange(more.Solved);
        Declined.AddRange(more.Declined);
        Open.AddRange(more.Open);
        EndLater.AddRange(more.EndLater);
        (EndUnknown, OnTime, Late) = (EndUnknown + more.EndUnknown, OnTime + more.OnTime, Late + more.Late);
        (Hops, ManyHops, Reopened, EverEnded) = (Hops + more.Hops, ManyHops + more.ManyHops, Reopened + more.Reopened, EverEnded + more.EverEnded);
    }

    private static void Change<T>(List<T> list, T item, int by)
    {
        if (by > 0)
        {
            list.Add(item);
            return;
        }
        var at = list.IndexOf(item);
        list[at] = list[^1];
        list.RemoveAt(list.Count - 1);
    }
}

/// <summary>Counts under a few numbers.</summary>
internal sealed class FewCounts
{
    private (int Key, int Count)[] counts = [];

    public ReadOnlySpan<(int Key, int Count)> All => counts;

    public void Change(int key, int by)
    {
        var at = Array.FindIndex(counts, one => one.Key == key);
        if (at < 0)
        {
            at = counts.Length;
            Array.Resize(ref counts, at + 1);
        }
        counts[at] = (key, counts[at].Count + by);
    }

    public void Add(FewCounts more)
    {
        foreach (var (key, count) in more.counts)
        {
            Change(key, count);
        }
    }
}

/// <summary>How long bodies had reports, seconds: what is over is summed, of what goes on the beginnings.</summary>
internal sealed class HeldSums
{
    private (int Body, long Over, int Open, long OpenSince)[] sums = [];

    public ReadOnlySpan<(int Body, long Over, int Open, long OpenSince)> All => sums;

    public void Change(int body, uint since, uint? until, int by)
    {
        if (until is { } end)
        {
            Add(body, by * (long)(end - Math.Min(since, end)), 0, 0);
        }
        else
        {
            Add(body, 0, by, by * (long)since);
        }
    }

    public void Add(HeldSums more)
    {
        foreach (var (body, over, open, since) in more.sums)
        {
            Add(body, over, open, since);
        }
    }

    private void Add(int body, long over, int open, long since)
    {
        var at = Array.FindIndex(sums, one => one.Body == body);
        if (at < 0)
        {
            at = sums.Length;
            Array.Resize(ref sums, at + 1);
        }
        ref var sum = ref sums[at];
        sum = (body, sum.Over + over, sum.Open + open, sum.OpenSince + since);
    }
}
