using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Zinneke.Geo;

/// <summary>
/// Reads the features of a GeoJSON FeatureCollection (RFC 7946) from a stream of any size, one at a time. A feature with a fault is left out and its fault kept; malformed JSON
/// ends the reading. Refused are: rings that are not closed, have fewer than four positions or cross themselves, positions outside ±180/±90, and longitude and latitude swapped.
/// Read on one thread.
/// </summary>
public sealed class GeoJsonReader
{
    /// <summary>Faults kept in full; the rest is counted.</summary>
    public const int FaultsKept = 100;

    // How far from all other features, in degrees, a feature must lie before it is asked whether its coordinates are swapped.
    private const double FarDegrees = 5;
    private const double NearDegrees = 1;

    private static JsonElement NoProperties { get; } = JsonDocument.Parse("{}").RootElement;

    private readonly Func<int, Func<LonLat, LonLat>?>? projections;
    private readonly ArrayBufferWriter<byte> copied = new();
    private readonly CoordinateReader coordinates = new();
    private readonly List<GeoFault> faults = [];
    private readonly Stream stream;
    private Box near;
    private bool sawType;
    private bool sawFeatures;

    /// <param name="stream">UTF-8; read forward only and not closed.</param>
    /// <param name="projections">For an EPSG code, how to turn its x and y into WGS 84; null for unknown codes. Asked for the member <c>crs</c> of older files.</param>
    /// <param name="near">Where features are expected, to recognise swapped coordinates already in the first one.</param>
    public GeoJsonReader(Stream stream, Func<int, Func<LonLat, LonLat>?>? projections = null, Box? near = null)
    {
        this.stream = stream;
        this.projections = projections;
        this.near = near ?? Box.Empty;
    }

    /// <summary>Turns the positions of a file that names no coordinate system into WGS 84; null when they are that already.</summary>
    public Func<LonLat, LonLat>? Projection
    {
        init => coordinates.Projection = value;
    }

    /// <summary>The first faults, in the order of the file.</summary>
    public IReadOnlyList<GeoFault> Faults => faults;

    public int FaultCount { get; private set; }

    /// <summary>Features read so far, with those at fault.</summary>
    public int Count { get; private set; }

    /// <summary>The features without fault. Enumerate once; the faults are complete at its end.</summary>
    public IEnumerable<GeoFeature> Features()
    {
        JsonTokens? tokens = null;
        var inside = false;
        while (Step(ref tokens, ref inside, out var feature))
        {
            if (feature is not null)
            {
                yield return feature;
            }
        }
    }

    /// <summary>Goes to the next feature, or to the end.</summary>
    private bool Step(ref JsonTokens? tokens, ref bool inside, out GeoFeature? feature)
    {
        feature = null;
        try
        {
            tokens ??= Open();
            if (!inside && !(inside = FindFeatures(tokens)))
            {
                return false;
            }
            tokens.Next();
            if (tokens.Type == JsonTokenType.EndArray)
            {
                inside = false;
                return true;
            }
            feature = ReadFeature(tokens);
            return true;
        }
        catch (GeoFaultException end)
        {
            Fault(end.Fault);
            return false;
        }
    }

    private JsonTokens Open()
    {
        var tokens = new JsonTokens(stream);
        if (!tokens.Next() || tokens.Type != JsonTokenType.StartObject)
        {
            throw new GeoFaultException(new GeoFault(tokens.Line, "", tokens.Type == JsonTokenType.None ? "an empty file" : tokens.Shown, "a GeoJSON FeatureCollection"));
        }
        return tokens;
    }

    /// <summary>Reads members of the collection up to the start of its features; false at the end of the file.</summary>
    private bool FindFeatures(JsonTokens tokens)
    {
        while (tokens.Next() && tokens.Type == JsonTokenType.PropertyName)
        {
            var name = tokens.Text();
            tokens.Next();
            switch (name)
            {
                case "type":
                    sawType = true;
                    Require(tokens, tokens.Type == JsonTokenType.String && tokens.Is("FeatureCollection"u8), "type", "\"FeatureCollection\"");
                    break;
                case "features":
                    sawFeatures = true;
                    Require(tokens, tokens.Type == JsonTokenType.StartArray, "features", "an array of features");
                    return true;
                case "crs":
                    ReadCrs(tokens);
                    break;
                default:
                    tokens.Skip();
                    break;
            }
        }
        Require(tokens, sawType, "type", "\"FeatureCollection\"", "nothing");
        Require(tokens, sawFeatures, "features", "an array of features", "nothing");
        // One look further: whatever stands behind the collection is a fault.
        tokens.Next();
        return false;
    }

