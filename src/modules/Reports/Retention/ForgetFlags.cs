using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Forgets who flagged something: what staff have dealt with goes, what still waits becomes nobody's.</summary>
internal sealed class ForgetFlags(Periods periods) : Expiry("flags", personal: true)
{
    public override long Before(long at) => periods.Device(at);

    public override IQueryable<string> Over(Store store, long at) => Old(store, at).Join(store.Set<Report>(), flag => flag.ReportId, report => report.Id, (flag, report) => report.Number);

    public override async Task<int> ForgetAsync(Unit unit, long at, CancellationToken cancellation)
    {
        var old = await Old(unit.Store, at).Take(SliceMax).ToListAsync(cancellation);
        unit.Store.RemoveRange(old.Where(flag => flag.ReviewedAt is not null));
        old.ForEach(flag => flag.By = null);
        return old.Count;
    }

    private IQueryable<ReportFlag> Old(Store store, long at)
    {
        var before = Before(at);
        return store.Set<ReportFlag>().Where(flag => flag.At < before && (flag.By != null || flag.ReviewedAt != null));
    }
}
