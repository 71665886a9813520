using Microsoft.Playwright;

namespace Zinneke.Site.Tests.Walk;

/// <summary>A page as somebody meets it.</summary>
/// <param name="Name">What it is, for the findings.</param>
/// <param name="Path">Without the language; null goes on from the page before.</param>
internal sealed record Stop(string Name, string? Path = null)
{
    /// <summary>Session of who looks; null for nobody.</summary>
    public string? As { get; init; }

    /// <summary>What is pressed before one looks.</summary>
    public Func<IPage, Task>? Then { get; init; }

    /// <summary>With its live map; the others are looked at with the drawn one.</summary>
    public bool Live { get; init; }
}
