using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>One kind of thing that a report holds for a time only: what is over at an instant, and how it goes. The job and the verb ask the same.</summary>
/// <param name="kind">A word for the answer of the verb.</param>
/// <param name="personal">Whether a <see cref="PersonalData"/> lets go of it each hour.</param>
internal abstract class Expiry(string kind, bool personal = false)
{
    /// <summary>Things that go in one transaction.</summary>
    protected const int SliceMax = 100;

    public string Kind => kind;

    public bool Personal => personal;

    /// <summary>What is older than this instant is over at another, both UTC microseconds.</summary>
    public abstract long Before(long at);

    /// <summary>What each thing that is over belongs to, in no order: the number of a report, or what is followed.</summary>
    public abstract IQueryable<string> Over(Store store, long at);

    /// <summary>Lets go of a slice.</summary>
    /// <returns>How many went; called again until it says 0.</returns>
    public abstract Task<int> ForgetAsync(Unit unit, long at, CancellationToken cancellation);
}
