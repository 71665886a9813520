using System.Data.Common;

namespace Zinneke.Kernel;

/// <summary>
/// Computes the chain of the log again (K14): positions without a gap, and every hash from the one before. What lies in the audit rows beside it must have the digest that the log keeps; a row that was emptied is
/// erased, which is no fault, any other difference is an alteration.
/// </summary>
internal sealed class LogCheck(Database database) : Check
{
    private const int PageSize = 5000;
    private static readonly string Page =
        $"SELECT {string.Join(", ", LogRow.Columns.Split(", ").Select(column => "l." + column))}, l.digest, l.hash, a.event_id, a.\"before\", a.\"after\", a.salt FROM log l LEFT JOIN audit a ON a.event_id = l.id WHERE l.position > @after ORDER BY l.position LIMIT {PageSize}";

    public override string Name => "kernel.log";

    public override async Task<long> RunAsync(Action<string, string> wrong, Action<long> looked, CancellationToken cancellation)
    {
        await using var connection = await database.ConnectAsync(cancellation);
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
                if (AuditTrail.StateOf(AuditOf(rows, happened), digest) == AuditState.Altered)
                {
                    wrong($"position {happened.Position}", "what lay before and after is not what was written then, and was not erased either");
                }
                (position, hash) = (happened.Position, kept);
            }
            looked(count + read);
        }
        return count;
    }

    private static AuditRow? AuditOf(DbDataReader rows, Event happened)
    {
        const int first = LogRow.Count + 2;
        return rows.IsDBNull(first) ? null : new AuditRow
        {
            EventId = happened.Id, SubjectKind = happened.Subject.Kind, SubjectId = happened.Subject.Id, Before = rows.GetText(first + 1), After = rows.GetText(first + 2), Salt = rows.GetText(first + 3),
        };
    }
}
