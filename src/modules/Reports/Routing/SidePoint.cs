using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Where to show one side of a boundary on the map: a point five metres inside it, as near to the pin as can be.</summary>
internal static class SidePoint
{
    private const double InsideMetres = 5;

    /// <summary>Turns tried in degrees when five metres straight on leave the side again, as behind a sharp corner.</summary>
    private static readonly double[] Turns = [0, 30, -30, 60, -60, 90, -90, 120, -120, 150, -150, 180];

    /// <param name="index">Holds the shape of the area under <paramref name="number"/>.</param>
    public static LonLat Of(Side side, Area area, ShapeIndex index, int number, LonLat pin)
    {
        if (side == Side.InMunicipality && index.Contains(number, pin))
        {
            return pin;
        }
        var line = RoutingSnapshot.IsLine(area);
        var halfWidth = line ? area.HalfWidthMetres : 0;
        var wanted = side == Side.Beside;
        // How far beyond the nearest edge (or, of a line, from its middle) the point has to lie.
        var beyond = !line ? InsideMetres : wanted ? halfWidth + InsideMetres : -Math.Max(0, halfWidth - InsideMetres);
        var plane = new LocalPlane(pin);
        var (x, y) = NearestOn(area.Shape, plane);
        var length = Math.Sqrt((x * x) + (y * y));
        // From the pin through the edge; for beside a line, away from its middle.
        var away = line && wanted ? -1 : 1;
        var (ux, uy) = length > 1e-6 ? (away * x / length, away * y / length) : (1.0, 0.0);
        foreach (var turn in Turns)
        {
            var (sin, cos) = Math.SinCos(turn * Math.PI / 180);
            var p = plane.From(x + (beyond * ((ux * cos) - (uy * sin))), y + (beyond * ((ux * sin) + (uy * cos))));
            if (line ? index.EdgeDistanceMetres(number, p) > halfWidth == wanted : index.Contains(number, p) != wanted)
            {
                return p;
            }
        }
        return plane.From(x, y);
    }

    /// <summary>The point of a shape's edges nearest to the origin of the plane, in metres.</summary>
    private static (double X, double Y) NearestOn(Shape shape, LocalPlane plane)
    {
        var (bestX, bestY, best2) = (0.0, 0.0, double.PositiveInfinity);
        for (var part = 0; part < shape.PartCount; part++)
        {
            var (start, end) = shape.Part(part);
            for (var i = start; i < end; i++)
            {
                var a = plane.To(shape[i]);
                var b = shape.Kind == ShapeKind.Points || i + 1 == end ? a : plane.To(shape[i + 1]);
                var (dx, dy) = (b.X - a.X, b.Y - a.Y);
                var length2 = (dx * dx) + (dy * dy);
                var t = length2 > 0 ? Math.Clamp(-((a.X * dx) + (a.Y * dy)) / length2, 0, 1) : 0;
                var (x, y) = (a.X + (t * dx), a.Y + (t * dy));
                if ((x * x) + (y * y) < best2)
                {
                    (bestX, bestY, best2) = (x, y, (x * x) + (y * y));
                }
            }
        }
        return (bestX, bestY);
    }
}
