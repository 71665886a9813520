using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>
/// Finds out who makes a request: an API key or a personal token in a header (K35), else the session of the cookie, else nobody. Looks into the database each time, so that a key made
/// by a verb works at once and one revoked on another node does not; requests without either cost nothing.
/// </summary>
public sealed class Callers(Database database, Writer writer, RoleBook book, BodyAncestors ancestors, TimeProvider time)
{
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(10);

    /// <param name="request">Headers, cookies and, where the endpoint is marked so, the query are read.</param>
    /// <param name="language">Language of the request.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>Somebody anonymous when key or session are not known, over or revoked. A key that is not known never falls back to the cookie.</returns>
    public async Task<Caller> OfAsync(HttpRequest request, string language, CancellationToken cancellation = default)
    {
        if (KeyOf(request) is { } key)
        {
            return await OfKeyAsync(key, language, cancellation) ?? Caller.Anonymous(language, deadKey: true);
        }
        return SessionCookie.Read(request) is { } cookie
            ? await OfSessionAsync(cookie, language, cancellation) ?? Caller.Anonymous(language)
            : Caller.Anonymous(language);
    }

    /// <summary>The caller of a key or of a personal token, or null when it opens nothing.</summary>
    public Task<Caller?> OfKeyAsync(string secret, string language, CancellationToken cancellation = default) =>
        ApiKeys.LooksLikeOne(secret) ? OfApiKeyAsync(secret, language, cancellation)
        : AccessTokens.LooksLikeOne(secret) ? OfTokenAsync(secret, language, cancellation)
        : Task.FromResult<Caller?>(null);

    private async Task<Caller?> OfApiKeyAsync(string secret, string language, CancellationToken cancellation)
    {
        var hash = Hashed.Of(secret);
        await using var store = database.Open();
        var key = await store.Set<ApiKey>().AsNoTracking().FirstOrDefaultAsync(k => k.Hash == hash, cancellation);
        if (key is null || !key.Opens(time.NowMicros()))
        {
            return null;
        }
        if (time.NowMicros() - (key.UsedAt ?? 0) >= SeenEvery.ToMicros())
        {
            await MarkUsedAsync("api_keys", key.Id, cancellation);
        }
        return new Caller(new Actor(key.Id), language, [.. key.Scopes.Select(s => book.ReachOf(s, key.Body)).OfType<Reach>()], ancestors)
        {
            Key = key.Id, Name = key.Name, Scopes = key.Scopes, QuotaPerHour = key.QuotaPerHour,
        };
    }

    /// <summary>The person of a token, with what both its scopes and the roles they hold now allow.</summary>
    private async Task<Caller?> OfTokenAsync(string secret, string language, CancellationToken cancellation)
    {
        var hash = Hashed.Of(secret);
        await using var store = database.Open();
        var found = await (
            from token in store.Set<AccessToken>().AsNoTracking()
            join account in store.Set<Account>().AsNoTracking() on token.AccountId equals account.Id
            join residence in store.Set<Residence>().AsNoTracking() on account.Id equals residence.AccountId into residences
            from residence in residences.DefaultIfEmpty()
            where token.Hash == hash && account.ErasedAt == null
            select new { token, account, residence }).FirstOrDefaultAsync(cancellation);
        if (found is null || !found.token.Opens(time.NowMicros()))
        {
            return null;
        }
        if (time.NowMicros() - (found.token.UsedAt ?? 0) >= SeenEvery.ToMicros())
        {
            await MarkUsedAsync("access_tokens", found.token.Id, cancellation);
        }
        var roles = await store.Set<AccountRole>().AsNoTracking().Where(r => r.AccountId == found.account.Id).ToListAsync(cancellation);
        return new Caller(found.account.Actor, language, [.. roles.Select(role => AccessTokens.Within(ReachOf(role), found.token.Scopes, book))], ancestors)
        {
            Account = found.account.Id, Token = found.token.Id, Name = found.account.Name, Email = found.account.Email, Level = found.account.Level, Home = HomeOf(found.residence), Scopes = found.token.Scopes,
        };
    }

    /// <summary>The caller of a session's cookie, or null when the session is over.</summary>
    public async Task<Caller?> OfSessionAsync(string cookie, string language, CancellationToken cancellation = default)
    {
        var hash = Hashed.Of(cookie);
        await using var store = database.Open();
        var found = await (
            from session in store.Set<Session>().AsNoTracking()
            join account in store.Set<Account>().AsNoTracking() on session.AccountId equals account.Id
            join residence in store.Set<Residence>().AsNoTracking() on account.Id equals residence.AccountId into residences
            from residence in residences.DefaultIfEmpty()
            where session.Hash == hash
            select new { session, account, residence }).FirstOrDefaultAsync(cancellation);
        if (found is null)
        {
            return null;
        }
        var roles = await store.Set<AccountRole>().AsNoTracking().Where(r => r.AccountId == found.account.Id).ToListAsync(cancellation);
        var now = time.NowMicros();
        if (found.session.IsOver(now, roles.Count > 0))
        {
            return null;
        }
        if (now - found.session.SeenAt >= SeenEvery.ToMicros())
        {
            await MarkSeenAsync(found.session.Id, cancellation);
        }
        return new Caller(found.account.Actor, language, [.. roles.Select(ReachOf)], ancestors)
        {
            Account = found.account.Id, Session = found.session.Id, Name = found.account.Name, Email = found.account.Email, Level = found.account.Level, Home = HomeOf(found.residence),
        };
    }

    private static Home? HomeOf(Residence? residence) => residence is null ? null : new Home(residence.Municipality, residence.Postcode, residence.VerifiedAt);

    private Reach ReachOf(AccountRole role) => new(role.Body, book.PermissionsOf(role.Role), role.Categories, role.Areas);

    /// <summary>Whether it can be noted is no matter for the request: a full queue passes it by.</summary>
    private Task<Outcome<Done>> MarkSeenAsync(Guid id, CancellationToken cancellation) => writer.DoAsync<Done>(Actor.System, async unit =>
    {
        if (await unit.Store.Set<Session>().FirstOrDefaultAsync(s => s.Id == id, cancellation) is { } session)
        {
            session.SeenAt = unit.Now;
        }
        return default(Done);
    }, cancellation);

    /// <summary>Past the row's Version: that a key was used is no change of the key.</summary>
    private Task<Outcome<Done>> MarkUsedAsync(string table, Guid id, CancellationToken cancellation) => writer.DoAsync<Done>(Actor.System, unit =>
    {
        var now = unit.Now;
        unit.Then((connection, transaction) =>
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = $"UPDATE {table} SET used_at = @now WHERE id = @id";
            command.Add("now", now);
            command.Add("id", id);
            command.ExecuteNonQuery();
        });
        return Task.FromResult<Outcome<Done>>(default(Done));
    }, cancellation);

    /// <summary>Whether a request brings a key or a token, dead or alive.</summary>
    internal static bool ShowsKey(HttpRequest request) => KeyOf(request) is not null;

    private static string? KeyOf(HttpRequest request)
    {
        if (request.Headers["X-API-Key"].ToString() is { Length: > 0 } own)
        {
            return own;
        }
        var authorization = request.Headers.Authorization.ToString();
        var space = authorization.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0 && authorization[..space] is var scheme && (Same(scheme, "Bearer") || Same(scheme, "ApiKey")))
        {
            return authorization[(space + 1)..].Trim();
        }
        return request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<KeyInQuery>() is { } mark && request.Query[mark.Name].ToString() is { Length: > 0 } asked ? asked : null;

        static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
    }
}
