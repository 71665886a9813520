using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Zinneke.Kernel;

/// <summary>One attempt at a use case: what it reads and changes, and the events that say so. Committed by the <see cref="Writer"/> as one, or not at all.</summary>
public sealed class Unit : IAsyncDisposable
{
    private readonly Ids ids;

    internal Unit(Store store, Actor actor, long now, Ids ids)
    {
        Store = store;
        Actor = actor;
        Now = now;
        this.ids = ids;
    }

    /// <summary>Read from it, add to it, change what it tracks; never call SaveChanges.</summary>
    public Store Store { get; }

    public Actor Actor { get; }

    /// <summary>The instant of this attempt, UTC microseconds.</summary>
    public long Now { get; }

    /// <summary>An attempt before this one was in somebody's way: what is there already has to be looked at.</summary>
    public bool Again { get; internal init; }

    internal List<NewEvent> Events { get; } = [];

    internal List<Action<DbConnection, DbTransaction>> Steps { get; } = [];

    internal bool IsEmpty => Events.Count == 0 && Steps.Count == 0 && !Store.ChangeTracker.HasChanges();

    /// <summary>A new id.</summary>
    public Guid NextId() => ids.Next();

    /// <summary>A new unguessable secret; see <see cref="Ids.Secret"/>.</summary>
    public string NextSecret(int byteCount = 24) => ids.Secret(byteCount);

    /// <summary>Adds an event. It must hold no personal data and no free text: those stay in rows that can be erased.</summary>
    /// <param name="subject">What changed.</param>
    /// <param name="subjectVersion">The Version that the subject's row has after this unit.</param>
    /// <param name="data">A record with <see cref="EventTypeAttribute"/>.</param>
    /// <param name="body">The body concerned.</param>
    /// <param name="audit">Before and after, which may hold words: kept in an erasable row; the event carries its salted digest.</param>
    /// <returns>The id of the event.</returns>
    public Guid Publish(Subject subject, long subjectVersion, object data, string? body = null, Audit? audit = null) =>
        Add(Actor, Now, subject, subjectVersion, data, body, audit);

    /// <summary>Adds an event of the past: of an import, or of the demonstration.</summary>
    /// <param name="actor">Who did it then.</param>
    /// <param name="at">When, UTC microseconds.</param>
    public Guid PublishPast(Actor actor, long at, Subject subject, long subjectVersion, object data, string? body = null) =>
        Add(actor, at, subject, subjectVersion, data, body, null);

    private Guid Add(Actor actor, long at, Subject subject, long subjectVersion, object data, string? body, Audit? audit)
    {
        var type = EventTypeAttribute.Of(data.GetType());
        var id = ids.Next();
        byte[]? digest = null;
        if (audit is not null)
        {
            var row = new AuditRow
            {
                EventId = id,
                SubjectKind = subject.Kind,
                SubjectId = subject.Id,
                Before = JsonSerializer.Serialize(audit.Before, Json.Options),
                After = JsonSerializer.Serialize(audit.After, Json.Options),
                Salt = ids.Secret(16),
            };
            digest = row.Digest();
            Store.Add(row);
        }
        Events.Add(new NewEvent(id, type.Name, type.Version, subject, subjectVersion, body, actor, at, JsonSerializer.Serialize(data, data.GetType(), Json.Options), digest));
        return id;
    }

    /// <summary>Adds prepared SQL that runs in the same transaction, after the tracked rows are saved: bulk inserts and derived rows.</summary>
    public void Then(Action<DbConnection, DbTransaction> step) => Steps.Add(step);

    /// <summary>Adds many new rows at once, past EF's tracking: for imports.</summary>
    public void AddMany<T>(IReadOnlyList<T> rows)
        where T : class => Then((connection, _) => BulkInsert.Into(Store.Model, connection, rows));

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}

/// <summary>What was there before an action and after it, for the audit trail.</summary>
public sealed record Audit(object? Before, object? After);

/// <summary>An event that has no position yet.</summary>
internal sealed record NewEvent(Guid Id, string Type, int Version, Subject Subject, long SubjectVersion, string? Body, Actor Actor, long At, string Data, byte[]? Digest);

/// <summary>The erasable half of an audited event. Its event holds a digest over salt, before and after, so that an alteration shows and an erasure does not look like one.</summary>
public sealed class AuditRow
{
    public required Guid EventId { get; set; }

    public required string SubjectKind { get; set; }

    public required string SubjectId { get; set; }

    /// <summary>JSON text, or null once erased.</summary>
    public string? Before { get; set; }

    public string? After { get; set; }

    public string? Salt { get; set; }

    /// <summary>SHA-256 over salt, before and after, each ended by a zero byte.</summary>
    internal byte[] Digest() => SHA256.HashData(Encoding.UTF8.GetBytes($"{Salt}\0{Before}\0{After}\0"));
}
