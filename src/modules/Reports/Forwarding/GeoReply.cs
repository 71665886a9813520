using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What an Open311 endpoint answered.</summary>
/// <param name="Status">Of HTTP; 0 without an answer that can be read.</param>
/// <param name="Error">What went wrong in a few words; null when nothing did.</param>
/// <param name="Records">Its records, each from the names of its fields to their values; what is empty is left out.</param>
internal sealed record GeoReply(int Status, string? Error, TimeSpan? RetryAfter, IReadOnlyList<IReadOnlyDictionary<string, string>> Records)
{
    private const int SaidMax = 500;

    public bool Ok => Error is null;

    /// <summary>It was understood and is not wanted: saying it again changes nothing.</summary>
    public bool IsRefusal => Status is >= 400 and < 500 and not (408 or 425 or 429);

    /// <summary>What the other end says of its refusal.</summary>
    public string Said => string.Join(" · ", Records.Select(record => record.GetValueOrDefault("description")).OfType<string>()) is { Length: > 0 } said ? Cut($"{Error}: {said}") : Error ?? "";

    public static GeoReply Of(OutgoingAnswer answer)
    {
        var records = Read(answer.Body);
        return !answer.Ok ? new GeoReply(answer.Status, answer.Said, answer.RetryAfter, records ?? [])
            : records is null ? new GeoReply(0, "the answer cannot be read", null, [])
            : new GeoReply(answer.Status, null, null, records);
    }

    /// <summary>Reads JSON or XML, whichever it is: not every server keeps to the suffix of the address. Null for anything else.</summary>
    internal static IReadOnlyList<IReadOnlyDictionary<string, string>>? Read(byte[] body)
    {
        try
        {
            return Encoding.UTF8.GetString(body).AsSpan().TrimStart('\uFEFF').TrimStart() is ['<', ..] ? ReadXml(body) : ReadJson(body);
        }
        catch (Exception bad) when (bad is JsonException or XmlException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>A list of objects. One that is wrapped in an object is looked for inside it, as some servers do.</summary>
    private static List<IReadOnlyDictionary<string, string>> ReadJson(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object)
        {
            var inside = root.EnumerateObject().Select(member => member.Value).FirstOrDefault(value => value.ValueKind == JsonValueKind.Array);
            root = inside.ValueKind == JsonValueKind.Array ? inside : throw new JsonException();
        }
        return root.ValueKind != JsonValueKind.Array ? throw new JsonException() : [.. root.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(Fields)];
    }

    private static Dictionary<string, string> Fields(JsonElement item)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in item.EnumerateObject())
        {
            if ((member.Value.ValueKind switch { JsonValueKind.String => member.Value.GetString(), JsonValueKind.Number => member.Value.GetRawText(), _ => null }) is { Length: > 0 } value)
            {
                fields[member.Name] = value;
            }
        }
        return fields;
    }

    private static List<IReadOnlyDictionary<string, string>> ReadXml(byte[] body)
    {
        using var stream = new MemoryStream(body);
        using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        var root = XDocument.Load(reader).Root!;
        return
        [
            .. root.Elements().Select(item => item.Elements().Where(field => !field.HasElements && field.Value.Length > 0)
                .GroupBy(field => field.Name.LocalName, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.First().Value, StringComparer.Ordinal)),
        ];
    }

    private static string Cut(string text) => text.Length > SaidMax ? text[..SaidMax] + "…" : text;
}
