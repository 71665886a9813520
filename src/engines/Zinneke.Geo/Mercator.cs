namespace Zinneke.Geo;

/// <summary>
/// Web Mercator (EPSG:3857) on the unit square: x from 0 at 180° west to 1 at 180° east, y from 0 at 85.05113° north to 1 at the same latitude south.
/// Tile (z, x, y) is the square of side 2^-z at (x, y) · 2^-z. Source: EPSG guidance note 7-2, "Popular Visualisation Pseudo Mercator".
/// </summary>
public static class Mercator
{
    /// <summary>The latitude where the map is square.</summary>
    public const double LatitudeMax = 85.0511287798066;

    public const int ZoomMax = 24;

    public static (double X, double Y) Project(LonLat p)
    {
        var sin = Math.Sin(Math.Clamp(p.Lat, -LatitudeMax, LatitudeMax) * (Math.PI / 180));
        return (p.Lon / 360 + 0.5, 0.5 - Math.Log((1 + sin) / (1 - sin)) / (4 * Math.PI));
    }

    public static LonLat Unproject(double x, double y) => new((x - 0.5) * 360, Math.Atan(Math.Sinh((0.5 - y) * 2 * Math.PI)) * (180 / Math.PI));

    /// <summary>Whether there is such a tile.</summary>
    public static bool IsTile(int z, int x, int y) => z is >= 0 and <= ZoomMax && x >= 0 && y >= 0 && x < 1 << z && y < 1 << z;

    /// <summary>The tile at this zoom that holds the position.</summary>
    public static (int X, int Y) TileOf(LonLat p, int z)
    {
        var (x, y) = Project(p);
        var last = (1 << z) - 1;
        return (Math.Clamp((int)(x * (last + 1)), 0, last), Math.Clamp((int)(y * (last + 1)), 0, last));
    }

    /// <summary>Longitudes and latitudes of a tile, grown on each side by a share of its width.</summary>
    public static Box TileBox(int z, int x, int y, double grownBy = 0)
    {
        var side = 1.0 / (1 << z);
        var southWest = Unproject((x - grownBy) * side, (y + 1 + grownBy) * side);
        var northEast = Unproject((x + 1 + grownBy) * side, (y - grownBy) * side);
        return new Box(southWest.Lon, southWest.Lat, northEast.Lon, northEast.Lat);
    }

    /// <summary>Metres on the ground for one unit of the square at a latitude.</summary>
    public static double MetresPerUnit(double latitude) => 2 * Math.PI * 6_378_137 * Math.Cos(latitude * (Math.PI / 180));
}
