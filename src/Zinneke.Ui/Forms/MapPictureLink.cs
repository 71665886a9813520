using System.Globalization;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>Address of a map drawn by the server.</summary>
public static class MapPictureLink
{
    /// <summary>Names on it are in the language of the page.</summary>
    /// <param name="lon">Place of a pin, if any.</param>
    public static string Of(MapFrame frame, string layers, double? lon = null, double? lat = null) =>
        $"/map.svg?frame={Uri.EscapeDataString(frame.ToString())}&layers={Uri.EscapeDataString(layers)}&lang={CultureInfo.CurrentUICulture.TwoLetterISOLanguageName}"
        + (lon is { } x && lat is { } y ? string.Create(CultureInfo.InvariantCulture, $"&pin={x:0.######},{y:0.######}") : "");
}
