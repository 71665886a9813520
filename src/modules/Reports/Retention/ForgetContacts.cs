using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Erases how to reach the reporters of what ended some time ago.</summary>
internal sealed class ForgetContacts(EraseContact erase, Periods periods) : Expiry("contacts", personal: true)
{
    public override long Before(long at) => periods.Contact(at);

    public override IQueryable<string> Over(Store store, long at) => Ended(store, at).Join(store.Set<Report>(), contact => contact.ReportId, report => report.Id, (contact, report) => report.Number);

    public override async Task<int> ForgetAsync(Unit unit, long at, CancellationToken cancellation) =>
        await erase.EraseAsync(unit, await Ended(unit.Store, at).Take(SliceMax).ToListAsync(cancellation), cancellation);

    private IQueryable<ReportContact> Ended(Store store, long at)
    {
        var ended = store.EndedBefore(Before(at));
        return store.Set<ReportContact>()
            .Where(contact => ended.Any(report => report.Id == contact.ReportId));
    }
}
