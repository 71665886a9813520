using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Zinneke.Geo;

/// <summary>
/// The tokens of a JSON stream one by one, with their lines, in a buffer that does not grow with the file: it grows only for a single token that does not fit, up to 16 MiB.
/// </summary>
internal sealed class JsonTokens
{
    private const int TokenBytesMax = 16 << 20;

    private readonly Stream stream;
    private byte[] buffer = new byte[64 << 10];
    private int start;
    private int end;
    private bool ended;
    private JsonReaderState state;
    private int valueStart;
    private int valueLength;
    private bool escaped;

    public JsonTokens(Stream stream)
    {
        this.stream = stream;
        Fill();
        start = buffer.AsSpan(0, end).StartsWith("\uFEFF"u8) ? 3 : 0;
    }

    public JsonTokenType Type { get; private set; }

    /// <summary>1-based line of the current token.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>The current token as it stands in the file, strings without their quotes.</summary>
    public ReadOnlySpan<byte> Raw => buffer.AsSpan(valueStart, valueLength);

    /// <summary>Goes to the next token; false after the last.</summary>
    /// <exception cref="GeoFaultException">The stream is not JSON, or not UTF-8.</exception>
    public bool Next()
    {
        while (!(ended && start == end && Type == JsonTokenType.None))
        {
            var reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), ended, state);
            bool read;
            try
            {
                read = reader.Read();
            }
            catch (JsonException fault)
            {
                throw new GeoFaultException(new GeoFault((int)(fault.LineNumber ?? 0) + 1, "", "malformed JSON", Reason(fault)));
            }
            if (read)
            {
                Take(ref reader);
                return true;
            }
            if (ended)
            {
                return false;
            }
            start += (int)reader.BytesConsumed;
            state = reader.CurrentState;
            Line += buffer.AsSpan(start - (int)reader.BytesConsumed, (int)reader.BytesConsumed).Count((byte)'\n');
            Fill();
        }
        return false;
    }

    private void Take(ref Utf8JsonReader reader)
    {
        var consumed = (int)reader.BytesConsumed;
        Type = reader.TokenType;
        Line += buffer.AsSpan(start, consumed).Count((byte)'\n');
        var quote = Type is JsonTokenType.String or JsonTokenType.PropertyName ? 1 : 0;
        valueStart = start + (int)reader.TokenStartIndex + quote;
        valueLength = reader.ValueSpan.Length;
        escaped = reader.ValueIsEscaped;
        start += consumed;
        state = reader.CurrentState;
        if (quote == 1 && !Utf8.IsValid(Raw))
        {
            throw new GeoFaultException(new GeoFault(Line, "", "text that is not UTF-8: " + Encoding.Latin1.GetString(Raw), "UTF-8"));
        }
    }

    private void Fill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }
        if (end == buffer.Length)
        {
            if (buffer.Length >= TokenBytesMax)
            {
                throw new GeoFaultException(new GeoFault(Line, "", "a text of more than 16 MiB", "a shorter one"));
            }
            Array.Resize(ref buffer, buffer.Length * 2);
        }
        var got = stream.ReadAtLeast(buffer.AsSpan(end), 1, throwOnEndOfStream: false);
        end += got;
        ended = got == 0;
    }

    /// <summary>The current string, property name or number as text.</summary>
    public string Text()
    {
        if (!escaped || Type == JsonTokenType.Number)
        {
            return Encoding.UTF8.GetString(Raw);
        }
        var reader = new Utf8JsonReader(buffer.AsSpan(valueStart - 1, valueLength + 2));
        reader.Read();
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new GeoFaultException(new GeoFault(Line, "", "an escape that is half a character", "a whole one"));
        }
    }

    public bool Is(ReadOnlySpan<byte> text) => escaped ? Encoding.UTF8.GetBytes(Text()).AsSpan().SequenceEqual(text) : Raw.SequenceEqual(text);

    public double Number() => Utf8Parser.TryParse(Raw, out double value, out var read) && read == valueLength ? value : double.NaN;

    /// <summary>From the first token of a value to its last.</summary>
    public void Skip()
    {
        var depth = 0;
        do
        {
            depth += Type switch { JsonTokenType.StartObject or JsonTokenType.StartArray => 1, JsonTokenType.EndObject or JsonTokenType.EndArray => -1, _ => 0 };
        }
        while (depth > 0 && Next());
    }

    /// <summary>Copies a value, from its first token to its last.</summary>
    public void CopyTo(Utf8JsonWriter writer)
    {
        var depth = 0;
        do
        {
            switch (Type)
            {
                case JsonTokenType.StartObject: writer.WriteStartObject(); depth++; break;
                case JsonTokenType.EndObject: writer.WriteEndObject(); depth--; break;
                case JsonTokenType.StartArray: writer.WriteStartArray(); depth++; break;
                case JsonTokenType.EndArray: writer.WriteEndArray(); depth--; break;
                case JsonTokenType.PropertyName: writer.WritePropertyName(Text()); break;
                case JsonTokenType.String: writer.WriteStringValue(Text()); break;
                default: writer.WriteRawValue(Raw, skipInputValidation: true); break;
            }
        }
        while (depth > 0 && Next());
    }

    /// <summary>The current token in a message: short, as it stands.</summary>
    public string Shown => Type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.EndArray => "the end of the array",
        JsonTokenType.String => $"\"{(Text() is { Length: > 60 } text ? text[..60] + "…" : Text())}\"",
        _ => Text(),
    };

    // The exception repeats its position, which the fault carries already.
    private static string Reason(JsonException fault)
    {
        var at = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return at < 0 ? fault.Message : fault.Message[..at];
    }
}
