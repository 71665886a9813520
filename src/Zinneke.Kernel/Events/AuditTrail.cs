using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>What the log says of the before and after that lie beside it.</summary>
public enum AuditState
{
    /// <summary>The event keeps none.</summary>
    None,

    /// <summary>They are what was written then: the digest in the log says so.</summary>
    Intact,

    /// <summary>Taken away as the law asks: the row is there and empty.</summary>
    Erased,

    /// <summary>Not what was written then, or gone without being erased.</summary>
    Altered,
}

/// <summary>An event with what was there before it and after it.</summary>
/// <param name="Before">Null when nothing was, or it is not known any more.</param>
public sealed record AuditedEvent(Event Event, JsonNode? Before, JsonNode? After, AuditState State);

/// <summary>A field that an action changed.</summary>
/// <param name="Before">Null when there was nothing.</param>
public sealed record AuditChange(string Field, JsonNode? Before, JsonNode? After)
{
    /// <summary>The fields in which two objects differ, in the order in which they are written; none of what is no object.</summary>
    public static IReadOnlyList<AuditChange> Between(JsonNode? before, JsonNode? after)
    {
        var (was, isNow) = (before as JsonObject ?? [], after as JsonObject ?? []);
        return
        [
            .. was.Select(field => field.Key).Union(isNow.Select(field => field.Key), StringComparer.Ordinal)
                .Where(name => !JsonNode.DeepEquals(was[name], isNow[name])).Select(name => new AuditChange(name, was[name], isNow[name])),
        ];
    }
}

/// <summary>Reads the audit trail of one subject and holds it against the log, whose hash chain vouches for the digests.</summary>
public sealed class AuditTrail(Database database)
{
    /// <summary>Everything that happened to a subject, oldest first.</summary>
    public async Task<IReadOnlyList<AuditedEvent>> OfAsync(Subject subject, CancellationToken cancellation = default)
    {
        Dictionary<Guid, AuditRow> rows;
        await using (var store = database.Open())
        {
            rows = await store.Set<AuditRow>().AsNoTracking().Where(a => a.SubjectKind == subject.Kind && a.SubjectId == subject.Id).ToDictionaryAsync(a => a.EventId, cancellation);
        }
        await using var connection = await database.ConnectAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {LogRow.Columns}, digest FROM log WHERE subject_kind = @kind AND subject_id = @id ORDER BY position";
        command.Add("kind", subject.Kind);
        command.Add("id", subject.Id);
        var events = new List<AuditedEvent>();
        await using var read = await command.ExecuteReaderAsync(cancellation);
        while (await read.ReadAsync(cancellation))
        {
            var happened = LogRow.Read(read);
            events.Add(Of(happened, rows.GetValueOrDefault(happened.Id), read.IsDBNull(LogRow.Count) ? null : (byte[])read.GetValue(LogRow.Count)));
        }
        return events;
    }

    internal static AuditedEvent Of(Event happened, AuditRow? row, byte[]? digest) => new(happened, Parse(row?.Before), Parse(row?.After), StateOf(row, digest));

    /// <summary>What the digest in the log says of the row beside it.</summary>
    internal static AuditState StateOf(AuditRow? row, byte[]? digest) => (row, digest) switch
    {
        (null, null) => AuditState.None,
        ({ Salt: null, Before: null, After: null }, not null) => AuditState.Erased,
        ({ Salt: not null }, not null) when row.Digest().AsSpan().SequenceEqual(digest) => AuditState.Intact,
        _ => AuditState.Altered,
    };

    /// <summary>Text that is no JSON was altered by hand: its digest says so, and nothing of it can be shown.</summary>
    private static JsonNode? Parse(string? text)
    {
        try
        {
            return text is null ? null : JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
