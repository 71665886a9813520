using System.Globalization;

namespace Zinneke.Geo;

/// <summary>One fault of a geographic file.</summary>
/// <param name="Line">1-based line.</param>
/// <param name="Field">Path, such as <c>features[3].geometry.coordinates[0]</c>; empty for the whole file.</param>
/// <param name="Found">What stands there.</param>
/// <param name="Expected">What should stand there.</param>
public sealed record GeoFault(int Line, string Field, string Found, string Expected)
{
    internal static string Show(LonLat p) => string.Create(CultureInfo.InvariantCulture, $"[{p.Lon}, {p.Lat}]");
}

/// <summary>Ends the reading of a file at a fault behind which nothing can be understood.</summary>
internal sealed class GeoFaultException(GeoFault fault) : Exception
{
    public GeoFault Fault => fault;
}
