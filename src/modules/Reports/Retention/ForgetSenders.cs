using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Forgets what reports were sent from.</summary>
internal sealed class ForgetSenders(Periods periods) : Expiry("senders", personal: true)
{
    public override long Before(long at) => periods.Device(at);

    public override IQueryable<string> Over(Store store, long at) => Old(store, at).Join(store.Set<Report>(), sender => sender.ReportId, report => report.Id, (sender, report) => report.Number);

    public override async Task<int> ForgetAsync(Unit unit, long at, CancellationToken cancellation)
    {
        var old = await Old(unit.Store, at).Take(SliceMax).ToListAsync(cancellation);
        unit.Store.RemoveRange(old);
        return old.Count;
    }

    private IQueryable<ReportSender> Old(Store store, long at)
    {
        var before = Before(at);
        return store.Set<ReportSender>().Where(sender => sender.At < before);
    }
}
