using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Forgets what the systems of bodies were told, three months after. That a channel was switched off is known as long as it is.</summary>
internal sealed class ForgetDeliveries() : Expiry("deliveries")
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    public override long Before(long at) => at - KeptFor.ToMicros();

    public override IQueryable<string> Over(Store store, long at) => Ended(store, at).Join(store.Set<Report>(), one => one.ReportId, report => report.Id, (one, report) => report.Number);

    public override async Task<int> ForgetAsync(Unit unit, long at, CancellationToken cancellation)
    {
        var over = await Ended(unit.Store, at).Take(SliceMax).ToListAsync(cancellation);
        unit.Store.RemoveRange(over);
        return over.Count;
    }

    private IQueryable<Delivery> Ended(Store store, long at)
    {
        var before = Before(at);
        return store.Set<Delivery>().Where(one => one.State != DeliveryState.Waiting && one.EndedAt < before && one.Status != 410);
    }
}
