using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Rows of Open311 in one of its forms, written into memory as UTF-8 without an object for any value. Fields come in the order of the columns. <see cref="Whole"/> is an answer;
/// of a file of any length several pieces are <see cref="Written"/>, one behind the other with <see cref="Between"/>, and <see cref="Before"/> and <see cref="After"/> around them.
/// </summary>
internal abstract class GeoRows : IDisposable
{
    protected RentedBytes Buffer { get; } = new();

    public abstract ReadOnlyMemory<byte> Before { get; }

    public virtual ReadOnlyMemory<byte> Between => default;

    public virtual ReadOnlyMemory<byte> After => default;

    /// <summary>The rows; valid until <see cref="Clear"/>.</summary>
    public virtual ReadOnlyMemory<byte> Written => Buffer.Written[Before.Length..];

    /// <param name="format"><c>csv</c>, <c>json</c> or <c>xml</c>.</param>
    public static GeoRows Of(string format, IReadOnlyList<string> columns)
    {
        GeoRows rows = format switch { "csv" => new Csv(columns), "json" => new Json(columns), _ => new Xml(columns) };
        rows.Clear();
        return rows;
    }

    /// <summary>All of it, to its end; nothing can be added any more.</summary>
    public ReadOnlyMemory<byte> Whole()
    {
        _ = Written; // What a writer holds back.
        Buffer.Write(After.Span);
        return Buffer.Written;
    }

    public virtual void Clear()
    {
        Buffer.Clear();
        Buffer.Write(Before.Span);
    }

    public virtual void Dispose() => Buffer.Dispose();

    /// <summary>Null, or text where there is some; empty counts as missing.</summary>
    public void TextOrNull(int column, bool isNull, ReadOnlySpan<byte> utf8)
    {
        if (isNull || utf8.IsEmpty)
        {
            Null(column);
        }
        else
        {
            Text(column, utf8);
        }
    }

    public void NumberOrNull(int column, double? number)
    {
        if (number is { } some)
        {
            Number(column, some);
        }
        else
        {
            Null(column);
        }
    }

    public abstract void BeginRow();

    public abstract void Text(int column, ReadOnlySpan<byte> utf8);

    public abstract void Number(int column, double number);

    public abstract void Null(int column);

    public abstract void EndRow();

    protected void Write(double number)
    {
        number.TryFormat(Buffer.GetSpan(32), out var length, default, CultureInfo.InvariantCulture);
        Buffer.Advance(length);
    }

    /// <summary>RFC 4180. What a spreadsheet would run as a formula is put in quotes, behind an apostrophe.</summary>
    private sealed class Csv(IReadOnlyList<string> columns) : GeoRows
    {
        private static readonly SearchValues<byte> Quoted = SearchValues.Create(",\"\r\n"u8), Formula = SearchValues.Create("=@+-\t\r"u8);

        public override ReadOnlyMemory<byte> Before { get; } = Encoding.UTF8.GetBytes(string.Join(',', columns) + "\n");

        public override void BeginRow()
        {
        }

        public override void Text(int column, ReadOnlySpan<byte> utf8)
        {
            Separate(column);
            var runs = utf8.Length > 0 && Formula.Contains(utf8[0]);
            if (!runs && !utf8.ContainsAny(Quoted))
            {
                Buffer.Write(utf8);
                return;
            }
            Buffer.Write(runs ? "\"'"u8 : "\""u8);
            for (int quote; (quote = utf8.IndexOf((byte)'"')) >= 0; utf8 = utf8[(quote + 1)..])
            {
                Buffer.Write(utf8[..quote]);
                Buffer.Write("\"\""u8);
            }
            Buffer.Write(utf8);
            Buffer.Write("\""u8);
        }

        public override void Number(int column, double number)
        {
            Separate(column);
            Write(number);
        }

        public override void Null(int column) => Separate(column);

        public override void EndRow() => Buffer.Write("\n"u8);

