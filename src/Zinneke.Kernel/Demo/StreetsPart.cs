using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Part <c>kernel.streets</c>: some well-known streets with their two names, for the search; each about where it is, marked so, and replaced by importing an official list.</summary>
internal sealed class StreetsPart : DemoPart
{
    public override string Name => "kernel.streets";

    public override IReadOnlyList<string> After => ["kernel.city"];

    public override Task<bool> FindsOthersAsync(Store store, CancellationToken cancellation) => store.Set<AddressRow>().AnyAsync(cancellation);

    public override async Task MakeAsync(DemoStage stage, CancellationToken cancellation)
    {
        await using var streets = typeof(StreetsPart).Assembly.GetManifestResourceStream("Zinneke.Kernel.Demo.streets.json")!;
        await stage.Services.GetRequiredService<ImportAddresses>().RunAsync(streets, "demo", Actor.System, cancellation);
    }
}
