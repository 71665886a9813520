using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>One entry: what happened, and what the chain says of it.</summary>
/// <param name="Digest">Of the before and after; null when the event keeps none.</param>
/// <param name="Hash">Of the chain up to here.</param>
public sealed record AuditEntry(AuditedEvent Audited, byte[]? Digest, byte[] Hash)
{
    public Event Event => Audited.Event;

    public IReadOnlyList<AuditChange> Changes { get; } = Audited.State == AuditState.Intact ? AuditChange.Between(Audited.Before, Audited.After) : [];
}

/// <summary>A page of the trail, newest first.</summary>
/// <param name="Names">Of persons and keys who acted, or are among the values.</param>
/// <param name="Next">Null at the end.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, IReadOnlyDictionary<Guid, string> Names, AuditPlace? Next);

/// <summary>
/// The audit trail of the whole installation (K14), newest first and by key, each filter with an index of its own: the millionth entry costs what the first does. Whoever administers one body sees what concerns it and
/// the bodies below, one at a time.
/// </summary>
public sealed class ReadAudit(Database database, Settings settings, BodyMap bodies, Caller caller)
{
    public const int PageMax = 1000;

    /// <summary>An id that nobody has.</summary>
    private static readonly Guid Nobody = Guid.AllBitsSet;

    /// <summary>Bodies of which the caller may see the trail.</summary>
    public BodyReach Reach { get; } = BodyReach.Of(caller, AuditPermissions.Read, bodies);

    /// <summary>What is asked for, as far as the caller may see it.</summary>
    /// <returns>422 for what cannot be, 403 for a body that is not the caller's.</returns>
    public async Task<Outcome<AuditQuery>> QueryOfAsync(IQueryCollection asked, CancellationToken cancellation)
    {
        if (!AuditQuery.Of(asked, settings.Get(KernelSettings.TimeZone)).Is(out var query, out var refusal)
            || !(await ActorOfAsync(asked["actor"].ToString().Trim(), cancellation)).Is(out var actor, out refusal))
        {
            return refusal;
        }
        if (!Reach.Whole)
        {
            query = query with { Body = query.Body ?? (Reach.Bodies is [var own, ..] ? own : null) };
            if (!Reach.Covers(query.Body))
            {
                return new Refusal(RefusalKind.Forbidden, "kernel.forbidden");
            }
        }
        return query with { Actor = actor };
    }

    /// <param name="after">Null for the newest.</param>
    /// <param name="most">1 to <see cref="PageMax"/>.</param>
    public async Task<AuditPage> PageAsync(AuditQuery query, AuditPlace? after, int most, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, PageMax);
        var entries = await EntriesAsync(query, after, most + 1, cancellation);
        var next = entries.Count > most ? new AuditPlace(entries[most - 1].Event.At, entries[most - 1].Event.Position) : null;
        var shown = entries.Take(most).ToList();
        await using var store = database.Open();
        var named = shown.SelectMany(entry => entry.Changes).SelectMany(change => new[] { change.Before, change.After }).OfType<JsonValue>()
            .Select(value => Guid.TryParse(value.ToString(), out var id) ? id : Guid.Empty);
        return new AuditPage(shown, await ActorNames.OfAsync(store, shown.Select(entry => entry.Event.Actor.Id).Concat(named), cancellation), next);
    }

    private async Task<List<AuditEntry>> EntriesAsync(AuditQuery query, AuditPlace? after, int most, CancellationToken cancellation)
    {
        await using var connection = await database.ConnectAsync(cancellation);
        await using var command = connection.CreateCommand();
        var wanted = new List<string>();
        void And(string column, string sign, string name, object? value)
        {
            if (value is not null)
            {
                wanted.Add($"l.{column} {sign} @{name}");
                command.Add(name, value);
            }
        }
        And("actor", "=", "actor", query.Actor);
        And("subject_kind", "=", "kind", query.Kind);
        And("subject_id", "=", "subject", query.Subject);
        And("type", "=", "type", query.Type);
        And("body", "=", "body", query.Body);
        And("at", ">=", "from", query.From);
        And("at", "<", "before", query.Before);
        if (after is not null)
        {
            wanted.Add("(l.at, l.position) < (@at, @position)");
            command.Add("at", after.At);
            command.Add("position", after.Position);
        }
        var where = wanted.Count > 0 ? "WHERE " + string.Join(" AND ", wanted) : "";
        command.CommandText = $"SELECT {LogRow.WithAudit} {where} ORDER BY l.at DESC, l.position DESC LIMIT {most}";
        var entries = new List<AuditEntry>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var happened = LogRow.Read(rows);
            var digest = rows.IsDBNull(LogRow.Count) ? null : (byte[])rows.GetValue(LogRow.Count);
            entries.Add(new AuditEntry(AuditTrail.Of(happened, LogRow.ReadAudit(rows, happened), digest), digest, (byte[])rows.GetValue(LogRow.Count + 1)));
        }
        return entries;
    }

    /// <summary>A person or key by id, address or whole name. Whoever sees the trail of one body does not learn by it who has an account at others: nobody that they do not know has done anything.</summary>
    private async Task<Outcome<Guid?>> ActorOfAsync(string asked, CancellationToken cancellation)
    {
        if (asked.Length == 0)
        {
            return (Guid?)null;
        }
        if (Guid.TryParse(asked, out var id))
        {
            return (Guid?)id;
        }
        await using var store = database.Open();
        var address = EmailAddress.Read(asked) is { Ok: true, Value: var email } ? email : null;
        var found = await store.Set<Account>().AsNoTracking().Where(account => (address != null && account.Email == address) || account.Name == asked).Select(account => account.Id).Take(2).ToListAsync(cancellation);
        found.AddRange(await store.Set<ApiKey>().AsNoTracking().Where(key => key.Name == asked).Select(key => key.Id).Take(2).ToListAsync(cancellation));
        return found.Count switch
        {
            0 => Reach.Whole ? Refusal.Invalid("kernel.unknownPerson", "actor") : (Guid?)Nobody,
            1 => (Guid?)found[0],
            _ => Refusal.Invalid("kernel.severalPeople", "actor"),
        };
    }
}
