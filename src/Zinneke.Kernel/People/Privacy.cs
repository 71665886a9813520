using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>Exports and erases what all parts hold about a person.</summary>
public sealed class Privacy(Database database, Writer writer, IEnumerable<PersonalData> parts)
{
    /// <summary>Everything, by the key of the part that holds it.</summary>
    /// <param name="most">Of each kind of record at most about so many, the newest; null for all.</param>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<object>>> ExportAsync(Person person, int? most = null, CancellationToken cancellation = default)
    {
        var all = new SortedDictionary<string, IReadOnlyList<object>>(StringComparer.Ordinal);
        await using var store = database.Open();
        foreach (var part in parts)
        {
            all[part.Key] = await (most is { } some ? part.NewestAsync(store, person, some, cancellation) : part.ExportAsync(store, person, cancellation));
        }
        return all;
    }

    /// <summary>The files that belong to it; each name once.</summary>
    public async Task<IReadOnlyList<PersonalFile>> FilesAsync(Person person, CancellationToken cancellation = default)
    {
        var all = new List<PersonalFile>();
        await using var store = database.Open();
        foreach (var part in parts)
        {
            all.AddRange(await part.FilesAsync(store, person, cancellation));
        }
        return [.. all.DistinctBy(file => file.Name)];
    }

    /// <summary>
    /// Erases everything about an account: first recorded, then a part at a time, the account last, so that a crash in between is finished by asking again.
    /// </summary>
    /// <returns>How many records each part erased; <c>kernel.unknownAccount</c> when there is none; <c>kernel.lastAdministrator</c> for the only one.</returns>
    public async Task<Outcome<IReadOnlyDictionary<string, int>>> EraseAsync(Caller by, Guid account, CancellationToken cancellation = default)
    {
        var begun = await writer.DoAsync<Person>(by.Actor, unit => BeginAsync(unit, account, cancellation), cancellation);
        if (!begun.Is(out var person, out var refusal))
        {
            return refusal;
        }
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var part in parts.Where(p => p is not AccountData))
        {
            var erased = await writer.DoAsync<int>(by.Actor, async unit => await part.EraseAsync(unit, person, cancellation), cancellation);
            if (!erased.Is(out var count, out refusal))
            {
                return refusal;
            }
            counts[part.Key] = count;
        }
        return await writer.DoAsync<IReadOnlyDictionary<string, int>>(by.Actor, unit => EndAsync(unit, person, counts, cancellation), cancellation);
    }

    private static async Task<Outcome<Person>> BeginAsync(Unit unit, Guid id, CancellationToken cancellation)
    {
        var account = await unit.Store.Set<Account>().FirstOrDefaultAsync(a => a.Id == id && a.ErasedAt == null, cancellation);
        if (account is null)
        {
            return new Refusal(RefusalKind.NotFound, "kernel.unknownAccount");
        }
        if (await Administrators.CheckLeavingAsync(unit, id, cancellation) is { } last)
        {
            return last;
        }
        if (!await unit.Store.Set<Erasure>().AnyAsync(e => e.AccountId == id, cancellation))
        {
            unit.Store.Add(new Erasure { AccountId = id, AskedAt = unit.Now });
        }
        return new Person(id, account.Email);
    }

    private static async Task<Outcome<IReadOnlyDictionary<string, int>>> EndAsync(Unit unit, Person person, SortedDictionary<string, int> counts, CancellationToken cancellation)
    {
        if (await Administrators.CheckLeavingAsync(unit, person.Account!.Value, cancellation) is { } last)
        {
            return last; // The others left in the meantime: the account stays until there is another, and is then erased by asking again.
        }
        counts[AccountData.TheKey] = await AccountData.EraseAccountAsync(unit, person, cancellation);
        var account = await unit.Store.Set<Account>().FirstAsync(a => a.Id == person.Account, cancellation);
        var erasure = await unit.Store.Set<Erasure>().FirstAsync(e => e.AccountId == person.Account, cancellation);
        erasure.DoneAt = unit.Now;
        erasure.Counts = JsonSerializer.Serialize(counts, Json.Options);
        unit.Publish(account.Subject, Accounts.VersionAfter(unit, account), new AccountErased(counts));
        return counts;
    }
}

/// <summary>What the kernel itself holds about an account: the account, its sessions, roles, tokens, links and the words of its audit rows.</summary>
internal sealed class AccountData : PersonalData
{
    internal const string TheKey = "kernel.account";
    private const int SliceMax = 500;
    private static readonly TimeSpan LinkLife = TimeSpan.FromDays(1);
    private static readonly TimeSpan DeadTokenLife = TimeSpan.FromDays(30);

    public override string Key => TheKey;

    public override Task<IReadOnlyList<object>> ExportAsync(Store store, Person person, CancellationToken cancellation) => ReadAsync(store, person, null, cancellation);

    public override Task<IReadOnlyList<object>> NewestAsync(Store store, Person person, int most, CancellationToken cancellation) => ReadAsync(store, person, most, cancellation);

