using System.Globalization;
using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>
/// What a drawn map shows: its middle, its zoom and its size in pixels. Spherical Mercator (EPSG:3857) with 256-pixel tiles, so that zooms mean what they mean to
/// every web map. Answers which place a click on the picture meant.
/// </summary>
/// <param name="Lon">Longitude of the middle, degrees east (WGS 84).</param>
/// <param name="Lat">Latitude of the middle, degrees north, within ±85.</param>
/// <param name="Zoom">From <see cref="MinZoom"/> to <see cref="MaxZoom"/>.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public readonly record struct MapFrame(double Lon, double Lat, double Zoom, int Width = 320, int Height = 320)
{
    public const double MinZoom = 6;
    public const double MaxZoom = 19;
    public const int MaxPixels = 2048;

    private const double MaxLat = 85;

    /// <summary>What a box that is framed takes of the picture.</summary>
    private const double EdgedPart = 0.92;

    private double WorldPixels => 256 * Math.Pow(2, Zoom);

    /// <summary>The frame that shows all of a box, with a small edge around it.</summary>
    public static MapFrame Of(in Box box)
    {
        var frame = default(MapFrame) with { Lon = box.Centre.Lon, Lat = box.Centre.Lat, Zoom = MinZoom, Width = 320, Height = 320 };
        var (left, top) = frame.ToPixels(box.West, box.North);
        var (right, bottom) = frame.ToPixels(box.East, box.South);
        var larger = EdgedPart * Math.Min(frame.Width / Math.Max(right - left, 1e-6), frame.Height / Math.Max(bottom - top, 1e-6));
        return frame with { Zoom = Math.Clamp(MinZoom + Math.Log2(larger), MinZoom, MaxZoom) };
    }

    /// <summary>The frame that shows all of these areas.</summary>
    public static MapFrame Of(IEnumerable<Area> areas) => Of(areas.Select(area => area.Shape.Bounds).Aggregate(Box.Empty, (all, one) => all.With(one)));

    /// <summary>Where a place lies in the picture, pixels from the left and from the top; outside the picture when outside the frame.</summary>
    public (double X, double Y) ToPixels(double lon, double lat) =>
        (Width / 2.0 + (UnitX(lon) - UnitX(Lon)) * WorldPixels, Height / 2.0 + (UnitY(lat) - UnitY(Lat)) * WorldPixels);

    /// <summary>The place at a pixel of the picture.</summary>
    public (double Lon, double Lat) At(double x, double y)
    {
        var unitX = UnitX(Lon) + (x - Width / 2.0) / WorldPixels;
        var unitY = UnitY(Lat) + (y - Height / 2.0) / WorldPixels;
        return (unitX * 360 - 180, Math.Atan(Math.Sinh(Math.PI * (1 - 2 * unitY))) * 180 / Math.PI);
    }

    /// <summary>The frame moved by a quarter of its size, or zoomed by one: <c>north</c>, <c>south</c>, <c>east</c>, <c>west</c>, <c>in</c>, <c>out</c>; unchanged for any other word.</summary>
    public MapFrame Moved(string? word) => word switch
    {
        "north" => Centred(Width / 2.0, Height / 4.0),
        "south" => Centred(Width / 2.0, Height * 3 / 4.0),
        "west" => Centred(Width / 4.0, Height / 2.0),
        "east" => Centred(Width * 3 / 4.0, Height / 2.0),
        "in" => this with { Zoom = Math.Min(MaxZoom, Zoom + 1) },
        "out" => this with { Zoom = Math.Max(MinZoom, Zoom - 1) },
        _ => this,
    };

    /// <summary>The frame with a place in its middle.</summary>
    public MapFrame Around(double lon, double lat) => this with { Lon = lon, Lat = Math.Clamp(lat, -MaxLat, MaxLat) };

    /// <summary>Five numbers with commas, for a hidden field or an address.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Lon:0.######},{Lat:0.######},{Zoom:0.##},{Width},{Height}");

    /// <summary>Reads what <see cref="ToString"/> wrote; false when it is anything else or out of range.</summary>
    public static bool TryParse(string? text, out MapFrame frame)
    {
        frame = default;
        var parts = (text ?? "").Split(',');
        if (parts.Length != 5
            || !Read(parts[0], -180, 180, out var lon) || !Read(parts[1], -MaxLat, MaxLat, out var lat) || !Read(parts[2], MinZoom, MaxZoom, out var zoom)
            || !Read(parts[3], 16, MaxPixels, out var width) || !Read(parts[4], 16, MaxPixels, out var height))
        {
            return false;
        }
        frame = new MapFrame(lon, lat, zoom, (int)width, (int)height);
        return true;
    }

    private static bool Read(string text, double min, double max, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;

    private MapFrame Centred(double x, double y)
    {
        var (lon, lat) = At(x, y);
        return Around(lon, lat);
    }

    private static double UnitX(double lon) => (lon + 180) / 360;

    private static double UnitY(double lat)
    {
        var sine = Math.Sin(Math.Clamp(lat, -MaxLat, MaxLat) * Math.PI / 180);
        return 0.5 - Math.Log((1 + sine) / (1 - sine)) / (4 * Math.PI);
    }
}
