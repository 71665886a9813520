namespace Zinneke.Reports;

/// <summary>
/// The order in which a crew goes to its stops (reports.md 4.7). The best is that which misses the fewest time windows, and among those the one that ends first; without windows that is the
/// shortest. Up to twelve stops all orders are looked at (<see cref="ExactRound"/>); for more it is the nearest neighbour each time, made better by 2-opt and Or-opt until neither finds anything
/// (<see cref="ImprovedRound"/>). The same stops give the same order, however they are listed.
/// </summary>
internal sealed class CrewRound
{
    public const int StopsMax = 500;

    /// <summary>Stops besides start and end for which all orders are looked at.</summary>
    private const int ExactMax = 12;

    private readonly IReadOnlyList<Stop> stops;

    private CrewRound(IReadOnlyList<Stop> stops, RoundEnd end, Ways ways, double leave)
    {
        (this.stops, End, Ways, Leave) = (stops, end, ways, leave);
        Service = [.. stops.Select(stop => stop.Minutes * 60.0)];
        Opens = [.. stops.Select(stop => stop.Opens ?? double.NegativeInfinity)];
        Closes = [.. stops.Select(stop => stop.Closes ?? double.PositiveInfinity)];
        Windows = stops.Count(stop => stop.Opens is not null || stop.Closes is not null);
    }

    public RoundEnd End { get; }

    public Ways Ways { get; }

    /// <summary>When the crew is at the start, seconds since midnight.</summary>
    public double Leave { get; }

    public double[] Service { get; }

    public double[] Opens { get; }

    public double[] Closes { get; }

    /// <summary>Stops that have a window.</summary>
    public int Windows { get; }

    public int Count => stops.Count;

    /// <summary>Stops whose place in the order is free: those numbered from 1.</summary>
    public int Free => Count - 1 - (End == RoundEnd.AtLast && Count > 1 ? 1 : 0);

    public bool IsPinned(int stop) => stops[stop].Pinned;

    /// <param name="stops">The start first; with <see cref="RoundEnd.AtLast"/> the end last. At most <see cref="StopsMax"/>.</param>
    /// <param name="streets">The streets that the crew drives on; null for straight ways.</param>
    /// <param name="leave">When it is at the start, seconds since midnight.</param>
    public static OrderedRound Of(IReadOnlyList<Stop> stops, RoundEnd end, StreetGraph? streets = null, double leave = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stops.Count, StopsMax);
        var last = end == RoundEnd.AtLast && stops.Count > 1 ? 1 : 0;
        List<Stop> listed = [stops[0], .. stops.Skip(1).SkipLast(last).OrderBy(stop => stop.Id, StringComparer.Ordinal), .. stops.TakeLast(last)];
        var round = new CrewRound(listed, end, streets?.Between(listed) ?? Ways.Straight(listed), leave);
        return round.Timed(round.Free <= ExactMax ? new ExactRound(round).Order() : new ImprovedRound(round).Order());
    }

    /// <summary>A whole order of the free stops between its ends.</summary>
    public int[] WithEnds(IEnumerable<int> free) => [0, .. free, .. Enumerable.Range(Count - 1, End == RoundEnd.AtLast && Count > 1 ? 1 : 0)];

    /// <summary>Goes to a stop and works there: from when the crew may leave one, to when it may leave the next, with how many windows were missed until then.</summary>
    public (int Missed, double Time) Step(int missed, double time, int from, int to)
    {
        var arrives = time + Ways.Seconds(from, to);
        return (arrives > Closes[to] ? missed + 1 : missed, Math.Max(arrives, Opens[to]) + Service[to]);
    }

    /// <summary>The start itself.</summary>
    public (int Missed, double Time) Begin => (Leave > Closes[0] ? 1 : 0, Math.Max(Leave, Opens[0]) + Service[0]);

    private OrderedRound Timed(int[] order)
    {
        var (metres, missed) = (0.0, new List<string>());
        var arrivals = new List<double> { Leave };
        var at = Begin;
        void Note(int stop, int before)
        {
            if (at.Missed > before)
            {
                missed.Add(stops[stop].Id);
            }
        }
        Note(0, 0);
        for (var i = 1; i < order.Length; i++)
        {
            var (from, to, before) = (order[i - 1], order[i], at.Missed);
            metres += Ways.Metres(from, to);
            arrivals.Add(at.Time + Ways.Seconds(from, to));
            at = Step(at.Missed, at.Time, from, to);
            Note(to, before);
        }
        var back = End == RoundEnd.AtStart;
        return new OrderedRound([.. order.Select(stop => stops[stop].Id)], metres + (back ? Ways.Metres(order[^1], 0) : 0))
        {
            Arrivals = arrivals,
            EndsAt = at.Time + (back ? Ways.Seconds(order[^1], 0) : 0),
            Missed = missed,
        };
    }
}
