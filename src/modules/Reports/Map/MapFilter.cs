using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Which reports a map shows: open ones, unless states or a bucket are named; of one category with all below it, area, body and time of sending, or of all.</summary>
/// <param name="States">A bit for each state.</param>
/// <param name="From">Sent at this instant or later, UTC microseconds.</param>
/// <param name="To">Sent before this instant.</param>
internal sealed record MapFilter(ulong States, string? Category = null, string? Area = null, string? Body = null, long From = long.MinValue, long To = long.MaxValue)
{
    private const long MicrosOfSecond = 1_000_000;

    /// <summary>What the public sees on a map: nothing merged, withdrawn or archived.</summary>
    private static ulong Shown { get; } = BitsOf(Enum.GetValues<ReportState>().Where(state => ReportWords.BucketOf(state) != Bucket.NotShown));

    /// <summary>Every report on the map, whatever became of it.</summary>
    public static MapFilter Everything { get; } = new(Shown);

    /// <summary>Names of the query.</summary>
    public static IReadOnlyList<string> Names { get; } = ["state", "bucket", "category", "area", "body", "from", "to", "createdFrom", "createdTo"];

    private static ulong Open { get; } = BitsOf(ReportWords.OpenStates);

    /// <summary>The words of every state on a map: asked for where open ones alone would say too little.</summary>
    public static string AllStates { get; } = string.Join(',', Enum.GetValues<ReportState>().Where(state => (Shown >> (int)state & 1) == 1).Select(ReportWords.Word));

    /// <summary>The states are those of the moment: an archived report is that, and not what it was before.</summary>
    public bool Exact { get; init; }

    /// <summary>True when counts by state answer it.</summary>
    public bool StatesOnly => !Exact && Category is null && Area is null && Body is null && From == long.MinValue && To == long.MaxValue;

    public static ulong BitsOf(IEnumerable<ReportState> states) => states.Aggregate(0ul, (bits, state) => bits | 1ul << (int)state);

    public static ulong BitsOf(Bucket bucket) => BitsOf(Enum.GetValues<ReportState>().Where(state => ReportWords.BucketOf(state) == bucket));

    /// <param name="zone">Of days without a time.</param>
    /// <param name="created">False where <c>createdFrom</c> and <c>createdTo</c> are read otherwise.</param>
    /// <returns>422 with every word that is not known.</returns>
    public static Outcome<MapFilter> Of(IQueryCollection query, WorkCalendar zone, bool created = true)
    {
        var faults = new List<Refusal>();
        string? Value(string name) => query[name].ToString() is { Length: > 0 } value ? value : null;
        T? Word<T>(string name, string word) where T : struct, Enum
        {
            if (ReportWords.Parse<T>(word) is { } known)
            {
                return known;
            }
            faults.Add(Refusal.Invalid("reports.unknownWord", name, Fault.Shorten(word)));
            return null;
        }
        var states = BitsOf((Value("state") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word => Word<ReportState>("state", word)).OfType<ReportState>());
        var bucket = Value("bucket") is { } named ? Word<Bucket>("bucket", named) : null;
        if (bucket is not null || states == 0)
        {
            var shown = bucket is { } one ? BitsOf(one) : Open;
            states = states == 0 ? shown : states & shown;
        }
        long? Typed(string name, int daysOn) => Instant(name, Value(name), zone, daysOn, faults);
        var (from, to) = (Typed("from", 0) ?? long.MinValue, Typed("to", 1) ?? long.MaxValue);
        if (created)
        {
            (from, to) = (Math.Max(from, Typed("createdFrom", 0) ?? from), Math.Min(to, Typed("createdTo", 1) ?? to));
        }
        var filter = new MapFilter(states & Shown, Value("category"), Value("area"), Value("body"), from, to);
        return faults.Count == 0 ? filter : Refusal.Of(faults);
    }

    /// <summary>An instant with its zone, to the next whole second as the index keeps time; or a day, of which <c>to</c> means the end.</summary>
    private static long? Instant(string name, string? text, WorkCalendar zone, int daysOn, List<Refusal> faults)
    {
        if (text is null)
        {
            return null;
        }
        if (TypedDay.Read(text) is { } day)
        {
            return zone.At(day.AddDays(daysOn), TimeOnly.MinValue);
        }
        if (Instants.TryRead(text, out var micros))
        {
            return micros / MicrosOfSecond * MicrosOfSecond + (micros % MicrosOfSecond > 0 ? MicrosOfSecond : 0);
        }
        faults.Add(Refusal.Invalid("reports.badPeriod", name));
        return null;
    }
}
