using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A stop as the crew sees it.</summary>
/// <param name="Report">Null when it is not with the reader's body any more, or not theirs to see: nothing of it is shown.</param>
/// <param name="ArrivesAt">UTC microseconds; null when the report has no point.</param>
/// <param name="Open">The reader can say here that it is solved.</param>
public sealed record RoundRow(RoundStop Stop, Report? Report, string? Address, string Description, IReadOnlyList<TrackPicture> Pictures, long? ArrivesAt, bool Open)
{
    /// <summary>In the address and the ids of the stop; empty for one that is not shown.</summary>
    public string Number => Report?.Number ?? "";
}

/// <summary>What the page of a round shows.</summary>
/// <param name="Typed">Words that came with a form which could not be done, for the stop <paramref name="At"/>.</param>
/// <param name="At">Number of the report whose form was refused; null for the round's own.</param>
/// <param name="Now">When the page was drawn, milliseconds since 1970.</param>
public sealed record RoundView(Round Round, RoundPlan Plan, IReadOnlyList<RoundRow> Rows, RoutingSnapshot Map, Refusal? Refusal, string? At, string? Typed, long Now)
{
    /// <summary>The mark and the name of who looks, to whom belongs what is solved on this page.</summary>
    public required string Account { get; init; }

    public required string Name { get; init; }

    public int Solved => Rows.Count(row => row.Report is { } report && IsSolved(report.ArchivedFrom ?? report.State));

    /// <summary>Somebody solved it: what was declined, withdrawn or merged is over too, but was not.</summary>
    public static bool IsSolved(ReportState state) => state is ReportState.Resolved or ReportState.Closed;

    /// <summary>The stop that comes next: its form stands open.</summary>
    public RoundRow? Next => Rows.FirstOrDefault(row => row.Open);
}

/// <summary>A round in the list.</summary>
public sealed record ListedRound(Round Round, int Stops, int Solved);

/// <summary>What the list of rounds shows: those under way, the next first, and the last that were finished.</summary>
public sealed record RoundsView(IReadOnlyList<ListedRound> Open, IReadOnlyList<ListedRound> Finished, RoutingSnapshot Map, bool OfSeveral);

/// <summary>What the form of a new round shows.</summary>
/// <param name="Typed">What is in its fields.</param>
public sealed record NewRoundView(IReadOnlyList<InboxRow> Chosen, IReadOnlyDictionary<string, string> Typed, RoutingSnapshot Map, Refusal? Refusal, long Now);
