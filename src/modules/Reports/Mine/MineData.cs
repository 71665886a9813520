using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The addresses to which links to their own reports were mailed: as long as the links open.</summary>
internal sealed class MineData : PersonalData
{
    private const int SliceMax = 500;

    public override string Key => "reports.mine";

    public override Task<IReadOnlyList<object>> ExportAsync(Store store, Person person, CancellationToken cancellation) => ReadAsync(store, person, null, cancellation);

    public override Task<IReadOnlyList<object>> NewestAsync(Store store, Person person, int most, CancellationToken cancellation) => ReadAsync(store, person, most, cancellation);

    private static async Task<IReadOnlyList<object>> ReadAsync(Store store, Person person, int? most, CancellationToken cancellation)
    {
        var links = await Of(store, person).AsNoTracking().OrderByDescending(link => link.CreatedAt).First(most).ToListAsync(cancellation);
        return [.. links.Select(link => new { link.Email, createdAt = Instants.FromMicros(link.CreatedAt), usedAt = link.UsedAt is { } used ? Instants.FromMicros(used) : (DateTimeOffset?)null })];
    }

    public override async Task<int> EraseAsync(Unit unit, Person person, CancellationToken cancellation) => Remove(unit, await Of(unit.Store, person).ToListAsync(cancellation));

    public override async Task<int> RetainAsync(Unit unit, CancellationToken cancellation)
    {
        var before = unit.Now - MineLink.Life.ToMicros();
        return Remove(unit, await unit.Store.Set<MineLink>().Where(link => link.CreatedAt < before).OrderBy(link => link.Id).Take(SliceMax).ToListAsync(cancellation));
    }

    private static int Remove(Unit unit, List<MineLink> links)
    {
        unit.Store.RemoveRange(links);
        return links.Count;
    }

    private static IQueryable<MineLink> Of(Store store, Person person) => store.Set<MineLink>().Where(link => person.Email != null && link.Email == person.Email);
}
