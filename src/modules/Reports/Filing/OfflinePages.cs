using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// <c>/{lang}/reports/offline</c>: the form for where there is no network (R13). Its page is the same for everybody, because browsers take it along; what is written on it stays on the device and is sent to
/// the API, once for each client id, when a network is there.
/// </summary>
internal static class OfflinePages
{
    public static void Map(Doors doors) => doors.Pages.MapGet("/reports/offline", Show).Public().Cached(["catalogue"]);

    private static RazorComponentResult<Pages.OfflinePage> Show(RoutingMap routing)
    {
        var tree = routing.Current.Map.Categories;
        return new RazorComponentResult<Pages.OfflinePage>(new { View = new OfflineView(tree, [.. tree.All.Where(category => category is { Leaf: true, ProfessionalOnly: false })]) });
    }
}

/// <summary>What the page shows: every category that residents may use.</summary>
public sealed record OfflineView(CategoryTree Tree, IReadOnlyList<Category> Leaves);
