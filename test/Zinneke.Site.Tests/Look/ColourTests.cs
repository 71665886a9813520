using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Site.Tests.Look;

/// <summary>Contrast is computed from the token file that browsers get: WCAG 2.2, 1.4.3 and 1.4.11.</summary>
public class ColourTests
{
    [Fact]
    public void Contrast_is_computed_as_the_standard_says()
    {
        Colour.Contrast("#000000", "#ffffff").ShouldBe(21, 1e-9);
        Colour.Contrast("#777777", "#ffffff").ShouldBe(4.478, 0.001); // The examples of Understanding WCAG 2.2: this grey just fails 1.4.3,
        Colour.Contrast("#767676", "#ffffff").ShouldBe(4.54, 0.005); // this one just passes;
        Colour.Contrast("#949494", "#ffffff").ShouldBe(3.03, 0.005); // and this just passes 1.4.11.
        Colour.Contrast("#ffffff", "#777777").ShouldBe(Colour.Contrast("#777777", "#ffffff"));
    }

    [Fact]
    public void The_ground_that_colours_of_bodies_are_checked_on_is_that_of_the_pages() => Colour.Paper.ShouldBe(Tokens.Light["paper"]);

    [Fact]
    public void The_colour_of_a_body_can_be_seen_and_read_on_whatever_it_is_in_light_and_dark()
    {
        for (var red = 0; red < 256; red += 15)
        {
            for (var green = 0; green < 256; green += 15)
            {
                for (var blue = 0; blue < 256; blue += 15)
                {
                    var chosen = $"#{red:x2}{green:x2}{blue:x2}";
                    foreach (var tokens in new[] { Tokens.Light, Tokens.Dark })
                    {
                        var accent = Accent.On(tokens, chosen);
                        Colour.Contrast(accent.Ground, tokens["paper"]).ShouldBeGreaterThanOrEqualTo(Colour.GraphicsContrastMin, chosen);
                        Colour.Contrast(accent.Letters, accent.Ground).ShouldBeGreaterThanOrEqualTo(Accent.LettersContrastMin, chosen);
                    }
                    (Colour.Contrast(chosen, Colour.Paper) >= Colour.GraphicsContrastMin).ShouldBe(Accent.On(Tokens.Light, chosen).Ground == chosen, $"{chosen}: what may be saved is shown as it was chosen");
                }
            }
        }
    }

    [Fact]
    public void A_dark_colour_is_lightened_in_the_dark_and_letters_are_white_where_that_is_enough()
    {
        Accent.On(Tokens.Light, "#14213d").ShouldBe(new Accent("#14213d", "#ffffff"));
        Colour.Contrast(Accent.On(Tokens.Dark, "#14213d").Ground, Tokens.Dark["paper"]).ShouldBe(3, 0.4);
        Accent.On(Tokens.Dark, "#1f6f8b").ShouldBe(new Accent("#1f6f8b", "#ffffff"));
        Accent.On(Tokens.Light, "#d0603d").Letters.ShouldBe("#000000");
    }

    [Fact]
    public void Every_pair_has_enough_contrast_in_light_and_dark() =>
        ColourPair.All.SelectMany(pair => new[] { ("light", Tokens.Light), ("dark", Tokens.Dark) }, (pair, theme) => (pair, theme.Item1, Contrast: Colour.Contrast(theme.Item2[pair.Front], theme.Item2[pair.Ground])))
            .Where(found => found.Contrast < found.pair.ContrastMin)
            .Select(found => $"{found.pair.Front} on {found.pair.Ground}, {found.Item2}: {found.Contrast:0.00} is less than {found.pair.ContrastMin}")
            .ShouldBeEmpty();

    [Fact]
    public void Dark_is_the_same_however_it_is_asked_for()
    {
        Tokens.DarkBySystem.OrderBy(token => token.Key, StringComparer.Ordinal).ShouldBe(Tokens.Dark.OrderBy(token => token.Key, StringComparer.Ordinal));
        Tokens.Dark.Keys.Order(StringComparer.Ordinal).ShouldBe(Tokens.Light.Keys.Order(StringComparer.Ordinal));
        Tokens.Light.Count.ShouldBeGreaterThan(30);
    }

    [Fact]
    public void Colours_stand_in_the_token_file_only()
    {
        var css = Path.Combine(Surroundings.Root, "web", "css");
        var literal = new System.Text.RegularExpressions.Regex("#[0-9a-fA-F]{3,8}\\b(?![^\\n]*svg)");
        Directory.EnumerateFiles(css).Where(file => Path.GetFileName(file) is not ("tokens.css" or "print.css"))
            .SelectMany(file => File.ReadLines(file).Where(line => literal.IsMatch(line)).Select(line => $"{Path.GetFileName(file)}: {line.Trim()}"))
            .ShouldBeEmpty();
    }
}
