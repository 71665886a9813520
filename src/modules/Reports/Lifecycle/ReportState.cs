using System.Collections.Frozen;

namespace Zinneke.Reports;

/// <summary>Where a report stands. Names are also the words of the API (camelCase).</summary>
public enum ReportState
{
    /// <summary>Stored, not yet with a body.</summary>
    Submitted,

    /// <summary>With a holder that has not yet said that it is theirs.</summary>
    Assigned,
    Accepted,
    Planned,
    InProgress,

    /// <summary>Waiting for something; the reason says what.</summary>
    OnHold,

    /// <summary>Done, may be contradicted.</summary>
    Resolved,

    /// <summary>Done and confirmed, or nobody contradicted in time.</summary>
    Closed,
    Declined,

    /// <summary>Merged into another report.</summary>
    Duplicate,
    Withdrawn,

    /// <summary>After retention: only public fields remain.</summary>
    Archived,
}

/// <summary>What residents see of a state.</summary>
public enum Bucket
{
    Received,
    InProgress,
    Solved,
    NotDone,
    NotShown,
}

/// <summary>Who may see a report.</summary>
public enum Visibility
{
    Public,

    /// <summary>Waits for moderation.</summary>
    Pending,
    Hidden,

    /// <summary>Of a private category or place: the point is public only rounded to 100 m, words and photos not at all.</summary>
    Private,
}

/// <summary>The codes that give reasons, and what states mean to the public.</summary>
internal static class ReportWords
{
    public static FrozenSet<string> HoldReasons { get; } = FrozenSet.Create("awaitingReporter", "weather", "thirdParty", "budget", "permit", "seasonal");

    public static FrozenSet<string> DeclineReasons { get; } =
        FrozenSet.Create("notPublicSpace", "nothingFound", "outOfScope", "plannedWorks", "insufficientInformation", "acceptedDefect");

    public static FrozenSet<string> ReopenReasons { get; } = FrozenSet.Create("notSolved", "badlySolved", "cameBack", "other");

    /// <summary>Offered when a report is handed on; other codes are accepted from partners.</summary>
    public static FrozenSet<string> HandOverReasons { get; } = FrozenSet.Create("notOurRoad", "notOurNetwork", "notOurTask", "wrongCategory", "wrongPlace", "other");

    /// <summary>Offered when a report is to stand by itself again; other codes are accepted.</summary>
    private static FrozenSet<string> UnmergeReasons { get; } = FrozenSet.Create("otherProblem", "otherPlace", "other");

    /// <summary>Reasons offered with an action; none when it takes no reason.</summary>
    public static FrozenSet<string> ReasonsOf(string action) => action switch
    {
        "hold" => HoldReasons,
        "decline" => DeclineReasons,
        "reopen" => ReopenReasons,
        "assign" or "transfer" or "reject" => HandOverReasons,
        "unmerge" => UnmergeReasons,
        _ => [],
    };

    public static Bucket BucketOf(ReportState state) => state switch
    {
        ReportState.Submitted or ReportState.Assigned => Bucket.Received,
        ReportState.Accepted or ReportState.Planned or ReportState.InProgress or ReportState.OnHold => Bucket.InProgress,
        ReportState.Resolved or ReportState.Closed => Bucket.Solved,
        ReportState.Declined => Bucket.NotDone,
        _ => Bucket.NotShown,
    };

    /// <summary>The states in which a report waits for somebody, in the order of the work.</summary>
    public static IReadOnlyList<ReportState> OpenStates { get; } = [.. Enum.GetValues<ReportState>().Where(IsOpen)];

    /// <summary>The states in which nobody has to do anything.</summary>
    public static IReadOnlyList<ReportState> ClosedStates { get; } = [.. Enum.GetValues<ReportState>().Except(OpenStates)];

    /// <summary>True while somebody still has to do something.</summary>
    public static bool IsOpen(this ReportState state) => state <= ReportState.OnHold;

    /// <summary>The word of a state, action or bucket as the API writes it.</summary>
    public static string Word<T>(T value) where T : struct, Enum => CamelCase<T>.Words[value];

    /// <summary>The value that a word names, or null.</summary>
    public static T? Parse<T>(string? word) where T : struct, Enum => word is not null && CamelCase<T>.Values.TryGetValue(word, out var value) ? value : null;

    private static class CamelCase<T> where T : struct, Enum
    {
        public static FrozenDictionary<T, string> Words { get; } =
            Enum.GetValues<T>().ToFrozenDictionary(v => v, v => char.ToLowerInvariant(v.ToString()[0]) + v.ToString()[1..]);

        public static FrozenDictionary<string, T> Values { get; } = Words.ToFrozenDictionary(w => w.Value, w => w.Key, StringComparer.Ordinal);
    }
}
