namespace Zinneke.Ui;

/// <summary>Two colours that stand on each other somewhere. Every pair in use is listed here, shown on the style page, and checked by a test. Drawings only
/// decorate and are left out (WCAG 2.2, 1.4.11).</summary>
/// <param name="Front">Token of the letters or lines.</param>
/// <param name="Ground">Token of what is behind them.</param>
/// <param name="ContrastMin">4.5 for text, 3 for graphics and the edges of controls (WCAG 2.2, 1.4.3 and 1.4.11).</param>
public sealed record ColourPair(string Front, string Ground, double ContrastMin)
{
    public static IReadOnlyList<ColourPair> All { get; } =
    [
        .. Text("ink", "paper", "raised", "wash", "yellow-wash", "blue-wash", "green-wash", "brick-wash", "violet-wash"),
        .. Text("ink-soft", "paper", "raised", "wash", "yellow-wash", "blue-wash", "map-land"),
        .. Text("blue", "paper", "raised", "wash", "yellow-wash", "blue-wash", "green-wash"),
        .. Text("blue-strong", "paper", "raised", "wash", "yellow-wash"),
        .. Text("brick", "paper", "raised", "wash", "brick-wash"),
        .. Text("brick-strong", "brick-wash", "paper"),
        .. Text("green", "paper", "raised", "green-wash"),
        .. Text("violet", "paper", "raised", "violet-wash"),
        .. Text("on-blue", "blue", "blue-strong"),
        .. Text("on-yellow", "yellow"),
        .. Text("on-brick", "brick"),
        .. Text("on-green", "green"),
        .. Text("on-violet", "violet"),
        .. Graphics("series-1", "paper", "wash"),
        .. Graphics("series-2", "paper"),
        .. Graphics("series-3", "paper"),
        .. Graphics("series-4", "paper"),
        .. Graphics("series-5", "paper"),
        .. Graphics("series-6", "paper"),
        .. Graphics("map-edge", "map-land"),
    ];

    private static IEnumerable<ColourPair> Text(string front, params string[] grounds) => grounds.Select(ground => new ColourPair(front, ground, 4.5));

    private static IEnumerable<ColourPair> Graphics(string front, params string[] grounds) => grounds.Select(ground => new ColourPair(front, ground, 3));
}
