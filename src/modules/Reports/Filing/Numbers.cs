using System.Globalization;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Hands out public numbers <c>YYYY-NNNNNN</c>. A node takes a block of them at a time, so that no counter row is fought over; what a node had left when it stopped is a gap.
/// </summary>
internal sealed class Numbers(Writer writer) : IDisposable
{
    private const int BlockSize = 100;
    private readonly SemaphoreSlim gate = new(1);
    private int year;
    private int next;
    private int end;

    /// <summary>The next number of the year.</summary>
    /// <returns>What the writer refuses when a block cannot be taken, because the store is overloaded.</returns>
    public async Task<Outcome<string>> NextAsync(int ofYear, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            if (ofYear != year || next == end)
            {
                if (!(await TakeBlockAsync(ofYear, cancellation)).Is(out var first, out var refusal))
                {
                    return refusal;
                }
                (year, next, end) = (ofYear, first, first + BlockSize);
            }
            return Format(ofYear, next++);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    public static string Format(int year, int number) => string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{number:000000}");

    /// <summary>The row that says which numbers of a year nobody has.</summary>
    public static async Task<NumberBlock> BlockAsync(Unit unit, int year, CancellationToken cancellation) =>
        await unit.Store.Set<NumberBlock>().FindAsync([year], cancellation) ?? unit.Store.Add(new NumberBlock { Year = year }).Entity;

    private Task<Outcome<int>> TakeBlockAsync(int ofYear, CancellationToken cancellation) => writer.DoAsync<int>(Actor.System, async unit =>
    {
        var block = await BlockAsync(unit, ofYear, cancellation);
        var first = block.Next;
        block.Next += BlockSize;
        return first;
    }, cancellation);
}
