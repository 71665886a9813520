using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>What a role is given for.</summary>
/// <param name="Role">Key of a contributed role.</param>
/// <param name="Body">Null for the whole installation.</param>
/// <param name="Categories">Codes of branches to limit it to; empty for all.</param>
/// <param name="Areas">Ids of areas to limit it to; empty for all.</param>
public sealed record WantedRole(string Role, string? Body, IReadOnlyList<string> Categories, IReadOnlyList<string> Areas)
{
    public WantedRole(string role, string? body = null) : this(role, body, [], []) { }
}

/// <summary>Changes accounts, their sessions and their roles. Nobody gives or takes more than they may do themselves.</summary>
public sealed class Accounts(Writer writer, RoleBook book)
{
    private const int NameMax = 100;

    /// <summary>Gives a role to the account of an address, which is made when there is none.</summary>
    /// <param name="by">Who gives it.</param>
    /// <param name="email">As typed.</param>
    /// <param name="name">How the person is called; kept only when the account has no name yet.</param>
    /// <param name="wanted">The role. One that is held already, in the same body, takes the limits given now.</param>
    /// <param name="then">What else belongs to the same change, such as a mail or a link.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    public Task<Outcome<Account>> GiveRoleAsync(Caller by, string email, string? name, WantedRole wanted, Func<Unit, Account, Task>? then = null, CancellationToken cancellation = default) =>
        writer.DoAsync<Account>(by.Actor, async unit =>
        {
            if (!EmailAddress.Read(email).Is(out var address, out var malformed))
            {
                return malformed;
            }
            if ((CheckName(name) ?? CheckRole(by, wanted) ?? await BodyMap.RefusalOfAsync(unit.Store, wanted.Body, "body", cancellation)) is { } refusal)
            {
                return refusal;
            }
            var account = await unit.Store.Set<Account>().FirstOrDefaultAsync(a => a.Email == address, cancellation)
                ?? New(unit, address, name?.Trim() ?? "", by.Language, VerificationLevel.Anonymous, "staff");
            if (account.Name.Length == 0 && name?.Trim() is { Length: > 0 } called)
            {
                account.Name = called;
            }
            await GiveAsync(unit, account, wanted, cancellation);
            if (then is not null)
            {
                await then(unit, account);
            }
            return account;
        }, cancellation);

    /// <summary>Whether somebody may give or take this role there: they hold all that it carries.</summary>
    public bool MayGive(Caller by, string role, string? body) => CheckRole(by, new WantedRole(role, body)) is null;

    /// <summary>Takes a role away. The last administrator of the installation stays.</summary>
    public Task<Outcome<Done>> WithdrawRoleAsync(Caller by, Guid id, CancellationToken cancellation = default) => writer.DoAsync<Done>(by.Actor, async unit =>
    {
        var roles = unit.Store.Set<AccountRole>();
        var held = await roles.FirstOrDefaultAsync(r => r.Id == id, cancellation);
        if (held is null || !by.Can(PeoplePermissions.ReadAccounts, held.Body))
        {
            return new Refusal(RefusalKind.NotFound, "kernel.roleNotHeld");
        }
        if (CheckRole(by, new WantedRole(held.Role, held.Body)) is { } refusal)
        {
            return refusal;
        }
        if (held is { Role: BuiltInRoles.Administrator, Body: null } && await Administrators.CheckLeavingAsync(unit, held.AccountId, cancellation) is { } last)
        {
            return last;
        }
        roles.Remove(held);
        var account = await unit.Store.Set<Account>().FirstAsync(a => a.Id == held.AccountId, cancellation);
        Touch(unit, account);
        unit.Publish(account.Subject, account.Version + 1, new RoleWithdrawn(held.Role, held.Body), held.Body);
        return default(Done);
    }, cancellation);

    /// <summary>Changes how one is called and in which language one gets mail.</summary>
    public Task<Outcome<Done>> ChangeAsync(Caller by, string? name, string? language, CancellationToken cancellation = default) => writer.DoAsync<Done>(by.Actor, async unit =>
    {
        if (CheckName(name) is { } refusal)
        {
            return refusal;
        }
        if (!Languages.Known(language))
        {
            return Refusal.Invalid("kernel.unknownLanguage", "language");
        }
        var account = await unit.Store.Set<Account>().FirstAsync(a => a.Id == by.Account, cancellation);
        var before = new { account.Name, account.Language };
        account.Name = name?.Trim() ?? "";
        account.Language = language!;
        var changed = new[] { before.Name != account.Name ? "name" : null, before.Language != account.Language ? "language" : null }.OfType<string>().ToArray();
        if (changed.Length > 0)
        {
            unit.Publish(account.Subject, account.Version + 1, new AccountChanged(changed), audit: new Audit(before, new { account.Name, account.Language }));
        }
        return default(Done);
    }, cancellation);

