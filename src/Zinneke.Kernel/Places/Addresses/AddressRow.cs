using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>A street, or one house of it.</summary>
public sealed class AddressRow
{
    /// <summary>Street and number: the natural key, the same for the same address in every file.</summary>
    public required string Id { get; set; }

    /// <summary>Key of the street: its folded names and its postcode, or its municipality where it has none.</summary>
    public required string Street { get; set; }

    /// <summary>House number in small letters without spaces, <c>12a</c>; empty for the street itself.</summary>
    public required string Number { get; set; }

    /// <summary>Name of the street; of the row of a street only, and there at least one.</summary>
    public string? Fr { get; set; }

    public string? Nl { get; set; }

    public string? De { get; set; }

    public string? Postcode { get; set; }

    /// <summary>As the file has it.</summary>
    public string? Municipality { get; set; }

    /// <summary>Degrees east (WGS 84). Of a street somewhere on it.</summary>
    public required double Lon { get; set; }

    /// <summary>Degrees north.</summary>
    public required double Lat { get; set; }

    /// <summary>Drawn by hand or guessed, to be replaced by an official file.</summary>
    public bool Approximate { get; set; }

    public long Version { get; set; }

    public bool IsStreet => Number.Length == 0;

    /// <summary>The names of a street.</summary>
    public Text Names => new(new (string Language, string? Name)[] { ("fr", Fr), ("nl", Nl), ("de", De) }.Where(one => one.Name is not null).Select(one => KeyValuePair.Create(one.Language, one.Name!)));

    /// <summary>The id of a house of a street.</summary>
    internal static string IdOf(string street, string number) => $"{street}|{number}";

    /// <summary>A house number as it is compared: <c>12 A</c> and <c>12a</c> are one.</summary>
    internal static string Plain(string number) => string.Concat(Folding.Words(number));

    /// <summary>Takes over what another file says of it.</summary>
    /// <param name="keepsPlace">The other was made of a house: it knows the street's name and not its middle.</param>
    /// <returns>False when nothing is different.</returns>
    internal bool Become(AddressRow other, bool keepsPlace)
    {
        var before = (Fr, Nl, De, Postcode, Municipality, Lon, Lat, Approximate);
        (Fr, Nl, De, Postcode, Municipality) = (other.Fr, other.Nl, other.De, other.Postcode, other.Municipality);
        if (!keepsPlace)
        {
            (Lon, Lat, Approximate) = (other.Lon, other.Lat, other.Approximate);
        }
        return before != (Fr, Nl, De, Postcode, Municipality, Lon, Lat, Approximate);
    }

    internal static void Map(ModelBuilder model) => model.Entity<AddressRow>(address =>
    {
        address.ToTable("addresses").HasKey(a => a.Id);
        address.HasIndex(a => a.Number);
        address.Ignore(a => a.IsStreet);
        address.Ignore(a => a.Names);
    });
}

/// <summary>Streets were added or changed by an import.</summary>
/// <param name="Streets">How many.</param>
[EventType("kernel.addresses.imported")]
public sealed record AddressesImported(int Streets);
