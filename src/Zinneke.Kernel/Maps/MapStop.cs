using System.Globalization;
using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>A numbered place on a map, one of a way that goes from each to the next.</summary>
/// <param name="Number">1 to 999.</param>
/// <param name="Lon">Degrees east (WGS 84).</param>
/// <param name="Lat">Degrees north.</param>
public readonly record struct MapStop(int Number, double Lon, double Lat)
{
    /// <summary>More are not drawn: their address would be too long.</summary>
    public const int Max = 100;

    /// <summary>A single stop is shown with the streets around it.</summary>
    private const double ZoomMax = 16;

    /// <summary>As it stands in an address: <c>1,4.35,50.85;2,4.36,50.86</c>.</summary>
    public static string Write(IEnumerable<MapStop> stops) => string.Join(';', stops.Take(Max).Select(stop => string.Create(CultureInfo.InvariantCulture, $"{stop.Number},{stop.Lon:0.#####},{stop.Lat:0.#####}")));

    /// <summary>Reads what <see cref="Write"/> wrote; what is none of it is left out.</summary>
    public static IReadOnlyList<MapStop> Read(string? text) =>
        [.. (text ?? "").Split(';', Max + 1, StringSplitOptions.RemoveEmptyEntries).Take(Max).Select(ReadOne).OfType<MapStop>()];

    /// <summary>The map that shows all of them.</summary>
    public static MapFrame Around(IEnumerable<MapStop> stops)
    {
        var frame = MapFrame.Of(stops.Aggregate(Box.Empty, (box, stop) => box.With(new LonLat(stop.Lon, stop.Lat))));
        return frame with { Zoom = Math.Clamp(frame.Zoom - 0.2, MapFrame.MinZoom, ZoomMax) };
    }

    private static MapStop? ReadOne(string text) =>
        text.Split(',') is [var number, var lon, var lat] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and < 1000
        && double.TryParse(lon, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && double.TryParse(lat, NumberStyles.Float, CultureInfo.InvariantCulture, out var y) && new LonLat(x, y).InRange
            ? new MapStop(n, x, y)
            : null;
}
