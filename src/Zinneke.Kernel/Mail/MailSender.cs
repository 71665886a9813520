using System.Globalization;
using System.Net.Mail;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>
/// Sends what is posted: takes some due mails by a lease, hands each to the transport, and marks it. A node that dies in between leaves its lease to run out, and
/// another sends the same mail again. One that cannot be sent is tried with growing waits for a day.
/// </summary>
public sealed class MailSender(
    Database database, Writer writer, Mails mails, MailTransport transport, SiteAddress site, Settings settings, TimeProvider time, ILogger<MailSender> logger) : BackgroundService
{
    /// <summary>Mails taken together.</summary>
    private const int BatchMax = 4;
    private const int GatherMax = 20;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan[] Waits =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.FromHours(6), TimeSpan.FromHours(12)];

    /// <summary>Even when each mail takes as long as the transport may take, the last is sent before the lease of all ends and another node sends it too.</summary>
    private TimeSpan Lease => (BatchMax + 1) * transport.TimeMax;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = LookEvery;
            try
            {
                await GatherAsync(stoppingToken);
                while (await SendDueAsync(stoppingToken) > 0)
                {
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The database may be away for a moment; mail waits and goes on.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                logger.LogError(failure, "Sending mail stopped and begins again");
                wait = AfterFailure;
            }
            await Task.Delay(wait, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sends some of what is due.</summary>
    /// <returns>How many mails were tried.</returns>
    public async Task<int> SendDueAsync(CancellationToken cancellation = default)
    {
        var taken = await TakeAsync(cancellation);
        foreach (var mail in taken)
        {
            await SendAsync(mail, cancellation);
        }
        return taken.Count;
    }

    /// <summary>Makes one mail, for each recipient, of everything that was held until now.</summary>
    public async Task GatherAsync(CancellationToken cancellation = default)
    {
        var now = time.NowMicros();
        List<(string Address, string Language)> recipients;
        await using (var store = database.Open())
        {
            var due = await store.Set<MailRow>().AsNoTracking().Where(m => m.State == MailState.Held && m.DueAt <= now).Select(m => new { m.Address, m.Language }).Distinct().Take(GatherMax).ToListAsync(cancellation);
            recipients = [.. due.Select(d => (d.Address, d.Language))];
        }
        foreach (var (address, language) in recipients)
        {
            await writer.DoAsync(Actor.System, unit => GatherAsync(unit, address, language, cancellation), cancellation);
        }
    }

    private async Task GatherAsync(Unit unit, string address, string language, CancellationToken cancellation)
    {
        var held = await unit.Store.Set<MailRow>()
            .Where(m => m.State == MailState.Held && m.Address == address && m.Language == language && m.DueAt <= unit.Now).OrderBy(m => m.MadeAt).ThenBy(m => m.Id).ToListAsync(cancellation);
        if (held.Count == 0)
        {
            return;
        }
        var digest = mails.Digest(language, [.. held.Select(ContentOf)]);
        var about = DigestSubject.Of([.. held.Select(m => m.About).OfType<Subject>().Distinct()]);
        unit.Store.Add(new MailRow
        {
            Id = unit.NextId(),
            Key = Mails.KeyOf($"kernel.mail.digest:{held[0].Id}", address),
            Notice = "kernel.mail.digest",
            Address = address,
            Language = language,
            AboutKind = about?.Kind,
            AboutId = about?.Id,
            Content = JsonSerializer.Serialize(digest, Json.Options),
            State = MailState.Waiting,
            DueAt = unit.Now,
            MadeAt = unit.Now,
        });
        foreach (var mail in held)
        {
            (mail.State, mail.Content, mail.EndedAt) = (MailState.Digested, null, unit.Now);
        }
    }

    /// <summary>Takes due mails for as long as the lease lasts; of two nodes that reach for the same, one reads again.</summary>
    private async Task<IReadOnlyList<MailRow>> TakeAsync(CancellationToken cancellation)
    {
        var taken = await writer.DoAsync<IReadOnlyList<MailRow>>(Actor.System, async unit =>
        {
            var due = await unit.Store.Set<MailRow>().Where(m => m.State == MailState.Waiting && m.DueAt <= unit.Now).OrderBy(m => m.DueAt).Take(BatchMax).ToListAsync(cancellation);
            foreach (var mail in due)
            {
                mail.DueAt = unit.Now + Lease.ToMicros();
                mail.Attempts++;
            }
            return due;
        }, cancellation);
        return taken.Ok ? taken.Value : [];
    }

    private async Task SendAsync(MailRow mail, CancellationToken cancellation)
    {
        string? error = null;
        var forGood = false;
        try
        {
            await transport.SendAsync(Outgoing(mail), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw; // The lease runs out and it is sent by the next.
        }
#pragma warning disable CA1031 // Whatever goes wrong with one mail must not stop the others.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            error = failure switch
            {
                MailRefusedException => failure.Message,
                SmtpException smtp => string.Create(CultureInfo.InvariantCulture, $"SMTP {(int)smtp.StatusCode}"), // Its words may hold the address.
                _ => failure.GetType().Name,
            };
            forGood = failure is MailRefusedException || mail.Attempts > Waits.Length;
            logger.LogWarning("Mail {Mail} was not taken ({Error}), attempt {Attempt}{End}", mail.Id, error, mail.Attempts, forGood ? ": given up" : "");
        }
        await writer.DoAsync(Actor.System, async unit =>
        {
            if (await unit.Store.Set<MailRow>().FirstOrDefaultAsync(m => m.Id == mail.Id, cancellation) is not { State: MailState.Waiting } row)
            {
                return;
            }
            row.Error = error;
            if (error is null || forGood)
            {
                (row.State, row.Content, row.EndedAt) = (error is null ? MailState.Sent : MailState.Failed, null, unit.Now);
            }
            else
            {
                row.DueAt = unit.Now + Waits[row.Attempts - 1].ToMicros();
            }
        }, cancellation);
    }

    private OutgoingMail Outgoing(MailRow mail)
    {
        var content = ContentOf(mail);
        var footer = mails.FooterOf(mail);
        return new OutgoingMail(
            mail.Id, $"{mail.Id:N}@{site.Host}", settings.Get(MailSettings.From) ?? $"no-reply@{site.Host}", settings.Get(KernelSettings.RegionName).In(mail.Language),
            mail.Address, mail.Language, content.Subject, content.Plain(footer), content.Html(mail.Language, footer), mails.OneClickUrl(mail), Instants.FromMicros(mail.MadeAt));
    }

    private static MailContent ContentOf(MailRow mail) => JsonSerializer.Deserialize<MailContent>(mail.Content!, Json.Options)!;
}
