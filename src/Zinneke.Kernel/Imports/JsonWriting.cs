using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Zinneke.Kernel;

/// <summary>Writes catalogue files as people like to read and compare them: indented, UTF-8 without escapes, members left out when they say nothing.</summary>
public static class JsonWriting
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A whole file.</summary>
    public static async Task WriteAsync(Stream stream, Action<Utf8JsonWriter> write, CancellationToken stop = default)
    {
        await using var writer = new Utf8JsonWriter(stream, Indented);
        write(writer);
        await writer.FlushAsync(stop);
    }

    /// <summary>One record on one line: the form in which two records are compared.</summary>
    public static string Line(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            write(writer);
        }
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    public static void Write(this Utf8JsonWriter writer, string name, Text text)
    {
        if (!text.IsEmpty)
        {
            writer.WriteStartObject(name);
            foreach (var language in Languages.FallbackOf("fr").Where(language => text.Exactly(language) is not null))
            {
                writer.WriteString(language, text.Exactly(language));
            }
            writer.WriteEndObject();
        }
    }

    public static void Write(this Utf8JsonWriter writer, string name, IReadOnlyCollection<string> values)
    {
        if (values.Count > 0)
        {
            writer.WriteStartArray(name);
            foreach (var value in values)
            {
                writer.WriteStringValue(value);
            }
            writer.WriteEndArray();
        }
    }

    public static void Write(this Utf8JsonWriter writer, string name, IReadOnlyCollection<DateOnly> dates) =>
        writer.Write(name, [.. dates.Select(Word)]);

    /// <summary>A list of records, also when it is empty.</summary>
    public static void WriteList<T>(this Utf8JsonWriter writer, string name, IEnumerable<T> records, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var record in records)
        {
            write(writer, record);
        }
        writer.WriteEndArray();
    }

    public static void WriteIf(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    public static void WriteIf(this Utf8JsonWriter writer, string name, DateOnly? value) => writer.WriteIf(name, value is { } date ? Word(date) : null);

    /// <summary>Only when it is not what a missing member means.</summary>
    public static void WriteUnless(this Utf8JsonWriter writer, bool meant, string name, bool value)
    {
        if (value != meant)
        {
            writer.WriteBoolean(name, value);
        }
    }

    private static string Word(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
