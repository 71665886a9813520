using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>
/// A piece of the city as it is between two dates: a municipality, the region, a park, a road, a zone. The same id may have several versions that follow one another
/// in time; at one date it has at most one.
/// </summary>
/// <param name="Id">Stable code, unique over all kinds: for a municipality of Belgium its NIS code.</param>
/// <param name="Kind">A lower-case word such as <c>municipality</c>, <c>road</c> or <c>park</c>; the same in every version.</param>
public sealed record Area(string Id, string Kind, Text Names, Shape Shape)
{
    public const string Municipality = "municipality";
    public const string Region = "region";
    public const double HalfWidthDefaultMetres = 6;
    public const double HalfWidthMaxMetres = 500;

    /// <summary>Code of the National Institute of Statistics, where it has one.</summary>
    public string? Nis { get; init; }

    /// <summary>Area that it lies in.</summary>
    public string? Parent { get; init; }

    /// <summary>Id of the body that owns it; null when nobody says.</summary>
    public string? Owner { get; init; }

    /// <summary>Half the width of the footprint of a line or point; surfaces have their own.</summary>
    public double HalfWidthMetres { get; init; } = HalfWidthDefaultMetres;

    /// <summary>Postcodes that belong to it in the main. A postcode is no boundary.</summary>
    public IReadOnlyList<string> Postcodes { get; init; } = [];

    /// <summary>Areas that it took the place of, such as municipalities that merged into it.</summary>
    public IReadOnlyList<string> Replaces { get; init; } = [];

    /// <summary>The boundary is not the official one, and readers are told so.</summary>
    public bool Approximate { get; init; }

    /// <summary>What is reported in it shows neither words nor photos to the public, and its place only roughly: a shelter, a barracks, a private estate.</summary>
    public bool Private { get; init; }

    /// <summary>First date on which it is so; <see cref="DateOnly.MinValue"/> when it always was.</summary>
    public DateOnly ValidFrom { get; init; } = DateOnly.MinValue;

    /// <summary>Last date on which it is so; <see cref="DateOnly.MaxValue"/> while no end is known.</summary>
    public DateOnly ValidTo { get; init; } = DateOnly.MaxValue;

    public bool ValidOn(DateOnly date) => ValidFrom <= date && date <= ValidTo;

    public bool OverlapsInTime(Area other) => ValidFrom <= other.ValidTo && other.ValidFrom <= ValidTo;

    public bool Equals(Area? other) =>
        other is not null && Id == other.Id && Kind == other.Kind && Names.Equals(other.Names) && Shape.Equals(other.Shape) && Nis == other.Nis && Parent == other.Parent
        && Owner == other.Owner && HalfWidthMetres.Equals(other.HalfWidthMetres) && Postcodes.SequenceEqual(other.Postcodes) && Replaces.SequenceEqual(other.Replaces) && Approximate == other.Approximate && Private == other.Private
        && ValidFrom == other.ValidFrom && ValidTo == other.ValidTo;

    public override int GetHashCode() => HashCode.Combine(Id, ValidFrom);
}
