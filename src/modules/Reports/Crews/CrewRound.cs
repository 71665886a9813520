using Zinneke.Geo;

namespace Zinneke.Reports;

/// <summary>A place that a crew goes to.</summary>
internal readonly record struct Stop(string Id, LonLat Point);

/// <summary>How a round ends.</summary>
internal enum RoundEnd
{
    /// <summary>At whichever stop comes last.</summary>
    Anywhere,

    /// <summary>Back where it began.</summary>
    AtStart,

    /// <summary>At a stop that was named: the last of the list.</summary>
    AtLast,
}

/// <summary>
/// The order in which a crew goes to its stops (reports.md 4.7): the shortest for up to twelve, by dynamic programming (Held and Karp 1962); for more the nearest neighbour each time, made
/// better by 2-opt and Or-opt until neither finds anything. Distances are straight times 1.3, the usual detour in a city. The same stops give the same order, however they are listed.
/// </summary>
internal sealed class CrewRound
{
    public const int StopsMax = 500;

    /// <summary>Streets are longer than the straight line.</summary>
    public const double Detour = 1.3;

    /// <summary>Stops besides start and end for which all orders are looked at.</summary>
    private const int ExactMax = 12;

    /// <summary>An improvement smaller than this, metres, is one of rounding.</summary>
    private const double Gain = 1e-6;

    private readonly double[,] metres;
    private readonly int count;
    private readonly RoundEnd end;

    private CrewRound(IReadOnlyList<Stop> stops, RoundEnd end)
    {
        (count, this.end) = (stops.Count, end);
        metres = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            for (var j = i + 1; j < count; j++)
            {
                metres[i, j] = metres[j, i] = stops[i].Point.MetresTo(stops[j].Point) * Detour;
            }
        }
    }

    /// <param name="stops">The start first; with <see cref="RoundEnd.AtLast"/> the end last. At most <see cref="StopsMax"/>.</param>
    /// <returns>Their ids in the order of the round, each once, and its length in metres.</returns>
    public static (IReadOnlyList<string> Order, double Metres) Of(IReadOnlyList<Stop> stops, RoundEnd end)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stops.Count, StopsMax);
        var free = stops.Skip(1).SkipLast(end == RoundEnd.AtLast ? 1 : 0).OrderBy(stop => stop.Id, StringComparer.Ordinal);
        List<Stop> listed = [stops[0], .. free, .. stops.TakeLast(end == RoundEnd.AtLast && stops.Count > 1 ? 1 : 0)];
        var round = new CrewRound(listed, end);
        var order = round.Free <= ExactMax ? round.Shortest() : round.Improved(round.Nearest());
        return ([.. order.Select(i => listed[i].Id)], round.Length(order));
    }

    /// <summary>Stops whose place in the order is free: those numbered from 1.</summary>
    private int Free => count - 1 - (end == RoundEnd.AtLast && count > 1 ? 1 : 0);

    private double Length(int[] order)
    {
        var sum = end == RoundEnd.AtStart ? metres[order[^1], order[0]] : 0;
        for (var i = 1; i < order.Length; i++)
        {
            sum += metres[order[i - 1], order[i]];
        }
        return sum;
    }

    /// <summary>From the last free stop to the end.</summary>
    private double Closing(int last) => end switch { RoundEnd.AtStart => metres[last, 0], RoundEnd.AtLast => metres[last, count - 1], _ => 0 };

    /// <summary>best[set, last]: the shortest way from the start through the set, ending at one of it.</summary>
    private int[] Shortest()
    {
        var (free, sets) = (Free, 1 << Free);
        var best = new double[sets, Math.Max(1, free)];
        var before = new int[sets, Math.Max(1, free)];
        for (var set = 1; set < sets; set++)
        {
            for (var last = 0; last < free; last++)
            {
                if ((set >> last & 1) == 0)
                {
                    continue;
                }
                var rest = set & ~(1 << last);
                (best[set, last], before[set, last]) = (rest == 0 ? metres[0, last + 1] : double.MaxValue, -1);
                for (var from = 0; from < free; from++)
                {
                    if ((rest >> from & 1) == 1 && best[rest, from] + metres[from + 1, last + 1] < best[set, last])
                    {
                        (best[set, last], before[set, last]) = (best[rest, from] + metres[from + 1, last + 1], from);
                    }
                }
            }
        }
        var order = new List<int>();
        var at = free == 0 ? -1 : Enumerable.Range(0, free).MinBy(last => best[sets - 1, last] + Closing(last + 1));
        for (var set = sets - 1; at >= 0; (set, at) = (set & ~(1 << at), before[set, at]))
        {
            order.Insert(0, at + 1);
        }
        return WithEnds(order);
    }

    private int[] WithEnds(List<int> free) => [0, .. free, .. Enumerable.Range(count - 1, end == RoundEnd.AtLast && count > 1 ? 1 : 0)];

    private int[] Nearest()
    {
        var left = Enumerable.Range(1, Free).ToList();
        var order = new List<int>();
        for (var at = 0; left.Count > 0; left.Remove(at))
        {
            at = left.MinBy(next => metres[at, next]);
            order.Add(at);
        }
        return WithEnds(order);
    }

    /// <summary>Turns pieces around (2-opt), and moves pieces of up to three stops elsewhere, either way round (Or-opt).</summary>
    private int[] Improved(int[] order)
    {
        bool better;
        do
        {
            better = false;
            for (var i = 1; i <= Free; i++)
            {
                for (var j = i + 1; j <= Free; j++)
                {
                    if (Turned(order, i, j) < -Gain)
                    {
                        Array.Reverse(order, i, j - i + 1);
                        better = true;
                    }
                }
            }
            for (var length = 1; length <= 3; length++)
            {
                for (var i = 1; i + length - 1 <= Free; i++)
                {
                    better |= TryMove(ref order, i, length);
                }
            }
        }
        while (better);
        return order;
    }

    /// <summary>Metres from a place in the order to the next; nothing comes after the end of an open round.</summary>
    private double Step(int[] order, int from, int stop) => from + 1 < order.Length ? metres[stop, order[from + 1]] : end == RoundEnd.AtStart ? metres[stop, order[0]] : 0;

    /// <summary>What turning the places i to j around changes, metres.</summary>
    private double Turned(int[] order, int i, int j) =>
        metres[order[i - 1], order[j]] + Step(order, j, order[i]) - metres[order[i - 1], order[i]] - Step(order, j, order[j]);

    private bool TryMove(ref int[] order, int i, int length)
    {
        var j = i + length - 1;
        var (first, last) = (order[i], order[j]);
        // Without the piece, its neighbours meet.
        var saved = metres[order[i - 1], first] + Step(order, j, last) - Step(order, j, order[i - 1]);
        for (var after = 0; after <= Free; after++)
        {
            if (after >= i - 1 && after <= j)
            {
                continue;
            }
            var open = Step(order, after, order[after]);
            foreach (var (head, tail) in ((int, int)[])[(first, last), (last, first)])
            {
                if (metres[order[after], head] + Step(order, after, tail) - open < saved - Gain)
                {
                    order = Moved(order, i, length, after, head != first);
                    return true;
                }
            }
        }
        return false;
    }

    private static int[] Moved(int[] order, int i, int length, int after, bool turned)
    {
        var piece = order.AsSpan(i, length).ToArray();
        if (turned)
        {
            Array.Reverse(piece);
        }
        var rest = order.Where((_, at) => at < i || at >= i + length).ToList();
        rest.InsertRange(after < i ? after + 1 : after + 1 - length, piece);
        return [.. rest];
    }
}
