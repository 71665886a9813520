using System.Collections.Frozen;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>
/// The colour of a body as its pages show it: a ground that stands out from the page, and letters that can be read on it, in light and in dark. What a body chooses is checked when it is
/// saved, against the light page; on a dark one the same hue is lightened as far as needed. So the contrasts hold for every colour whatever.
/// </summary>
/// <param name="Ground">At least 3 to 1 against the page (WCAG 2.2, 1.4.11).</param>
/// <param name="Letters">At least 4.5 to 1 on the ground (1.4.3).</param>
public sealed record Accent(string Ground, string Letters)
{
    public const double LettersContrastMin = 4.5;

    private const string White = "#ffffff", Black = "#000000";
    private const int Steps = 32;

    /// <summary>For a colour <c>#rrggbb</c>.</summary>
    /// <param name="tokens"><see cref="Tokens.Light"/> or <see cref="Tokens.Dark"/>.</param>
    public static Accent On(FrozenDictionary<string, string> tokens, string colour)
    {
        // Towards the letters of the page, which stand out from it far more than any ground needs.
        var ground = Enumerable.Range(0, Steps + 1).Select(step => Colour.Mix(colour, tokens["ink"], (double)step / Steps)).First(mixed => Colour.Contrast(mixed, tokens["paper"]) >= Colour.GraphicsContrastMin);
        // Of white and black one always has 4.58 to 1 or more; white where it is enough.
        return new Accent(ground, Colour.Contrast(White, ground) >= LettersContrastMin ? White : Black);
    }

    /// <summary>Address of the style sheet that gives a page this colour. The colour is the address, so browsers may keep it for ever.</summary>
    public static string SheetOf(string colour) => $"/accent/{colour[1..].ToLowerInvariant()}.css";

    /// <summary>The style sheet: the tokens <c>accent</c> and <c>on-accent</c>, light and dark.</summary>
    internal static string Css(string colour) => $"{Rule(On(Tokens.Light, colour))}@media(prefers-color-scheme:dark){{{Rule(On(Tokens.Dark, colour))}}}";

    private static string Rule(Accent accent) => $":root{{--accent:{accent.Ground};--on-accent:{accent.Letters}}}";
}
