using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>One version of an area as it is stored.</summary>
public sealed class AreaRow
{
    public required string Id { get; set; }

    /// <summary>ISO date; <c>0001-01-01</c> when it always was.</summary>
    public required string ValidFrom { get; set; }

    /// <summary>ISO date; <c>9999-12-31</c> while no end is known.</summary>
    public required string ValidTo { get; set; }

    public required string Kind { get; set; }

    /// <summary>Rises in the order in which areas were first given.</summary>
    public long Place { get; set; }

    /// <summary>Names, codes and the rest as JSON.</summary>
    public required string Facts { get; set; }

    /// <summary>See <see cref="ShapeCode"/>.</summary>
    public required byte[] Shape { get; set; }

    public long Version { get; set; }

    /// <summary>Id and first day: the same version before and after an import.</summary>
    internal string Key => $"{Id} {ValidFrom}";

    /// <summary>What of an area no query asks for.</summary>
    private sealed record FactsOfArea(Text Names, string? Nis, string? Parent, string? Owner, double HalfWidthMetres, IReadOnlyList<string> Postcodes, IReadOnlyList<string> Replaces, bool Approximate,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Private = false); // Left out when it says nothing, so that rows of before are the same.

    internal static AreaRow Of(Area area, long place) => new()
    {
        Id = area.Id,
        ValidFrom = Iso(area.ValidFrom),
        ValidTo = Iso(area.ValidTo),
        Kind = area.Kind,
        Place = place,
        Facts = JsonSerializer.Serialize(new FactsOfArea(area.Names, area.Nis, area.Parent, area.Owner, area.HalfWidthMetres, area.Postcodes, area.Replaces, area.Approximate, area.Private), Json.Options),
        Shape = area.Shape.ToBytes(),
    };

    /// <summary>Takes over everything but the key and the place.</summary>
    /// <returns>False when nothing is different.</returns>
    internal bool Become(AreaRow other)
    {
        if ((ValidTo, Kind, Facts) == (other.ValidTo, other.Kind, other.Facts) && Shape.AsSpan().SequenceEqual(other.Shape))
        {
            return false;
        }
        (ValidTo, Kind, Facts, Shape) = (other.ValidTo, other.Kind, other.Facts, other.Shape);
        return true;
    }

    internal Text Names() => NamesOf(Facts);

    internal static string? ParentOf(string facts) => JsonSerializer.Deserialize<FactsOfArea>(facts, Json.Options)!.Parent;

    internal static Text NamesOf(string facts) => JsonSerializer.Deserialize<FactsOfArea>(facts, Json.Options)!.Names;

    internal Area ToArea()
    {
        var facts = JsonSerializer.Deserialize<FactsOfArea>(Facts, Json.Options)!;
        return new Area(Id, Kind, facts.Names, ShapeCode.Read(Shape))
        {
            Nis = facts.Nis,
            Parent = facts.Parent,
            Owner = facts.Owner,
            HalfWidthMetres = facts.HalfWidthMetres,
            Postcodes = facts.Postcodes,
            Replaces = facts.Replaces,
            Approximate = facts.Approximate,
            Private = facts.Private,
            ValidFrom = DateOf(ValidFrom),
            ValidTo = DateOf(ValidTo),
        };
    }

    internal static string Iso(DateOnly date) => date.ToString("O", null);

    internal static DateOnly DateOf(string iso) => DateOnly.ParseExact(iso, "O", null);

    internal static void Map(ModelBuilder model) => model.Entity<AreaRow>(area =>
    {
        area.ToTable("areas").HasKey(a => new { a.Id, a.ValidFrom });
        area.HasIndex(a => a.Place).IsUnique();
    });
}
