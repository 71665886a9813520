using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Which reports a map shows: open ones, unless states or a bucket are named; of one category with all below it, or of all.</summary>
/// <param name="Buckets">A bit for each bucket.</param>
internal sealed record MapFilter(ulong Buckets, IReadOnlySet<ReportState> States, string? Category)
{
    private const ulong Open = 1ul << (int)Bucket.Received | 1ul << (int)Bucket.InProgress;

    /// <summary>Every report on the map, whatever became of it.</summary>
    public static MapFilter Everything { get; } = new(ulong.MaxValue, new HashSet<ReportState>(), null);

    /// <summary>True when counts by bucket answer it.</summary>
    public bool BucketsOnly => States.Count == 0 && Category is null;

    /// <returns>422 with the word that is not known.</returns>
    public static Outcome<MapFilter> Of(IQueryCollection query)
    {
        var states = new HashSet<ReportState>();
        foreach (var word in query["state"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (ReportWords.Parse<ReportState>(word) is not { } state)
            {
                return Refusal.Invalid("reports.unknownWord", "state", Fault.Shorten(word));
            }
            states.Add(state);
        }
        var buckets = states.Count > 0 ? ulong.MaxValue : Open;
        if (query["bucket"].ToString() is { Length: > 0 } named)
        {
            if (ReportWords.Parse<Bucket>(named) is not { } bucket)
            {
                return Refusal.Invalid("reports.unknownWord", "bucket", Fault.Shorten(named));
            }
            buckets = 1ul << (int)bucket;
        }
        return new MapFilter(buckets, states, query["category"].ToString() is { Length: > 0 } category ? category : null);
    }

    public bool Fits(in MappedReport report) =>
        (Buckets >> (int)report.Bucket & 1) == 1
        && (States.Count == 0 || States.Contains(report.State))
        && (Category is null || Reports.Category.IsIn(report.Category, Category));
}
