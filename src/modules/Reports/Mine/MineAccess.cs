using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Who may see what somebody sent: the account with its shown address, or who has opened the link mailed to that address. Asking for a link answers the same whether or not the address is known. Opening the link
/// changes nothing, because programs that scan mail open links too; its button uses it up and gives a token for an hour.
/// </summary>
internal sealed class MineAccess(Database database, Writer writer, Mails mails, Signer signer, SiteAddress site, Words words, TimeProvider time)
{
    public const string Notice = "reports.mail.mine";

    private const string Purpose = "reports.mine";
    private const int MailsPerHourMax = 10;
    private static readonly TimeSpan OpenFor = TimeSpan.FromHours(1);

    /// <summary>Sends a link, unless the address had enough of them within the hour.</summary>
    /// <param name="email">As <see cref="EmailAddress.Read"/> gave it.</param>
    public Task<Outcome<Done>> AskAsync(string email, string language, CancellationToken cancellation) => writer.DoAsync<Done>(Actor.Anonymous, async unit =>
    {
        if (await Mails.CountAsync(unit.Store, Notice, email, unit.Now - TimeSpan.FromHours(1).ToMicros(), cancellation) >= MailsPerHourMax)
        {
            return default(Done);
        }
        var secret = unit.NextSecret();
        unit.Store.Add(new MineLink { Id = unit.NextId(), Hash = Hashed.Of(secret), Email = email, CreatedAt = unit.Now });
        await mails.PostAsync(unit, new Message(Notice, $"{Notice}:{unit.NextId()}", email, language)
        {
            Links = [new MailLink(words.In(language, "reports.mine.open"), site.Of($"/{language}/reports/mine/link?t={secret}"))],
        }, cancellation);
        return default(Done);
    }, cancellation);

    /// <summary>Looks whom a link is for, and changes nothing.</summary>
    /// <returns>Null when there is no such link, it was used, or its time is over.</returns>
    public async Task<string?> PeekAsync(string? secret, CancellationToken cancellation)
    {
        await using var store = database.Open();
        return await FindAsync(store, secret, cancellation) is { } link && link.Opens(time.NowMicros()) ? link.Email : null;
    }

    /// <summary>Uses the link up.</summary>
    /// <returns>What opens the list for an hour; 410 when the link opens nothing: why is not told.</returns>
    public Task<Outcome<string>> UseAsync(string? secret, CancellationToken cancellation) => writer.DoAsync<string>(Actor.Anonymous, async unit =>
    {
        if (await FindAsync(unit.Store, secret, cancellation) is not { } link || !link.Opens(unit.Now))
        {
            return new Refusal(RefusalKind.Gone, "reports.mineSpent");
        }
        link.UsedAt = unit.Now;
        return signer.Sign(Purpose, link.Email, OpenFor);
    }, cancellation);

    /// <summary>Whose reports a request may see.</summary>
    /// <param name="token">Of <see cref="UseAsync"/>, in the address or the form.</param>
    /// <returns>Null when it may see nobody's. Of an account the address counts once it was shown to be theirs; a program's key opens nothing.</returns>
    public Person? Of(Caller caller, string? token)
    {
        if (!string.IsNullOrEmpty(token))
        {
            return signer.TryRead<string>(Purpose, token, out var email) ? new Person(null, email) : null;
        }
        return caller is { Account: { } account, IsByKey: false } ? new Person(account, caller.Level >= VerificationLevel.Email ? caller.Email : null) : null;
    }

    private static Task<MineLink?> FindAsync(Store store, string? secret, CancellationToken cancellation)
    {
        if (secret is not { Length: >= 20 and <= 100 })
        {
            return Task.FromResult<MineLink?>(null);
        }
        var hash = Hashed.Of(secret);
        return store.Set<MineLink>().FirstOrDefaultAsync(link => link.Hash == hash, cancellation);
    }
}
