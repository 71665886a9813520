using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace Zinneke.Kernel;

/// <summary>Addresses of mail as they are compared and stored.</summary>
public static class EmailAddress
{
    /// <summary>RFC 5321: 254 characters fit between the angle brackets of a path.</summary>
    public const int LengthMax = 254;

    /// <summary>
    /// Reads what somebody typed: trimmed, lower case, the domain in ASCII (IDNA), ASCII before the @ because few servers take mail for anything else (RFC 6531).
    /// Lower case also before the @: no provider in use tells them apart, and people type a capital on phones.
    /// </summary>
    /// <param name="typed">Anything.</param>
    /// <param name="field">Named by the refusal.</param>
    /// <returns>The address, safe to stand in a mail header; <c>kernel.emailMalformed</c> otherwise.</returns>
    public static Outcome<string> Read(string? typed, string field = "email")
    {
        var malformed = Refusal.Invalid("kernel.emailMalformed", field);
        if (typed is null || typed.Length > 2 * LengthMax || !IsPlain(typed = typed.Trim()))
        {
            return malformed;
        }
        var at = typed.LastIndexOf('@');
        if (at is <= 0 or > 64 || typed.IndexOf('@', StringComparison.Ordinal) != at || !Ascii.IsValid(typed.AsSpan(0, at)))
        {
            return malformed;
        }
        try
        {
            var domain = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(typed[(at + 1)..].Normalize(NormalizationForm.FormC));
            var address = $"{typed[..at]}@{domain}".ToLowerInvariant();
            return address.Length <= LengthMax && domain.Contains('.', StringComparison.Ordinal) && MailAddress.TryCreate(address, out var parsed) && parsed.Address == address
                ? address
                : malformed;
        }
        catch (ArgumentException)
        {
            return malformed; // Not a domain name, or not Unicode.
        }
    }

    /// <summary>No white space, control characters or quoting: nothing that could end a header or hide a second address.</summary>
    private static bool IsPlain(string text)
    {
        foreach (var letter in text)
        {
            if (char.IsControl(letter) || char.IsWhiteSpace(letter) || letter is '<' or '>' or '"' or '(' or ')' or ',' or ';' or ':' or '\\' or '[' or ']'
                || char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                return false;
            }
        }
        return true;
    }
}
