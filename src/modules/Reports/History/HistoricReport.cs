using Zinneke.Geo;

namespace Zinneke.Reports;

/// <summary>One report of the past, as it stands in a file of history.</summary>
/// <param name="ExternalId">Number in the system it comes from.</param>
/// <param name="CreatedAt">With the offset of its zone.</param>
/// <param name="ClosedAt">When it was resolved or declined; null while it is open.</param>
/// <param name="UpdatedAt">Last change.</param>
internal sealed record HistoricReport(
    string ExternalId, DateTimeOffset CreatedAt, DateTimeOffset? ClosedAt, DateTimeOffset UpdatedAt, ReportState State, string Category, string Description, LonLat Point,
    string Channel, string Language);
