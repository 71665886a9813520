using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>
/// Computes the chain of the log again (K14): positions without a gap, and every hash from the one before. What lies in the audit rows beside it must have the digest that the log keeps; a row that was emptied is
/// erased, which is no fault, any other difference is an alteration. Who altered an event and computed all hashes after it anew is found by the heads that were published: they no longer agree.
/// </summary>
internal sealed class LogCheck(Database database) : Check
{
    private const int PageSize = 5000;
    private static readonly string Page =
        $"SELECT {LogRow.WithAudit} WHERE l.position > @after ORDER BY l.position LIMIT {PageSize}";

    public override string Name => "kernel.log";

    public override async Task<long> RunAsync(Action<string, string> wrong, Action<long> looked, CancellationToken cancellation)
    {
        await using var connection = await database.ConnectAsync(cancellation);
        var published = await PublishedAsync(cancellation);
        var (position, hash, count) = (0L, Array.Empty<byte>(), 0L);
        for (var read = PageSize; read == PageSize; count += read)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Page;
            command.Add("after", position);
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            for (read = 0; await rows.ReadAsync(cancellation); read++)
            {
                var happened = LogRow.Read(rows);
                var digest = rows.IsDBNull(LogRow.Count) ? null : (byte[])rows.GetValue(LogRow.Count);
                var kept = (byte[])rows.GetValue(LogRow.Count + 1);
                if (happened.Position != position + 1)
                {
                    wrong($"position {position + 1}", "the log has a gap");
                }
                var chained = LogAppender.Chain(hash, happened.Position, new NewEvent(
                    happened.Id, happened.Type, happened.Version, happened.Subject, happened.SubjectVersion, happened.Body, happened.Actor, happened.At, happened.Data, digest));
                if (!chained.AsSpan().SequenceEqual(kept))
                {
                    wrong($"position {happened.Position}", "the event is not what was written then, or the one before is not: the chain breaks here");
                }
                if (AuditTrail.StateOf(LogRow.ReadAudit(rows, happened), digest) == AuditState.Altered)
                {
                    wrong($"position {happened.Position}", "what lay before and after is not what was written then, and was not erased either");
                }
                if (published.Remove(happened.Position, out var heads))
                {
                    heads.Where(head => !kept.AsSpan().SequenceEqual(head.Hash)).ToList().ForEach(head => wrong(
                        $"head of {head.Day}", $"the published head no longer agrees with the log at position {head.Position}: events up to there were altered, and the chain repaired"));
                }
                (position, hash) = (happened.Position, kept);
            }
            looked(count + read);
        }
        foreach (var head in published.Values.SelectMany(heads => heads).OrderBy(head => head.Day, StringComparer.Ordinal))
        {
            wrong($"head of {head.Day}", $"the published head is at position {head.Position}, which the log does not have any more");
        }
        return count;
    }

    /// <summary>By position: after a day without events two days have the same. One a day: some thousand in ten years.</summary>
    private async Task<Dictionary<long, List<LogHead>>> PublishedAsync(CancellationToken cancellation)
    {
        await using var store = database.Open();
        return (await store.Set<LogHead>().AsNoTracking().ToListAsync(cancellation)).GroupBy(head => head.Position).ToDictionary(same => same.Key, same => same.ToList());
    }
}
