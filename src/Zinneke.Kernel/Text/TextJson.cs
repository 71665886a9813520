using System.Text.Json;
using System.Text.Json.Serialization;

namespace Zinneke.Kernel;

/// <summary>Reads and writes <see cref="Text"/> as an object from language to string.</summary>
internal sealed class TextJson : JsonConverter<Text>
{
    public override Text Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("expected an object from language to string");
        }
        var pairs = new List<KeyValuePair<string, string>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var language = reader.GetString()!;
            reader.Read();
            pairs.Add(new(language, reader.GetString() ?? throw new JsonException($"{language}: expected a string")));
        }
        return new Text(pairs);
    }

    public override void Write(Utf8JsonWriter writer, Text value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (language, words) in value.ByLanguage)
        {
            writer.WriteString(language, words);
        }
        writer.WriteEndObject();
    }
}
