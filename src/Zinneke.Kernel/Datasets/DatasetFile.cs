using System.Buffers;
using System.Text.Json;
using CsvHelper;

namespace Zinneke.Kernel;

/// <summary>A dataset as a file, sent as it is read: a slice at a time in memory, however long it is.</summary>
internal sealed class DatasetFile(Dataset dataset, TimeZoneInfo zone)
{
    private const int SliceRows = 2000;
    private static readonly CsvWriterOptions Csv = new() { NewLine = "\n", Separator = ',', Injection = CsvInjection.Escape };
    private static readonly JsonWriterOptions Plain = new() { Encoder = Json.Options.Encoder, SkipValidation = true };

    public async Task WriteCsvAsync(Stream stream, CancellationToken cancellation)
    {
        await using var csv = CsvWriter.Create(stream, Csv, leaveOpen: true);
        await csv.WriteRecordAsync([.. dataset.Fields.Select(field => field.Name)], cancellation);
        await foreach (var rows in SlicesAsync(cancellation))
        {
            foreach (var row in rows)
            {
                for (var i = 0; i < row.Length; i++)
                {
                    Write(csv, dataset.Fields[i].Type, row[i]);
                }
                await csv.EndRecordAsync(cancellation);
            }
        }
    }

    /// <summary>RFC 7946; a row without a place has the geometry null.</summary>
    public async Task WriteGeoJsonAsync(Stream stream, CancellationToken cancellation)
    {
        var (lon, lat) = (PlaceOf("lon"), PlaceOf("lat"));
        await stream.WriteAsync("{\"type\":\"FeatureCollection\",\"features\":["u8.ToArray(), cancellation);
        var buffer = new ArrayBufferWriter<byte>();
        var any = false;
        await foreach (var rows in SlicesAsync(cancellation))
        {
            foreach (var row in rows)
            {
                buffer.Write(any ? ",\n"u8 : "\n"u8);
                any = true;
                using var json = new Utf8JsonWriter(buffer, Plain);
                json.WriteStartObject();
                json.WriteString("type", "Feature");
                WriteGeometry(json, row[lon] as double?, row[lat] as double?);
                json.WriteStartObject("properties");
                WriteFields(json, row, skip: (lon, lat));
                json.WriteEndObject();
                json.WriteEndObject();
            }
            await stream.WriteAsync(buffer.WrittenMemory, cancellation);
            buffer.ResetWrittenCount();
        }
        await stream.WriteAsync("\n]}\n"u8.ToArray(), cancellation);
    }

    /// <summary>A page of rows: <c>{"rows":[{...}],"next":...}</c>.</summary>
    public byte[] PageOf(DatasetSlice slice, string? next)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteStartArray("rows");
            foreach (var row in slice.Rows)
            {
                json.WriteStartObject();
                WriteFields(json, row, skip: (-1, -1));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("next", next);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private async IAsyncEnumerable<IReadOnlyList<object?[]>> SlicesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        string? after = null;
        do
        {
            var slice = await dataset.SliceAsync(after, SliceRows, cancellation);
            yield return slice.Rows;
            after = slice.Next;
        }
        while (after is not null);
    }

    private void WriteFields(Utf8JsonWriter json, object?[] row, (int, int) skip)
    {
        for (var i = 0; i < row.Length; i++)
        {
            if (i == skip.Item1 || i == skip.Item2)
            {
                continue;
            }
            json.WritePropertyName(dataset.Fields[i].Name);
            switch (row[i])
            {
                case null: json.WriteNullValue(); break;
                case long micros when dataset.Fields[i].Type == FieldType.Datetime: json.WriteStringValue(Local(micros)); break;
                case long number: json.WriteNumberValue(number); break;
                case double number: json.WriteNumberValue(number); break;
                case bool yes: json.WriteBooleanValue(yes); break;
                default: json.WriteStringValue((string)row[i]!); break;
            }
        }
    }

    private static void WriteGeometry(Utf8JsonWriter json, double? lon, double? lat)
    {
        if (lon is not { } x || lat is not { } y)
        {
            json.WriteNull("geometry");
            return;
        }
        json.WriteStartObject("geometry");
        json.WriteString("type", "Point");
        json.WriteStartArray("coordinates");
        json.WriteNumberValue(x);
        json.WriteNumberValue(y);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Only text is kept from being run as a formula: a number below zero is a number.</summary>
    private void Write(CsvWriter csv, FieldType type, object? value)
    {
        switch (value)
        {
            case null: csv.WriteField(""); break;
            case long micros when type == FieldType.Datetime: csv.WriteField(Local(micros)); break;
            case long number: csv.WriteField(number); break;
            case double number: csv.WriteField(number); break;
            case bool yes: csv.WriteField(yes ? "true" : "false"); break;
            default: csv.WriteField((string)value); break;
        }
    }

    private string Local(long micros) => Instants.Write(TimeZoneInfo.ConvertTime(Instants.FromMicros(micros), zone));

    private int PlaceOf(string name) => dataset.Fields.TakeWhile(field => field.Name != name).Count();
}
