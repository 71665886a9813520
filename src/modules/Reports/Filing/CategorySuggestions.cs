using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Categories found by words, and those most reported around a place (R3).</summary>
internal sealed class CategorySuggestions(RoutingMap routing, ReportMap map)
{
    private const int UsualMax = 4;
    private const double NearDegrees = 0.006; // About half a kilometre.
    private const int LookedAtMax = 500;

    /// <summary>Leaves that match, best first.</summary>
    /// <param name="professional">Those for professionals only too.</param>
    public IReadOnlyList<Category> Find(string words, bool professional) => routing.Current.Map.Categories.Search.Find(words, professional);

    /// <summary>Leaves most reported near the report's place, among the newest public reports there.</summary>
    public IReadOnlyList<Category> UsualNear(NewReport report, bool professional)
    {
        if (report is not { Lon: { } lon, Lat: { } lat })
        {
            return [];
        }
        var around = new Box(lon - NearDegrees, lat - NearDegrees, lon + NearDegrees, lat + NearDegrees);
        var codes = map.Newest(around, LookedAtMax, MapFilter.Everything).CountBy(found => found.Report.Category).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal);
        var tree = routing.Current.Map.Categories;
        return [.. codes.Select(c => tree.Find(c.Key)).OfType<Category>().Where(c => c.Leaf && (professional || !c.ProfessionalOnly)).Take(UsualMax)];
    }
}
