using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>By whom something was flagged, as a hash that only tells one from another: 30 days, like network addresses (reports.md 4.4). Nobody can be found by it, so there is nothing to export.</summary>
internal sealed class FlagData : PersonalData
{
    private const int SliceMax = 500;
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    public override string Key => "reports.flags";

    public override Task<IReadOnlyList<object>> ExportAsync(Store store, Person person, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<object>>([]);

    public override Task<int> EraseAsync(Unit unit, Person person, CancellationToken cancellation) => Task.FromResult(0);

    /// <summary>What staff have dealt with goes; what still waits becomes nobody's.</summary>
    public override async Task<int> RetainAsync(Unit unit, CancellationToken cancellation)
    {
        var before = unit.Now - KeptFor.ToMicros();
        var old = await unit.Store.Set<ReportFlag>().Where(flag => flag.At < before && (flag.By != null || flag.ReviewedAt != null)).Take(SliceMax).ToListAsync(cancellation);
        unit.Store.RemoveRange(old.Where(flag => flag.ReviewedAt is not null));
        old.ForEach(flag => flag.By = null);
        return old.Count;
    }
}
