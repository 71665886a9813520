using System.Globalization;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>Address of a map drawn by the server.</summary>
public static class MapPictureLink
{
    /// <summary>Names on it are in the language of the page.</summary>
    /// <param name="layers">Names of map layers, with commas.</param>
    /// <param name="query">Filter of the layers, beginning with a question mark; null for none.</param>
    /// <param name="lon">Place of a pin, if any.</param>
    /// <param name="stops">As <see cref="MapStop.Write"/> writes them.</param>
    public static string Of(MapFrame frame, string layers, string? query = null, double? lon = null, double? lat = null, string? stops = null) =>
        $"/map.svg?lang={CultureInfo.CurrentUICulture.TwoLetterISOLanguageName}&frame={Uri.EscapeDataString(frame.ToString())}&layers={Uri.EscapeDataString(layers)}"
        + (string.IsNullOrEmpty(query) ? "" : "&" + query.TrimStart('?'))
        + (lon is { } x && lat is { } y ? string.Create(CultureInfo.InvariantCulture, $"&pin={x:0.######},{y:0.######}") : "")
        + (string.IsNullOrEmpty(stops) ? "" : "&stops=" + stops);
}
