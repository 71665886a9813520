using System.Globalization;
using System.Text;

namespace Zinneke.Kernel;

/// <summary>A mail ready to go.</summary>
/// <param name="Id">Of its row.</param>
/// <param name="MessageId">Without angle brackets; the same at every attempt.</param>
/// <param name="OneClick">Address to post to for unsubscribing, or null.</param>
public sealed record OutgoingMail(
    Guid Id, string MessageId, string From, string FromName, string To, string Language, string Subject, string Plain, string Html, Uri? OneClick, DateTimeOffset Date)
{
    /// <summary>Headers beyond those that every mail has.</summary>
    public IEnumerable<(string Name, string Value)> MoreHeaders()
    {
        yield return ("Auto-Submitted", "auto-generated"); // Out-of-office programs do not answer (RFC 3834).
        yield return ("Content-Language", Language);
        if (OneClick is not null)
        {
            yield return ("List-Unsubscribe", $"<{OneClick.AbsoluteUri}>");
            yield return ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
    }
}

/// <summary>A mail as a file (RFC 5322 and 2045): text and a page, both UTF-8 as they are, so that the file can be read and searched.</summary>
internal static class Eml
{
    private const string LineEnd = "\r\n";
    private const int LineBytesMax = 900; // RFC 5322 allows 998.

    public static byte[] Write(OutgoingMail mail)
    {
        var boundary = $"zn-{mail.Id:N}";
        var eml = new StringBuilder();
        Header(eml, "Date", mail.Date.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + " +0000");
        Header(eml, "From", $"{Word(mail.FromName)} <{OneLine(mail.From)}>");
        Header(eml, "To", OneLine(mail.To));
        Header(eml, "Subject", Word(mail.Subject));
        Header(eml, "Message-ID", $"<{OneLine(mail.MessageId)}>");
        Header(eml, "MIME-Version", "1.0");
        foreach (var (name, value) in mail.MoreHeaders())
        {
            Header(eml, name, OneLine(value));
        }
        Header(eml, "Content-Type", $"multipart/alternative; boundary=\"{boundary}\"");
        Part(eml, boundary, "text/plain", mail.Plain);
        Part(eml, boundary, "text/html", mail.Html);
        eml.Append(LineEnd).Append("--").Append(boundary).Append("--").Append(LineEnd);
        return Encoding.UTF8.GetBytes(eml.ToString());
    }

    private static void Header(StringBuilder eml, string name, string value) => eml.Append(name).Append(": ").Append(value).Append(LineEnd);

    /// <exception cref="ArgumentException">A line end in a header: whatever was to be smuggled in stays out.</exception>
    private static string OneLine(string value) =>
        value.AsSpan().ContainsAny("\r\n\0") ? throw new ArgumentException("a header holds a line end", nameof(value)) : value;

    private static void Part(StringBuilder eml, string boundary, string type, string text)
    {
        eml.Append(LineEnd).Append("--").Append(boundary).Append(LineEnd)
            .Append("Content-Type: ").Append(type).Append("; charset=utf-8").Append(LineEnd)
            .Append("Content-Transfer-Encoding: 8bit").Append(LineEnd).Append(LineEnd);
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            eml.Append(Folded(line)).Append(LineEnd);
        }
    }

    /// <summary>A line that is too long is broken at spaces, or anywhere when it has none.</summary>
    private static string Folded(string line)
    {
        if (Encoding.UTF8.GetByteCount(line) <= LineBytesMax)
        {
            return line;
        }
        var folded = new StringBuilder(line.Length + 16);
        var bytes = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (bytes >= LineBytesMax - 4 || (bytes > LineBytesMax / 2 && rune.Value == ' '))
            {
                folded.Append(LineEnd);
                bytes = 0;
            }
            folded.Append(rune);
            bytes += rune.Utf8SequenceLength;
        }
        return folded.ToString();
    }

    /// <summary>Words in a header: as they are when they are plain ASCII, else as encoded words of at most 75 letters (RFC 2047).</summary>
    internal static string Word(string text)
    {
        if (text.Length <= 75 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '-' or '\'' or '!' or '?' or '/'))
        {
            return text;
        }
        const int chunkBytes = 45; // 60 letters of base64, 12 around them.
        var words = new List<string>();
        var chunk = new List<byte>(chunkBytes);
        var letters = new byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(letters);
            if (chunk.Count + length > chunkBytes)
            {
                words.Add(Encoded(chunk));
                chunk.Clear();
            }
            chunk.AddRange(letters.AsSpan(0, length));
        }
        words.Add(Encoded(chunk));
        return string.Join("\r\n ", words);
    }

    private static string Encoded(List<byte> chunk) => $"=?utf-8?B?{Convert.ToBase64String([.. chunk])}?=";
}
