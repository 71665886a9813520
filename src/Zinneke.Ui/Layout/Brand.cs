using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>Whose site it is: shown at the head of every page.</summary>
/// <param name="Name">Name of the region or body, per language.</param>
public sealed record Brand(Text Name);
