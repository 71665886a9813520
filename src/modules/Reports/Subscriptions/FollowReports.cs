using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Who asks to follow something, and how often they want to hear of it.</summary>
/// <param name="Email">As <see cref="EmailAddress.Read"/> gave it.</param>
/// <param name="Account">Of who asks, when signed in.</param>
/// <param name="MaySend">False when this client has had its share of mails sent to this address: answered the same, and nothing is sent.</param>
internal sealed record Follower(string Email, string Language, MailPace Pace, Guid? Account, bool MaySend);

/// <summary>What became of it: who has shown by signing in that the address is theirs follows at once, others get a mail with a link.</summary>
internal sealed record Following(bool Confirmed);

/// <summary>A subscription behind a link, for its page.</summary>
internal sealed record OpenSubscription(Subscription Subscription, Report? Report, string PaceToken);

/// <summary>
/// Subscribing with double opt-in (R11). Whether an address follows something already is never told: asking answers the same. Opening the link of the mail changes nothing, pressing its button
/// confirms; stopping is the one click under every mail.
/// </summary>
internal sealed class FollowReports(RoutingMap routing, AreaMap areas, Mails mails, Signer signer, SiteAddress site, Words words, Consents consents, Settings settings, Periods periods, TimeProvider time)
{
    public const string Asked = "reports.mail.confirmFollow";

    /// <summary>What one address may follow.</summary>
    public const int SubscriptionsMax = 100;

    private const string Purpose = "reports.follow";
    private const int MailsPerHourMax = 10;

    /// <summary>What one agrees to by following: shown beside both buttons.</summary>
    public const string Consent = "reports.consent.follow";

    public DatedAreas Areas => areas.Current.On(routing.Current.Map.CalendarOf(null).DateOf(time.NowMicros()));

