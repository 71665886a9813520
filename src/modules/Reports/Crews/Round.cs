namespace Zinneke.Reports;

/// <summary>A round: reports of one body that a crew goes to one after another (R28).</summary>
public sealed class Round
{
    public const int NameLengthMax = 80, StopsMax = 100, MinutesMax = 480;

    public required Guid Id { get; init; }

    /// <summary>The body whose reports it holds, and whose staff see it.</summary>
    public required string Body { get; init; }

    /// <summary>As its maker calls it: free words, never in an event.</summary>
    public required string Name { get; init; }

    /// <summary>When the crew leaves, UTC microseconds.</summary>
    public required long LeaveAt { get; init; }

    /// <summary>Minutes that the work takes at each stop.</summary>
    public required int MinutesAStop { get; init; }

    /// <summary>Where it begins, in words; null when that is its first stop.</summary>
    public string? Place { get; init; }

    public double? Lon { get; init; }

    public double? Lat { get; init; }

    /// <summary>It ends where it begins.</summary>
    public required bool Back { get; init; }

    public required long CreatedAt { get; init; }

    /// <summary>UTC microseconds; null while a crew may still be on its way.</summary>
    public long? FinishedAt { get; set; }

    /// <summary>Raised by every change of the round or its stops.</summary>
    public long Version { get; set; }
}

/// <summary>A report in a round.</summary>
public sealed class RoundStop
{
    public required Guid RoundId { get; init; }

    public required Guid ReportId { get; init; }

    /// <summary>Place in the order, from 1.</summary>
    public required int Place { get; set; }

    /// <summary>It came first when the order was made: it is to be solved within hours.</summary>
    public required bool Urgent { get; init; }
}
