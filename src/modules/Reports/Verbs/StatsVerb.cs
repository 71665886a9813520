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
            await call.OpenExistingStoreAsync();
            var at = call.Get(At)?.ToMicros() ?? call.Service<TimeProvider>().NowMicros();
            await using var store = call.Service<Database>().Open();
            var held = await HeldTimes.ReadAsync(store, null, call.Stop);
            using var gate = new ReaderWriterLockSlim();
            var counters = new ReportCounters(new WorkCalendar(call.Get(KernelSettings.TimeZone)), gate, at);
            var row = 0;
            await foreach (var report in IndexedReport.Of(store.Set<Report>().Where(r => r.CreatedAt < at)).AsAsyncEnumerable().WithCancellation(call.Stop))
            {
                counters.Put(row++, report, held.GetValueOrDefault(report.Id));
            }
            return Result.Of(counters.Of(StatisticsFilter.All, at));
        },
    };
}
