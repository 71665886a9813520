using Zinneke.Geo;

namespace Zinneke.Reports;

/// <summary>A place that a crew goes to.</summary>
internal readonly record struct Stop(string Id, LonLat Point)
{
    /// <summary>Minutes that the work there takes.</summary>
    public int Minutes { get; init; }

    /// <summary>Seconds since midnight before which nothing can be done there: the crew waits. Null for no such time.</summary>
    public double? Opens { get; init; }

    /// <summary>Seconds since midnight after which it is too late to come. Null for no such time.</summary>
    public double? Closes { get; init; }

    /// <summary>Before everything that is not pinned.</summary>
    public bool Pinned { get; init; }
}

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

/// <summary>A round in its order.</summary>
/// <param name="Order">Ids of the stops, each once.</param>
/// <param name="Metres">Of the whole way.</param>
internal sealed record OrderedRound(IReadOnlyList<string> Order, double Metres)
{
    /// <summary>When the crew comes to each stop, seconds since midnight of the day on which it leaves.</summary>
    public required IReadOnlyList<double> Arrivals { get; init; }

    /// <summary>When the last work is done, or the crew is back.</summary>
    public required double EndsAt { get; init; }

    /// <summary>Ids of the stops that cannot be reached in their window, in their order: they are gone to all the same.</summary>
    public required IReadOnlyList<string> Missed { get; init; }
}
