using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Mail to an address does not get through: it was tried for a day, or the server will never take it. Over as soon as a later one is taken.</summary>
/// <param name="Since">When the first mail was posted that was given up since the last one that got through, UTC microseconds.</param>
/// <param name="Error">What the server said last.</param>
public sealed record MailTrouble(string Address, long Since, string? Error)
{
    /// <summary>Those of some addresses that mail does not reach. What is older than the rows of mails, 90 days, is not known.</summary>
    public static async Task<IReadOnlyList<MailTrouble>> OfAsync(Store store, IEnumerable<string> addresses, CancellationToken cancellation = default)
    {
        var troubles = new List<MailTrouble>();
        foreach (var address in addresses.Distinct(StringComparer.Ordinal))
        {
            var ended = store.Set<MailRow>().AsNoTracking().Where(m => m.Address == address);
            var reached = await ended.Where(m => m.State == MailState.Sent).MaxAsync(m => m.EndedAt, cancellation) ?? 0;
            var failed = ended.Where(m => m.State == MailState.Failed && m.EndedAt > reached);
            if (await failed.OrderByDescending(m => m.EndedAt).Select(m => new { m.Error }).FirstOrDefaultAsync(cancellation) is { } last)
            {
                troubles.Add(new MailTrouble(address, await failed.MinAsync(m => m.MadeAt, cancellation), last.Error));
            }
        }
        return troubles;
    }
}
