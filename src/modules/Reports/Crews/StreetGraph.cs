using System.Text.Json;
using Zinneke.Geo;

namespace Zinneke.Reports;

/// <summary>
/// Streets that a crew drives on: lines that share a vertex meet there, to within 1e-7 degree, and nowhere else; each can be driven both ways. The quickest ways between stops are found by
/// Dijkstra's algorithm (1959), from each stop in turn.
/// </summary>
internal sealed class StreetGraph
{
    /// <summary>A stop farther from every street is reached by the straight way.</summary>
    private const double NearMetres = 300;

    private const double SpeedMinKmh = 1, SpeedMaxKmh = 130;

    private readonly List<LonLat> nodes = [];
    private readonly Dictionary<(long X, long Y), int> known = [];
    private readonly List<List<(int To, double Metres, double Seconds)>> steps = [];
    private readonly List<(int A, int B, double SecondsPerMetre)> segments = [];

    /// <summary>Reads GeoJSON as <c>import areas --kind road</c> takes it: features that are LineStrings or MultiLineStrings (WGS 84), with an optional property <c>speed_kmh</c>, 1 to 130.</summary>
    /// <param name="fault">Told of each thing that cannot be used.</param>
    public static StreetGraph Read(Stream stream, Action<GeoFault> fault)
    {
        var graph = new StreetGraph();
        var reader = new GeoJsonReader(stream);
        foreach (var feature in reader.Features())
        {
            var speed = Ways.MetresPerSecond;
            if (feature.Properties.TryGetProperty("speed_kmh", out var said) && said.ValueKind != JsonValueKind.Null)
            {
                if (said.ValueKind != JsonValueKind.Number || said.GetDouble() is < SpeedMinKmh or > SpeedMaxKmh)
                {
                    fault(new GeoFault(feature.Line, $"features[{feature.Index}].properties.speed_kmh", said.ToString(), $"a number from {SpeedMinKmh} to {SpeedMaxKmh}"));
                    continue;
                }
                speed = said.GetDouble() / 3.6;
            }
            if (feature.Shape is not { Kind: ShapeKind.Lines } line)
            {
                fault(new GeoFault(feature.Line, $"features[{feature.Index}].geometry", feature.Shape?.Kind.ToString() ?? "none", "a LineString or MultiLineString"));
                continue;
            }
            graph.Add(line, speed);
        }
        foreach (var wrong in reader.Faults)
        {
            fault(wrong);
        }
        return graph;
    }

    /// <param name="speed">Metres a second.</param>
    public void Add(Shape line, double speed)
    {
        for (var part = 0; part < line.PartCount; part++)
        {
            var (start, end) = line.Part(part);
            for (var i = start + 1; i < end; i++)
            {
                var (a, b) = (NodeAt(line[i - 1]), NodeAt(line[i]));
                if (a != b)
                {
                    var metres = nodes[a].MetresTo(nodes[b]);
                    steps[a].Add((b, metres, metres / speed));
                    steps[b].Add((a, metres, metres / speed));
                    segments.Add((a, b, 1 / speed));
                }
            }
        }
    }

    /// <summary>The quickest ways between all stops: to the nearest street straight with its detour, along the streets, and from there straight again. Straight alone where no street leads.</summary>
    public Ways Between(IReadOnlyList<Stop> stops)
    {
        var doors = stops.Select(stop => DoorOf(stop.Point)).ToList();
        var rows = new (double Metres, double Seconds)[stops.Count][];
        Parallel.For(0, stops.Count, from => rows[from] = From(from, doors));
        var ways = new Ways(stops.Count);
        for (var i = 0; i < stops.Count; i++)
        {
            for (var j = i + 1; j < stops.Count; j++)
            {
                if (double.IsFinite(rows[i][j].Seconds))
                {
                    ways.Set(i, j, rows[i][j].Metres, rows[i][j].Seconds);
                }
                else
                {
                    ways.SetStraight(stops, i, j);
                }
            }
        }
        return ways;
    }

