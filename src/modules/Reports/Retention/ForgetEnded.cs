using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Forgets rows of reports that ended some time ago, whatever has become of the report since.</summary>
/// <param name="kind">As in <see cref="Expiry"/>.</param>
/// <param name="keptFor">After the end.</param>
/// <param name="reportOf">Id of the report that a row belongs to.</param>
/// <param name="endedBefore">Which rows ended before an instant, UTC microseconds.</param>
/// <param name="personal">As in <see cref="Expiry"/>.</param>
internal class ForgetEnded<T>(string kind, TimeSpan keptFor, Expression<Func<T, Guid>> reportOf, Func<long, Expression<Func<T, bool>>> endedBefore, bool personal = false) : Expiry(kind, personal)
    where T : class
{
    public override long Before(long at) => at - keptFor.ToMicros();

    public override IQueryable<string> Over(Store store, long at) => Ended(store, at).Join(store.Set<Report>(), reportOf, report => report.Id, (one, report) => report.Number);

    public override async Task<int> ForgetAsync(Unit unit, long at, CancellationToken cancellation)
    {
        var over = await Ended(unit.Store, at).Take(SliceMax).ToListAsync(cancellation);
        unit.Store.RemoveRange(over);
        return over.Count;
    }

    private IQueryable<T> Ended(Store store, long at) => store.Set<T>().Where(endedBefore(Before(at)));
}

/// <summary>Forgets what the systems of bodies were told, three months after. That a channel was switched off is known as long as it is.</summary>
internal sealed class ForgetDeliveries() : ForgetEnded<Delivery>(
    "deliveries", TimeSpan.FromDays(90), one => one.ReportId, before => one => one.State != DeliveryState.Waiting && one.EndedAt < before && one.Status != 410);

/// <summary>Forgets what was forwarded, half a year after it ended: as long as a report may be reopened, its next request names the one before.</summary>
internal sealed class ForgetForwards() : ForgetEnded<Forward>("forwards", TimeSpan.FromDays(180), one => one.ReportId, before => one => one.EndedAt < before);

/// <summary>Forgets who was blocked as soon as it is over; that it was done stays in the trail of the report.</summary>
internal sealed class ForgetBlocks() : ForgetEnded<SenderBlock>("blocks", TimeSpan.Zero, block => block.ReportId, before => block => block.Until < before, personal: true);
