using Microsoft.AspNetCore.Components;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>The catalogue of problems on its settings page: a table for each branch of the first level.</summary>
internal sealed class CategoriesLook() : CatalogueLook(ImportCategories.Kinds, "reports.admin.categories", "list", 40)
{
    public override async Task<RenderFragment?> DrawAsync(CatalogueScene scene, CancellationToken cancellation)
    {
        var tree = await RoutingMap.ReadTreeAsync(scene.Store, cancellation);
        return tree.All.Count == 0 ? null : CatalogueLooks.Draw<Pages.CategoriesInForce>(("Tree", tree));
    }
}
