using ProjNet.CoordinateSystems;
using ProjNet.CoordinateSystems.Transformations;
using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>
/// Belgian Lambert coordinates, in metres east and north: Lambert 72 (EPSG:31370) and Lambert 2008 (EPSG:3812). Definitions: EPSG registry. Lambert 72 reaches WGS 84 by the
/// seven parameters of EPSG:1652, right to about 0.2 m; their rotations are meant as position vector (method 9606), the other sign is 65 m wrong in Brussels.
/// </summary>
public sealed class Lambert
{
    private const string Lambert72Text =
        """
        PROJCS["Belge 1972 / Belgian Lambert 72",GEOGCS["Belge 1972",DATUM["Reseau_National_Belge_1972",SPHEROID["International 1924",6378388,297],TOWGS84[-106.8686,52.2978,-103.7239,0.3366,-0.457,1.8422,-1.2747]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic_2SP"],PARAMETER["standard_parallel_1",51.16666723333333],PARAMETER["standard_parallel_2",49.8333339],PARAMETER["latitude_of_origin",90],PARAMETER["central_meridian",4.367486666666666],PARAMETER["false_easting",150000.013],PARAMETER["false_northing",5400088.438],UNIT["metre",1],AUTHORITY["EPSG","31370"]]
        """;

    private const string Lambert2008Text =
        """
        PROJCS["ETRS89 / Belgian Lambert 2008",GEOGCS["ETRS89",DATUM["European_Terrestrial_Reference_System_1989",SPHEROID["GRS 1980",6378137,298.257222101],TOWGS84[0,0,0,0,0,0,0]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic_2SP"],PARAMETER["standard_parallel_1",49.83333333333334],PARAMETER["standard_parallel_2",51.16666666666666],PARAMETER["latitude_of_origin",50.797815],PARAMETER["central_meridian",4.359215833333333],PARAMETER["false_easting",649328],PARAMETER["false_northing",665262],UNIT["metre",1],AUTHORITY["EPSG","3812"]]
        """;

    private readonly MathTransform toWgs84;
    private readonly MathTransform fromWgs84;

    private Lambert(int epsg, string definition)
    {
        Epsg = epsg;
        var system = (ProjectedCoordinateSystem)new CoordinateSystemFactory().CreateFromWkt(definition);
        var transformations = new CoordinateTransformationFactory();
        toWgs84 = transformations.CreateFromCoordinateSystems(system, GeographicCoordinateSystem.WGS84).MathTransform;
        fromWgs84 = transformations.CreateFromCoordinateSystems(GeographicCoordinateSystem.WGS84, system).MathTransform;
    }

    public static Lambert Of1972 { get; } = new(31370, Lambert72Text);

    public static Lambert Of2008 { get; } = new(3812, Lambert2008Text);

    public int Epsg { get; }

    /// <summary>The system with this EPSG code, or null when it is neither of the two.</summary>
    public static Lambert? Of(int epsg) => epsg switch { 31370 => Of1972, 3812 => Of2008, _ => null };

    /// <summary>Metres east and north to WGS 84.</summary>
    public LonLat ToWgs84(double x, double y)
    {
        var (lon, lat) = toWgs84.Transform(x, y);
        return new LonLat(lon, lat);
    }

    public (double X, double Y) FromWgs84(LonLat place) => fromWgs84.Transform(place.Lon, place.Lat);
}
