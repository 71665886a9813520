using System.Buffers;
using System.Text.Json;

namespace Zinneke.Geo;

/// <summary>Writes a GeoJSON FeatureCollection (RFC 7946) to a stream, one feature a line, at constant memory. Dispose it to end the collection; the stream stays open.</summary>
public sealed class GeoJsonWriter : IDisposable
{
    private readonly Stream stream;
    private readonly ArrayBufferWriter<byte> line = new();
    private readonly Utf8JsonWriter json;
    private bool any;

    public GeoJsonWriter(Stream stream)
    {
        this.stream = stream;
        json = new Utf8JsonWriter(line);
        stream.Write("{\"type\":\"FeatureCollection\",\"features\":["u8);
    }

    /// <param name="properties">Writes the members of the object; null for none.</param>
    public void Write(string? id, Shape? shape, Action<Utf8JsonWriter>? properties = null)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "Feature"u8);
        if (id is not null)
        {
            json.WriteString("id"u8, id);
        }
        json.WriteStartObject("properties"u8);
        properties?.Invoke(json);
        json.WriteEndObject();
        json.WritePropertyName("geometry"u8);
        WriteGeometry(json, shape);
        json.WriteEndObject();
        json.Flush();
        stream.Write(any ? ",\n"u8 : "\n"u8);
        stream.Write(line.WrittenSpan);
        any = true;
        line.ResetWrittenCount();
        json.Reset();
    }

    public void Dispose()
    {
        stream.Write("\n]}\n"u8);
        json.Dispose();
    }

    /// <summary>The geometry as a value: a single type for one part, else the Multi type; null for none.</summary>
    public static void WriteGeometry(Utf8JsonWriter json, Shape? shape)
    {
        if (shape is null)
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartObject();
        var many = shape.Kind switch { ShapeKind.Points => shape.PositionCount > 1, ShapeKind.Lines => shape.PartCount > 1, _ => shape.PolygonCount > 1 };
        json.WriteString("type"u8, (many ? "Multi" : "") + shape.Kind switch { ShapeKind.Points => "Point", ShapeKind.Lines => "LineString", _ => "Polygon" });
        json.WritePropertyName("coordinates"u8);
        switch (shape.Kind)
        {
            case ShapeKind.Points:
                WritePositions(json, shape, 0, shape.PositionCount, many);
                break;
            case ShapeKind.Lines:
                WriteParts(json, shape, 0, shape.PartCount, many);
                break;
            default:
                StartArray(json, many);
                for (var polygon = 0; polygon < shape.PolygonCount; polygon++)
                {
                    var (start, end) = shape.Rings(polygon);
                    WriteParts(json, shape, start, end, true);
                }
                EndArray(json, many);
                break;
        }
        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, Shape shape, int start, int end, bool asArray)
    {
        StartArray(json, asArray);
        for (var part = start; part < end; part++)
        {
            var (from, to) = shape.Part(part);
            WritePositions(json, shape, from, to, true);
        }
        EndArray(json, asArray);
    }

    private static void WritePositions(Utf8JsonWriter json, Shape shape, int start, int end, bool asArray)
    {
        StartArray(json, asArray);
        for (var i = start; i < end; i++)
        {
            var p = shape[i];
            json.WriteStartArray();
            json.WriteNumberValue(p.Lon);
            json.WriteNumberValue(p.Lat);
            json.WriteEndArray();
        }
        EndArray(json, asArray);
    }

    private static void StartArray(Utf8JsonWriter json, bool really)
    {
        if (really)
        {
            json.WriteStartArray();
        }
    }

    private static void EndArray(Utf8JsonWriter json, bool really)
    {
        if (really)
        {
            json.WriteEndArray();
        }
    }
}
