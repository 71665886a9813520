using System.Collections.Frozen;

namespace Zinneke.Reports;

/// <summary>Somebody says that a part of a report should not be there: once for each person, known by a hash of account, key or network address.</summary>
internal sealed class ReportFlag
{
    /// <summary>So many different people hide a part until staff have looked.</summary>
    public const int HidesAt = 3;

    /// <summary>Reason of the line of the history that says that so many did.</summary>
    public const string Hides = "flagged";

    /// <summary>Codes of reasons, in the order in which people are asked.</summary>
    public static IReadOnlyList<string> Shown { get; } = ["privateData", "abusive", "spam", "other"];

    public static FrozenSet<string> Reasons { get; } = FrozenSet.Create([.. Shown]);

    /// <summary>Reasons of the program's own: the words hold one of the list, or it is among the first reports of a device. They are nobody's, and do not help to hide.</summary>
    public const string Listed = "words", First = "first";

    /// <summary>A person said so.</summary>
    public bool IsOfReader => Reason is not (Listed or First);

    public required Guid Id { get; init; }

    public required Guid ReportId { get; init; }

    /// <summary>The photo; for the words of the reporter the id of the report itself.</summary>
    public required Guid Part { get; init; }

    /// <summary>Null after 30 days: nobody's any more.</summary>
    public string? By { get; set; }

    public required string Reason { get; init; }

    /// <summary>UTC microseconds.</summary>
    public required long At { get; init; }

    /// <summary>When staff had looked, UTC microseconds; then it counts no more.</summary>
    public long? ReviewedAt { get; set; }
}
