using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>
/// Posts mail inside a use case or a follower: the row is committed with the change that it tells about, and sent afterwards by <see cref="MailSender"/>. One row for
/// each recipient, event and notice (K28): a body that reported something itself hears of it twice, in other words.
/// </summary>
public sealed class Mails(Words words, Signer signer, SiteAddress site, Settings settings, DataFolder folder, IEnumerable<Notice> notices)
{
    private const string Purpose = "mail.pace";
    private const int SliceMax = 500;
    private static readonly TimeOnly DigestAt = new(7, 0);
    private readonly HashSet<string> known = [.. notices.Select(n => n.Key)];
    private readonly HashSet<string> always = [.. notices.Where(n => n.Always).Select(n => n.Key)];

    /// <summary>Adds a mail to the unit, unless it was posted before or the recipient wants none about this thing.</summary>
    /// <exception cref="InvalidOperationException">Nobody contributed the notice: a bug.</exception>
    public Task PostAsync(Unit unit, Message message, CancellationToken cancellation = default) => PostAsync(unit, [message], cancellation);

    /// <summary>The same for many recipients, with two questions to the store for some hundred of them.</summary>
    /// <exception cref="InvalidOperationException">Nobody contributed a notice: a bug.</exception>
    public async Task PostAsync(Unit unit, IReadOnlyList<Message> messages, CancellationToken cancellation = default)
    {
        if (messages.FirstOrDefault(message => !known.Contains(message.Notice)) is { } stranger)
        {
            throw new InvalidOperationException($"nobody contributed the notice {stranger.Notice}");
        }
        foreach (var slice in messages.Chunk(SliceMax))
        {
            var paces = await PacesOfAsync(unit.Store, slice, cancellation);
            var posted = await PostedAsync(unit.Store, slice, cancellation);
            foreach (var message in slice)
            {
                var pace = message.About is { } about && !always.Contains(message.Notice) ? paces.GetValueOrDefault((message.Address, about), message.Pace) : MailPace.AtOnce;
                var key = KeyOf(message);
                if (pace != MailPace.Never && posted.Add(Convert.ToHexString(key)))
                {
                    Add(unit, message, key, pace);
                }
            }
        }
    }

    private void Add(Unit unit, Message message, byte[] key, MailPace pace) => unit.Store.Add(new MailRow
    {
        Id = unit.NextId(),
        Key = key,
        Notice = message.Notice,
        Address = message.Address,
        Language = message.Language,
        AboutKind = message.About?.Kind,
        AboutId = message.About?.Id,
        Content = JsonSerializer.Serialize(ContentOf(message), Json.Options),
        State = pace == MailPace.AtOnce ? MailState.Waiting : MailState.Held,
        DueAt = pace == MailPace.AtOnce ? unit.Now : NextDigest(unit.Now, pace),
        MadeAt = unit.Now,
    });

    /// <summary>What the recipients chose for these things, where they chose.</summary>
    private static async Task<Dictionary<(string Address, Subject About), MailPace>> PacesOfAsync(Store store, Message[] messages, CancellationToken cancellation)
    {
        var addresses = messages.Where(message => message.About is not null).Select(message => message.Address).Distinct().ToList();
        var things = messages.Select(message => message.About?.Id).OfType<string>().Distinct().ToList();
        var rows = addresses.Count == 0 ? [] : await store.Set<MailPaceRow>().AsNoTracking().Where(p => addresses.Contains(p.Address) && things.Contains(p.AboutId)).ToListAsync(cancellation);
        return rows.ToDictionary(p => (p.Address, new Subject(p.AboutKind, p.AboutId)), p => p.Pace);
    }

    /// <summary>Keys, in hexadecimal digits, of those that were posted before, in this unit or an earlier one.</summary>
    private static async Task<HashSet<string>> PostedAsync(Store store, Message[] messages, CancellationToken cancellation)
    {
        var keys = messages.Select(KeyOf).ToList();
        var before = await store.Set<MailRow>().AsNoTracking().Where(m => keys.Contains(m.Key)).Select(m => m.Key).ToListAsync(cancellation);
        return [.. before.Concat(store.Set<MailRow>().Local.Select(m => m.Key)).Select(Convert.ToHexString)];
    }