    /// <summary>Where a stop lies at its street.</summary>
    /// <param name="Segment">-1 when no street is near.</param>
    /// <param name="Off">Metres to the street.</param>
    /// <param name="ToA">Metres along it to one end, <paramref name="ToB"/> to the other.</param>
    private readonly record struct Door(int Segment, double Off, double ToA, double ToB);

    private int NodeAt(LonLat point)
    {
        var key = ((long)Math.Round(point.Lon * Shape.UnitsPerDegree), (long)Math.Round(point.Lat * Shape.UnitsPerDegree));
        if (!known.TryGetValue(key, out var node))
        {
            known[key] = node = nodes.Count;
            nodes.Add(point);
            steps.Add([]);
        }
        return node;
    }

    private Door DoorOf(LonLat point)
    {
        var plane = new LocalPlane(point);
        var found = new Door(-1, NearMetres, 0, 0);
        for (var i = 0; i < segments.Count; i++)
        {
            var (ax, ay) = plane.To(nodes[segments[i].A]);
            var (bx, by) = plane.To(nodes[segments[i].B]);
            var (dx, dy) = (bx - ax, by - ay);
            var share = Math.Clamp(-((ax * dx) + (ay * dy)) / ((dx * dx) + (dy * dy)), 0, 1);
            var off = Math.Sqrt(Math.Pow(ax + (share * dx), 2) + Math.Pow(ay + (share * dy), 2));
            if (off < found.Off)
            {
                var length = Math.Sqrt((dx * dx) + (dy * dy));
                found = new Door(i, off, share * length, (1 - share) * length);
            }
        }
        return found;
    }

    private (double Metres, double Seconds)[] From(int from, IReadOnlyList<Door> doors)
    {
        var row = new (double Metres, double Seconds)[doors.Count];
        Array.Fill(row, (0, double.PositiveInfinity));
        if (doors[from] is not { Segment: >= 0 } door)
        {
            return row;
        }
        var reached = Quickest(door);
        for (var to = from + 1; to < doors.Count; to++)
        {
            if (doors[to] is not { Segment: >= 0 } there)
            {
                continue;
            }
            var (a, b, pace) = segments[there.Segment];
            Offer(reached[a].Metres + there.ToA, reached[a].Seconds + (there.ToA * pace));
            Offer(reached[b].Metres + there.ToB, reached[b].Seconds + (there.ToB * pace));
            if (there.Segment == door.Segment)
            {
                Offer(Math.Abs(there.ToA - door.ToA), Math.Abs(there.ToA - door.ToA) * pace);
            }
            var off = (door.Off + there.Off) * Ways.Detour;
            row[to] = (row[to].Metres + off, row[to].Seconds + (off / Ways.MetresPerSecond));

            void Offer(double metres, double seconds)
            {
                if (seconds < row[to].Seconds)
                {
                    row[to] = (metres, seconds);
                }
            }
        }
        return row;
    }

    /// <summary>Metres and seconds to every node by the quickest way; not finite where none leads.</summary>
    private (double Metres, double Seconds)[] Quickest(Door door)
    {
        var reached = new (double Metres, double Seconds)[nodes.Count];
        Array.Fill(reached, (0, double.PositiveInfinity));
        var next = new PriorityQueue<int, double>();
        var (a, b, pace) = segments[door.Segment];
        Reach(a, door.ToA, door.ToA * pace);
        Reach(b, door.ToB, door.ToB * pace);
        while (next.TryDequeue(out var node, out var seconds))
        {
            if (seconds > reached[node].Seconds)
            {
                continue; // A quicker way was found since.
            }
            foreach (var step in steps[node])
            {
                Reach(step.To, reached[node].Metres + step.Metres, seconds + step.Seconds);
            }
        }
        return reached;

        void Reach(int node, double metres, double seconds)
        {
            if (seconds < reached[node].Seconds)
            {
                reached[node] = (metres, seconds);
                next.Enqueue(node, seconds);
            }
        }
    }
}
