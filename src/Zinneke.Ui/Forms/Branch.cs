namespace Zinneke.Ui;

/// <summary>A branch of a tree, or a leaf when it has no children.</summary>
public sealed record Branch(string Value, string Label, IReadOnlyList<Branch> Children)
{
    public string? Drawing { get; init; }
}
