namespace Zinneke.Reports;

/// <summary>
/// A good order of many stops: the nearest one each time, then pieces are turned around (2-opt) and pieces of up to three stops moved elsewhere, either way round (Or-opt), until nothing of that is better
/// (Croes 1958, Or 1976). With time windows it begins also from the order in which they close, and looks for places at most <see cref="WindowedReach"/> away, since each trial is walked through.
/// </summary>
internal sealed class ImprovedRound
{
    /// <summary>An improvement smaller than this, seconds, is one of rounding.</summary>
    private const double Gain = 1e-6;

    private const int PieceMax = 3;

    private const int WindowedReach = 50;

    private readonly CrewRound round;
    private readonly int[] trial;

    /// <summary>When the crew may leave each place of the order, with how many windows were missed until then.</summary>
    private readonly (int Missed, double Time)[] left;

    private int[] order = [];
    private (int Missed, double Time) whole;

    public ImprovedRound(CrewRound round)
    {
        this.round = round;
        trial = new int[round.Count];
        left = new (int, double)[round.Count];
    }

    public int[] Order()
    {
        var first = Improved(Nearest());
        if (round.Windows == 0)
        {
            return first;
        }
        var score = whole;
        var second = Improved(round.WithEnds(Enumerable.Range(1, round.Free).OrderBy(stop => !round.IsPinned(stop)).ThenBy(stop => round.Closes[stop]).ThenBy(stop => stop)));
        return whole.CompareTo(score) < 0 ? second : first;
    }

    private int[] Nearest()
    {
        var waiting = Enumerable.Range(1, round.Free).ToList();
        var found = new List<int>();
        for (var at = 0; waiting.Count > 0; waiting.Remove(at))
        {
            var pinned = waiting.Where(round.IsPinned).ToList();
            at = (pinned.Count > 0 ? pinned : waiting).MinBy(next => round.Ways.Seconds(at, next));
            found.Add(at);
        }
        return round.WithEnds(found);
    }

    private int[] Improved(int[] begun)
    {
        order = begun;
        Walk();
        var reach = round.Windows == 0 ? round.Free : WindowedReach;
        bool better;
        do
        {
            better = false;
            for (var i = 1; i <= round.Free; i++)
            {
                for (var j = i + 1; j <= Math.Min(round.Free, i + reach); j++)
                {
                    better |= TryTurn(i, j);
                }
            }
            for (var length = 1; length <= PieceMax; length++)
            {
                for (var i = 1; i + length - 1 <= round.Free; i++)
                {
                    better |= TryMove(i, length, reach);
                }
            }
        }
        while (better);
        return order;
    }

    /// <summary>Walks through the order anew.</summary>
    private void Walk()
    {
        left[0] = round.Begin;
        for (var i = 1; i < order.Length; i++)
        {
            left[i] = round.Step(left[i - 1].Missed, left[i - 1].Time, order[i - 1], order[i]);
        }
        whole = Ended(left[order.Length - 1], order[^1]);
    }

    private (int Missed, double Time) Ended((int Missed, double Time) at, int last) => round.End == RoundEnd.AtStart ? (at.Missed, at.Time + round.Ways.Seconds(last, 0)) : at;

    /// <summary>Seconds from a stop to what comes after a place of the order; nothing comes after the end of an open round.</summary>
    private double After(int place, int stop) => place + 1 < order.Length ? round.Ways.Seconds(stop, order[place + 1]) : round.End == RoundEnd.AtStart ? round.Ways.Seconds(stop, order[0]) : 0;

    private bool TryTurn(int i, int j)
    {
        var way = round.Ways.Seconds(order[i - 1], order[j]) + After(j, order[i]) - round.Ways.Seconds(order[i - 1], order[i]) - After(j, order[j]);
        if (round.Windows == 0 && way >= -Gain)
        {
            return false;
        }
        for (var k = i; k <= j; k++)
        {
            trial[k] = order[i + j - k];
        }
        return TakeIfBetter(i, j);
    }

    private bool TryMove(int i, int length, int reach)
    {
        var j = i + length - 1;
        var (first, last) = (order[i], order[j]);
        var saved = round.Ways.Seconds(order[i - 1], first) + After(j, last) - After(j, order[i - 1]);
        for (var after = Math.Max(0, i - 1 - reach); after <= Math.Min(round.Free, j + reach); after++)
        {
            if (after >= i - 1 && after <= j)
            {
                continue;
            }
            foreach (var turned in (ReadOnlySpan<bool>)[false, true])
            {
                var (head, tail) = turned ? (last, first) : (first, last);
                var way = round.Ways.Seconds(order[after], head) + After(after, tail) - After(after, order[after]);
                if ((round.Windows == 0 && way >= saved - Gain) || (turned && length == 1))
                {
                    continue;
                }
                if (Move(i, length, after, turned))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private bool Move(int i, int length, int after, bool turned)
    {
        var (from, to) = after < i ? (after + 1, i + length - 1) : (i, after);
        var shift = after < i ? from + length : from;
        var piece = after < i ? from : to - length + 1;
        for (int k = from, put = shift; k <= to; k++)
        {
            if (k < i || k >= i + length)
            {
                trial[put++] = order[k];
            }
        }
        for (var k = 0; k < length; k++)
        {
            trial[piece + k] = order[turned ? i + length - 1 - k : i + k];
        }
        return TakeIfBetter(from, to);
    }

    /// <summary>Takes the trial's stops for the places from to through, unless that breaks a pin or the whole gets no better.</summary>
    private bool TakeIfBetter(int from, int to)
    {
        var at = left[from - 1];
        for (var k = from; k <= to; k++)
        {
            var before = k == from ? order[from - 1] : trial[k - 1];
            if (round.IsPinned(trial[k]) && before != 0 && !round.IsPinned(before))
            {
                return false;
            }
            at = round.Step(at.Missed, at.Time, before, trial[k]);
        }
        var previous = trial[to];
        if (to + 1 <= round.Free && round.IsPinned(order[to + 1]) && !round.IsPinned(previous))
        {
            return false;
        }
        for (var k = to + 1; k < order.Length; k++)
        {
            // From a place at which it stands no better, it will not end better.
            if (at.Missed >= left[k - 1].Missed && at.Time >= left[k - 1].Time - Gain && k > to + 1)
            {
                return false;
            }
            at = round.Step(at.Missed, at.Time, previous, order[k]);
            previous = order[k];
        }
        var ended = Ended(at, previous);
        if (ended.Missed > whole.Missed || (ended.Missed == whole.Missed && ended.Time >= whole.Time - Gain))
        {
            return false;
        }
        Array.Copy(trial, from, order, from, to - from + 1);
        Walk();
        return true;
    }
}