    /// <returns>404 for a report that is not open to all.</returns>
    public Task<Outcome<Following>> RunAsync(Followed what, Follower who, Actor actor, Commit<Following> commit, CancellationToken cancellation) => commit(actor, async unit =>
    {
        Report? report = null;
        if (what.Report is { } id && ((report = await unit.Store.Set<Report>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellation)) is null || !FindReportsApi.IsOpenToAll(report)))
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
        }
        var subscription = await FindOrAddAsync(unit, what, who, cancellation);
        if (await IsOwnAsync(unit.Store, who, cancellation))
        {
            if (await TooManyAsync(unit.Store, subscription, cancellation) is { } tooMany)
            {
                return tooMany;
            }
            await ConfirmAsync(unit, subscription, who.Pace, who.Language, cancellation);
            return new Following(true);
        }
        var hourAgo = unit.Now - TimeSpan.FromHours(1).ToMicros();
        if (who.MaySend && await Mails.CountAsync(unit.Store, Asked, who.Email, hourAgo, cancellation) < MailsPerHourMax)
        {
            var token = signer.Sign(Purpose, new Asking(subscription.Id, who.Pace, who.Language), periods.DraftLife);
            await mails.PostAsync(unit, new Message(Asked, $"{Asked}:{unit.NextId()}", who.Email, who.Language, NameOf(what, report))
            {
                Links = [new MailLink(words.In(who.Language, "reports.follow.confirm"), site.Of($"/{who.Language}/reports/follow/confirm?t={token}"))],
            }, cancellation);
        }
        return new Following(false);
    }, cancellation);

    /// <summary>What a link would confirm; null when it opens nothing.</summary>
    public async Task<OpenSubscription?> PeekAsync(Store store, string? token, CancellationToken cancellation)
    {
        if (!signer.TryRead<Asking>(Purpose, token, out var asking) || await store.Set<Subscription>().AsNoTracking().FirstOrDefaultAsync(s => s.Id == asking!.Id, cancellation) is not { } found)
        {
            return null;
        }
        var report = found.ReportId is { } followed ? await store.Set<Report>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == followed, cancellation) : null;
        return new OpenSubscription(found, report, mails.PaceToken(found.Email, found.About));
    }

    /// <returns>410 when the link opens nothing any more; 409 when the address follows too much.</returns>
    public Task<Outcome<Done>> ConfirmAsync(Writer writer, string? token, CancellationToken cancellation) => writer.DoAsync<Done>(Actor.Anonymous, async unit =>
    {
        if (!signer.TryRead<Asking>(Purpose, token, out var asking) || await unit.Store.Set<Subscription>().FirstOrDefaultAsync(s => s.Id == asking!.Id, cancellation) is not { } found)
        {
            return new Refusal(RefusalKind.Gone, "reports.followSpent");
        }
        if (await TooManyAsync(unit.Store, found, cancellation) is { } tooMany)
        {
            return tooMany;
        }
        await ConfirmAsync(unit, found, asking!.Pace, asking.Language, cancellation);
        return default(Done);
    }, cancellation);

    /// <summary>What is followed, in words.</summary>
    public Text NameOf(Followed what, Report? report)
    {
        var map = routing.Current.Map;
        return report is null
            ? what.NameIn(map, Areas, words, settings.Get(KernelSettings.RegionName))
            : new Text(Languages.All.Select(language => KeyValuePair.Create(language, words.In(language, "reports.follow.one", report.CategoryName(map, language), report.Number))));
    }

    private async Task ConfirmAsync(Unit unit, Subscription subscription, MailPace pace, string language, CancellationToken cancellation)
    {
        if (subscription.ConfirmedAt is null)
        {
            subscription.ConfirmedAt = unit.Now;
            consents.Record(unit, Consent, language, new Person(null, subscription.Email), new Subject(Subscription.Kind, subscription.Id));
            unit.Publish(new Subject(Subscription.Kind, subscription.Id), subscription.Version + 1, new SubscriptionConfirmed(subscription.Followed.Kind));
        }
        subscription.Language = language;
        await Mails.ChoosePaceAsync(unit, subscription.Email, subscription.About, pace, cancellation);
    }

    private static async Task<Refusal?> TooManyAsync(Store store, Subscription subscription, CancellationToken cancellation) =>
        subscription.ConfirmedAt is null && await store.Set<Subscription>().CountAsync(s => s.Email == subscription.Email && s.ConfirmedAt != null, cancellation) >= SubscriptionsMax
            ? new Refusal(RefusalKind.Conflict, "reports.tooManySubscriptions") { Arguments = [SubscriptionsMax] }
            : null;

    private static async Task<Subscription> FindOrAddAsync(Unit unit, Followed what, Follower who, CancellationToken cancellation)
    {
        var target = what.Key;
        if (await unit.Store.Set<Subscription>().FirstOrDefaultAsync(s => s.Email == who.Email && s.Target == target, cancellation) is { } before)
        {
            before.AskedAt = unit.Now;
            return before;
        }
        return unit.Store.Add(new Subscription
        {
            Id = unit.NextId(),
            Email = who.Email,
            Target = target,
            Language = who.Language,
            ReportId = what.Report,
            Area = what.Area,
            Lon = what.Around?.Lon,
            Lat = what.Around?.Lat,
            RadiusMetres = what.Around is null ? null : what.RadiusMetres,
            Categories = string.Join(' ', what.Categories),
            AskedAt = unit.Now,
        }).Entity;
    }

    /// <summary>Signed in with this address, and it was shown to be theirs.</summary>
    private static async Task<bool> IsOwnAsync(Store store, Follower who, CancellationToken cancellation) =>
        who.Account is { } account && await store.Set<Account>().AnyAsync(a => a.Id == account && a.Email == who.Email && a.Level >= VerificationLevel.Email, cancellation);

    /// <summary>What a link confirms: who asks again for something that is followed already changes nothing before that.</summary>
    private sealed record Asking(Guid Id, MailPace Pace, string Language);
}