    private static byte[] KeyOf(Message message) => KeyOf($"{message.Event}\0{message.Notice}", message.Address);

    /// <summary>How many mails of a notice an address was posted since an instant (UTC microseconds).</summary>
    public static Task<int> CountAsync(Store store, string notice, string address, long since, CancellationToken cancellation = default) =>
        store.Set<MailRow>().CountAsync(m => m.Address == address && m.Notice == notice && m.MadeAt > since, cancellation);

    /// <summary>What the recipient chose for this thing, or null; of a digest, for the first of its things.</summary>
    public static async Task<MailPace?> PaceOfAsync(Store store, string address, Subject about, CancellationToken cancellation = default)
    {
        var thing = DigestSubject.ThingsOf(about)[0];
        return (await store.Set<MailPaceRow>().AsNoTracking().FirstOrDefaultAsync(p => p.Address == address && p.AboutKind == thing.Kind && p.AboutId == thing.Id, cancellation))?.Pace;
    }

    /// <summary>Chooses how often an address gets mail about a thing. What was held for a digest and is wanted no more is not sent.</summary>
    public static async Task ChoosePaceAsync(Unit unit, string address, Subject about, MailPace pace, CancellationToken cancellation = default)
    {
        foreach (var thing in DigestSubject.ThingsOf(about))
        {
            var row = await unit.Store.Set<MailPaceRow>().FirstOrDefaultAsync(p => p.Address == address && p.AboutKind == thing.Kind && p.AboutId == thing.Id, cancellation);
            if (row is null)
            {
                row = new MailPaceRow { Address = address, AboutKind = thing.Kind, AboutId = thing.Id };
                unit.Store.Add(row);
            }
            row.Pace = pace;
            row.ChosenAt = unit.Now;
            if (pace == MailPace.Never)
            {
                unit.Store.RemoveRange(await unit.Store.Set<MailRow>()
                    .Where(m => m.State == MailState.Held && m.Address == address && m.AboutKind == thing.Kind && m.AboutId == thing.Id).ToListAsync(cancellation));
            }
        }
    }

    /// <summary>The same as a use case of its own, for who followed the link of a mail.</summary>
    /// <returns><c>kernel.busy</c> when it could not be written now.</returns>
    public static Task<Outcome<Done>> ChoosePaceAsync(Writer writer, string address, Subject about, MailPace pace, CancellationToken cancellation = default) =>
        writer.DoAsync<Done>(Actor.Anonymous, async unit =>
        {
            await ChoosePaceAsync(unit, address, about, pace, cancellation);
            return default(Done);
        }, cancellation);

    /// <summary>Removes what was posted to an address about a thing, sent or not, and how often it wanted it: for who asks to be forgotten.</summary>
    public async Task ForgetAsync(Unit unit, string address, Subject about, CancellationToken cancellation = default)
    {
        MailData.Remove(unit, folder, await unit.Store.Set<MailRow>().Where(m => m.Address == address && m.AboutKind == about.Kind && m.AboutId == about.Id).ToListAsync(cancellation));
        unit.Store.RemoveRange(await unit.Store.Set<MailPaceRow>().Where(p => p.Address == address && p.AboutKind == about.Kind && p.AboutId == about.Id).ToListAsync(cancellation));
    }

    /// <summary>Takes the contact out of what was posted about a thing under a notice that is always told: a mail that waits goes without it, one that was sent is forgotten.</summary>
    public async Task TakeOutContactAsync(Unit unit, string notice, Subject about, CancellationToken cancellation = default)
    {
        var mails = await unit.Store.Set<MailRow>().Where(m => m.AboutId == about.Id && m.AboutKind == about.Kind && m.Notice == notice).ToListAsync(cancellation);
        foreach (var mail in mails.Where(mail => mail.Content is not null))
        {
            var content = JsonSerializer.Deserialize<MailContent>(mail.Content!, Json.Options)!;
            mail.Content = JsonSerializer.Serialize(content with { Contact = null }, Json.Options);
        }
        MailData.Remove(unit, folder, mails.FindAll(mail => mail.Content is null));
    }

