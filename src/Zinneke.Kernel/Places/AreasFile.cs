using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>Areas and layers from GeoJSON: properties <c>id, kind, name_fr|nl|en|de, owner, half_width_m, postcodes, valid_from, valid_to, nis, parent, replaces, approximate, private</c>; others are ignored. What is written can be read back to the same state.</summary>
public static class AreasFile
{
    /// <summary>Where a first file is expected, which has nothing beside it to be compared with: what would lie there if it were turned round has its coordinates swapped.</summary>
    private static readonly Box Belgium = new(2.5, 49.4, 6.5, 51.6);

    private static readonly SearchValues<char> KindLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Reads feature after feature; positions in a Belgian grid are turned into WGS 84.</summary>
    /// <param name="kind">Kind of the areas that say none themselves.</param>
    /// <param name="epsg">Coordinate system of a file that names none.</param>
    /// <param name="held">Areas that are there already and stay beside those of the file; null when nothing is.</param>
    public static IReadOnlyList<Area> Read(Stream stream, Faults faults, string? kind = null, int epsg = 4326, IReadOnlyCollection<AreaSpan>? held = null)
    {
        var reader = new GeoJsonReader(stream, ProjectionOf, Belgium) { Projection = ProjectionOf(epsg) };
        var areas = new List<Area>();
        var spans = (held ?? []).ToLookup(span => span.Id, StringComparer.Ordinal);
        var lines = new List<(AreaSpan Span, GeoFeature Feature)>();
        foreach (var feature in reader.Features())
        {
            if (ReadOne(feature, faults, kind) is { } area)
            {
                areas.Add(area);
                lines.Add((new AreaSpan(area.Id, area.ValidFrom, area.ValidTo), feature));
            }
        }
        foreach (var fault in reader.Faults)
        {
            var metres = epsg == 4326 && fault.Expected.StartsWith("longitude within", StringComparison.Ordinal) && !fault.Expected.Contains("swapped", StringComparison.Ordinal);
            faults.Add(fault.Line, fault.Field, fault.Found, metres ? $"{fault.Expected}; metres of a Belgian grid need a crs (EPSG:31370 or EPSG:3812)" : fault.Expected);
        }
        CheckSpans(lines, spans, faults);
        return areas;
    }

    private static Func<LonLat, LonLat>? ProjectionOf(int epsg) => Lambert.Of(epsg) is { } lambert ? p => lambert.ToWgs84(p.Lon, p.Lat) : null;

    /// <summary>At any date an area has one version: those of the file, and those that are there and not in the file, must not overlap in time.</summary>
    private static void CheckSpans(List<(AreaSpan Span, GeoFeature Feature)> lines, ILookup<string, AreaSpan> held, Faults faults)
    {
        foreach (var versions in lines.GroupBy(line => line.Span.Id, StringComparer.Ordinal))
        {
            var before = held[versions.Key].Where(span => !versions.Any(line => line.Span.From == span.From)).ToList();
            foreach (var (span, feature) in versions)
            {
                if (before.Find(other => other.From <= span.To && span.From <= other.To) is { } overlapping)
                {
                    faults.Add(feature.Line, $"features[{feature.Index}].properties.{(overlapping.From == span.From ? "id" : "valid_from")}", span.ToString(),
                        overlapping.From == span.From ? "an id that comes once for each first day" : $"no overlap in time with {overlapping}");
                }
                before.Add(span);
            }
        }
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
        var isPrivate = Word("private");
        if (isPrivate is not (null or "true" or "false")) // Taken for public by mistake it could not be taken back.
        {
            faults.Add(feature.Line, $"features[{feature.Index}].properties.private", isPrivate, "true or false");
        }
        if (feature.Shape is null)
        {
            faults.Add(feature.Line, $"features[{feature.Index}].geometry", "null", "a geometry");
        }
        var names = new Text(Languages.All.Select(language => (language, Words: Word("name_" + language))).Where(name => name.Words is not null)
            .Select(name => KeyValuePair.Create(name.language, name.Words!)));
        var (id, kind, from, to) = (Word("id", required: true), Word("kind", required: kindByDefault is null) ?? kindByDefault, Date("valid_from"), Date("valid_to"));
        if (kind is not null && (!char.IsAsciiLetterLower(kind[0]) || kind.Length > 40 || kind.AsSpan().ContainsAnyExcept(KindLetters)))
        {
            faults.Add(feature.Line, $"features[{feature.Index}].properties.kind", kind, "a word such as municipality, region, road, park, water, railway or zone");
        }
        if (to < from)
        {
            faults.Add(feature.Line, $"features[{feature.Index}].properties.valid_to", Word("valid_to"), "not before valid_from");
        }
        var (postcodes, replaces) = (CodesOf(feature, "postcodes", faults), CodesOf(feature, "replaces", faults));
        return faults.Count > before ? null : new Area(id!, kind!, names, feature.Shape!)
        {
            Nis = Word("nis"),
            Owner = Word("owner"),
            Parent = Word("parent"),
            HalfWidthMetres = half,
            Postcodes = postcodes,
            ValidFrom = from ?? DateOnly.MinValue,
            ValidTo = to ?? DateOnly.MaxValue,
            Replaces = replaces,
            Approximate = feature.Properties.TryGetProperty("approximate", out var approximate) && approximate.ValueKind == JsonValueKind.True,
            Private = isPrivate is "true",
        };
    }

    private static IReadOnlyList<string> CodesOf(GeoFeature feature, string name, Faults faults)
    {
        if (!feature.Properties.TryGetProperty(name, out var codes) || codes.ValueKind == JsonValueKind.Null)
        {
            return [];
        }
        if (codes.ValueKind == JsonValueKind.Array && codes.EnumerateArray().All(code => code.ValueKind is JsonValueKind.String or JsonValueKind.Number))
        {
            return [.. codes.EnumerateArray().Select(code => code.ToString())];
        }
        faults.Add(feature.Line, $"features[{feature.Index}].properties.{name}", codes.GetRawText(), "a list of codes such as [\"1000\", \"1020\"]");
        return [];
    }

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
        json.WriteUnless(false, "private", area.Private);
    }
}

/// <summary>When a version of an area holds.</summary>
public sealed record AreaSpan(string Id, DateOnly From, DateOnly To)
{
    public override string ToString() => $"{Id} from {(From == DateOnly.MinValue ? "the beginning" : AreaRow.Iso(From))} to {(To == DateOnly.MaxValue ? "no end" : AreaRow.Iso(To))}";
}
