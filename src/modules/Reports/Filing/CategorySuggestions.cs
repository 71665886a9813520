using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Categories found by words, and those most reported around a place (R3).</summary>
internal sealed class CategorySuggestions(RoutingMap routing, Store store, TimeProvider time)
{
    private const int UsualMax = 4;
    private const double NearDegrees = 0.006; // About half a kilometre.
    private static readonly TimeSpan Lately = TimeSpan.FromDays(365);

    /// <summary>Leaves that match, best first.</summary>
    public IReadOnlyList<Category> Find(string words) => new CategorySearch(routing.Current.Map.Categories).Find(words);

    /// <summary>Leaves most reported near the report's place during the last year.</summary>
    public async Task<IReadOnlyList<Category>> UsualNearAsync(NewReport report, CancellationToken cancellation)
    {
        if (report is not { Lon: { } lon, Lat: { } lat })
        {
            return [];
        }
        var since = time.NowMicros() - Lately.ToMicros();
        var codes = await store.Set<Report>().AsNoTracking()
            .Where(r => r.Lon >= lon - NearDegrees && r.Lon <= lon + NearDegrees && r.Lat >= lat - NearDegrees && r.Lat <= lat + NearDegrees && r.CreatedAt >= since)
            .GroupBy(r => r.Category).Select(g => new { g.Key, Count = g.Count() }).OrderByDescending(g => g.Count).ThenBy(g => g.Key).Take(UsualMax).ToListAsync(cancellation);
        var tree = routing.Current.Map.Categories;
        return [.. codes.Select(c => tree.Find(c.Key)).OfType<Category>().Where(c => c is { Leaf: true, ProfessionalOnly: false })];
    }
}
