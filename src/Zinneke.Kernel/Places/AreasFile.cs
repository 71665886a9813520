using System.Globalization;
using System.Text.Json;
using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>Areas and layers from GeoJSON: properties <c>id, kind, name_fr|nl|en|de, owner, half_width_m, postcodes, valid_from, valid_to, nis, parent, replaces, approximate</c>; others are ignored. What is written can be read back to the same state.</summary>
public static class AreasFile
{
    /// <param name="kind">Kind of the areas that say none themselves.</param>
    public static IReadOnlyList<Area> Read(Stream stream, Faults faults, string? kind = null)
    {
        var reader = new GeoJsonReader(stream);
        var areas = new List<Area>();
        foreach (var feature in reader.Features())
        {
            if (ReadOne(feature, faults, kind) is { } area)
            {
                areas.Add(area);
            }
        }
        foreach (var fault in reader.Faults)
        {
            faults.Add(fault.Line, fault.Field, fault.Found, fault.Expected);
        }
        return areas;
    }

    /// <summary>Every version of every area, one a line.</summary>
    public static void Write(IEnumerable<Area> areas, Stream to)
    {
        using var writer = new GeoJsonWriter(to);
        foreach (var area in areas)
        {
            writer.Write(null, area.Shape, json => WriteFacts(json, area));
        }
    }

    private static Area? ReadOne(GeoFeature feature, Faults faults, string? kindByDefault)
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
        var half = Area.HalfWidthDefaultMetres;
        if (Word("half_width_m") is { } width && !(double.TryParse(width, NumberStyles.Float, CultureInfo.InvariantCulture, out half) && half is >= 0 and <= Area.HalfWidthMaxMetres))
        {
            faults.Add(feature.Line, $"features[{feature.Index}].properties.half_width_m", width, "a number from 0 to 500");
        }
        if (feature.Shape is null)
        {
            faults.Add(feature.Line, $"features[{feature.Index}].geometry", "null", "a geometry");
        }
        var names = new Text(Languages.All.Select(language => (language, Words: Word("name_" + language))).Where(name => name.Words is not null)
            .Select(name => KeyValuePair.Create(name.language, name.Words!)));
        var (id, kind, from, to) = (Word("id", required: true), Word("kind", required: kindByDefault is null) ?? kindByDefault, Date("valid_from"), Date("valid_to"));
        return faults.Count > before ? null : new Area(id!, kind!, names, feature.Shape!)
        {
            Nis = Word("nis"),
            Owner = Word("owner"),
            Parent = Word("parent"),
            HalfWidthMetres = half,
            Postcodes = CodesOf(feature, "postcodes"),
            ValidFrom = from ?? DateOnly.MinValue,
            ValidTo = to ?? DateOnly.MaxValue,
            Replaces = CodesOf(feature, "replaces"),
            Approximate = feature.Properties.TryGetProperty("approximate", out var approximate) && approximate.ValueKind == JsonValueKind.True,
        };
    }

    private static IReadOnlyList<string> CodesOf(GeoFeature feature, string name) =>
        feature.Properties.TryGetProperty(name, out var codes) && codes.ValueKind == JsonValueKind.Array ? [.. codes.EnumerateArray().Select(code => code.ToString())] : [];

    private static void WriteFacts(Utf8JsonWriter json, Area area)
    {
        json.WriteString("id", area.Id);
        json.WriteString("kind", area.Kind);
        foreach (var (language, words) in area.Names.ByLanguage)
        {
            json.WriteString("name_" + language, words);
        }
        json.WriteIf("nis", area.Nis);
        json.WriteIf("owner", area.Owner);
        json.WriteIf("parent", area.Parent);
        json.WriteNumber("half_width_m", area.HalfWidthMetres);
        json.Write("postcodes", area.Postcodes);
        json.WriteIf("valid_from", area.ValidFrom == DateOnly.MinValue ? null : area.ValidFrom);
        json.WriteIf("valid_to", area.ValidTo == DateOnly.MaxValue ? null : area.ValidTo);
        json.Write("replaces", area.Replaces);
        json.WriteUnless(false, "approximate", area.Approximate);
    }
}
