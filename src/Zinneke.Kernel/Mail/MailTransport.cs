using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;

namespace Zinneke.Kernel;

/// <summary>Takes a mail away. The outside world cannot be exactly once: after a crash the same mail, with the same Message-ID, may go again.</summary>
public abstract class MailTransport
{
    /// <summary>Taking a mail takes this long at most: a node that has gone longer without a word about one has died.</summary>
    public virtual TimeSpan TimeMax => TimeSpan.FromSeconds(60);

    /// <summary>Returns when the mail was taken.</summary>
    /// <exception cref="MailRefusedException">It will never be taken.</exception>
    public abstract Task SendAsync(OutgoingMail mail, CancellationToken cancellation);

    public static MailTransport Of(Settings settings, DataFolder folder) =>
        settings.Get(MailSettings.Smtp) is { } server ? new SmtpTransport(server) : new FolderTransport(folder.Mail);
}

/// <summary>The server refused for good: the address is not there.</summary>
public sealed class MailRefusedException : Exception
{
    public MailRefusedException(string message, Exception inner) : base(message, inner) { }

    public MailRefusedException(string message) : base(message) { }

    public MailRefusedException() { }
}

/// <summary>One file for each mail, named by its id: sent again, it replaces itself.</summary>
internal sealed class FolderTransport(string folder) : MailTransport
{
    public override TimeSpan TimeMax => TimeSpan.FromSeconds(2);

    public override async Task SendAsync(OutgoingMail mail, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, $"{mail.Id:D}.eml");
        var beside = path + ".part";
        await File.WriteAllBytesAsync(beside, Eml.Write(mail), cancellation);
        File.Move(beside, path, overwrite: true);
    }
}

/// <summary>A server that speaks SMTP, with STARTTLS unless the setting says <c>tls=off</c>.</summary>
internal sealed class SmtpTransport(Uri server) : MailTransport
{
    private const int StandardPort = 587;
    public override async Task SendAsync(OutgoingMail mail, CancellationToken cancellation)
    {
        using var client = new SmtpClient(server.Host, server.Port > 0 ? server.Port : StandardPort) { EnableSsl = server.Query != "?tls=off" };
        if (server.UserInfo.Split(':', 2) is [var user, var password])
        {
            client.Credentials = new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));
        }
        using var message = MessageOf(mail);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ended.CancelAfter(TimeMax);
        try
        {
            await client.SendMailAsync(message, ended.Token);
        }
        catch (SmtpFailedRecipientException refused) when (refused.StatusCode is SmtpStatusCode.MailboxUnavailable or SmtpStatusCode.UserNotLocalTryAlternatePath or SmtpStatusCode.MailboxNameNotAllowed)
        {
            // Only an address that is not there is final. Every other 5xx may be our own fault, such as 530 after a password that the client silently saw refused.
            throw new MailRefusedException($"{(int)refused.StatusCode}", refused); // The server's words may hold the address.
        }
    }

    private static MailMessage MessageOf(OutgoingMail mail)
    {
        var message = new MailMessage
        {
            From = new MailAddress(mail.From, mail.FromName, Encoding.UTF8),
            Subject = mail.Subject,
            SubjectEncoding = Encoding.UTF8,
            BodyEncoding = Encoding.UTF8,
        };
        message.To.Add(new MailAddress(mail.To));
        message.Headers.Add("Message-ID", $"<{mail.MessageId}>");
        foreach (var (name, value) in mail.MoreHeaders())
        {
            message.Headers.Add(name, value);
        }
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(mail.Plain, Encoding.UTF8, MediaTypeNames.Text.Plain));
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(mail.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        return message;
    }
}
