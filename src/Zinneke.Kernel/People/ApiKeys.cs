using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Makes and revokes API keys (K18, K34). A key is an actor of its own; it is shown once and stored hashed.</summary>
public sealed class ApiKeys(Writer writer, RoleBook book)
{
    private const string Prefix = "zk_";
    private const int SecretBytes = 32;
    private const int NameMax = 100;

    /// <summary>Makes a key.</summary>
    /// <param name="by">Who makes it; a person cannot give a key more than they may do themselves.</param>
    /// <param name="wanted">What it may do.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    /// <returns>The key with its secret; else a refusal that names the field.</returns>
    public Task<Outcome<NewKey>> MakeAsync(Caller by, WantedKey wanted, CancellationToken cancellation = default) => writer.DoAsync<NewKey>(by.Actor, async unit =>
    {
        if ((Check(by, wanted, unit.Now) ?? await CheckBodiesAsync(unit.Store, wanted, cancellation)) is { } refusal)
        {
            return refusal;
        }
        var secret = Prefix + unit.NextSecret(SecretBytes);
        var key = new ApiKey
        {
            Id = unit.NextId(),
            Hash = Hashed.Of(secret),
            Name = wanted.Name.Trim(),
            Scopes = wanted.Scopes,
            Body = wanted.Body,
            CreatedAt = unit.Now,
            CreatedBy = by.Actor.Id,
            ExpiresAt = wanted.ExpiresAt,
            QuotaPerHour = wanted.QuotaPerHour,
        };
        unit.Store.Add(key);
        unit.Publish(key.Subject, 1, new KeyMade(key.Scopes, key.Body, key.ExpiresAt), key.Body, new Audit(null, new { key.Name }));
        return new NewKey(key, secret);
    }, cancellation);

    /// <summary>Revokes a key at once; a second time changes nothing.</summary>
    public Task<Outcome<Done>> RevokeAsync(Caller by, Guid id, CancellationToken cancellation = default) => writer.DoAsync<Done>(by.Actor, async unit =>
    {
        var key = await unit.Store.Set<ApiKey>().FirstOrDefaultAsync(k => k.Id == id, cancellation);
        if (key is null || !by.Can(PeoplePermissions.ManageKeys, key.Body))
        {
            return new Refusal(RefusalKind.NotFound, "kernel.unknownKey");
        }
        if (key.RevokedAt is null)
        {
            key.RevokedAt = unit.Now;
            unit.Publish(key.Subject, key.Version + 1, new KeyRevoked(), key.Body);
        }
        return default(Done);
    }, cancellation);

    /// <summary>Whether it has the form of a key: what has not is not looked for.</summary>
    internal static bool LooksLikeOne(string secret) => secret.Length is > 20 and < 100 && secret.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The body of the key, and those behind its scopes.</summary>
    private async Task<Refusal?> CheckBodiesAsync(Store store, WantedKey wanted, CancellationToken cancellation)
    {
        var refusal = await BodyMap.RefusalOfAsync(store, wanted.Body, "body", cancellation);
        foreach (var body in wanted.Scopes.Select(scope => book.ReachOf(scope, wanted.Body)!.Body).Distinct().Where(body => body != wanted.Body))
        {
            refusal ??= await BodyMap.RefusalOfAsync(store, body, "scopes", cancellation);
        }
        return refusal;
    }

    private Refusal? Check(Caller by, WantedKey wanted, long now)
    {
        if (wanted.Name.Trim() is not { Length: > 0 and <= NameMax } name || name.Any(char.IsControl))
        {
            return Refusal.Invalid("kernel.nameMalformed", "name", NameMax);
        }
        if (wanted.Scopes.Count == 0)
        {
            return Refusal.Invalid("kernel.scopeMissing", "scopes");
        }
        foreach (var scope in wanted.Scopes)
        {
            if (book.ReachOf(scope, wanted.Body) is not { } reach)
            {
                return Refusal.Invalid("kernel.unknownScope", "scopes", scope, string.Join(", ", book.Scopes.Select(s => s.NeedsBody ? $"{s.Name}:BODY" : s.Name)));
            }
            if (reach.Permissions.Any(permission => !by.Can(permission, reach.Body)))
            {
                return new Refusal(RefusalKind.Forbidden, "kernel.moreThanOwn", "scopes") { Arguments = [scope] };
            }
        }
        if (wanted.ExpiresAt <= now)
        {
            return Refusal.Invalid("kernel.expiryPast", "expires");
        }
        return wanted.QuotaPerHour is <= 0 ? Refusal.Invalid("kernel.quotaMalformed", "quota")
            : by.Can(PeoplePermissions.ManageKeys, wanted.Body) ? null
            : by.NotAllowed();
    }
}

/// <summary>What somebody wants a key for.</summary>
/// <param name="Name">Shown in events and the audit trail: the program that will hold it.</param>
/// <param name="Scopes">Contributed scopes, each perhaps with a body behind it.</param>
/// <param name="Body">The body for scopes that name none; null for the whole installation.</param>
/// <param name="ExpiresAt">UTC microseconds; null for never.</param>
/// <param name="QuotaPerHour">Requests an hour; null for no limit of its own.</param>
public sealed record WantedKey(string Name, IReadOnlyList<string> Scopes, string? Body = null, long? ExpiresAt = null, int? QuotaPerHour = null);

/// <summary>A key just made. The secret is shown now and never again.</summary>
public sealed record NewKey(ApiKey Key, string Secret);
