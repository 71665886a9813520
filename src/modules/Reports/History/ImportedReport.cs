namespace Zinneke.Reports;

/// <summary>A line of history that was checked and routed: what the import is going to store. Instants are UTC microseconds.</summary>
/// <param name="Source">The other system.</param>
/// <param name="ExternalId">Number of the report there; with the source the key of an import.</param>
/// <param name="Hash">SHA-256 of the facts of the line, without what routing made of them: the same file is unchanged also under new rules.</param>
/// <param name="Year">Local year of creation, for its number.</param>
/// <param name="EndedAt">When it was resolved or declined.</param>
/// <param name="Number">The public number that the file gives it; null to take the next.</param>
/// <param name="Holder">Null as long as it is only submitted.</param>
internal sealed record ImportedReport(
    string Source, string ExternalId, byte[] Hash, int Year, long CreatedAt, long? EndedAt, long UpdatedAt, ReportState State, Visibility Visibility, Priority Priority, string Category,
    string Description, double? Lon, double? Lat, string? Address, string Channel, string Language, string? Number, string? Reference, string? Holder, string? Area, string? Rule, long RuleSet,
    double Confidence, bool Uncertain, long? DueAt);
