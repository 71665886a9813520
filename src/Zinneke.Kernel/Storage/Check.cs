namespace Zinneke.Kernel;

/// <summary>Something that <c>./zinneke verify</c> looks at: contributed by whoever keeps what could be damaged. It changes nothing and runs beside a server.</summary>
public abstract class Check
{
    /// <summary>Area and noun: <c>kernel.log</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Looks at everything.</summary>
    /// <param name="wrong">Told each fault: what it is about, and what is wrong with it, in English.</param>
    /// <param name="looked">Told now and then how many things were looked at so far.</param>
    /// <param name="cancellation">Stops between two pages.</param>
    /// <returns>How many things were looked at.</returns>
    public abstract Task<long> RunAsync(Action<string, string> wrong, Action<long> looked, CancellationToken cancellation);
}
