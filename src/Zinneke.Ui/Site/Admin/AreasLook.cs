using Microsoft.AspNetCore.Components;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>Areas on their settings page: one kind at a time, as a list beside its map.</summary>
internal sealed class AreasLook() : CatalogueLook(ImportAreas.Kinds, "ui.admin.areas", "map", 30)
{
    private const int PageSize = 100;

    public override async Task<RenderFragment?> DrawAsync(CatalogueScene scene, CancellationToken cancellation)
    {
        var kinds = await AreaMap.KindsAsync(scene.Store, cancellation);
        if (kinds.Count == 0)
        {
            return null;
        }
        var kind = kinds.FirstOrDefault(k => k.Kind == scene.Request.Query["kind"]).Kind ?? kinds[0].Kind;
        var areas = (await AreaMap.ReadAsync(scene.Store, kind, cancellation)).All;
        var page = int.TryParse(scene.Request.Query["page"], out var number) && number > 0 && number <= 1 + (areas.Count / PageSize) ? number : 1;
        return CatalogueLooks.Draw<AreasInForce>(
            ("Kinds", kinds), ("Kind", kind), ("Frame", MapFrame.Of(areas)), ("Areas", areas.Skip((page - 1) * PageSize).Take(PageSize).ToList()),
            ("Number", page), ("More", areas.Count > page * PageSize));
    }

    public override Task<RenderFragment?> DrawOptionsAsync(CatalogueScene scene, CancellationToken cancellation) =>
        Task.FromResult<RenderFragment?>(CatalogueLooks.Draw<AreasOptions>());
}
