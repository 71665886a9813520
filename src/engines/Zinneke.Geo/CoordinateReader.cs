using System.Text;
using System.Text.Json;

namespace Zinneke.Geo;

/// <summary>
/// Reads one geometry. Its members may come in any order, so coordinates are first read as nested arrays of positions and given their meaning when the type is known.
/// At most one fault is kept for a geometry.
/// </summary>
internal sealed class CoordinateReader
{
    private const int DepthMax = 4;

    private readonly List<LonLat> positions = [];
    // Ends of the arrays one level above positions (a line, a ring) and two levels above (a polygon), with the lines where they began.
    private readonly List<(int End, int Line)> runs = [];
    private readonly List<int> polygonEnds = [];
    private readonly int[] places = new int[DepthMax + 2];
    private readonly int[] lines = new int[DepthMax + 2];
    private readonly double[] numbers = new double[2];
    private string path = "";
    private string? type;
    private int typeLine;
    // Depth of the arrays that are positions; 0 until the first number.
    private int positionDepth;
    private bool sawCoordinates;

    public GeoFault? Fault { get; private set; }

    /// <summary>Turns what the file holds into WGS 84; null when it is that already.</summary>
    public Func<LonLat, LonLat>? Projection { get; set; }

    public void Begin(string geometryPath)
    {
        path = geometryPath;
        type = null;
        Fault = null;
        Clear();
    }

    private void Clear()
    {
        positions.Clear();
        runs.Clear();
        polygonEnds.Clear();
        positionDepth = 0;
        sawCoordinates = false;
    }

    /// <summary>From the first token of the geometry to its last; null is no geometry.</summary>
    public void ReadGeometry(JsonTokens tokens)
    {
        if (tokens.Type != JsonTokenType.StartObject)
        {
            if (tokens.Type != JsonTokenType.Null)
            {
                Refuse(tokens.Line, "", tokens.Shown, "a geometry or null");
            }
            tokens.Skip();
            return;
        }
        (type, typeLine) = ("", tokens.Line);
        while (tokens.Next() && tokens.Type == JsonTokenType.PropertyName)
        {
            var name = tokens.Text();
            tokens.Next();
            if (name == "coordinates" && tokens.Type == JsonTokenType.StartArray)
            {
                Clear();
                sawCoordinates = true;
                ReadArrays(tokens);
                continue;
            }
            if (name == "type" && tokens.Type == JsonTokenType.String)
            {
                (type, typeLine) = (tokens.Text(), tokens.Line);
            }
            else if (name is "type" or "coordinates")
            {
                Refuse(tokens.Line, "." + name, tokens.Shown, name == "type" ? "the name of a geometry type" : "an array");
            }
            tokens.Skip();
        }
    }

    private void ReadArrays(JsonTokens tokens)
    {
        var depth = 1;
        places[1] = 0;
        lines[1] = tokens.Line;
        while (depth > 0 && tokens.Next())
        {
            switch (tokens.Type)
            {
                case JsonTokenType.StartArray when depth < DepthMax:
                    if (depth == positionDepth)
                    {
                        Refuse(tokens.Line, At(depth), "an array", "a number");
                    }
                    depth++;
                    places[depth] = 0;
                    lines[depth] = tokens.Line;
                    continue;
                case JsonTokenType.EndArray:
                    EndArray(depth, tokens.Line);
                    depth--;
                    break;
                case JsonTokenType.Number:
                    ReadNumber(tokens, depth);
                    break;
                default:
                    Refuse(tokens.Line, At(depth), tokens.Shown, "numbers in arrays of arrays");
                    tokens.Skip();
                    break;
            }
            places[Math.Max(depth, 1)]++;
        }
    }

    private void ReadNumber(JsonTokens tokens, int depth)
    {
        positionDepth = positionDepth == 0 ? depth : positionDepth;
        if (depth != positionDepth)
        {
            Refuse(tokens.Line, At(depth), tokens.Shown, "arrays nested equally deep");
        }
        else if (places[depth] < 2)
        {
            numbers[places[depth]] = tokens.Number();
        }
    }

    private void EndArray(int depth, int line)
    {
        if (places[depth] == 0)
        {
            Refuse(line, At(depth - 1), "an empty array", "positions");
        }
        if (depth == positionDepth)
        {
            EndPosition(depth, line);
        }
        else if (depth == positionDepth - 1)
        {
            runs.Add((positions.Count, lines[depth]));
        }
        else if (depth == positionDepth - 2)
        {
            polygonEnds.Add(runs.Count);
        }
    }

