namespace Zinneke.Reports;

public sealed partial class Report
{
    /// <summary>A report as another system left it: nothing of the table of changes is asked, the facts of the file are believed.</summary>
    /// <param name="version">1 for a new one.</param>
    internal static Report OfHistory(ImportedReport past, Guid id, string number, Guid clientId, long version) => new()
    {
        Id = id,
        Number = number,
        ClientId = clientId,
        ContentHash = past.Hash,
        Channel = past.Channel,
        Language = past.Language,
        CreatedAt = past.CreatedAt,
        UpdatedAt = past.UpdatedAt,
        Category = past.Category,
        Lon = past.Lon,
        Lat = past.Lat,
        Area = past.Area,
        State = past.State,
        WorkStarted = past.State == ReportState.InProgress,
        ClockSince = past.CreatedAt,
        Visibility = past.Visibility,
        Priority = past.Priority,
        Holder = past.Holder,
        HolderSince = past.Holder is null ? null : past.CreatedAt,
        DueAt = past.DueAt,
        HolderDueAt = past.DueAt,
        ClockBody = past.Holder,
        EndedAt = past.EndedAt,
        EndedBy = past.EndedAt is null ? null : past.Holder,
        Reference = past.Reference,
        Rule = past.Rule,
        RuleSet = past.RuleSet,
        Confidence = past.Confidence,
        Uncertain = past.Uncertain,
        ChosenByRule = past.Rule is not null && past.State.IsOpen(),
        Version = version,
    };
}