    private static async Task<IReadOnlyList<object>> ReadAsync(Store store, Person person, int? most, CancellationToken cancellation)
    {
        var accounts = await store.Set<Account>().AsNoTracking().Where(a => a.Id == person.Account).ToListAsync(cancellation);
        var sessions = await store.Set<Session>().AsNoTracking().Where(s => s.AccountId == person.Account).OrderByDescending(s => s.SeenAt).First(most).ToListAsync(cancellation);
        var roles = await store.Set<AccountRole>().AsNoTracking().Where(r => r.AccountId == person.Account).ToListAsync(cancellation);
        var tokens = await store.Set<AccessToken>().AsNoTracking().Where(t => t.AccountId == person.Account).OrderByDescending(t => t.CreatedAt).First(most).ToListAsync(cancellation);
        return
        [
            .. accounts.Select(a => new { a.Id, a.Email, a.Name, a.Language, a.Level, createdAt = Instants.FromMicros(a.CreatedAt) }),
            .. roles.Select(r => new { r.Role, r.Body, r.Categories, r.Areas, grantedAt = Instants.FromMicros(r.GrantedAt) }),
            .. sessions.Select(s => new { session = s.Id, s.Device, createdAt = Instants.FromMicros(s.CreatedAt), seenAt = Instants.FromMicros(s.SeenAt) }),
            .. tokens.Select(t => new { token = t.Name, t.Scopes, createdAt = Instants.FromMicros(t.CreatedAt), expiresAt = Instants.FromMicros(t.ExpiresAt), usedAt = t.UsedAt is { } used ? Instants.FromMicros(used) : (DateTimeOffset?)null }),
        ];
    }

    public override Task<int> EraseAsync(Unit unit, Person person, CancellationToken cancellation) => EraseAccountAsync(unit, person, cancellation);

    /// <summary>The row stays, empty, so that its id is never given again; the log goes on naming an actor that is nobody.</summary>
    internal static async Task<int> EraseAccountAsync(Unit unit, Person person, CancellationToken cancellation)
    {
        var store = unit.Store;
        var account = await store.Set<Account>().FirstOrDefaultAsync(a => a.Id == person.Account, cancellation);
        if (account is null)
        {
            return 0;
        }
        var sessions = await store.Set<Session>().Where(s => s.AccountId == account.Id).ToListAsync(cancellation);
        var roles = await store.Set<AccountRole>().Where(r => r.AccountId == account.Id).ToListAsync(cancellation);
        var tokens = await store.Set<AccessToken>().Where(t => t.AccountId == account.Id).ToListAsync(cancellation);
        var links = await store.Set<SignInLink>().Where(l => l.AccountId == account.Id || (l.Email != null && l.Email == account.Email)).ToListAsync(cancellation);
        var audits = await store.Set<AuditRow>().Where(a => a.SubjectKind == account.Subject.Kind && a.SubjectId == account.Subject.Id).ToListAsync(cancellation);
        store.RemoveRange(sessions);
        store.RemoveRange(roles);
        store.RemoveRange(tokens);
        store.RemoveRange(links);
        foreach (var audit in audits)
        {
            audit.Before = audit.After = audit.Salt = null;
        }
        account.Email = null;
        account.Name = "";
        account.Level = VerificationLevel.Anonymous;
        account.ErasedAt = unit.Now;
        return 1 + sessions.Count + roles.Count + tokens.Count + links.Count + audits.Count;
    }

    /// <summary>Links a day old, sessions that are over, and tokens that ended a month ago: until then their person sees why a program stopped.</summary>
    public override async Task<int> RetainAsync(Unit unit, CancellationToken cancellation)
    {
        var linksBefore = unit.Now - LinkLife.ToMicros();
        var sessionsBefore = unit.Now - Session.Life.ToMicros();
        var links = await unit.Store.Set<SignInLink>().Where(l => l.CreatedAt < linksBefore && (l.ExpiresAt == null || l.ExpiresAt < linksBefore)).Take(SliceMax).ToListAsync(cancellation);
        var sessions = await unit.Store.Set<Session>().Where(s => s.CreatedAt < sessionsBefore).Take(SliceMax).ToListAsync(cancellation);
        var tokensBefore = unit.Now - DeadTokenLife.ToMicros();
        var tokens = await unit.Store.Set<AccessToken>().Where(t => t.ExpiresAt < tokensBefore).Take(SliceMax).ToListAsync(cancellation);
        unit.Store.RemoveRange(links);
        unit.Store.RemoveRange(sessions);
        unit.Store.RemoveRange(tokens);
        return links.Count + sessions.Count + tokens.Count;
    }
}

/// <summary>Lets every part erase what has reached its age, once an hour.</summary>
internal sealed class Retention(Writer writer, IEnumerable<PersonalData> parts, ILogger<Retention> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        do
        {
            await RunAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Erases all that is due now. One part that fails does not keep the others from it.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var part in parts)
        {
            try
            {
                var erased = default(Outcome<int>);
                do
                {
                    erased = await writer.DoAsync<int>(Actor.System, async unit => await part.RetainAsync(unit, cancellation), cancellation);
                }
                while (erased is { Ok: true, Value: > 0 });
            }
#pragma warning disable CA1031 // A contributor is other people's code: whatever it throws must not stop the rest.
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                logger.LogError(failure, "Retention of {Part} failed; it is tried again in an hour", part.Key);
            }
        }
    }
}
