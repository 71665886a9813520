namespace Zinneke.Kernel;

/// <summary>Where mail goes.</summary>
public static class MailSettings
{
    /// <summary>Without one, mails become files in the folder <c>mail</c>.</summary>
    public static Setting<Uri?> Smtp { get; } = new("mail.smtp", "Server that takes mail; without one, mails are written into the folder mail.", null, Parse)
    {
        Expected = "smtp://USER:PASSWORD@HOST:587, or smtp://HOST:25?tls=off",
        Mask = Masked,
    };

    public static Setting<string?> From { get; } = new("mail.from", "Address that mail comes from; by default no-reply at the host of the site.", null, text => EmailAddress.Read(text).Value)
    {
        Expected = "an address",
    };

    public static IReadOnlyList<Setting> All { get; } = [Smtp, From];

    /// <summary>Made anew of what may be shown: in the text a password may be written otherwise than the parsed address says it.</summary>
    private static string Masked(string text) => !Uri.TryCreate(text, UriKind.Absolute, out var uri) ? "***" : uri.UserInfo.Length > 0 ? $"{uri.Scheme}://***@{uri.Authority}{uri.Query}" : text;

    private static Uri? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == "smtp" && uri.Host.Length > 0 && uri.Query is "" or "?tls=off" ? uri : throw new FormatException();
}
