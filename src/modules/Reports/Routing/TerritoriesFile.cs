using System.Globalization;
using System.Text.Json;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Areas and layers for routing without a store, from GeoJSON: properties <c>id, kind, name_fr|nl|en|de, owner, half_width_m, postcodes, valid_from, valid_to</c>; others are ignored.</summary>
internal static class TerritoriesFile
{
    public static IReadOnlyList<Territory> Read(Stream stream, Faults faults)
    {
        var reader = new GeoJsonReader(stream);
        var territories = new List<Territory>();
        foreach (var feature in reader.Features())
        {
            if (ReadOne(feature, faults) is { } territory)
            {
                territories.Add(territory);
            }
        }
        foreach (var fault in reader.Faults)
        {
            faults.Add(fault.Line, fault.Field, fault.Found, fault.Expected);
        }
        return territories;
    }

    private static Territory? ReadOne(GeoFeature feature, Faults faults)
    {
        var before = faults.Count;
        string? Word(string name, bool required = false)
        {
            var words = feature.Properties.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() : null;
            if (required && string.IsNullOrEmpty(words))
            {
                faults.Add(feature.Line, $"features[{feature.Index}].properties.{name}", words, "text");
            }
            return string.IsNullOrEmpty(words) || words == "null" ? null : words;
        }
        DateOnly? Date(string name)
        {
            if (Word(name) is not { } text)
            {
                return null;
            }
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                return date;
            }
            faults.Add(feature.Line, $"features[{feature.Index}].properties.{name}", text, "a date such as 2025-01-01");
            return null;
        }
        var half = Territory.HalfWidthDefaultMetres;
        if (Word("half_width_m") is { } width && !(double.TryParse(width, NumberStyles.Float, CultureInfo.InvariantCulture, out half) && half is >= 0 and <= 500))
        {
            faults.Add(feature.Line, $"features[{feature.Index}].properties.half_width_m", width, "a number from 0 to 500");
        }
        if (feature.Shape is null)
        {
            faults.Add(feature.Line, $"features[{feature.Index}].geometry", "null", "a geometry");
        }
        var names = new Text(Languages.All.Select(language => (language, Words: Word("name_" + language))).Where(name => name.Words is not null)
            .Select(name => KeyValuePair.Create(name.language, name.Words!)));
        var (id, kind, from, to) = (Word("id", required: true), Word("kind", required: true), Date("valid_from"), Date("valid_to"));
        return faults.Count > before ? null : new Territory(id!, kind!, names, feature.Shape!)
        {
            Owner = Word("owner"),
            HalfWidthMetres = half,
            Postcodes = feature.Properties.TryGetProperty("postcodes", out var codes) && codes.ValueKind == JsonValueKind.Array ? [.. codes.EnumerateArray().Select(code => code.ToString())] : [],
            ValidFrom = from,
            ValidTo = to,
        };
    }
}
