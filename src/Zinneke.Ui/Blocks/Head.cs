namespace Zinneke.Ui;

/// <summary>Head of a table column.</summary>
/// <param name="Sort">Name of the column in the address; null when one cannot sort by it.</param>
/// <param name="Number">Aligned right.</param>
public sealed record Head(string Title, string? Sort = null, bool Number = false);
