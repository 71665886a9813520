using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A body has made a round of some of its reports.</summary>
[EventType("reports.round.created")]
public sealed record RoundCreated(int Stops);

/// <summary>Its order or its stops are others now.</summary>
/// <param name="What"><c>up, down, out, order, reopen</c>.</param>
[EventType("reports.round.changed")]
public sealed record RoundChanged(string What, int Stops);

/// <summary>The crew is back.</summary>
/// <param name="Solved">Stops whose report was solved then.</param>
[EventType("reports.round.finished")]
public sealed record RoundFinished(int Stops, int Solved);

/// <summary>The round is no more; its reports stay as they are.</summary>
[EventType("reports.round.removed")]
public sealed record RoundRemoved(int Stops);
