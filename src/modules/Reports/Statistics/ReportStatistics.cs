namespace Zinneke.Reports;

/// <summary>
/// Figures over reports sent before an instant (reports.md 4.6), as they stand now. Days until solved are shown twice: by Kaplan and Meier (1958) over all, where one that is open counts for the
/// time it has been waiting; and over those that were solved, which hides those that never are.
/// </summary>
public sealed record ReportStatistics
{
    public required DateTimeOffset At { get; init; }

    public required int Total { get; init; }

    /// <summary>The day by which this share of all was solved or declined; null while it is not.</summary>
    public required SurvivalDays SurvivalDays { get; init; }

    /// <summary>From sending to solved, of those that are solved; null when none is.</summary>
    public required DaysUntil? ResolvedDays { get; init; }

    public required IReadOnlyDictionary<string, int> ByState { get; init; }

    public required IReadOnlyDictionary<string, int> ByTopCategory { get; init; }

    public required IReadOnlyDictionary<string, int> ByArea { get; init; }

    public required IReadOnlyDictionary<string, int> ByBody { get; init; }

    public required IReadOnlyDictionary<string, int> ByChannel { get; init; }

    public required IReadOnlyDictionary<string, int> ByLanguage { get; init; }

    /// <summary>Of sending, <c>2026-05</c>, in the installation's zone.</summary>
    public required IReadOnlyDictionary<string, int> ByMonth { get; init; }

    /// <summary>Open at the end of each month, and at the instant.</summary>
    public required IReadOnlyDictionary<string, int> Backlog { get; init; }

    public required KeptPromises Sla { get; init; }

    /// <summary>Of all the time in which reports were open, the share that each body had them.</summary>
    public required IReadOnlyDictionary<string, double> HolderTimeShare { get; init; }

    public required HopFigures Hops { get; init; }

    /// <summary>Of all that were ever solved or declined, those that came back.</summary>
    public required double ReopenShare { get; init; }

    /// <summary>When the oldest that is open was sent; null when none is.</summary>
    public required DateTimeOffset? OldestOpen { get; init; }

    internal static double Share(double part, int whole) => whole == 0 ? 0 : Math.Round(part / whole, 4);
}

/// <summary>Elapsed days.</summary>
public sealed record DaysUntil(double Mean, double P50, double P90)
{
    /// <param name="seconds">Ascending.</param>
    /// <returns>Null for none.</returns>
    internal static DaysUntil? Of(ReadOnlySpan<uint> seconds)
    {
        if (seconds.Length == 0)
        {
            return null;
        }
        var sum = 0.0;
        foreach (var one in seconds)
        {
            sum += one;
        }
        return new DaysUntil(SurvivalDays.Rounded(sum / seconds.Length), Rank(seconds, 0.5), Rank(seconds, 0.9));

        static double Rank(ReadOnlySpan<uint> seconds, double p) => SurvivalDays.Rounded(seconds[(int)Math.Ceiling(p * seconds.Length) - 1]); // Nearest rank.
    }
}

/// <summary>Days after which half, and nine of ten, are solved or declined; null when that many are not yet.</summary>
public sealed record SurvivalDays(double? P50, double? P90)
{
    /// <param name="solved">Seconds of waits that ended, ascending.</param>
    /// <param name="declined">Of others that ended, ascending.</param>
    /// <param name="waiting">Seconds of waits of which only is known that they were at least so long, ascending.</param>
    internal static SurvivalDays Of(ReadOnlySpan<uint> solved, ReadOnlySpan<uint> declined, ReadOnlySpan<uint> waiting)
    {
        var left = 1.0;
        double? half = null, most = null;
        var (first, second, gone) = (0, 0, 0);
        while (most is null && (first < solved.Length || second < declined.Length))
        {
            var at = second == declined.Length || (first < solved.Length && solved[first] <= declined[second]) ? solved[first] : declined[second];
            while (gone < waiting.Length && waiting[gone] < at)
            {
                gone++;
            }
            var still = solved.Length - first + declined.Length - second + waiting.Length - gone;
            var ended = Skip(solved, ref first, at) + Skip(declined, ref second, at);
            left *= 1 - ((double)ended / still);
            half ??= left <= 0.5 ? Rounded(at) : null;
            most ??= left <= 0.1 ? Rounded(at) : null;
        }
        return new SurvivalDays(half, most);

        static int Skip(ReadOnlySpan<uint> times, ref int place, uint at)
        {
            var from = place;
            while (place < times.Length && times[place] == at)
            {
                place++;
            }
            return place - from;
        }
    }

    internal static double Rounded(double seconds) => Math.Round(seconds / 86_400, 4);
}

/// <summary>Solved or declined by the promised time or after it, and open beyond it.</summary>
public sealed record KeptPromises(int OnTime, int Late, int OpenOverdue);

/// <summary>Changes of holder: the mean, and the share of reports with three and more.</summary>
public sealed record HopFigures(double Mean, double ShareThreeOrMore);
