using System.Globalization;
using System.Text;
using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>Something to draw on a map.</summary>
/// <param name="Name">Written at the middle of a surface when there is room; null for none.</param>
public sealed record MapFigure(Shape Shape, string? Name = null)
{
    /// <summary>How many things a point stands for.</summary>
    public int Count { get; init; } = 1;

    /// <summary>A surface or line that the map is about.</summary>
    public bool Chosen { get; init; }

    /// <summary>How hot a surface is, 0 to 1; null for one that is only land.</summary>
    public double? Heat { get; init; }
}

/// <summary>
/// Draws a map as SVG, for pages without JavaScript and for print: surfaces with their names, lines, points, and a pin. The colours are those of the light tokens,
/// with the dark ones for readers who ask for dark; the picture stands alone and can use no style sheet of the page.
/// </summary>
public static class MapPicture
{
    private const double SmallestPixels = 0.8;
    private const double SpotPixels = 6;
    private const double LetterPixels = 7;
    private const double RowPixels = 16;
    private const int NameRows = 7;

    /// <param name="stops">Numbered places, with a line from each to the next.</param>
    public static string Draw(MapFrame frame, IEnumerable<MapFigure> figures, (double Lon, double Lat)? pin = null, IReadOnlyList<MapStop>? stops = null)
    {
        var (west, north) = frame.At(0, 0);
        var (east, south) = frame.At(frame.Width, frame.Height);
        var view = new Box(west, south, east, north);
        var seen = figures.Where(figure => figure.Shape.Bounds.Intersects(view)).ToList();
        var svg = new StringBuilder(16 * 1024);
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {frame.Width} {frame.Height}\" width=\"{frame.Width}\" height=\"{frame.Height}\">");
        svg.Append(Style);
        svg.Append("<rect class=\"out\" width=\"100%\" height=\"100%\"/>");
        foreach (var figure in seen)
        {
            if (figure.Shape.Kind != ShapeKind.Points)
            {
                AppendShape(svg, frame, figure);
            }
        }
        AppendNames(svg, frame, seen);
        foreach (var figure in seen)
        {
            AppendPoints(svg, frame, figure);
        }
        AppendStops(svg, frame, stops ?? []);
        if (pin is { } at)
        {
            var (x, y) = frame.ToPixels(at.Lon, at.Lat);
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"pin\" d=\"M{x:0.#} {y:0.#}c-5-9-12-13-12-21a12 12 0 0 1 24 0c0 8-7 12-12 21z\"/><circle class=\"eye\" cx=\"{x:0.#}\" cy=\"{y - 21:0.#}\" r=\"4.500\"/>");
        }
        return svg.Append("</svg>").ToString();
    }

    private const string Style =
        "<style>.out{fill:#e9e6de}.land{fill:#f6f2e7;stroke:#7f8598;stroke-width:1.5;stroke-linejoin:round}.chosen{fill:#fff2ca;stroke:#14213d}.line{fill:none;stroke:#0b4f9c;stroke-width:2.5}.line.chosen{fill:none;stroke:#14213d;stroke-width:5}.way{fill:none;stroke:#14213d;stroke-width:2;stroke-dasharray:2 5;stroke-linecap:round}"
        + ".heat{fill:#b3401f}.spot{fill:#ffd23f;stroke:#14213d;stroke-width:2}.pin{fill:#ffd23f;stroke:#14213d;stroke-width:2.5;stroke-linejoin:round}.eye{fill:#14213d}"
        + "text{font:13px system-ui,sans-serif;fill:#4f586c;text-anchor:middle;paint-order:stroke;stroke:#f6f2e7;stroke-width:3px;stroke-linejoin:round}"
        + ".count{font-size:11px;font-weight:700;fill:#14213d;stroke:none}"
        + "@media(prefers-color-scheme:dark){.out{fill:#131b2c}.land{fill:#1c2539;stroke:#707b94}.chosen{fill:#3a3520;stroke:#eef1f7}.line{stroke:#86b9f7}.line.chosen{stroke:#eef1f7}.heat{fill:#f2a083}.spot{stroke:#eef1f7}.way{stroke:#eef1f7}.pin{stroke:#eef1f7}text{fill:#b3bbcb;stroke:#1c2539}.count{fill:#14213d;stroke:none}}</style>";

    private static void AppendStops(StringBuilder svg, MapFrame frame, IReadOnlyList<MapStop> stops)
    {
        if (stops.Count > 1)
        {
            svg.Append("<path class=\"way\" d=\"");
            for (var i = 0; i < stops.Count; i++)
            {
                var (x, y) = frame.ToPixels(stops[i].Lon, stops[i].Lat);
                svg.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{x:0.#} {y:0.#}");
            }
            svg.Append("\"/>");
        }
        // The first ones on top: they are the next to go to.
        foreach (var stop in stops.Reverse())
        {
            var (x, y) = frame.ToPixels(stop.Lon, stop.Lat);
            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"spot\" cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"{SpotPixels + 4:0.#}\"/><text class=\"count\" x=\"{x:0.#}\" y=\"{y + 4:0.#}\">{stop.Number}</text>");
        }
    }

    private static void AppendShape(StringBuilder svg, MapFrame frame, MapFigure figure)
    {
        var shape = figure.Shape;
        if (figure.Heat is { } heat)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"heat\" fill-opacity=\"{heat:0.##}\" d=\"");
        }
        else
        {
            svg.Append(shape.Kind != ShapeKind.Polygons ? (figure.Chosen ? "<path class=\"line chosen\" d=\"" : "<path class=\"line\" d=\"")
                : figure.Chosen ? "<path class=\"land chosen\" fill-rule=\"evenodd\" d=\""
                : "<path class=\"land\" fill-rule=\"evenodd\" d=\"");
        }
        for (var part = 0; part < shape.PartCount; part++)
        {
            AppendPart(svg, frame, shape, part);
        }
        svg.Append("\"/>");
    }

    /// <summary>Each point as a circle; one that stands for several is larger and says how many.</summary>
    private static void AppendPoints(StringBuilder svg, MapFrame frame, MapFigure figure)
    {
        for (var i = 0; figure.Shape.Kind == ShapeKind.Points && i < figure.Shape.PositionCount; i++)
        {
            var (x, y) = frame.ToPixels(figure.Shape[i].Lon, figure.Shape[i].Lat);
            var radius = figure.Count == 1 ? SpotPixels : SpotPixels + 3 + (2 * Math.Log10(figure.Count));
            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"spot\" cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"{radius:0.#}\"/>");
            if (figure.Count > 1)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<text class=\"count\" x=\"{x:0.#}\" y=\"{y + 4:0.#}\">{figure.Count}</text>");
            }
        }
    }

    /// <summary>One ring or line; positions nearer than a pixel to the one before are left out.</summary>
    private static void AppendPart(StringBuilder svg, MapFrame frame, Shape shape, int part)
    {
        var (start, end) = shape.Part(part);
        var (lastX, lastY) = (double.NaN, double.NaN);
        for (var i = start; i < end; i++)
        {
            var (x, y) = frame.ToPixels(shape[i].Lon, shape[i].Lat);
            if (i > start && i < end - 1 && Math.Abs(x - lastX) < SmallestPixels && Math.Abs(y - lastY) < SmallestPixels)
            {
                continue;
            }
            svg.Append(CultureInfo.InvariantCulture, $"{(i == start ? 'M' : 'L')}{x:0.#} {y:0.#}");
            (lastX, lastY) = (x, y);
        }
        if (shape.Kind == ShapeKind.Polygons)
        {
            svg.Append('Z');
        }
    }

    /// <summary>Writes names into the widest part of what is seen of their surface, where there is room and no other name.</summary>
    private static void AppendNames(StringBuilder svg, MapFrame frame, IEnumerable<MapFigure> figures)
    {
        var taken = new List<(double X, double Y, double HalfWidth)>();
        foreach (var figure in figures)
        {
            if (figure.Name is not { } name || figure.Shape.Kind != ShapeKind.Polygons)
            {
                continue;
            }
            var (x, y, width) = WidestRow(frame, figure.Shape);
            var half = name.Length * LetterPixels / 2;
            if (width < 1.2 * half || x - half < 0 || x + half > frame.Width || taken.Exists(other => Math.Abs(other.Y - y) < RowPixels && Math.Abs(other.X - x) < other.HalfWidth + half))
            {
                continue;
            }
            taken.Add((x, y, half));
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0}\" y=\"{y + 4:0}\">{System.Net.WebUtility.HtmlEncode(name)}</text>");
        }
    }

    /// <summary>Of some rows across what is seen of a surface, the middle and width in pixels of the longest run inside it.</summary>
    private static (double X, double Y, double Width) WidestRow(MapFrame frame, Shape shape)
    {
        var top = Math.Max(0, frame.ToPixels(shape.Bounds.West, shape.Bounds.North).Y);
        var bottom = Math.Min(frame.Height, frame.ToPixels(shape.Bounds.East, shape.Bounds.South).Y);
        var best = (X: 0.0, Y: 0.0, Width: 0.0);
        for (var row = 1; row <= NameRows; row++)
        {
            var y = top + (bottom - top) * row / (NameRows + 1);
            var crossings = Crossings(frame, shape, y);
            for (var i = 0; i + 1 < crossings.Count; i += 2)
            {
                var (left, right) = (Math.Max(0, crossings[i]), Math.Min(frame.Width, crossings[i + 1]));
                // A little better in the middle than at an end.
                var weight = 1 - 0.3 * Math.Abs(2.0 * row / (NameRows + 1) - 1);
                if ((right - left) * weight > best.Width * 1.001)
                {
                    best = ((left + right) / 2, y, (right - left) * weight);
                }
            }
        }
        return best;
    }

    /// <summary>Where a row of pixels crosses the edges of a surface, from left to right.</summary>
    private static List<double> Crossings(MapFrame frame, Shape shape, double row)
    {
        var found = new List<double>();
        for (var part = 0; part < shape.PartCount; part++)
        {
            var (start, end) = shape.Part(part);
            for (var i = start; i + 1 < end; i++)
            {
                var (x1, y1) = frame.ToPixels(shape[i].Lon, shape[i].Lat);
                var (x2, y2) = frame.ToPixels(shape[i + 1].Lon, shape[i + 1].Lat);
                if (y1 > row != y2 > row)
                {
                    found.Add(x1 + (row - y1) / (y2 - y1) * (x2 - x1));
                }
            }
        }
        found.Sort();
        return found;
    }
}
