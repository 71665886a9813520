using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Forgets what was forwarded, half a year after it ended: as long as a report may be reopened, its next request names the one before.</summary>
internal sealed class ForgetForwards() : Expiry("forwards")
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(180);

    public override long Before(long at) => at - KeptFor.ToMicros();

    public override IQueryable<string> Over(Store store, long at) => Ended(store, at).Join(store.Set<Report>(), one => one.ReportId, report => report.Id, (one, report) => report.Number);

    public override async Task<int> ForgetAsync(Unit unit, long at, CancellationToken cancellation)
    {
        var over = await Ended(unit.Store, at).Take(SliceMax).ToListAsync(cancellation);
        unit.Store.RemoveRange(over);
        return over.Count;
    }

    private IQueryable<Forward> Ended(Store store, long at)
    {
        var before = Before(at);
        return store.Set<Forward>().Where(one => one.EndedAt < before);
    }
}