        private void Separate(int column)
        {
            if (column > 0)
            {
                Buffer.Write(","u8);
            }
        }
    }

    private sealed class Json(IReadOnlyList<string> columns) : GeoRows
    {
        private readonly JsonEncodedText[] names = [.. columns.Select(name => JsonEncodedText.Encode(name))];
        private Utf8JsonWriter? json;

        public override ReadOnlyMemory<byte> Before { get; } = "["u8.ToArray();

        public override ReadOnlyMemory<byte> Between { get; } = ","u8.ToArray();

        public override ReadOnlyMemory<byte> After { get; } = "]"u8.ToArray();

        public override ReadOnlyMemory<byte> Written
        {
            get
            {
                json!.Flush();
                return base.Written;
            }
        }

        /// <summary>The writer begins an array, which is what stands before; <see cref="GeoRows.After"/> ends it.</summary>
        public override void Clear()
        {
            Buffer.Clear();
            json ??= new Utf8JsonWriter(Buffer, new JsonWriterOptions { Encoder = Kernel.Json.Options.Encoder });
            json.Reset(Buffer);
            json.WriteStartArray();
        }

        public override void Dispose()
        {
            json?.Reset(Buffer); // Nothing is to be written any more.
            json?.Dispose();
            base.Dispose();
        }

        public override void BeginRow() => json!.WriteStartObject();

        public override void Text(int column, ReadOnlySpan<byte> utf8) => json!.WriteString(names[column], utf8);

        public override void Number(int column, double number) => json!.WriteNumber(names[column], number);

        public override void Null(int column) => json!.WriteNull(names[column]);

        public override void EndRow() => json!.WriteEndObject();
    }

    private sealed class Xml(IReadOnlyList<string> columns) : GeoRows
    {
        private readonly (byte[] Open, byte[] Close, byte[] Empty)[] tags = [.. columns.Select(name => (Encoding.UTF8.GetBytes($"<{name}>"), Encoding.UTF8.GetBytes($"</{name}>"), Encoding.UTF8.GetBytes($"<{name} />")))];

        /// <summary>Those to be escaped or left out; 0xEF begins the two letters that XML cannot hold, among others.</summary>
        private static readonly SearchValues<byte> Special = SearchValues.Create([.. Enumerable.Range(0, 32).Where(one => one is not ('\t' or '\n')).Select(one => (byte)one), (byte)'&', (byte)'<', (byte)'>', 0xEF]);

        public override ReadOnlyMemory<byte> Before { get; } = "<?xml version=\"1.0\" encoding=\"utf-8\"?><service_requests>"u8.ToArray();

        public override ReadOnlyMemory<byte> After { get; } = "</service_requests>"u8.ToArray();

        public override void BeginRow() => Buffer.Write("<request>"u8);

        public override void Text(int column, ReadOnlySpan<byte> utf8)
        {
            Buffer.Write(tags[column].Open);
            for (int special; (special = utf8.IndexOfAny(Special)) >= 0;)
            {
                Buffer.Write(utf8[..special]);
                utf8 = utf8[special..];
                var outside = utf8.StartsWith("\uFFFE"u8) || utf8.StartsWith("\uFFFF"u8);
                Buffer.Write(utf8[0] switch { (byte)'&' => "&amp;"u8, (byte)'<' => "&lt;"u8, (byte)'>' => "&gt;"u8, (byte)'\r' => "&#xD;"u8, 0xEF when !outside => utf8[..1], _ => default });
                utf8 = utf8[(outside ? 3 : 1)..];
            }
            Buffer.Write(utf8);
            Buffer.Write(tags[column].Close);
        }

        public override void Number(int column, double number)
        {
            Buffer.Write(tags[column].Open);
            Write(number);
            Buffer.Write(tags[column].Close);
        }

        public override void Null(int column) => Buffer.Write(tags[column].Empty);

        public override void EndRow() => Buffer.Write("</request>"u8);
    }
}
