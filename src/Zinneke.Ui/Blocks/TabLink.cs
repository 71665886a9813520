namespace Zinneke.Ui;

/// <summary>One tab or saved filter.</summary>
/// <param name="Count">How many things are behind it; not shown when null.</param>
public sealed record TabLink(string Title, string Href, bool Current = false, long? Count = null);
