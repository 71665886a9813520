using Microsoft.AspNetCore.Components;

namespace Zinneke.Ui;

/// <summary>What all form fields share: name, words and problem.</summary>
public abstract class Entry : ComponentBase
{
    /// <summary>Name in the form, also the field of refusals.</summary>
    [Parameter, EditorRequired] public string Name { get; set; } = "";

    [Parameter, EditorRequired] public string Label { get; set; } = "";

    /// <summary>One sentence under the label.</summary>
    [Parameter] public string? Help { get; set; }

    /// <summary>Says "(optional)" after the label: fields are required unless they say so.</summary>
    [Parameter] public bool Optional { get; set; }

    /// <summary>The label is the question of the whole page.</summary>
    [Parameter] public bool Large { get; set; }

    /// <summary>Overrides the problem that the form found for this name.</summary>
    [Parameter] public string? Error { get; set; }

    [CascadingParameter] public Problems? Problems { get; set; }

    /// <summary>What is wrong, or null.</summary>
    protected string? Wrong => Error ?? Problems?.For(Name);

    /// <summary>Id of the input, the target of the error summary's link.</summary>
    protected string Id => (Problems ?? Problems.None).IdOf(Name);

    /// <summary>Ids of the help and error texts, for aria-describedby.</summary>
    protected string? DescribedBy => (Help, Wrong) switch
    {
        (null, null) => null,
        (_, null) => $"{Id}-help",
        (null, _) => $"{Id}-error",
        _ => $"{Id}-help {Id}-error",
    };

    protected string? Invalid => Wrong is null ? null : "true";
}
