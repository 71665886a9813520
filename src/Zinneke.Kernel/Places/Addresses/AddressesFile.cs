using System.Globalization;
using System.Text.Json;
using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>
/// Streets and addresses, from CSV or GeoJSON points, one record after the other: <c>street_fr, street_nl, street_de, number, postcode, municipality, lon, lat, approximate</c>; others are ignored. A name in
/// one language, a postcode or a municipality, and a place are needed; a record without a number is a street. The names that the Belgian register of addresses (BeSt) gives its columns are understood too.
/// </summary>
public static class AddressesFile
{
    public const int WordsLengthMax = 200;
    private const int NumberLengthMax = 20;

    /// <summary>Where addresses are expected: what would lie there if it were turned round has its coordinates swapped.</summary>
    private static readonly Box Belgium = new(2.5, 49.4, 6.5, 51.6);

    private static readonly string[] Place = ["lon", "lat"];

    private static readonly Dictionary<string, string[]> Also = new(StringComparer.Ordinal)
    {
        ["street_fr"] = ["streetname_fr"],
        ["street_nl"] = ["streetname_nl"],
        ["street_de"] = ["streetname_de"],
        ["number"] = ["house_number"],
        ["postcode"] = ["postalcode", "postal_code"],
        ["municipality"] = ["municipality_name_fr", "municipality_name_nl", "municipality_name_de"],
        ["lon"] = ["EPSG:4326_lon"],
        ["lat"] = ["EPSG:4326_lat"],
    };

    /// <param name="stream">UTF-8, read forward only; GeoJSON when it begins with a brace.</param>
    /// <param name="faults">Complete at the end of the enumeration.</param>
    /// <param name="read">Told each record, those at fault too.</param>
    public static IEnumerable<AddressRow> Read(Stream stream, Faults faults, Action? read = null)
    {
        var (first, whole) = Peek(stream);
        return first == '{' ? FromGeoJson(whole, faults, read) : FromCsv(whole, faults, read);
    }

    private static IEnumerable<AddressRow> FromCsv(Stream stream, Faults faults, Action? read)
    {
        using var rows = new CsvRows(stream, faults, separator: null);
        if (rows.Broken)
        {
            yield break;
        }
        var names = Columns.ToDictionary(column => column, column => rows.Has(column) ? column : Also.GetValueOrDefault(column)?.FirstOrDefault(rows.Has) ?? column, StringComparer.Ordinal);
        foreach (var needed in Place.Where(needed => !rows.Has(names[needed])))
        {
            faults.Add(1, needed, "nothing", $"a column {needed}; the file has {string.Join(", ", rows.Columns)}");
        }
        if (!faults.None)
        {
            yield break;
        }
        while (rows.Read())
        {
            read?.Invoke();
            if (rows.Number(names["lon"], -180, 180, out var lon) && rows.Number(names["lat"], -90, 90, out var lat)
                && Of(column => rows[names[column]], lon, lat, (column, expected) => rows.Fault(names[column], expected)) is { } address)
            {
                yield return address;
            }
        }
    }

    private static IEnumerable<AddressRow> FromGeoJson(Stream stream, Faults faults, Action? read)
    {
        var reader = new GeoJsonReader(stream, epsg => Lambert.Of(epsg) is { } lambert ? p => lambert.ToWgs84(p.Lon, p.Lat) : null, Belgium);
        foreach (var feature in reader.Features())
        {
            read?.Invoke();
            void Fault(string column, string expected) => faults.Add(feature.Line, $"features[{feature.Index}].properties.{column}", WordOf(feature.Properties, column), expected);
            if (feature.Shape is not { Bounds: { } box } || box.West != box.East || box.South != box.North)
            {
                faults.Add(feature.Line, $"features[{feature.Index}].geometry", "another geometry", "a point");
            }
            else if (Of(column => WordOf(feature.Properties, column), box.West, box.South, Fault) is { } address)
            {
                yield return address;
            }
        }
        foreach (var fault in reader.Faults)
        {
            faults.Add(fault.Line, fault.Field, fault.Found, fault.Expected);
        }
    }

    private static readonly string[] Columns = ["street_fr", "street_nl", "street_de", "number", "postcode", "municipality", "lon", "lat", "approximate"];

    private static AddressRow? Of(Func<string, string> field, double lon, double lat, Action<string, string> fault)
    {
        string? Words(string column) => field(column).Trim() is { Length: > 0 } words ? words : null;
        var (fr, nl, de) = (Words("street_fr"), Words("street_nl"), Words("street_de"));
        var (postcode, municipality, number) = (Words("postcode"), Words("municipality"), AddressRow.Plain(field("number")));
        if ((fr ?? nl ?? de) is null)
        {
            fault("street_fr", "a name of the street in one language at least");
            return null;
        }
        foreach (var (column, words) in new[] { ("street_fr", fr), ("street_nl", nl), ("street_de", de), ("postcode", postcode), ("municipality", municipality) })
        {
            if (words?.Length > WordsLengthMax)
            {
                fault(column, $"at most {WordsLengthMax} characters");
                return null;
            }
        }
        if (number.Length > NumberLengthMax)
        {
            fault("number", $"a house number of at most {NumberLengthMax} characters");
            return null;
        }
        if ((postcode ?? municipality) is null)
        {
            fault("postcode", "a postcode or a municipality");
            return null;
        }
        var street = string.Join('|', Folding.Fold(fr ?? ""), Folding.Fold(nl ?? ""), Folding.Fold(de ?? ""), Folding.Fold(postcode ?? municipality!));
        return new AddressRow
        {
            Id = AddressRow.IdOf(street, number), Street = street, Number = number, Fr = fr, Nl = nl, De = de, Postcode = postcode, Municipality = municipality, Lon = lon, Lat = lat,
            Approximate = field("approximate") is "true" or "1",
        };
    }

    private static string WordOf(JsonElement properties, string column)
    {
        foreach (var name in Also.GetValueOrDefault(column, []).Prepend(column))
        {
            if (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object or JsonValueKind.Array))
            {
                return value.ValueKind == JsonValueKind.String ? value.GetString()!.Replace("\0", "", StringComparison.Ordinal) : value.GetRawText().ToLower(CultureInfo.InvariantCulture);
            }
        }
        return "";
    }

    /// <summary>Looks at the first character that counts, and gives the stream as it was.</summary>
    private static (char First, Stream Whole) Peek(Stream stream)
    {
        var head = new byte[64];
        var count = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var from = head.AsSpan(0, count).StartsWith("\uFEFF"u8) ? 3 : 0;
        var first = head.AsSpan(from, count - from).TrimStart(" \t\r\n"u8);
        return (first.IsEmpty ? '\0' : (char)first[0], new JoinedStream(new MemoryStream(head, 0, count), stream));
    }
}
