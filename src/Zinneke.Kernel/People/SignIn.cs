using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>What a sign-in link opens, shown on its page before anything happens.</summary>
/// <param name="Who">Address or name of who would be signed in.</param>
/// <param name="Language">In which the link was asked for.</param>
public sealed record OpenLink(string Who, string Language);

/// <summary>Somebody was signed in.</summary>
/// <param name="Cookie">Value of the session's cookie; shown to nobody else and not kept.</param>
/// <param name="ReturnPath">Where to go on; always of this site.</param>
public sealed record SignedIn(string Cookie, Account Account, string ReturnPath);

/// <summary>
/// Signing in by a link sent to one's address (K15, K43): one use, fifteen minutes, stored hashed. Opening the link shows a button; pressing it signs in. Asking for a
/// link answers the same whether or not there is an account: the account is made when the link is used.
/// </summary>
public sealed class SignIn(Database database, Writer writer, Consents consents, Ids ids, TimeProvider time)
{
    /// <summary>
    /// Links sent to one address within an hour, whoever asks; further requests are answered the same and send nothing. Well above what one client may ask for one
    /// address, so that a stranger does not keep somebody from signing in by asking in their name.
    /// </summary>
    public const int LinksPerHourMax = 20;

    /// <summary>Makes a link inside a use case; the caller sends its mail in the same unit.</summary>
    /// <param name="unit">The use case.</param>
    /// <param name="email">As <see cref="EmailAddress.Read"/> gave it.</param>
    /// <param name="language">Language of the request.</param>
    /// <param name="returnPath">Where to go on afterwards; anything that is not a path of this site becomes the account page.</param>
    /// <returns>The token for the link, or null when this address had enough links within the hour.</returns>
    public static async Task<string?> NewLinkAsync(Unit unit, string email, string language, string? returnPath)
    {
        var hourAgo = unit.Now - TimeSpan.FromHours(1).ToMicros();
        if (await unit.Store.Set<SignInLink>().CountAsync(l => l.Email == email && l.CreatedAt > hourAgo) >= LinksPerHourMax)
        {
            return null;
        }
        return Add(unit, email, null, language, returnPath);
    }

    /// <summary>Makes a link that invites somebody to sign in for the first time, to be sent to the address; whoever asked for none does not wait for it, so it opens for longer.</summary>
    /// <param name="email">As <see cref="EmailAddress.Read"/> gave it.</param>
    public static string NewInvitation(Unit unit, string email, string language, string returnPath) =>
        Add(unit, email, null, language, returnPath, unit.Now + SignInLink.InvitationLife.ToMicros());

    /// <summary>Makes a link for an account, without mail: shown to who runs the program.</summary>
    public static string NewLinkFor(Unit unit, Account account) => Add(unit, null, account.Id, account.Language, null);

    /// <summary>The address that a link has; its token stands in <c>t</c>, which no log shows and no referrer carries.</summary>
    public static Uri UrlOf(SiteAddress site, string language, string token) => site.Of($"/{language}/sign-in/link?t={token}");

    /// <summary>Looks what a link would do, and changes nothing.</summary>
    /// <returns>Null when there is no such link, it was used, or its time is over.</returns>
    public async Task<OpenLink?> PeekAsync(string? token, CancellationToken cancellation = default)
    {
        await using var store = database.Open();
        if (await FindAsync(store, token, cancellation) is not { } link || !link.Opens(time.NowMicros()))
        {
            return null;
        }
        var account = link.AccountId is { } id ? await store.Set<Account>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, cancellation) : null;
        return new OpenLink(link.Email ?? account?.Email ?? account?.Name ?? "", link.Language);
    }

    /// <summary>Uses the link. The browser gets a session of its own; one that it already had is ended.</summary>
    /// <param name="token">From the link.</param>
    /// <param name="device">Browser and system in words.</param>
    /// <param name="language">Of the page with the button, which says what an account keeps; that of the link when null.</param>
    /// <param name="before">The session that this browser is signed in with, or null.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    /// <returns><c>kernel.linkSpent</c> (410) when there is no such link, it was used, or its time is over: which of them is not told.</returns>
    public Task<Outcome<SignedIn>> UseAsync(string? token, string device, Guid? before, string? language = null, CancellationToken cancellation = default) =>
        writer.DoAsync<SignedIn>(Actor.Anonymous, async unit =>
        {
            var link = await FindAsync(unit.Store, token, cancellation, tracked: true);
            if (link is null || !link.Opens(unit.Now) || await AccountOfAsync(unit, link, cancellation) is not { } account)
            {
                return new Refusal(RefusalKind.Gone, "kernel.linkSpent");
            }
            await consents.RecordOnceAsync(unit, Consents.OfAccount, language ?? link.Language, account, cancellation);
            link.UsedAt = unit.Now; // Its Version makes sure that of two clicks at once only one gets in.
            if (before is { } old && await unit.Store.Set<Session>().FirstOrDefaultAsync(s => s.Id == old, cancellation) is { } ended)
            {
                unit.Store.Remove(ended);
                var left = ended.AccountId == account.Id ? account : await unit.Store.Set<Account>().FirstAsync(a => a.Id == ended.AccountId, cancellation);
                unit.Publish(left.Subject, Accounts.VersionAfter(unit, left), new SessionEnded(ended.Id));
            }
            var cookie = ids.Secret(32);
            unit.Store.Add(new Session
            {
                Id = unit.NextId(), Hash = Hashed.Of(cookie), AccountId = account.Id, CreatedAt = unit.Now, SeenAt = unit.Now, Device = device,
            });
            unit.Publish(account.Subject, Accounts.VersionAfter(unit, account), new AccountSignedIn("link", account.Level));
            return new SignedIn(cookie, account, link.ReturnPath);
        }, cancellation);

    private static string Add(Unit unit, string? email, Guid? account, string language, string? returnPath, long? expiresAt = null)
    {
        var token = unit.NextSecret();
        unit.Store.Add(new SignInLink
        {
            Id = unit.NextId(),
            Hash = Hashed.Of(token),
            Email = email,
            AccountId = account,
            Language = language,
            ReturnPath = Zinneke.Kernel.ReturnPath.Of(returnPath, $"/{language}/account"),
            CreatedAt = unit.Now,
            ExpiresAt = expiresAt,
        });
        return token;
    }

    private static Task<SignInLink?> FindAsync(Store store, string? token, CancellationToken cancellation, bool tracked = false)
    {
        if (token is not { Length: >= 20 and <= 100 })
        {
            return Task.FromResult<SignInLink?>(null);
        }
        var hash = Hashed.Of(token);
        var links = tracked ? store.Set<SignInLink>() : store.Set<SignInLink>().AsNoTracking();
        return links.FirstOrDefaultAsync(l => l.Hash == hash, cancellation);
    }

    /// <summary>The link's account, made now when the address is new, and known by e-mail from now on.</summary>
    private static async Task<Account?> AccountOfAsync(Unit unit, SignInLink link, CancellationToken cancellation)
    {
        if (link.AccountId is { } id)
        {
            return await unit.Store.Set<Account>().FirstOrDefaultAsync(a => a.Id == id && a.ErasedAt == null, cancellation);
        }
        var account = await unit.Store.Set<Account>().FirstOrDefaultAsync(a => a.Email == link.Email, cancellation);
        if (account is null)
        {
            account = Accounts.New(unit, link.Email, "", link.Language, VerificationLevel.Email, "link");
        }
        else if (account.Level < VerificationLevel.Email)
        {
            account.Level = VerificationLevel.Email; // Made by staff, and now the person has shown that the address is theirs.
        }
        return account;
    }
}