    private static void Require(JsonTokens tokens, bool holds, string field, string expected, string? found = null)
    {
        if (!holds)
        {
            throw new GeoFaultException(new GeoFault(tokens.Line, field, found ?? tokens.Shown, expected));
        }
    }

    /// <summary>The 2008 form, still written by geographic tools: <c>{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::31370"}}</c>.</summary>
    private void ReadCrs(JsonTokens tokens)
    {
        var line = tokens.Line;
        using var document = Copy(tokens);
        var name = document.RootElement is { ValueKind: JsonValueKind.Object } crs && crs.TryGetProperty("properties", out var properties)
            && properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty("name", out var named) ? named.ToString() : "";
        if (document.RootElement.ValueKind == JsonValueKind.Null)
        {
            return;
        }
        var known = int.TryParse(name.AsSpan(name.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var epsg);
        if ((known && epsg == 4326) || name.Contains("CRS84", StringComparison.OrdinalIgnoreCase))
        {
            coordinates.Projection = null;
            return;
        }
        coordinates.Projection = known ? projections?.Invoke(epsg) : null;
        if (coordinates.Projection is null)
        {
            throw new GeoFaultException(new GeoFault(line, "crs.properties.name", name, "WGS 84 (EPSG:4326) or a coordinate system that can be converted"));
        }
    }

    private JsonDocument Copy(JsonTokens tokens)
    {
        copied.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(copied))
        {
            tokens.CopyTo(writer);
        }
        return JsonDocument.Parse(copied.WrittenMemory);
    }

    private GeoFeature? ReadFeature(JsonTokens tokens)
    {
        var index = Count++;
        var path = $"features[{index}]";
        var line = tokens.Line;
        if (tokens.Type != JsonTokenType.StartObject)
        {
            Fault(new GeoFault(line, path, tokens.Shown, "a feature"));
            tokens.Skip();
            return null;
        }
        string? id = null;
        var properties = NoProperties;
        var faulty = false;
        var sawGeometry = false;
        var sawFeature = false;
        coordinates.Begin(path + ".geometry");
        while (tokens.Next() && tokens.Type == JsonTokenType.PropertyName)
        {
            var name = tokens.Text();
            tokens.Next();
            switch (name)
            {
                case "type":
                    sawFeature = tokens.Type == JsonTokenType.String && tokens.Is("Feature"u8);
                    tokens.Skip();
                    break;
                case "id" when tokens.Type is JsonTokenType.String or JsonTokenType.Number:
                    id = tokens.Text();
                    break;
                case "properties" when tokens.Type == JsonTokenType.StartObject:
                    using (var document = Copy(tokens))
                    {
                        properties = document.RootElement.Clone();
                    }
                    break;
                case "id" or "properties" when tokens.Type != JsonTokenType.Null:
                    faulty = true;
                    Fault(new GeoFault(tokens.Line, $"{path}.{name}", tokens.Shown, name == "id" ? "a string or a number" : "an object or null"));
                    tokens.Skip();
                    break;
                case "geometry":
                    sawGeometry = true;
                    coordinates.ReadGeometry(tokens);
                    break;
                default:
                    tokens.Skip();
                    break;
            }
        }
        if (!sawFeature || !sawGeometry)
        {
            Fault(new GeoFault(line, path, sawFeature ? "a feature without geometry" : "an object whose type is not \"Feature\"", "type \"Feature\", properties and geometry"));
            return null;
        }
        var shape = coordinates.Build();
        var fault = coordinates.Fault ?? (shape is null ? null : Swapped(shape, line, path));
        if (fault is not null)
        {
            Fault(fault);
            return null;
        }
        if (shape is not null)
        {
            near = near.With(shape.Bounds);
        }
        return faulty ? null : new GeoFeature(line, index, id, properties, shape);
    }

    /// <summary>Positions in range may still be swapped: then they lie far from all other features, and near them when turned round.</summary>
    private GeoFault? Swapped(Shape shape, int line, string path)
    {
        if (near.IsEmpty || shape.Bounds.IsEmpty || near.Grown(FarDegrees).Intersects(shape.Bounds) || !near.Grown(NearDegrees).Contains(shape[0].Swapped))
        {
            return null;
        }
        return new GeoFault(line, path + ".geometry.coordinates", GeoFault.Show(shape[0]), "longitude before latitude: these look swapped");
    }

    private void Fault(GeoFault fault)
    {
        if (FaultCount++ < FaultsKept)
        {
            faults.Add(fault);
        }
    }
}
