namespace Zinneke.Ui;

/// <summary>One curve of a line chart; all curves of a chart share the same labels along the bottom.</summary>
/// <param name="Values">One for each label; null where nothing is known (the curve is broken there).</param>
public sealed record Series(string Name, IReadOnlyList<double?> Values)
{
    /// <summary>Lower edge of the band of uncertainty; empty for none.</summary>
    public IReadOnlyList<double?> Low { get; init; } = [];

    /// <summary>Upper edge, as long as <see cref="Low"/>.</summary>
    public IReadOnlyList<double?> High { get; init; } = [];
}

/// <summary>One row of a bar or dot chart.</summary>
/// <param name="Low">Lower end of the interval, or null.</param>
/// <param name="High">Upper end of the interval, or null.</param>
public sealed record ChartRow(string Label, double Value, double? Low = null, double? High = null);
