namespace Zinneke.Ui;

/// <summary>One of several to choose from.</summary>
/// <param name="Value">What the form sends.</param>
public sealed record Option(string Value, string Label)
{
    /// <summary>A sentence under the label; not shown in a select.</summary>
    public string? Help { get; init; }

    /// <summary>A drawing on the card.</summary>
    public string? Drawing { get; init; }

    /// <summary>Heading under which a select lists it.</summary>
    public string? Group { get; init; }
}
