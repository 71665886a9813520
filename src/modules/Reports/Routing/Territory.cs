using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What routing knows of an area: a municipality, or a feature of a layer such as a road or a park.</summary>
/// <param name="Id">Code of the area: for a municipality of Belgium its NIS code.</param>
/// <param name="Kind"><see cref="Municipality"/>, or the name of a layer.</param>
public sealed record Territory(string Id, string Kind, Text Names, Shape Shape)
{
    public const string Municipality = "municipality";
    public const double HalfWidthDefaultMetres = 6;

    /// <summary>Body that owns it; null when nobody says.</summary>
    public string? Owner { get; init; }

    /// <summary>Half the width of a line's footprint; areas have none.</summary>
    public double HalfWidthMetres { get; init; } = HalfWidthDefaultMetres;

    /// <summary>Postcodes that belong to it in the main.</summary>
    public IReadOnlyList<string> Postcodes { get; init; } = [];

    /// <summary>First date on which it exists.</summary>
    public DateOnly? ValidFrom { get; init; }

    /// <summary>Last date on which it exists.</summary>
    public DateOnly? ValidTo { get; init; }

    public bool ValidOn(DateOnly date) => !(date < ValidFrom) && !(date > ValidTo);
}