    /// <summary>Gives the account another address, which the person has shown to be theirs, and ends its other sessions and tokens: who had the old address may have one.</summary>
    /// <param name="by">Whose account it is; their own session stays.</param>
    /// <param name="email">As <see cref="EmailAddress.Read"/> gave it.</param>
    /// <param name="then">Tells the old address in the same change; not called when there was none.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    /// <returns><c>kernel.addressTaken</c> when it belongs to another account.</returns>
    public Task<Outcome<Done>> SetEmailAsync(Caller by, string email, Func<Unit, Account, string, Task>? then = null, CancellationToken cancellation = default) => writer.DoAsync<Done>(by.Actor, async unit =>
    {
        var account = await unit.Store.Set<Account>().FirstAsync(a => a.Id == by.Account, cancellation);
        if (await unit.Store.Set<Account>().AnyAsync(a => a.Email == email && a.Id != account.Id, cancellation))
        {
            return new Refusal(RefusalKind.Conflict, "kernel.addressTaken");
        }
        if (account.Email != email)
        {
            var before = new { account.Email };
            account.Email = email;
            account.Level = account.Level < VerificationLevel.Email ? VerificationLevel.Email : account.Level;
            unit.Publish(account.Subject, account.Version + 1, new AccountChanged(["email"]), audit: new Audit(before, new { account.Email }));
            foreach (var other in await unit.Store.Set<Session>().Where(s => s.AccountId == account.Id && s.Id != by.Session).ToListAsync(cancellation))
            {
                unit.Store.Remove(other);
                unit.Publish(account.Subject, account.Version + 1, new SessionEnded(other.Id));
            }
            foreach (var token in await unit.Store.Set<AccessToken>().Where(t => t.AccountId == account.Id).ToListAsync(cancellation))
            {
                unit.Store.Remove(token);
                unit.Publish(account.Subject, account.Version + 1, new TokenRevoked(token.Id));
            }
            if (then is not null && before.Email is { } old)
            {
                await then(unit, account, old);
            }
        }
        return default(Done);
    }, cancellation);

    /// <summary>Ends one session of the caller's account: signing out, or revoking another browser.</summary>
    public Task<Outcome<Done>> EndSessionAsync(Caller by, Guid session, CancellationToken cancellation = default) => writer.DoAsync<Done>(by.Actor, async unit =>
    {
        var found = await unit.Store.Set<Session>().FirstOrDefaultAsync(s => s.Id == session && s.AccountId == by.Account, cancellation);
        if (found is null)
        {
            return new Refusal(RefusalKind.NotFound, "kernel.unknownSession");
        }
        unit.Store.Remove(found);
        var account = await unit.Store.Set<Account>().FirstAsync(a => a.Id == found.AccountId, cancellation);
        unit.Publish(account.Subject, account.Version, new SessionEnded(found.Id));
        return default(Done);
    }, cancellation);

    /// <summary>Adds a new account to the unit.</summary>
    internal static Account New(Unit unit, string? email, string name, string language, VerificationLevel level, string how)
    {
        var account = new Account { Id = unit.NextId(), Email = email, Name = name, Language = language, Level = level, CreatedAt = unit.Now };
        unit.Store.Add(account);
        unit.Publish(account.Subject, 1, new AccountCreated(how));
        return account;
    }

    /// <summary>The Version that the account's row has after this unit.</summary>
    internal static long VersionAfter(Unit unit, Account account) => unit.Store.Entry(account).State switch
    {
        EntityState.Added => 1,
        EntityState.Modified => account.Version + 1,
        _ => account.Version,
    };

    internal static async Task GiveAsync(Unit unit, Account account, WantedRole wanted, CancellationToken cancellation)
    {
        var held = await unit.Store.Set<AccountRole>().FirstOrDefaultAsync(r => r.AccountId == account.Id && r.Role == wanted.Role && r.Body == wanted.Body, cancellation);
        if (held is null)
        {
            held = new AccountRole { Id = unit.NextId(), AccountId = account.Id, Role = wanted.Role, Body = wanted.Body, GrantedAt = unit.Now, GrantedBy = unit.Actor.Id };
            unit.Store.Add(held);
        }
        else if (held.Categories.SequenceEqual(wanted.Categories) && held.Areas.SequenceEqual(wanted.Areas))
        {
            return;
        }
        held.Categories = wanted.Categories;
        held.Areas = wanted.Areas;
        Touch(unit, account);
        unit.Publish(account.Subject, VersionAfter(unit, account), new RoleGranted(wanted.Role, wanted.Body, wanted.Categories, wanted.Areas), wanted.Body);
    }

    /// <summary>Roles are part of the account: changing them raises its Version, so that two changes at once meet.</summary>
    private static void Touch(Unit unit, Account account)
    {
        var entry = unit.Store.Entry(account);
        if (entry.State == EntityState.Unchanged)
        {
            entry.State = EntityState.Modified;
        }
    }

    private static Refusal? CheckName(string? name) =>
        name is null || (name.Trim().Length <= NameMax && !name.Any(char.IsControl)) ? null : Refusal.Invalid("kernel.nameMalformed", "name", NameMax);

    private Refusal? CheckRole(Caller by, WantedRole wanted)
    {
        if (!book.Knows(wanted.Role))
        {
            return Refusal.Invalid("kernel.unknownRole", "role", wanted.Role, string.Join(", ", book.Roles.Select(r => r.Key)));
        }
        if (!by.Can(PeoplePermissions.ManageAccounts, wanted.Body))
        {
            return by.NotAllowed();
        }
        return book.PermissionsOf(wanted.Role).All(permission => by.Can(permission, wanted.Body))
            ? null
            : new Refusal(RefusalKind.Forbidden, "kernel.moreThanOwn", "role") { Arguments = [wanted.Role] };
    }
}
