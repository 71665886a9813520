using Zinneke.Geo;

namespace Zinneke.Engines.Tests.Geo;

/// <summary>The rules of place written down as plainly as they can be: what the index is compared with.</summary>
internal static class PlainGeometry
{
    public static bool Inside(Shape shape, LonLat p)
    {
        var inside = false;
        foreach (var (a, b) in shape.Kind == ShapeKind.Polygons ? Edges(shape) : [])
        {
            if (a.Lat > p.Lat != b.Lat > p.Lat && p.Lon < (b.Lon - a.Lon) * (p.Lat - a.Lat) / (b.Lat - a.Lat) + a.Lon)
            {
                inside = !inside;
            }
        }
        return inside;
    }

    public static double EdgeMetres(Shape shape, LonLat p)
    {
        const double k = Math.PI / 180 * 6371008.8;
        var cos = Math.Cos(p.Lat * Math.PI / 180);
        var best = double.PositiveInfinity;
        foreach (var (a, b) in Edges(shape))
        {
            var (ax, ay) = ((a.Lon - p.Lon) * cos * k, (a.Lat - p.Lat) * k);
            var (bx, by) = ((b.Lon - p.Lon) * cos * k, (b.Lat - p.Lat) * k);
            var (dx, dy) = (bx - ax, by - ay);
            var length2 = dx * dx + dy * dy;
            var t = length2 > 0 ? Math.Clamp(-(ax * dx + ay * dy) / length2, 0, 1) : 0;
            best = Math.Min(best, Math.Sqrt(Math.Pow(ax + t * dx, 2) + Math.Pow(ay + t * dy, 2)));
        }
        return best;
    }

    public static double Metres(Shape shape, LonLat p) => Inside(shape, p) ? 0 : EdgeMetres(shape, p);

    public static IEnumerable<(LonLat A, LonLat B)> Edges(Shape shape)
    {
        for (var part = 0; part < shape.PartCount; part++)
        {
            var (start, end) = shape.Part(part);
            for (var i = start; i < end; i++)
            {
                if (shape.Kind == ShapeKind.Points)
                {
                    yield return (shape[i], shape[i]);
                }
                else if (i + 1 < end)
                {
                    yield return (shape[i], shape[i + 1]);
                }
            }
        }
    }

    /// <summary>A star-shaped ring around a centre: never crosses itself.</summary>
    public static LonLat[] Star(Random random, LonLat centre, double radius, int corners)
    {
        var ring = new LonLat[corners + 1];
        for (var i = 0; i < corners; i++)
        {
            var angle = 2 * Math.PI * i / corners;
            var r = radius * (0.3 + 0.7 * random.NextDouble());
            ring[i] = new LonLat(centre.Lon + r * Math.Cos(angle), centre.Lat + r * Math.Sin(angle));
        }
        ring[corners] = ring[0];
        return ring;
    }

    /// <summary>One to three polygons, each perhaps with a hole, or lines, or points, somewhere around (4, 50).</summary>
    public static Shape RandomShape(Random random)
    {
        var kind = (ShapeKind)(random.Next(5) switch { 0 => 1, 1 => 2, _ => 3 });
        var builder = new ShapeBuilder(kind);
        var parts = kind == ShapeKind.Points ? 1 : random.Next(1, 4);
        for (var part = 0; part < parts; part++)
        {
            var centre = new LonLat(4 + 3.5 * part + random.NextDouble(), 50 + random.NextDouble());
            builder.Add(Star(random, centre, 1, random.Next(3, 60))).EndPart();
            if (kind == ShapeKind.Polygons)
            {
                if (random.Next(2) == 0)
                {
                    builder.Add(Star(random, centre, 0.1, random.Next(3, 40))).EndPart();
                }
                builder.EndPolygon();
            }
        }
        return builder.Build();
    }
}
