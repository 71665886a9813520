namespace Zinneke.Ui;

/// <summary>A line of a link list.</summary>
public sealed record ListedLink(string Title, string Href, string? Says = null)
{
    public string? Icon { get; init; }

    /// <summary>Address of a square picture; it decorates, the title says what it is.</summary>
    public string? Image { get; init; }

    public (string Word, string Colour, string Icon)? Tag { get; init; }
}
