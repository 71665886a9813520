using System.Globalization;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>What a <c>PlacePicker</c> sends, with and without JavaScript.</summary>
/// <param name="Lon">Longitude, or null when no place is chosen or what was typed is none.</param>
/// <param name="Lat">Latitude, likewise.</param>
/// <param name="AccuracyMetres">As the device said; null when the place was chosen by hand.</param>
/// <param name="Frame">The map as it is to be shown next.</param>
/// <param name="Again">The person clicked on the drawn map or moved it: show the form again, as it was filled, with this place and frame.</param>
public sealed record PlaceInput(double? Lon, double? Lat, double? AccuracyMetres, MapFrame Frame, bool Again)
{
    /// <summary>What was typed for the two, to be shown again when it is wrong; empty when nothing was.</summary>
    public (string Lon, string Lat) Typed { get; init; } = ("", "");

    /// <summary>Something stands there that is no longitude.</summary>
    public bool IsLonWrong => Lon is null && Typed.Lon.Length > 0;

    /// <summary>Something stands there that is no latitude.</summary>
    public bool IsLatWrong => Lat is null && Typed.Lat.Length > 0;

    /// <summary>Reads the fields named lon, lat, accuracy, frame, pick.x, pick.y and move.</summary>
    /// <param name="start">The frame when the form brings none.</param>
    public static PlaceInput Read(IFormCollection form, MapFrame start)
    {
        var frame = MapFrame.TryParse(form["frame"], out var sent) ? sent : start;
        var (lon, lat) = (Number(form["lon"], 180), Number(form["lat"], 90));
        var typed = (form["lon"].ToString().Trim(), form["lat"].ToString().Trim());
        if (Number(form["pick.x"], frame.Width) is { } x && Number(form["pick.y"], frame.Height) is { } y)
        {
            var (clickedLon, clickedLat) = frame.At(x, y);
            return new(Math.Round(clickedLon, 6), Math.Round(clickedLat, 6), null, frame.Around(clickedLon, clickedLat).Moved("in"), true);
        }
        var moved = form["move"].ToString();
        return moved.Length > 0
            ? new(lon, lat, null, frame.Moved(moved), true) { Typed = typed }
            : new(lon, lat, Number(form["accuracy"], 100_000), lon is { } someLon && lat is { } someLat ? frame.Around(someLon, someLat) : frame, false) { Typed = typed };
    }

    private static double? Number(string? text, double limit) =>
        double.TryParse((text ?? "").Trim().Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) <= limit ? value : null;
}
