using System.Globalization;

namespace Zinneke.Kernel;

/// <summary>The languages of the interface, in the region's order, and the cultures that format them.</summary>
public static class Languages
{
    /// <summary>fr, nl, en, de: the order in which they are offered.</summary>
    public static IReadOnlyList<string> All { get; } = ["fr", "nl", "en", "de"];

    /// <summary>Belgian cultures for the national languages; British English for English.</summary>
    public static CultureInfo CultureOf(string language) => language switch
    {
        "fr" => CultureInfo.GetCultureInfo("fr-BE"),
        "nl" => CultureInfo.GetCultureInfo("nl-BE"),
        "de" => CultureInfo.GetCultureInfo("de-BE"),
        _ => CultureInfo.GetCultureInfo("en-GB"),
    };

    /// <summary>What a language calls itself.</summary>
    public static string OwnName(string language) => language switch { "fr" => "Français", "nl" => "Nederlands", "de" => "Deutsch", _ => "English" };

    public static bool Known(string? language) => language is "fr" or "nl" or "en" or "de";

    /// <summary>The order in which a reader of <paramref name="language"/> is offered content that lacks it: the other national language first.</summary>
    public static IReadOnlyList<string> FallbackOf(string language) => language switch
    {
        "fr" => ["fr", "nl", "en", "de"],
        "nl" => ["nl", "fr", "en", "de"],
        "de" => ["de", "fr", "nl", "en"],
        _ => ["en", "fr", "nl", "de"],
    };
}
