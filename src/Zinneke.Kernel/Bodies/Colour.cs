using System.Globalization;

namespace Zinneke.Kernel;

/// <summary>Colours as <c>#rrggbb</c>, and how well one stands out from another.</summary>
public static class Colour
{
    /// <summary>The light ground of every page, token <c>paper</c>.</summary>
    public const string Paper = "#fffdf8";

    /// <summary>Least contrast of what is drawn and not read (WCAG 2.2, 1.4.11).</summary>
    public const double GraphicsContrastMin = 3;

    public static bool IsOne(string text) => text is ['#', .. { Length: 6 } digits] && digits.All(char.IsAsciiHexDigit);

    /// <summary>Contrast of two colours, 1 to 21.</summary>
    /// <remarks>WCAG 2.2, definitions of contrast ratio and relative luminance.</remarks>
    public static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    /// <summary>A colour with a share of another in it, channel by channel.</summary>
    /// <param name="share">0 for the colour itself, 1 for the other.</param>
    public static string Mix(string colour, string other, double share)
    {
        int Channel(int at) => (int)Math.Round((1 - share) * ByteOf(colour, at) + share * ByteOf(other, at));
        return $"#{Channel(1):x2}{Channel(3):x2}{Channel(5):x2}";
    }

    private static int ByteOf(string colour, int at) => int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static double Luminance(string colour)
    {
        double Channel(int at)
        {
            var value = ByteOf(colour, at) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
        return 0.2126 * Channel(1) + 0.7152 * Channel(3) + 0.0722 * Channel(5);
    }
}
