using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Forgets from which network address somebody said "me too": the support counts on, nobody can tell any more from where it came.</summary>
internal sealed class ForgetDevices(Periods periods) : Expiry("devices")
{
    public override long Before(long at) => periods.Device(at);

    public override IQueryable<string> Over(Store store, long at) => Old(store, at).Join(store.Set<Report>(), support => support.ReportId, report => report.Id, (support, report) => report.Number);

    public override async Task<int> ForgetAsync(Unit unit, long at, CancellationToken cancellation)
    {
        var old = await Old(unit.Store, at).Take(SliceMax).ToListAsync(cancellation);
        SupportData.Anonymise(unit, old);
        return old.Count;
    }

    private IQueryable<ReportSupport> Old(Store store, long at)
    {
        var before = Before(at);
        return store.Set<ReportSupport>().Where(support => support.At < before && support.By.StartsWith(SupportReport.ByNetwork));
    }
}
