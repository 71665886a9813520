using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Who is blocked and until when, in memory: asked at each report, support and flag.</summary>
internal sealed class BlockBook : MemoryFollower
{
    /// <summary>What <see cref="ReportNoted"/> says of it.</summary>
    public const string Blocked = "blockSender", Lifted = "admitSender";

    private volatile FrozenDictionary<string, long> untils = FrozenDictionary<string, long>.Empty;

    public override string Name => "reports.blocks";

    /// <summary>Until when nothing is taken from a sender, UTC microseconds; null when it is.</summary>
    /// <param name="now">UTC microseconds.</param>
    public long? UntilOf(SentFrom from, long now)
    {
        var book = untils;
        return book.Count == 0 ? null : from.Kinds.Select(kind => book.GetValueOrDefault(from.KeyOf(kind)!)).DefaultIfEmpty().Max() is var until && until > now ? until : null;
    }

    public override async Task LoadAsync(Store store, CancellationToken cancellation) =>
        untils = (await store.Set<SenderBlock>().AsNoTracking().ToListAsync(cancellation)).ToFrozenDictionary(block => block.Sender, block => block.Until, StringComparer.Ordinal);

    public override async Task ApplyAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        if (events.Any(e => e.Is<ReportNoted>() && e.Read<ReportNoted>().What is Blocked or Lifted))
        {
            await LoadAsync(store, cancellation);
        }
    }
}
