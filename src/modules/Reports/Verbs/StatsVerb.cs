using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>reports stats</c>: the figures of an installation.</summary>
internal static class StatsVerb
{
    private static readonly Setting<DateTimeOffset?> At = Setting.Instant("at", "Instant up to which reports are counted; by default now.");

    public static Command Verb { get; } = new("reports", "stats", "Counts reports, how long they take, and how many keep their promise.", "reports stats --at 2026-01-01T00:00:00+01:00 --data var")
    {
        Options = [At],
        Run = async call =>
        {
            await call.OpenStoreAsync();
            var at = call.Get(At)?.ToMicros() ?? call.Service<TimeProvider>().NowMicros();
            await using var store = call.Service<Database>().Open();
            var rows = await store.Set<Report>().AsNoTracking().Where(r => r.CreatedAt < at)
                .Select(r => new CountedReport(r.CreatedAt, r.EndedAt, r.State, r.Category, r.Area, r.Holder, r.Channel, r.Language, r.DueAt, r.Hops, r.ReopenCount)).ToListAsync(call.Stop);
            return Result.Of(ReportStatistics.Of(rows, at, new WorkCalendar(call.Get(KernelSettings.TimeZone))));
        },
    };
}
