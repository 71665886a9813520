using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>As long as no administrator of the installation has an address to sign in with, whoever starts the program gets a link to sign in as one (K1).</summary>
public sealed class FirstAdministrator(Writer writer, SiteAddress site)
{
    /// <returns>A link for one use within fifteen minutes, or null when there is an administrator who can sign in.</returns>
    public async Task<Uri?> LinkAsync(string language, CancellationToken cancellation = default)
    {
        var link = await writer.DoAsync<Uri?>(Actor.System, async unit =>
        {
            var holders = await (
                from role in unit.Store.Set<AccountRole>()
                join account in unit.Store.Set<Account>() on role.AccountId equals account.Id
                where role.Role == BuiltInRoles.Administrator && role.Body == null
                select account).ToListAsync(cancellation);
            if (holders.Exists(account => account.Email is not null))
            {
                return default(Uri);
            }
            var first = holders.FirstOrDefault() ?? await MakeAsync(unit, language, cancellation);
            return SignIn.UrlOf(site, language, SignIn.NewLinkFor(unit, first));
        }, cancellation);
        return link.Ok ? link.Value : null;
    }

    private static async Task<Account> MakeAsync(Unit unit, string language, CancellationToken cancellation)
    {
        var account = Accounts.New(unit, null, "", language, VerificationLevel.Anonymous, "start");
        await Accounts.GiveAsync(unit, account, new WantedRole(BuiltInRoles.Administrator), cancellation);
        return account;
    }
}
