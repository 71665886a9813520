using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A filter of the inbox that somebody keeps under a name.</summary>
internal sealed class InboxFilterRow
{
    public required Guid Id { get; init; }

    public required Guid Account { get; init; }

    public required string Name { get; init; }

    /// <summary>Query of the address, with its question mark; empty for no filter.</summary>
    public required string Query { get; set; }
}

/// <summary>The columns that somebody wants to see.</summary>
internal sealed class InboxColumnsRow
{
    public required Guid Account { get; init; }

    /// <summary>Words of <see cref="InboxColumn"/>, with spaces.</summary>
    public required string Columns { get; set; }
}

/// <summary>How an account wants its inbox; goes with the account.</summary>
internal sealed class InboxData : PersonalData
{
    public override string Key => "reports.inbox";

    public override async Task<IReadOnlyList<object>> ExportAsync(Store store, Person person, CancellationToken cancellation)
    {
        var filters = await store.Set<InboxFilterRow>().AsNoTracking().Where(f => f.Account == person.Account).Select(f => new { f.Name, f.Query }).ToListAsync(cancellation);
        var columns = await store.Set<InboxColumnsRow>().AsNoTracking().Where(c => c.Account == person.Account).Select(c => c.Columns).ToListAsync(cancellation);
        return [.. filters, .. columns.Select(words => new { columns = words.Split(' ', StringSplitOptions.RemoveEmptyEntries) })];
    }

    public override async Task<int> EraseAsync(Unit unit, Person person, CancellationToken cancellation)
    {
        var filters = await unit.Store.Set<InboxFilterRow>().Where(f => f.Account == person.Account).ToListAsync(cancellation);
        var columns = await unit.Store.Set<InboxColumnsRow>().Where(c => c.Account == person.Account).ToListAsync(cancellation);
        unit.Store.RemoveRange(filters);
        unit.Store.RemoveRange(columns);
        return filters.Count + columns.Count;
    }

    /// <summary>Kept as long as the account.</summary>
    public override Task<int> RetainAsync(Unit unit, CancellationToken cancellation) => Task.FromResult(0);
}
