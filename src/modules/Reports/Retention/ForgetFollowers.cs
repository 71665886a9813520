using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Forgets who followed a report that ended some time ago: as long as its reporter can be reached, so can they.</summary>
internal sealed class ForgetFollowers(Periods periods) : Expiry("followers", personal: true)
{
    public override long Before(long at) => periods.Contact(at);

    public override IQueryable<string> Over(Store store, long at) => Ended(store, at).Join(store.Set<Report>(), followed => followed.ReportId, report => report.Id, (followed, report) => report.Number);

    public override async Task<int> ForgetAsync(Unit unit, long at, CancellationToken cancellation)
    {
        var over = await Ended(unit.Store, at).Take(SliceMax).ToListAsync(cancellation);
        await SubscriptionData.RemoveAsync(unit, over, cancellation);
        return over.Count;
    }

    private IQueryable<Subscription> Ended(Store store, long at)
    {
        var ended = store.EndedBefore(Before(at));
        return store.Set<Subscription>().Where(s => s.ReportId != null && ended.Any(report => report.Id == s.ReportId));
    }
}

/// <summary>Forgets addresses for which something was to be followed and nobody confirmed it.</summary>
internal sealed class ForgetDrafts(Periods periods) : Expiry("drafts", personal: true)
{
    public override long Before(long at) => periods.Draft(at);

    public override IQueryable<string> Over(Store store, long at) => Unconfirmed(store, at).Select(s => s.Target);

    public override async Task<int> ForgetAsync(Unit unit, long at, CancellationToken cancellation)
    {
        var over = await Unconfirmed(unit.Store, at).Take(SliceMax).ToListAsync(cancellation);
        await SubscriptionData.RemoveAsync(unit, over, cancellation);
        return over.Count;
    }

    private IQueryable<Subscription> Unconfirmed(Store store, long at)
    {
        var before = Before(at);
        return store.Set<Subscription>().Where(s => s.ConfirmedAt == null && s.AskedAt < before);
    }
}
