using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The reporter's words. An ordinary row, so that it can be erased without touching the report or the log.</summary>
internal sealed class ReportWordsRow
{
    public required Guid ReportId { get; init; }

    /// <summary>At most 4,000 characters, as typed.</summary>
    public required string Description { get; set; }

    /// <summary>The address as typed or found.</summary>
    public string? Address { get; set; }

    /// <summary>Answers to the category's questions: JSON object from code to a list of values.</summary>
    public string Answers { get; set; } = "{}";

    /// <summary>Not shown to the public: neither these nor what the reporter wrote later.</summary>
    public bool Hidden { get; set; }

    /// <summary>There is something to see or to hide.</summary>
    public bool HasAny => Description.Length > 0 || Address is not null || Answers.Length > 2;

    /// <summary>Description and address folded, for searching: databases differ in what they call the same letter.</summary>
    public string Search
    {
        get => Folding.Fold($"{Description} {Address}");
        private set { } // Follows from the others.
    }
}

/// <summary>How to reach the reporter: seen by the holder only, erased after retention or on request.</summary>
internal sealed class ReportContact
{
    public required Guid ReportId { get; init; }

    public string? Email { get; set; }

    public string? Name { get; set; }

    public string? Phone { get; set; }

    /// <summary>Wants to hear of every step by e-mail.</summary>
    public bool Notify { get; set; }

    /// <summary>The account that filed it, when somebody was signed in.</summary>
    public Guid? Account { get; set; }
}

/// <summary>One line of the history: who did what and when, with the words that came with it.</summary>
internal sealed class ReportEntry
{
    public required Guid Id { get; init; }

    public required Guid ReportId { get; init; }

    public required long At { get; init; }

    public required Guid Actor { get; init; }

    /// <summary>The action as the API writes it: <c>submit, accept, resolve, comment, note ...</c></summary>
    public required string Action { get; init; }

    /// <summary>State after it, when the action changed the state.</summary>
    public ReportState? State { get; init; }

    /// <summary>The body that has it after the action.</summary>
    public string? Body { get; init; }

    /// <summary>The body in whose name it was done; null when a resident or the program did it.</summary>
    public string? ActingBody { get; init; }

    /// <summary>A code; of <c>merge, joined, parted</c> the number of the other report.</summary>
    public string? Reason { get; init; }

    /// <summary>The same for everybody: the other report may be private.</summary>
    public string? PublicReason => Action is "merge" or "joined" or "parted" ? null : Reason;

    /// <summary>Words for the public, or of an internal note; empty once erased.</summary>
    public Text Text { get; set; } = Text.Empty;

    /// <summary>Seen by staff only.</summary>
    public bool Internal { get; init; }

    /// <summary>Adds the line that says what the unit did.</summary>
    /// <param name="state">Null when the state stayed.</param>
    /// <param name="id">Of what was sent from outside and is known again by it; otherwise a new one.</param>
    public static ReportEntry Add(Unit unit, Report report, string action, Text? said = null, string? reason = null, ReportState? state = null, bool isInternal = false, string? actingBody = null, Guid? id = null) =>
        unit.Store.Add(new ReportEntry
        {
            Id = id ?? unit.NextId(),
            ReportId = report.Id,
            At = unit.Now,
            Actor = unit.Actor.Id,
            Action = action,
            State = state,
            Body = report.Holder,
            ActingBody = actingBody,
            Reason = reason,
            Text = said ?? Text.Empty,
            Internal = isInternal,
        }).Entity;
}

/// <summary>A photo of a report.</summary>
internal sealed class ReportPhoto
{
    public required Guid Id { get; init; }

    public required Guid ReportId { get; init; }

    /// <summary>The stored file.</summary>
    public required Guid FileId { get; init; }

    public required int Order { get; init; }

    /// <summary>Taken after the repair.</summary>
    public bool After { get; init; }

    public bool Hidden { get; set; }
}

/// <summary>Somebody said "me too": once for each person, known by a hash of account, key or network address.</summary>
internal sealed class ReportSupport
{
    public required Guid ReportId { get; init; }

    public required string By { get; init; }

    public required long At { get; init; }
}

/// <summary>What the holder of a report was last reminded of: nobody hears of the same due date and stage twice, and the next ones have their turn.</summary>
internal sealed class ReportReminder
{
    public required Guid ReportId { get; init; }

    /// <summary>The holder's due date, UTC microseconds; another one begins anew.</summary>
    public required long DueAt { get; set; }

    /// <summary>It had passed; otherwise only most of the time had.</summary>
    public required bool Passed { get; set; }
}

/// <summary>The numbers of a year that are already handed out to nodes in blocks.</summary>
internal sealed class NumberBlock
{
    public required int Year { get; init; }

    /// <summary>First number that no node has.</summary>
    public int Next { get; set; } = 1;

    public long Version { get; set; }
}

/// <summary>Where a report comes from that was imported: the key by which the same line of history is known again.</summary>
internal sealed class ReportOrigin
{
    public required Guid ReportId { get; init; }

    /// <summary>The other system, as the map file names it.</summary>
    public required string Source { get; init; }

    /// <summary>Number of the report there.</summary>
    public required string ExternalId { get; init; }

    /// <summary>Version of the report after the import; a higher one says that somebody has worked on it here since.</summary>
    public required long ReportVersion { get; set; }
}
