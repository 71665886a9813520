using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// All reports in memory, on each node: where the public ones lie (<see cref="Map"/>), and how many there are of what (<see cref="Counters"/>). A million take about 145 MB and some
/// seconds to load; afterwards it follows the log.
/// </summary>
internal sealed class ReportIndex(Settings settings, LogTail tail) : MemoryFollower, IDisposable
{
    private const int LooksMax = 50;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);

    private readonly RowTable rows = new();
    private readonly ReaderWriterLockSlim gate = new();

    public override string Name => "reports.map";

    public ReportMap Map => field ??= new ReportMap(rows, gate);

    public ReportCounters Counters => field ??= new ReportCounters(new WorkCalendar(settings.Get(KernelSettings.TimeZone)), gate);

    public override async Task LoadAsync(Store store, CancellationToken cancellation)
    {
        var held = await HeldTimes.ReadAsync(store, null, cancellation);
        var putting = Task.CompletedTask;
        await foreach (var page in IndexedReport.AllAsync(store, cancellation))
        {
            await putting;
            putting = Task.Run(() => // While the next page is read.
            {
                foreach (var report in page)
                {
                    Put(report, held.GetValueOrDefault(report.Id));
                }
            }, cancellation);
        }
        await putting;
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

    /// <summary>Waits until it holds what was written before, as far as this node has heard of it: who has just sent something looks for it.</summary>
    /// <returns>False when it does not after a quarter of a second: the tables then answer.</returns>
    public async Task<bool> SeenAsync(CancellationToken cancellation)
    {
        var head = tail.Head;
        for (var look = 0; Position < head && look < LooksMax; look++)
        {
            await Task.Delay(LookEvery, cancellation);
        }
        return Position >= head;
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
