using System.Text;
using System.Text.Json;

namespace Zinneke.Kernel;

/// <summary>
/// One value of a JSON document that knows its line and its path, so that a fault in a catalogue file names both. Made for files that people write: whole in memory,
/// at most <see cref="BytesMax"/>.
/// </summary>
public sealed class JsonTree
{
    public const int BytesMax = 64 << 20;
    private const int DepthMax = 32;
    private const int MembersMax = 2_000;

    private readonly JsonTree? parent;
    private readonly string? name;
    private readonly int index;
    private readonly List<JsonTree> children = [];

    private JsonTree(JsonTree? parent, string? name, int index, JsonValueKind kind, int line, string? words)
    {
        this.parent = parent;
        this.name = name;
        this.index = index;
        Kind = kind;
        Line = line;
        Words = words;
    }

    public JsonValueKind Kind { get; }

    /// <summary>1-based line where the value begins.</summary>
    public int Line { get; }

    /// <summary>The characters of a string, the digits of a number as they stand, <c>true</c> or <c>false</c>; null for objects, arrays and null.</summary>
    public string? Words { get; }

    /// <summary>Name of this value in its object; empty in an array and at the root.</summary>
    public string Name => name ?? "";

    /// <summary>Values of an object or array in their order.</summary>
    public IReadOnlyList<JsonTree> Children => children;

    /// <summary>Where the value stands: <c>categories[3].sla.value</c>; empty at the root.</summary>
    public string Path => parent is null ? "" : name is null ? $"{parent.Path}[{index}]" : parent.Path.Length == 0 ? name : $"{parent.Path}.{name}";

    public JsonTree? Member(string member) => children.Find(child => child.name == member);

    /// <summary>What stands here, for a fault.</summary>
    public override string ToString() => Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"\"{Words}\"",
        JsonValueKind.Null => "null",
        _ => Words!,
    };

    /// <summary>Reads a document of UTF-8. What is wrong goes to <paramref name="faults"/>; the tree is null when it is not JSON at all.</summary>
    public static async Task<JsonTree?> ReadAsync(Stream stream, Faults faults, CancellationToken stop = default)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[1 << 16];
        for (int count; (count = await stream.ReadAsync(chunk, stop)) > 0;)
        {
            buffer.Write(chunk, 0, count);
            if (buffer.Length > BytesMax)
            {
                faults.Add(0, "", $"more than {BytesMax >> 20} MiB", $"a file of at most {BytesMax >> 20} MiB");
                return null;
            }
        }
        return Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), faults);
    }

    public static JsonTree? Parse(ReadOnlySpan<byte> utf8, Faults faults)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
        {
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        }
        try
        {
            return Build(utf8, faults);
        }
        catch (JsonException fault)
        {
            faults.Add((int)(fault.LineNumber ?? 0) + 1, "", $"character {(fault.BytePositionInLine ?? 0) + 1}", "valid JSON: " + Reason(fault));
        }
        catch (InvalidOperationException)
        {
            // The reader answers invalid UTF-8 inside a string this way.
            faults.Add(0, "", "bytes that are no UTF-8", "a file in UTF-8");
        }
        return null;
    }

    private static JsonTree? Build(ReadOnlySpan<byte> utf8, Faults faults)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DepthMax });
        JsonTree? current = null;
        string? member = null;
        int line = 1, counted = 0;
        while (reader.Read())
        {
            var start = (int)reader.TokenStartIndex;
            line += utf8[counted..start].Count((byte)'\n');
            counted = start;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    member = reader.GetString();
                    if (current!.children.Count >= MembersMax)
                    {
                        faults.Add(line, current.Path, "more", $"an object of at most {MembersMax} members");
                        return null;
                    }
                    if (current.Member(member!) is not null)
                    {
                        faults.Add(line, current.Path.Length == 0 ? member! : $"{current.Path}.{member}", "a second time", "each name once in an object");
                    }
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    current = current!.parent ?? current;
                    continue;
            }
            var value = new JsonTree(current, member, current?.children.Count ?? 0, KindOf(reader.TokenType), line, WordsOf(ref reader));
            current?.children.Add(value);
            member = null;
            if (current is null || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                current = value;
            }
        }
        return current;
    }

    private static JsonValueKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => JsonValueKind.Object,
        JsonTokenType.StartArray => JsonValueKind.Array,
        JsonTokenType.String => JsonValueKind.String,
        JsonTokenType.Number => JsonValueKind.Number,
        JsonTokenType.True => JsonValueKind.True,
        JsonTokenType.False => JsonValueKind.False,
        _ => JsonValueKind.Null,
    };

    private static string? WordsOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => null,
    };

    /// <summary>The parser's words without its own way of saying where.</summary>
    private static string Reason(JsonException fault)
    {
        var where = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return where < 0 ? fault.Message : fault.Message[..where];
    }
}
