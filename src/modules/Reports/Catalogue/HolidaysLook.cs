using Microsoft.AspNetCore.Components;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>Closing days on their settings page, beside the public holidays, which are computed.</summary>
internal sealed class HolidaysLook(TimeProvider time, Settings settings) : CatalogueLook(ImportHolidays.Kinds, "reports.admin.holidays", "calendar", 70)
{
    public override async Task<RenderFragment?> DrawAsync(CatalogueScene scene, CancellationToken cancellation)
    {
        var year = TimeZoneInfo.ConvertTime(time.GetUtcNow(), settings.Get(KernelSettings.TimeZone)).Year;
        return CatalogueLooks.Draw<Pages.HolidaysInForce>(("Year", year), ("Bodies", await BodyMap.ReadAsync(scene.Store, cancellation)));
    }

    public override async Task<RenderFragment?> DrawOptionsAsync(CatalogueScene scene, CancellationToken cancellation) => CatalogueLooks.Draw<Pages.HolidaysOfBody>(
        ("Bodies", (await BodyMap.ReadAsync(scene.Store, cancellation)).Where(body => body.Active && scene.Caller.Can(Kind.Permission, body.Id)).ToList()), ("All", scene.Caller.Can(Kind.Permission)));

    public override bool MayChange(Caller caller) => caller.CanSomewhere(Kind.Permission);
}