    /// <summary>The token of a link with which a recipient chooses the pace, without signing in. Holds for ever: mails are kept.</summary>
    public string PaceToken(string address, Subject about) => signer.Sign(Purpose, new PaceChoice(address, about.Kind, about.Id));

    /// <summary>Reads such a token.</summary>
    public bool TryReadPaceToken(string? token, out string address, out Subject about)
    {
        var read = signer.TryRead<PaceChoice>(Purpose, token, out var choice);
        (address, about) = read ? (choice!.Address, new Subject(choice.Kind, choice.Id)) : ("", default);
        return read;
    }

    /// <summary>The lines under every mail: who sends it, and how to stop it when it can be stopped.</summary>
    internal IReadOnlyList<MailLink> FooterOf(MailRow mail)
    {
        var from = new MailLink(words.In(mail.Language, "kernel.mail.from", settings.Get(KernelSettings.RegionName).In(mail.Language)), site.Of($"/{mail.Language}/"));
        return StoppableOf(mail) is { } about ? [from, new MailLink(words.In(mail.Language, "kernel.mail.pace"), PaceUrl(mail, about))] : [from];
    }

    /// <summary>Address for the one-click header (RFC 8058), or null when there is nothing to unsubscribe from.</summary>
    internal Uri? OneClickUrl(MailRow mail) => StoppableOf(mail) is { } about ? site.Of($"/mail/unsubscribe?t={PaceToken(mail.Address, about)}") : null;

    /// <summary>One mail out of several.</summary>
    internal MailContent Digest(string language, IReadOnlyList<MailContent> contents)
    {
        var text = new StringBuilder();
        var links = new List<MailLink>();
        foreach (var content in contents)
        {
            text.Append("• ").Append(content.Subject).Append("\n\n").Append(content.Text.Trim()).Append("\n\n");
            links.AddRange(content.Links.Take(1).Select(link => link with { Label = $"{content.Subject} – {link.Label}" }));
        }
        var subject = words.In(language, "kernel.mail.digest.subject", settings.Get(KernelSettings.RegionName).In(language), contents.Count);
        return new MailContent(MailContent.OneLine(subject), text.ToString(), links);
    }

    internal static byte[] KeyOf(string what, string address) => SHA256.HashData(Encoding.UTF8.GetBytes($"{what}\0{address}"));

    /// <summary>The next 7 o'clock, or Monday's, on the clocks of the city.</summary>
    internal long NextDigest(long now, MailPace pace)
    {
        var zone = settings.Get(KernelSettings.TimeZone);
        var local = TimeZoneInfo.ConvertTime(Instants.FromMicros(now), zone);
        var day = DateOnly.FromDateTime(local.DateTime);
        if (TimeOnly.FromDateTime(local.DateTime) >= DigestAt)
        {
            day = day.AddDays(1);
        }
        while (pace == MailPace.Weekly && day.DayOfWeek != DayOfWeek.Monday)
        {
            day = day.AddDays(1);
        }
        var at = day.ToDateTime(DigestAt);
        return new DateTimeOffset(at, zone.GetUtcOffset(at)).ToMicros();
    }

    private Subject? StoppableOf(MailRow mail) => always.Contains(mail.Notice) ? null : mail.About;

    private Uri PaceUrl(MailRow mail, Subject about) => site.Of($"/{mail.Language}/mail?t={PaceToken(mail.Address, about)}");

    private MailContent ContentOf(Message message)
    {
        object[] arguments = [.. message.Arguments.Select(a => a is Text text ? text.In(message.Language) : a)];
        return new MailContent(
            MailContent.OneLine(words.In(message.Language, message.Notice + ".subject", arguments)), words.In(message.Language, message.Notice + ".text", arguments), message.Links) { Contact = message.Contact };
    }

    private sealed record PaceChoice(string Address, string Kind, string Id);
}