    private void EndPosition(int depth, int line)
    {
        if (places[depth] < 2)
        {
            Refuse(line, At(depth - 1), "one number", "longitude and latitude");
            return;
        }
        var p = new LonLat(numbers[0], numbers[1]);
        var placed = Projection is null ? p : Projection(p);
        if (!placed.InRange)
        {
            Refuse(line, At(depth - 1), GeoFault.Show(p), Projection is null && p.Swapped.InRange
                ? "longitude within ±180 before latitude within ±90: these look swapped"
                : "longitude within ±180 and latitude within ±90");
        }
        positions.Add(placed.InRange ? placed : default);
    }

    /// <summary>The path of the element being read at a depth: <c>.coordinates[0][12]</c>.</summary>
    private string At(int depth)
    {
        var text = new StringBuilder(".coordinates");
        for (var i = 1; i <= depth; i++)
        {
            text.Append('[').Append(places[i]).Append(']');
        }
        return text.ToString();
    }

    private void Refuse(int line, string at, string found, string expected) => Fault ??= new GeoFault(line, path + at, found, expected);

    /// <summary>The shape, or null when there is none or it has a fault.</summary>
    public Shape? Build()
    {
        if (type is null || Fault is not null)
        {
            return null;
        }
        var (kind, depth) = type switch
        {
            "Point" => (ShapeKind.Points, 1),
            "MultiPoint" => (ShapeKind.Points, 2),
            "LineString" => (ShapeKind.Lines, 2),
            "MultiLineString" => (ShapeKind.Lines, 3),
            "Polygon" => (ShapeKind.Polygons, 3),
            "MultiPolygon" => (ShapeKind.Polygons, 4),
            _ => (default, 0),
        };
        if (depth == 0)
        {
            Refuse(typeLine, ".type", type.Length == 0 ? "nothing" : $"\"{type}\"", "Point, MultiPoint, LineString, MultiLineString, Polygon or MultiPolygon");
        }
        else if (!sawCoordinates || positionDepth != depth)
        {
            Refuse(typeLine, ".coordinates", sawCoordinates ? $"arrays {positionDepth} deep" : "nothing", $"arrays {depth} deep for a {type}");
        }
        else
        {
            var shape = Assemble(kind, depth);
            CheckCrossings(shape);
            return Fault is null ? shape : null;
        }
        return null;
    }

    private Shape Assemble(ShapeKind kind, int depth)
    {
        var builder = new ShapeBuilder(kind);
        if (kind == ShapeKind.Points)
        {
            return positions.Aggregate(builder, (b, p) => b.Add(p)).EndPart().Build();
        }
        var (start, polygon, ring) = (0, 0, 0);
        for (var run = 0; run < runs.Count; run++)
        {
            var (end, line) = runs[run];
            CheckRun(kind, start, end, line, depth switch { 2 => "", 3 => $"[{run}]", _ => $"[{polygon}][{ring}]" });
            for (; start < end; start++)
            {
                builder.Add(positions[start]);
            }
            builder.EndPart();
            ring++;
            if (kind == ShapeKind.Polygons && run + 1 == polygonEnds[polygon])
            {
                builder.EndPolygon();
                polygon++;
                ring = 0;
            }
        }
        return builder.Build();
    }

    private void CheckRun(ShapeKind kind, int start, int end, int line, string at)
    {
        var count = end - start;
        if (kind == ShapeKind.Lines && count < 2)
        {
            Refuse(line, ".coordinates" + at, "1 position", "at least 2 positions");
        }
        else if (kind == ShapeKind.Polygons && count < 4)
        {
            Refuse(line, ".coordinates" + at, $"{count} positions", "a ring of at least 4 positions");
        }
        else if (kind == ShapeKind.Polygons && !SamePlace(positions[start], positions[end - 1]))
        {
            Refuse(line, ".coordinates" + at, $"an open ring from {GeoFault.Show(positions[start])} to {GeoFault.Show(positions[end - 1])}", "a ring whose last position is its first");
        }
    }

    private static bool SamePlace(LonLat p, LonLat q) =>
        ShapeBuilder.ToUnits(p.Lon) == ShapeBuilder.ToUnits(q.Lon) && ShapeBuilder.ToUnits(p.Lat) == ShapeBuilder.ToUnits(q.Lat);

    private void CheckCrossings(Shape shape)
    {
        if (shape.Kind != ShapeKind.Polygons || Fault is not null)
        {
            return;
        }
        try
        {
            if (RingCrossings.FirstIn(shape) is { } place)
            {
                Refuse(runs[0].Line, ".coordinates", $"rings that cross at {GeoFault.Show(place)}", "rings that do not cross themselves or one another");
            }
        }
        catch (ArgumentException tooMuch)
        {
            Refuse(runs[0].Line, ".coordinates", tooMuch.Message, "a simpler polygon");
        }
    }
}
