using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// A piece of an Open311 answer, written as XML or as JSON, so that both always say the same: JSON is the XML with the names of the root and of items dropped.
/// </summary>
internal abstract record GeoNode
{
    /// <param name="text">Empty counts as missing.</param>
    public static GeoNode Of(string? text) => new Value(text is { Length: > 0 } ? text : null);

    public static GeoNode Of(bool value) => new Value(value);

    public static GeoNode Of(double? number) => new Value(number);

    public static GeoNode Of(params IReadOnlyList<(string Name, GeoNode Node)> fields) => new Fields(fields);

    /// <param name="item">Name of each element in XML.</param>
    public static GeoNode Of(string item, IEnumerable<GeoNode> nodes) => new Items(item, [.. nodes]);

    /// <summary>Writes what stands inside the element.</summary>
    public abstract void Write(XmlWriter xml);

    public abstract void Write(Utf8JsonWriter json);

    /// <summary>Codes, keys and ids are strings also where they look like numbers; what is missing is an empty element or null.</summary>
    private sealed record Value(object? Content) : GeoNode
    {
        public override void Write(XmlWriter xml)
        {
            switch (Content)
            {
                case string text:
                    xml.WriteString(XmlWords.Writable(text));
                    break;
                case bool flag:
                    xml.WriteString(flag ? "true" : "false");
                    break;
                case double number:
                    xml.WriteString(number.ToString(CultureInfo.InvariantCulture));
                    break;
            }
        }

        public override void Write(Utf8JsonWriter json)
        {
            switch (Content)
            {
                case string text:
                    json.WriteStringValue(text);
                    break;
                case bool flag:
                    json.WriteBooleanValue(flag);
                    break;
                case double number:
                    json.WriteNumberValue(number);
                    break;
                default:
                    json.WriteNullValue();
                    break;
            }
        }
    }

    private sealed record Fields(IReadOnlyList<(string Name, GeoNode Node)> All) : GeoNode
    {
        public override void Write(XmlWriter xml)
        {
            foreach (var (name, node) in All)
            {
                xml.WriteStartElement(name);
                node.Write(xml);
                xml.WriteEndElement();
            }
        }

        public override void Write(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            foreach (var (name, node) in All)
            {
                json.WritePropertyName(name);
                node.Write(json);
            }
            json.WriteEndObject();
        }
    }

    private sealed record Items(string Item, IReadOnlyList<GeoNode> All) : GeoNode
    {
        public override void Write(XmlWriter xml)
        {
            foreach (var node in All)
            {
                xml.WriteStartElement(Item);
                node.Write(xml);
                xml.WriteEndElement();
            }
        }

        public override void Write(Utf8JsonWriter json)
        {
            json.WriteStartArray();
            foreach (var node in All)
            {
                node.Write(json);
            }
            json.WriteEndArray();
        }
    }
}
