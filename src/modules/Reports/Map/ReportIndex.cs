using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// All reports in memory, on each node: where the public ones lie (<see cref="Map"/>), and how many there are of what (<see cref="Counters"/>). A million take about 90 MB and some
/// seconds to load; afterwards it follows the log.
/// </summary>
internal sealed class ReportIndex(Settings settings) : MemoryFollower, IDisposable
{
    private readonly RowTable rows = new();
    private readonly ReaderWriterLockSlim gate = new();

    public override string Name => "reports.map";

    public ReportMap Map => field ??= new ReportMap(rows, gate);

    public ReportCounters Counters => field ??= new ReportCounters(new WorkCalendar(settings.Get(KernelSettings.TimeZone)), gate);

    public override async Task LoadAsync(Store store, CancellationToken cancellation)
    {
        var held = await HeldTimes.ReadAsync(store, null, cancellation);
        var reports = IndexedReport.Of(store.Set<Report>());
        await foreach (var report in reports.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            Put(report, held.GetValueOrDefault(report.Id));
        }
        Change(() =>
        {
            rows.Trim();
            Map.Trim();
        });
    }

    public override async Task ApplyAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        List<Guid> ids = [.. events.Where(e => e.Subject.Kind == "report").Select(e => Guid.Parse(e.Subject.Id)).Distinct()];
        if (ids.Count == 0)
        {
            return;
        }
        var held = await HeldTimes.ReadAsync(store, ids, cancellation);
        foreach (var report in await IndexedReport.Of(store.Set<Report>().Where(r => ids.Contains(r.Id))).ToListAsync(cancellation))
        {
            Put(report, held.GetValueOrDefault(report.Id));
        }
    }

    public void Dispose() => gate.Dispose();

    private void Put(IndexedReport report, IReadOnlyList<HeldTime>? held) => Change(() =>
    {
        var row = rows.FindOrAdd(report.Id);
        Map.Put(row, report);
        Counters.Put(row, report, held);
    });

    private void Change(Action change)
    {
        gate.EnterWriteLock();
        try
        {
            change();
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }
}
