using Microsoft.AspNetCore.Components;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>Bodies on their settings page: a table, the region first.</summary>
internal sealed class BodiesLook(Dates dates) : CatalogueLook(ImportBodies.Kinds, "ui.admin.bodies", "building-2", 20)
{
    public override async Task<RenderFragment?> DrawAsync(CatalogueScene scene, CancellationToken cancellation)
    {
        var bodies = await BodyMap.ReadAsync(scene.Store, cancellation);
        if (bodies.Count == 0)
        {
            return null;
        }
        var areas = (await AreaMap.ReadAsync(scene.Store, Area.Municipality, cancellation)).Each(dates.Today).ToDictionary(area => area.Id, area => area.Names, StringComparer.Ordinal);
        var troubles = await MailTrouble.OfAsync(scene.Store, bodies.SelectMany(body => body.Channels).OfType<EmailChannel>().Select(channel => channel.Address), cancellation);
        return CatalogueLooks.Draw<BodiesInForce>(("Bodies", bodies), ("Areas", areas), ("Troubles", troubles));
    }

    public override Task<RenderFragment?> DrawOptionsAsync(CatalogueScene scene, CancellationToken cancellation) =>
        Task.FromResult<RenderFragment?>(CatalogueLooks.Draw<ReplaceOption>(("Of", Kind)));
}
