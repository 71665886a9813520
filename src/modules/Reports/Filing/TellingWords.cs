using System.Text.RegularExpressions;

namespace Zinneke.Reports;

/// <summary>What words that everybody will read may tell of a person.</summary>
public enum Telling
{
    Phone,
    Email,
    Plate,
}

/// <summary>
/// Finds telephone numbers, e-mail addresses and number plates in what somebody is about to publish, so that they are asked once more (R16). It knows the forms of Belgium and its neighbours, and
/// may be wrong both ways: it warns and offers, and never refuses.
/// </summary>
internal static partial class TellingWords
{
    /// <summary>What stands where something was taken out.</summary>
    private const string Gap = "…";

    /// <summary>Everything found, in the order of the text, each once.</summary>
    public static IReadOnlyList<(Telling What, string Words)> Find(string? text) => text is null ? [] :
    [
        .. Patterns.SelectMany(pattern => pattern.Words.Matches(text).Select(match => (pattern.What, match.Index, match.Value)))
            .OrderBy(found => found.Index).Select(found => (found.What, found.Value)).Distinct(),
    ];

    /// <summary>The text without what was found.</summary>
    public static string? TakeOut(string? text) => text is null ? null : Patterns.Aggregate(text, (words, pattern) => pattern.Words.Replace(words, Gap));

    private static (Telling What, Regex Words)[] Patterns { get; } = [(Telling.Email, Email()), (Telling.Phone, Phone()), (Telling.Plate, Plate())];

    /// <summary>The patterns themselves: browsers, which read the same, look before a report is put away without a network.</summary>
    public static IReadOnlyList<string> Sources { get; } = [.. Patterns.Select(pattern => pattern.Words.ToString())];

    [GeneratedRegex(@"[\p{L}\d._%+-]{1,64}@[\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{1,63})+", RegexOptions.CultureInvariant)]
    private static partial Regex Email();

    /// <summary>+32 470 12 34 56, 0032 2 555 12 34, 0470/12.34.56, 02 555 12 34, +33 6 12 34 56 78, (02) 555 12 34: nine or ten digits at home, eight to thirteen with the code of a country. A date is none.</summary>
    [GeneratedRegex(@"(?<![\d\p{L}.,/-])(?:(?:\+|00)[1-9]\d{0,2}(?:[ ./-]?\(0\))?(?:[ ./-]?\d){7,10}|(?!\d{1,2}[./-]\d{1,2}[./-]\d{4}(?!\d))\(?0[1-9](?:\)?[ ./-]?\d){7,8})(?![\d\p{L}])", RegexOptions.CultureInvariant)]
    private static partial Regex Phone();

    /// <summary>1-ABC-234 and ABC-123 of Belgium, AB-123-CD of France, 12-AB-34 and AB-123-C of the Netherlands, B-AB 1234 of Germany.</summary>
    [GeneratedRegex(@"(?<![\p{L}\d-])(?:[1-9OT]-?[A-Za-z]{3}-?\d{3}|[1-9OT] [A-Z]{3} \d{3}|[A-Z]{3}-\d{3}|\d{3}-[A-Z]{3}|[A-Z]{2}-\d{3}-[A-Z]{1,2}|[A-Z]{1,3}-\d{2,3}-[A-Z]{1,3}|\d{1,2}-[A-Z]{2,3}-\d{1,2}|[A-Z]{2}-[A-Z]{2}-\d{2}|\d{2}-\d{2}-[A-Z]{2}|[A-Z]{1,3}-[A-Z]{1,2} \d{1,4})(?![\p{L}\d-])", RegexOptions.CultureInvariant)]
    private static partial Regex Plate();
}
