using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>How long a body had a report while it was open.</summary>
/// <param name="Until">Null: it has it still. UTC microseconds.</param>
internal readonly record struct HeldTime(string Body, long Since, long? Until);

/// <summary>The times in which bodies had reports (R32): of one that never changed hands from its row, of others from its history.</summary>
internal static class HeldTimes
{
    /// <summary>Of reports that changed hands or came back; all others are absent.</summary>
    /// <param name="ids">All for null.</param>
    public static async Task<Dictionary<Guid, IReadOnlyList<HeldTime>>> ReadAsync(Store store, IReadOnlyList<Guid>? ids, CancellationToken cancellation)
    {
        var moved = store.Set<Report>().AsNoTracking().Where(r => r.Hops > 0 || r.ReopenCount > 0);
        moved = ids is null ? moved : moved.Where(r => ids.Contains(r.Id));
        var lines = await store.Set<ReportEntry>().AsNoTracking().Join(moved, entry => entry.ReportId, report => report.Id, (entry, _) => entry)
            .OrderBy(entry => entry.ReportId).ThenBy(entry => entry.At).ThenBy(entry => entry.Id)
            .Select(entry => new { entry.ReportId, Line = new HistoryLine(entry.At, entry.State, entry.Body) }).ToListAsync(cancellation);
        return lines.GroupBy(one => one.ReportId).ToDictionary(group => group.Key, group => Of(group.Select(one => one.Line)));
    }

    /// <summary>Of a report whose row says everything.</summary>
    public static HeldTime? Of(in IndexedReport report) => report.Holder is { } holder && (report.EndedAt is not null || report.State.IsOpen())
        ? new HeldTime(holder, report.HolderSince ?? report.CreatedAt, report.EndedAt)
        : null;

    /// <summary>The same times as they were known at an instant.</summary>
    /// <param name="at">UTC microseconds; from then on nothing is counted, and what went on then goes on.</param>
    public static IReadOnlyList<HeldTime> Until(IReadOnlyList<HeldTime> times, long at) =>
        [.. times.Where(time => time.Since < at).Select(time => time.Until > at ? time with { Until = null } : time)];

    /// <param name="history">Oldest first.</param>
    internal static IReadOnlyList<HeldTime> Of(IEnumerable<HistoryLine> history)
    {
        var held = new List<HeldTime>();
        var (body, since, open) = ((string?)null, 0L, false);
        foreach (var line in history)
        {
            var goesOn = line.State?.IsOpen() ?? open;
            var same = body == line.Body;
            if (open && body is not null && (!same || !goesOn))
            {
                held.Add(new HeldTime(body, since, line.At));
            }
            since = goesOn && (!same || !open) ? line.At : since;
            (body, open) = (line.Body, goesOn);
        }
        if (open && body is not null)
        {
            held.Add(new HeldTime(body, since, null));
        }
        return held;
    }
}

/// <summary>A line of a report's history.</summary>
/// <param name="State">Null when it stayed.</param>
/// <param name="Body">Who had it afterwards.</param>
internal sealed record HistoryLine(long At, ReportState? State, string? Body);
