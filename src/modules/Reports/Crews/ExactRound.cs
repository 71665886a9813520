namespace Zinneke.Reports;

/// <summary>
/// The best order of up to some twelve stops, by dynamic programming (Held and Karp 1962): for each set of stops and its last one, and for each number of missed windows, when the crew can leave at the
/// earliest. To come earlier with as few windows missed is never worse, because one can always wait; so nothing else has to be remembered.
/// </summary>
internal sealed class ExactRound
{
    private readonly CrewRound round;
    private readonly int free;
    private readonly int levels;
    private readonly int pinned;
    private readonly double[] best;
    private readonly (sbyte From, sbyte Missed)[] before;

    public ExactRound(CrewRound round)
    {
        (this.round, free, levels) = (round, round.Free, round.Windows + 1);
        for (var stop = 0; stop < free; stop++)
        {
            pinned |= round.IsPinned(stop + 1) ? 1 << stop : 0;
        }
        best = new double[(1 << free) * Math.Max(1, free) * levels];
        before = new (sbyte, sbyte)[best.Length];
        Array.Fill(best, double.PositiveInfinity);
    }

    public int[] Order()
    {
        for (var set = 1; set < 1 << free; set++)
        {
            for (var last = 0; last < free; last++)
            {
                if ((set >> last & 1) == 1 && MayComeLast(set & ~(1 << last), last))
                {
                    Reach(set, last);
                }
            }
        }
        return round.WithEnds(Followed());
    }

    private int At(int set, int last, int missed) => ((set * free) + last) * levels + missed;

    /// <summary>What is pinned comes before everything else.</summary>
    private bool MayComeLast(int rest, int last) => (pinned >> last & 1) == 1 ? (rest & ~pinned) == 0 : (rest & pinned) == pinned;

    private void Reach(int set, int last)
    {
        var rest = set & ~(1 << last);
        if (rest == 0)
        {
            var (missed, time) = round.Begin;
            Keep(round.Step(missed, time, 0, last + 1), -1, missed);
            return;
        }
        for (var from = 0; from < free; from++)
        {
            for (var missed = 0; (rest >> from & 1) == 1 && missed < levels; missed++)
            {
                if (best[At(rest, from, missed)] is var time && double.IsFinite(time))
                {
                    Keep(round.Step(missed, time, from + 1, last + 1), from, missed);
                }
            }
        }

        void Keep((int Missed, double Time) reached, int from, int missed)
        {
            var at = At(set, last, reached.Missed);
            if (reached.Time < best[at])
            {
                (best[at], before[at]) = (reached.Time, ((sbyte)from, (sbyte)missed));
            }
        }
    }

    /// <summary>From the best end back to the start.</summary>
    private List<int> Followed()
    {
        var order = new List<int>();
        var (set, last, missed) = ((1 << free) - 1, -1, 0);
        var least = (Missed: int.MaxValue, Time: double.PositiveInfinity);
        for (var end = 0; end < free; end++)
        {
            for (var level = 0; level < levels; level++)
            {
                if (best[At(set, end, level)] is var time && double.IsFinite(time) && Ended(level, time, end + 1) is var whole && whole.CompareTo(least) < 0)
                {
                    (least, last, missed) = (whole, end, level);
                }
            }
        }
        while (last >= 0)
        {
            order.Insert(0, last + 1);
            var (from, fewer) = before[At(set, last, missed)];
            (set, last, missed) = (set & ~(1 << last), from, fewer);
        }
        return order;
    }

    private (int Missed, double Time) Ended(int missed, double time, int last) => round.End switch
    {
        RoundEnd.AtStart => (missed, time + round.Ways.Seconds(last, 0)),
        RoundEnd.AtLast => round.Step(missed, time, last, round.Count - 1),
        _ => (missed, time),
    };
}
