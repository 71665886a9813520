using Microsoft.AspNetCore.Components;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>Areas on their settings page: one kind at a time, as a list beside its map, and a search through all of them.</summary>
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
        var sought = Here.Value(scene.Request, "q")?.Trim() is { Length: > 0 } words ? words : null;
        IReadOnlyList<Area> found = sought is null ? [] : [.. (await AreaMap.ReadAsync(scene.Store, cancellation)).All.Where(area => Is(area, sought))];
        if (sought is not null)
        {
            kinds = [.. kinds.Select(one => (one.Kind, found.Count(area => area.Kind == one.Kind))).Where(one => one.Item2 > 0)];
        }
        var kind = kinds.FirstOrDefault(k => k.Kind == scene.Request.Query["kind"]).Kind ?? (kinds.Count > 0 ? kinds[0].Kind : Area.Municipality);
        var areas = sought is null ? (await AreaMap.ReadAsync(scene.Store, kind, cancellation)).All : [.. found.Where(area => area.Kind == kind)];
        var page = int.TryParse(scene.Request.Query["page"], out var number) && number > 0 && number <= 1 + (areas.Count / PageSize) ? number : 1;
        return CatalogueLooks.Draw<AreasInForce>(
            ("Kinds", kinds), ("Kind", kind), ("Sought", sought), ("Areas", areas.Skip((page - 1) * PageSize).Take(PageSize).ToList()), ("Frame", areas.Count > 0 ? MapFrame.Of(areas) : default),
            ("Number", page), ("More", areas.Count > page * PageSize));
    }

    public override Task<RenderFragment?> DrawOptionsAsync(CatalogueScene scene, CancellationToken cancellation) =>
        Task.FromResult<RenderFragment?>(CatalogueLooks.Draw<AreasOptions>());

    /// <summary>By its code, a postcode, or words of a name, accents and case ignored.</summary>
    private static bool Is(Area area, string sought) =>
        area.Id.Equals(sought, StringComparison.OrdinalIgnoreCase) || area.Postcodes.Contains(sought)
        || (Folding.Fold(sought) is { Length: > 0 } folded && area.Names.ByLanguage.Values.Any(name => Folding.Fold(name).Contains(folded, StringComparison.Ordinal)));
}
