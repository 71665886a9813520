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
        var asked = addresses.Distinct(StringComparer.Ordinal).ToList();
        if (asked.Count == 0)
        {
            return [];
        }
        var failed = await store.Set<MailRow>().AsNoTracking()
            .Where(m => asked.Contains(m.Address) && m.State == MailState.Failed && !store.Set<MailRow>().Any(later => later.Address == m.Address && later.State == MailState.Sent && later.EndedAt >= m.EndedAt))
            .GroupBy(m => m.Address)
            .Select(all => new MailTrouble(all.Key, all.Min(m => m.MadeAt), all.OrderByDescending(m => m.EndedAt).Select(m => m.Error).FirstOrDefault()))
            .ToDictionaryAsync(trouble => trouble.Address, StringComparer.Ordinal, cancellation);
        return [.. asked.Where(failed.ContainsKey).Select(address => failed[address])];
    }
}
