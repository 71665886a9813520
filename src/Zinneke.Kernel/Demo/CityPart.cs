using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Part <c>kernel.city</c>: the areas of the demonstration city.</summary>
internal sealed class CityPart : DemoPart
{
    public override string Name => "kernel.city";

    public override Task<bool> FindsOthersAsync(Store store, CancellationToken cancellation) => store.Set<AreaRow>().AnyAsync(cancellation);

    public override Task MakeAsync(DemoStage stage, CancellationToken cancellation) =>
        stage.Services.GetRequiredService<ImportAreas>().PutAsync(DemoCity.Areas, "demo", ImportOptions.None, Actor.System, null, cancellation);
}
