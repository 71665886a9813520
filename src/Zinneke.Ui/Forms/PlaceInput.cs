using System.Globalization;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>What a <c>PlacePicker</c> sends, with and without JavaScript.</summary>
/// <param name="Lon">Longitude, or null when no place is chosen or what was typed is no number.</param>
/// <param name="Lat">Latitude, likewise.</param>
/// <param name="AccuracyMetres">As the device said; null when the place was chosen by hand.</param>
/// <param name="Frame">The map as it is to be shown next.</param>
/// <param name="Again">The person clicked on the drawn map or moved it: show the form again, as it was filled, with this place and frame.</param>
public sealed record PlaceInput(double? Lon, double? Lat, double? AccuracyMetres, MapFrame Frame, bool Again)
{
    /// <summary>Reads the fields named lon, lat, accuracy, frame, pick.x, pick.y and move.</summary>
    /// <param name="start">The frame when the form brings none.</param>
    public static PlaceInput Read(IFormCollection form, MapFrame start)
    {
        var frame = MapFrame.TryParse(form["frame"], out var sent) ? sent : start;
        var (lon, lat) = (Number(form["lon"], 180), Number(form["lat"], 85));
        if (Number(form["pick.x"], frame.Width) is { } x && Number(form["pick.y"], frame.Height) is { } y)
        {
            var (clickedLon, clickedLat) = frame.At(x, y);
            return new(Math.Round(clickedLon, 6), Math.Round(clickedLat, 6), null, frame.Around(clickedLon, clickedLat).Moved("in"), true);
        }
        var moved = form["move"].ToString();
        return moved.Length > 0
            ? new(lon, lat, null, frame.Moved(moved), true)
            : new(lon, lat, Number(form["accuracy"], 100_000), lon is { } someLon && lat is { } someLat ? frame.Around(someLon, someLat) : frame, false);
    }

    private static double? Number(string? text, double limit) =>
        double.TryParse((text ?? "").Trim().Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) <= limit ? value : null;
}
