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
        Colour.Contrast("#777777", "#ffffff").ShouldBe(4.478, 0.001); // The grey that every tool gives as just failing.
        Colour.Contrast("#ffffff", "#777777").ShouldBe(Colour.Contrast("#777777", "#ffffff"));
    }

    [Fact]
    public void The_ground_that_colours_of_bodies_are_checked_on_is_that_of_the_pages() => Colour.Paper.ShouldBe(Tokens.Light["paper"]);

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
