namespace Zinneke.Kernel;

/// <summary>Where mail goes.</summary>
public static class MailSettings
{
    /// <summary>Without one, mails become files in the folder <c>mail</c>.</summary>
    public static Setting<Uri?> Smtp { get; } = new("mail.smtp", "Server that takes mail; without one, mails are written into the folder mail.", null, Parse)
    {
        Expected = "smtp://USER:PASSWORD@HOST:587, or smtp://HOST:25?tls=off",
        Mask = Setting.MaskUser,
    };

    public static Setting<string?> From { get; } = new("mail.from", "Address that mail comes from; by default no-reply at the host of the site.", null, text => EmailAddress.Read(text).Value)
    {
        Expected = "an address",
    };

    public static IReadOnlyList<Setting> All { get; } = [Smtp, From];

    private static Uri? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == "smtp" && uri.Host.Length > 0 && uri.Query is "" or "?tls=off" ? uri : throw new FormatException();
}
