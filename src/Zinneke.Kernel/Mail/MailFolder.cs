using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>A mail that lies in the folder as a file.</summary>
/// <param name="Text">Its plain text.</param>
public sealed record FiledMail(Guid Id, string To, string Subject, string Text);

/// <summary>Reads back the mails that were written into the folder, for the demonstration's page. Understands what <see cref="Eml"/> writes and nothing more.</summary>
public static class MailFolder
{
    private const string HeadersEnd = "\r\n\r\n";
    private static readonly string[] ProxyHeaders = ["Forwarded", "Via", "X-Real-IP"];

    /// <summary>
    /// True when mails may be shown to who makes this request, links to sign in among them: in a demonstration that only this machine reaches and that sends none. A web
    /// server in front of it that nobody named lets the whole world ask as this machine: it is known by the name that was asked for, or by the headers that it adds.
    /// </summary>
    public static bool IsShown(Settings settings, HttpRequest request) =>
        IsShown(settings) && KernelSettings.IsLoopback(request.Host.Host) && !request.Headers.Keys.Any(IsOfProxy);

    /// <returns>What an operator should know at the start, or null when mails are shown to nobody.</returns>
    public static string? WarningOf(Settings settings) => IsShown(settings)
        ? "whoever can open /dev/mail reads every mail, links to sign in among them: for a demonstration on this machine only; behind another web server name it (--proxies)"
        : null;

    /// <summary>The newest mails first: their ids rise with time.</summary>
    public static IReadOnlyList<FiledMail> Newest(DataFolder folder, int most) =>
    [
        .. Directory.EnumerateFiles(folder.Mail, "*.eml")
            .Select(path => Guid.TryParseExact(Path.GetFileNameWithoutExtension(path), "D", out var id) ? id : Guid.Empty)
            .Where(id => id != Guid.Empty)
            .OrderByDescending(id => id.ToString("D"), StringComparer.Ordinal).Take(most)
            .Select(id => Find(folder, id)).OfType<FiledMail>(),
    ];

    /// <summary>One mail, or null.</summary>
    public static FiledMail? Find(DataFolder folder, Guid id)
    {
        var path = PathOf(folder, id);
        if (!File.Exists(path))
        {
            return null;
        }
        var eml = File.ReadAllText(path);
        var end = eml.IndexOf(HeadersEnd, StringComparison.Ordinal);
        var start = eml.IndexOf(HeadersEnd, end + HeadersEnd.Length, StringComparison.Ordinal) + HeadersEnd.Length;
        var until = eml.IndexOf(string.Create(CultureInfo.InvariantCulture, $"\r\n--zn-{id:N}"), start, StringComparison.Ordinal);
        var headers = eml[..end].Replace("\r\n ", "", StringComparison.Ordinal).Split("\r\n");
        return new FiledMail(id, Value(headers, "To: "), Unworded(Value(headers, "Subject: ")), eml[start..until].ReplaceLineEndings("\n"));
    }

    /// <summary>Deletes a mail's file, if there is one.</summary>
    internal static void Delete(DataFolder folder, Guid id) => File.Delete(PathOf(folder, id));

    /// <summary>Where a mail lies, or would.</summary>
    internal static string PathOf(DataFolder folder, Guid id) => Path.Combine(folder.Mail, $"{id:D}.eml");

    private static bool IsShown(Settings settings) =>
        settings.Get(KernelSettings.Demo) && settings.Get(MailSettings.Smtp) is null && KernelSettings.ServesThisMachineOnly(settings);

    private static bool IsOfProxy(string header) =>
        header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || ProxyHeaders.Contains(header, StringComparer.OrdinalIgnoreCase);

    private static string Value(string[] headers, string name) => Array.Find(headers, h => h.StartsWith(name, StringComparison.Ordinal))?[name.Length..] ?? "";

    /// <summary>Encoded words as text; between them there is nothing (RFC 2047, section 6.2).</summary>
    private static string Unworded(string header) => header.StartsWith("=?", StringComparison.Ordinal)
        ? string.Concat(header.Split("?=", StringSplitOptions.RemoveEmptyEntries).Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word["=?utf-8?B?".Length..]))))
        : header;
}
