using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>
/// Makes and ends personal access tokens (K18): a program shows one as it would a key, and acts as the person, with what both the token's scopes and the person's roles
/// of that moment allow. Shown once, stored hashed. Only somebody who is signed in makes one, so that a token that got lost makes no others.
/// </summary>
public sealed class AccessTokens(Writer writer, RoleBook book)
{
    /// <summary>The longest life.</summary>
    public static readonly TimeSpan LifeMax = TimeSpan.FromDays(366);

    /// <summary>Tokens that one person has at once.</summary>
    public const int CountMax = 20;
    private const string Prefix = "zp_";
    private const int SecretBytes = 32;
    private const int NameMax = 100;

    /// <summary>Makes a token for the caller.</summary>
    /// <param name="by">A person with a session.</param>
    /// <param name="wanted">What it may do.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    /// <returns>The token with its secret; else a refusal that names the field.</returns>
    public Task<Outcome<NewToken>> MakeAsync(Caller by, WantedToken wanted, CancellationToken cancellation = default) => writer.DoAsync<NewToken>(by.Actor, async unit =>
    {
        if (Check(by, wanted, unit.Now) is { } refusal)
        {
            return refusal;
        }
        var account = await unit.Store.Set<Account>().FirstAsync(a => a.Id == by.Account, cancellation);
        if (await unit.Store.Set<AccessToken>().CountAsync(t => t.AccountId == account.Id, cancellation) >= CountMax)
        {
            return Refusal.Invalid("kernel.tooManyTokens", "name", CountMax);
        }
        var secret = Prefix + unit.NextSecret(SecretBytes);
        var token = new AccessToken
        {
            Id = unit.NextId(),
            AccountId = account.Id,
            Hash = Hashed.Of(secret),
            Name = wanted.Name.Trim(),
            Scopes = wanted.Scopes,
            CreatedAt = unit.Now,
            ExpiresAt = wanted.ExpiresAt,
        };
        unit.Store.Add(token);
        unit.Publish(account.Subject, account.Version, new TokenMade(token.Id, token.Scopes, token.ExpiresAt));
        return new NewToken(token, secret);
    }, cancellation);

    /// <summary>Ends one of the caller's own tokens at once.</summary>
    public Task<Outcome<Done>> RevokeAsync(Caller by, Guid id, CancellationToken cancellation = default) => writer.DoAsync<Done>(by.Actor, async unit =>
    {
        var token = await unit.Store.Set<AccessToken>().FirstOrDefaultAsync(t => t.Id == id && t.AccountId == by.Account, cancellation);
        if (token is null || by.Session is null)
        {
            return new Refusal(RefusalKind.NotFound, "kernel.unknownToken");
        }
        var account = await unit.Store.Set<Account>().FirstAsync(a => a.Id == token.AccountId, cancellation);
        unit.Store.Remove(token);
        unit.Publish(account.Subject, account.Version, new TokenRevoked(token.Id));
        return default(Done);
    }, cancellation);

    /// <summary>The scopes that mean something to this person: those of which they hold at least one permission somewhere.</summary>
    public IReadOnlyList<Scope> ScopesFor(Caller person) => [.. book.Scopes.Where(scope => scope.Permissions.Any(person.CanSomewhere))];

    /// <summary>Whether it has the form of a token: what has not is not looked for.</summary>
    internal static bool LooksLikeOne(string secret) => secret.Length is > 20 and < 100 && secret.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>What is left of a role under these scopes. They name no bodies: a token reaches as far as the role does, so that nothing can come out wider than it.</summary>
    internal static Reach Within(Reach role, IReadOnlyList<string> scopes, RoleBook book) =>
        role with { Permissions = scopes.SelectMany(book.PermissionsOfScope).Where(role.Permissions.Contains).ToHashSet(StringComparer.Ordinal) };

    private Refusal? Check(Caller by, WantedToken wanted, long now)
    {
        if (by.Session is null)
        {
            return by.NotAllowed();
        }
        if (wanted.Name.Trim() is not { Length: > 0 and <= NameMax } name || name.Any(char.IsControl))
        {
            return Refusal.Invalid("kernel.nameMalformed", "name", NameMax);
        }
        foreach (var scope in wanted.Scopes)
        {
            if (!book.Scopes.Any(known => known.Name == scope))
            {
                return Refusal.Invalid("kernel.unknownScope", "scopes", scope, string.Join(", ", ScopesFor(by).Select(s => s.Name)));
            }
            if (!book.PermissionsOfScope(scope).Any(by.CanSomewhere))
            {
                return new Refusal(RefusalKind.Forbidden, "kernel.moreThanOwn", "scopes") { Arguments = [scope] };
            }
        }
        return wanted.ExpiresAt <= now ? Refusal.Invalid("kernel.expiryPast", "expires")
            : wanted.ExpiresAt - now > LifeMax.ToMicros() ? Refusal.Invalid("kernel.expiryFar", "expires", LifeMax.Days)
            : null;
    }
}

/// <summary>What somebody wants a token for.</summary>
/// <param name="Name">The program that will hold it, for the person's own list.</param>
/// <param name="Scopes">Names of contributed scopes; none for what the person may do without any role.</param>
/// <param name="ExpiresAt">UTC microseconds.</param>
public sealed record WantedToken(string Name, IReadOnlyList<string> Scopes, long ExpiresAt);

/// <summary>A token just made. The secret is shown now and never again.</summary>
public sealed record NewToken(AccessToken Token, string Secret);
