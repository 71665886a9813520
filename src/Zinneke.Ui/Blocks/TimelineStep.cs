using Microsoft.AspNetCore.Components;

namespace Zinneke.Ui;

/// <summary>One step of a timeline.</summary>
/// <param name="Title">What happened, a short sentence.</param>
/// <param name="Icon">A name in web/icons.txt.</param>
public sealed record TimelineStep(string Title, string Icon)
{
    /// <summary>Microseconds since 1970; null when unknown.</summary>
    public long? At { get; init; }

    /// <summary>Who: a body or a role, never a person's name on public pages.</summary>
    public string? By { get; init; }

    public StepLook Look { get; init; }

    /// <summary>Words, photos, links under it.</summary>
    public RenderFragment? More { get; init; }
}

/// <summary>How a step looks; its title says the same in words.</summary>
public enum StepLook
{
    Past,
    Now,
    Good,
    Bad,
    Ahead,
}
