using System.Text.Json;
using System.Text.Json.Serialization;

namespace Zinneke.Kernel;

/// <summary>Reads and writes <see cref="Text"/> as an object from language to string, with the marks of a machine's words where there are some.</summary>
internal sealed class TextJson : JsonConverter<Text>
{
    private const string Original = "original", Machine = "machine";

    public override Text Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("expected an object from language to string");
        }
        var pairs = new List<KeyValuePair<string, string>>();
        string? original = null;
        string[] machine = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var language = reader.GetString()!;
            reader.Read();
            if (language == Machine)
            {
                machine = JsonSerializer.Deserialize<string?[]>(ref reader, options) is { } named && named.OfType<string>().ToArray() is var all && all.Length == named.Length
                    ? all
                    : throw new JsonException($"{Machine}: expected a list of languages");
                continue;
            }
            var words = reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException($"{language}: expected a string");
            if (language == Original)
            {
                original = words;
            }
            else
            {
                pairs.Add(new(language, words));
            }
        }
        return new Text(pairs, original, machine);
    }

    public override void Write(Utf8JsonWriter writer, Text value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (language, words) in value.ByLanguage)
        {
            writer.WriteString(language, words);
        }
        if (value.Machine.Count > 0)
        {
            if (value.Original is { } original)
            {
                writer.WriteString(Original, original);
            }
            writer.WriteStartArray(Machine);
            foreach (var language in value.Machine)
            {
                writer.WriteStringValue(language);
            }
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }
}
