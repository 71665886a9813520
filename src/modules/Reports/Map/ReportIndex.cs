using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// All reports in memory, on each node: where the public ones lie (<see cref="Map"/>), and how many there are of what (<see cref="Counters"/>). A million take about 145 MB and some
/// seconds to load; afterwards it follows the log.
/// </summary>
internal sealed class ReportIndex(Settings settings, LogTail tail) : MemoryFollower, IDisposable
{
    private readonly RowTable rows = new();
    private readonly ReaderWriterLockSlim gate = new();

    public override string Name => "reports.map";

    public ReportMap Map => field ??= new ReportMap(rows, gate);

    public ReportCounters Counters => field ??= new ReportCounters(new WorkCalendar(settings.Get(KernelSettings.TimeZone)), gate);

    public override async Task LoadAsync(Store store, CancellationToken cancellation)
    {
        var all = await IndexedReport.AllAsync(store, cancellation);
        var moved = all.Exists(report => report.Hops > 0 || report.ReopenCount > 0);
        var held = moved ? await HeldTimes.ReadAsync(store, null, cancellation) : [];
        var order = ByTime(all);
        Change(() =>
        {
            rows.Reserve(order.Length);
            var places = Array.ConvertAll(order, one => rows.FindOrAdd(all[one].Id));
            // They share nothing but the numbers of the rows, and each takes about a second for a million.
            Parallel.Invoke(
                () => Each(places, Map.Put),
                () => Each(places, (int row, in IndexedReport report) => Counters.Put(row, report, held.GetValueOrDefault(report.Id))));
            rows.Trim();
            Map.Trim();
        });

        void Each(int[] places, Putting put)
        {
            var reports = CollectionsMarshal.AsSpan(all);
            for (var i = 0; i < order.Length; i++)
            {
                put(places[i], reports[order[i]]);
            }
        }
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

    public Task<bool> SeenAsync(CancellationToken cancellation) => SeenAsync(tail, cancellation);

    public void Dispose() => gate.Dispose();

    /// <summary>Places in the list in the order of sending, of equal instants by id: so the index is quick, while the store is read as it lies.</summary>
    private static int[] ByTime(List<IndexedReport> reports)
    {
        int[] order = [.. Enumerable.Range(0, reports.Count)];
        long[] times = [.. reports.Select(report => report.CreatedAt)];
        Array.Sort(times, order);
        for (int first = 0, next; first < order.Length; first = next)
        {
            for (next = first + 1; next < order.Length && times[next] == times[first]; next++)
            {
            }
            order.AsSpan(first, next - first).Sort((a, b) => ReportPlace.Compare(reports[a].Id, reports[b].Id));
        }
        return order;
    }

    private delegate void Putting(int row, in IndexedReport report);

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
