using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Who follows what: an address and a place or report. Goes when the address stops it, some time after it was asked for and not confirmed, and some time after its report ended (<see cref="Periods"/>).</summary>
internal sealed class SubscriptionData(FollowReports follow, Mails mails, ForgetDrafts drafts, ForgetFollowers followers) : PersonalData
{
    private const int SliceMax = 500;

    /// <summary>What was chosen about a subscription serves as long as it is there.</summary>
    public static MailAbout About { get; } = new(Subscription.Kind, async (store, ids, cancellation) =>
    {
        var asked = ids.Select(id => Guid.TryParse(id, out var subscription) ? subscription : Guid.Empty).ToList();
        return (await store.Set<Subscription>().Where(s => asked.Contains(s.Id)).Select(s => s.Id).ToListAsync(cancellation)).Select(id => id.ToString()).ToHashSet(StringComparer.Ordinal);
    });

    /// <summary>After a backup was restored that still held one.</summary>
    public static Erasable Erasable { get; } = new(Subscription.Kind, e => e.Is<SubscriptionErased>(), (services, id, cancellation) =>
        services.GetRequiredService<Writer>().DoAsync<bool>(Actor.System, async unit =>
        {
            var subscription = Guid.Parse(id);
            return await EraseAsync(unit, services.GetRequiredService<Mails>(), await unit.Store.Set<Subscription>().Where(s => s.Id == subscription).ToListAsync(cancellation), cancellation) > 0;
        }, cancellation));

    public override string Key => "reports.subscriptions";

    public override Task<IReadOnlyList<object>> ExportAsync(Store store, Person person, CancellationToken cancellation) => ReadAsync(store, person, null, cancellation);

    public override Task<IReadOnlyList<object>> NewestAsync(Store store, Person person, int most, CancellationToken cancellation) => ReadAsync(store, person, most, cancellation);

    private async Task<IReadOnlyList<object>> ReadAsync(Store store, Person person, int? most, CancellationToken cancellation)
    {
        var own = await Of(store, person).AsNoTracking().OrderByDescending(s => s.AskedAt).First(most).ToListAsync(cancellation);
        return
        [
            .. own.Select(s => new
            {
                follows = s.Target, s.Email, s.Language, askedAt = Instants.FromMicros(s.AskedAt), confirmedAt = s.ConfirmedAt is { } at ? Instants.FromMicros(at) : (DateTimeOffset?)null,
                name = s.ReportId is null ? follow.NameOf(s.Followed, null).In(s.Language) : null,
            }),
        ];
    }

    public override async Task<int> EraseAsync(Unit unit, Person person, CancellationToken cancellation) =>
        await EraseAsync(unit, mails, await Of(unit.Store, person).ToListAsync(cancellation), cancellation);

    public override async Task<int> RetainAsync(Unit unit, CancellationToken cancellation)
    {
        List<Subscription> stopped = [.. await StoppedPlacesAsync(unit.Store, cancellation), .. await StoppedReportsAsync(unit.Store, cancellation)];
        await RemoveAsync(unit, stopped, cancellation);
        return stopped.Count > 0 ? stopped.Count : await drafts.ForgetAsync(unit, unit.Now, cancellation) is > 0 and var count ? count : await followers.ForgetAsync(unit, unit.Now, cancellation);
    }

    /// <summary>Removes some for good, with what was agreed to and every mail about them, those held for a digest too.</summary>
    private static async Task<int> EraseAsync(Unit unit, Mails mails, List<Subscription> own, CancellationToken cancellation)
    {
        foreach (var one in own)
        {
            await mails.ForgetAsync(unit, one.Email, one.About, cancellation);
            unit.Publish(new Subject(Subscription.Kind, one.Id), one.Version + 1, new SubscriptionErased());
        }
        await RemoveAsync(unit, own, cancellation);
        return own.Count;
    }

    /// <summary>Removes some, and what was agreed to with them.</summary>
    public static async Task RemoveAsync(Unit unit, List<Subscription> over, CancellationToken cancellation)
    {
        unit.Store.RemoveRange(over);
        await Consents.ForgetAsync(unit, Subscription.Kind, over.ConvertAll(s => s.Id.ToString()), cancellation);
    }

    /// <summary>Those of places that their address wants no more: with them goes the choice, which is about nothing then.</summary>
    private static async Task<List<Subscription>> StoppedPlacesAsync(Store store, CancellationToken cancellation)
    {
        var choices = await store.Set<MailPaceRow>().Where(p => p.AboutKind == Subscription.Kind && p.Pace == MailPace.Never).OrderBy(p => p.Address).ThenBy(p => p.AboutId).Take(SliceMax).ToListAsync(cancellation);
        var ids = choices.ConvertAll(choice => Guid.Parse(choice.AboutId));
        store.RemoveRange(choices);
        return ids.Count == 0 ? [] : await store.Set<Subscription>().Where(s => ids.Contains(s.Id)).ToListAsync(cancellation);
    }

    /// <summary>Those of reports that their address wants no more. The choice stays: whoever sent the report may have made it.</summary>
    private static async Task<List<Subscription>> StoppedReportsAsync(Store store, CancellationToken cancellation)
    {
        var last = Guid.Empty;
        while (await store.Set<Subscription>()
            .Where(s => s.ReportId != null && s.ConfirmedAt != null && s.Id.CompareTo(last) > 0 && store.Set<MailPaceRow>().Any(p => p.Address == s.Email && p.AboutKind == "report" && p.Pace == MailPace.Never))
            .OrderBy(s => s.Id).Take(SliceMax).ToListAsync(cancellation) is { Count: > 0 } some)
        {
            var emails = some.ConvertAll(s => s.Email);
            var never = (await store.Set<MailPaceRow>().AsNoTracking().Where(p => emails.Contains(p.Address) && p.AboutKind == "report" && p.Pace == MailPace.Never).ToListAsync(cancellation))
                .Select(p => (p.Address, p.AboutId)).ToHashSet();
            if (some.FindAll(s => never.Contains((s.Email, s.About.Id))) is { Count: > 0 } stopped)
            {
                return stopped;
            }
            last = some[^1].Id;
        }
        return [];
    }

    private static IQueryable<Subscription> Of(Store store, Person person) => store.Set<Subscription>().Where(s => person.Email != null && s.Email == person.Email);
}
