using System.Globalization;
using Microsoft.EntityFrameworkCore;
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
    /// <exception cref="InvalidOperationException">The block could not be taken: the store is overloaded.</exception>
    public async Task<string> NextAsync(int ofYear, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            if (ofYear != year || next == end)
            {
                var first = await TakeBlockAsync(ofYear, cancellation);
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

    private async Task<int> TakeBlockAsync(int ofYear, CancellationToken cancellation)
    {
        var taken = await writer.DoAsync<int>(Actor.System, async unit =>
        {
            var block = await unit.Store.Set<NumberBlock>().FirstOrDefaultAsync(b => b.Year == ofYear, cancellation);
            if (block is null)
            {
                unit.Store.Add(block = new NumberBlock { Year = ofYear });
            }
            var first = block.Next;
            block.Next += BlockSize;
            return first;
        }, cancellation);
        return taken.Ok ? taken.Value : throw new InvalidOperationException($"no number for a report: {taken.Refusal!.Code}");
    }
}
