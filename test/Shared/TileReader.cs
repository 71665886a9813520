using System.Text;

namespace Zinneke.Testing;

internal sealed record ReadLayer(string Name, int Version, int Extent, List<ReadFeature> Features);

internal sealed record ReadFeature(ulong Id, int Type, Dictionary<string, object> Attributes, List<List<(int X, int Y)>> Paths);

/// <summary>Reads vector tiles straight from the words of the specification 2.1, to check the writer; refuses whatever the specification forbids.</summary>
internal static class TileReader
{
    public static List<ReadLayer> Read(byte[] tile) => [.. Fields(tile).Select(field => field.Number == 3 ? Layer((byte[])field.Value) : throw new FormatException())];

    private static ReadLayer Layer(byte[] bytes)
    {
        var fields = Fields(bytes);
        var keys = fields.Where(f => f.Number == 3).Select(f => Encoding.UTF8.GetString((byte[])f.Value)).ToList();
        var values = fields.Where(f => f.Number == 4).Select(f => Value(Fields((byte[])f.Value).Single())).ToList();
        keys.Distinct().Count().ShouldBe(keys.Count);
        values.Distinct().Count().ShouldBe(values.Count);
        return new ReadLayer(
            Encoding.UTF8.GetString((byte[])fields.Single(f => f.Number == 1).Value),
            (int)(ulong)fields.Single(f => f.Number == 15).Value,
            (int)(ulong)fields.Single(f => f.Number == 5).Value,
            [.. fields.Where(f => f.Number == 2).Select(f => Feature((byte[])f.Value, keys, values))]);
    }

    private static object Value((int Number, object Value) field) => field.Number switch
    {
        1 => Encoding.UTF8.GetString((byte[])field.Value),
        3 => BitConverter.UInt64BitsToDouble((ulong)field.Value),
        6 => Unzigzag((ulong)field.Value),
        7 => (ulong)field.Value == 1,
        _ => throw new FormatException($"value of field {field.Number}"),
    };

    private static ReadFeature Feature(byte[] bytes, List<string> keys, List<object> values)
    {
        var fields = Fields(bytes).ToDictionary(f => f.Number, f => f.Value);
        var tags = Varints((byte[])fields[2]);
        var attributes = tags.Chunk(2).ToDictionary(pair => keys[(int)pair[0]], pair => values[(int)pair[1]]);
        var type = (int)(ulong)fields[3];
        return new ReadFeature((ulong)fields[1], type, attributes, Geometry(Varints((byte[])fields[4]), type));
    }

    private static List<List<(int X, int Y)>> Geometry(List<ulong> commands, int type)
    {
        var paths = new List<List<(int X, int Y)>>();
        var (x, y) = (0, 0);
        for (var i = 0; i < commands.Count;)
        {
            var (command, count) = ((int)(commands[i] & 7), (int)(commands[i] >> 3));
            i++;
            count.ShouldBeGreaterThan(0);
            if (command == 7)
            {
                (type, count).ShouldBe((3, 1));
                continue;
            }
            command.ShouldBeOneOf(1, 2);
            for (var step = 0; step < count; step++, i += 2)
            {
                x += (int)Unzigzag(commands[i]);
                y += (int)Unzigzag(commands[i + 1]);
                if (command == 1)
                {
                    paths.Add([]);
                }
                paths[^1].Add((x, y));
            }
        }
        return paths;
    }

    private static List<(int Number, object Value)> Fields(byte[] bytes)
    {
        var fields = new List<(int, object)>();
        for (var at = 0; at < bytes.Length;)
        {
            var key = Varint(bytes, ref at);
            switch (key & 7)
            {
                case 0:
                    fields.Add(((int)(key >> 3), Varint(bytes, ref at)));
                    break;
                case 1:
                    fields.Add(((int)(key >> 3), BitConverter.ToUInt64(bytes, at)));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(bytes, ref at);
                    fields.Add(((int)(key >> 3), bytes[at..(at + length)]));
                    at += length;
                    break;
                default:
                    throw new FormatException($"wire type {key & 7}");
            }
        }
        return fields;
    }

    private static List<ulong> Varints(byte[] bytes)
    {
        var numbers = new List<ulong>();
        for (var at = 0; at < bytes.Length;)
        {
            numbers.Add(Varint(bytes, ref at));
        }
        return numbers;
    }

    private static ulong Varint(byte[] bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
