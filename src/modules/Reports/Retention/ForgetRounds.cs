using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Forgets rounds thirty days after their day: their names are free words, and what happened stands in the history of each report.</summary>
internal sealed class ForgetRounds() : Expiry("rounds")
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    public override long Before(long at) => at - KeptFor.ToMicros();

    public override IQueryable<string> Over(Store store, long at)
    {
        var before = Before(at);
        return store.Set<Round>().Where(round => round.LeaveAt < before).Select(round => round.Body);
    }

    public override async Task<int> ForgetAsync(Unit unit, long at, CancellationToken cancellation)
    {
        var before = Before(at);
        var over = await unit.Store.Set<Round>().Where(round => round.LeaveAt < before).OrderBy(round => round.Id).Take(SliceMax).ToListAsync(cancellation);
        var ids = over.Select(round => round.Id).ToList();
        unit.Store.RemoveRange(await unit.Store.Set<RoundStop>().Where(stop => ids.Contains(stop.RoundId)).ToListAsync(cancellation));
        unit.Store.RemoveRange(over);
        return over.Count;
    }
}
