namespace Zinneke.Kernel;

/// <summary>
/// A part of the demonstration city, contributed by a module: <c>services.AddSingleton&lt;DemoPart, ReportsDemo&gt;()</c>. Everything in it is generated or written by us,
/// the same for every start on the same day, alive and plausible; nobody in it is a real person.
/// </summary>
public abstract class DemoPart
{
    /// <summary>Stable name such as <c>kernel.city</c>; recorded once the part is there.</summary>
    public abstract string Name { get; }

    /// <summary>Parts that must be there first. One that nobody contributes is not waited for.</summary>
    public virtual IReadOnlyList<string> After => [];

    /// <summary>Whether the installation holds rows of its own where this part would put some. Asked only while it holds no part at all.</summary>
    public abstract Task<bool> FindsOthersAsync(Store store, CancellationToken cancellation);

    /// <summary>Makes the part. After a crash in the middle it is called again and must finish what is half there.</summary>
    public abstract Task MakeAsync(DemoStage stage, CancellationToken cancellation);
}

/// <summary>What a part is made with.</summary>
/// <param name="Services">Of the installation. What followers keep in memory may be empty: read tables.</param>
/// <param name="Now">UTC microseconds; the city's history ends here.</param>
/// <param name="Chance">Seeded by the part's name.</param>
public sealed record DemoStage(IServiceProvider Services, long Now, Random Chance);
