namespace Zinneke.Geo;

/// <summary>
/// Where to write the name of a surface: far inside, where there is most room around. A grid is searched, then finer ones around its best places, as in Garcia-Castellanos and Lombardo,
/// "Poles of inaccessibility" (2007).
/// </summary>
public static class LabelPoint
{
    private const int Steps = 12;
    private const int Rounds = 4;
    // A place must be this much roomier to be better: otherwise names drift along the middle line of a long surface, away from its middle.
    private const double Better = 1.02;

    /// <returns>A point inside the polygons, within a few per cent of the roomiest; the middle of the box when there is no inside or the shape has none.</returns>
    public static LonLat Of(ShapeIndex index, int shape)
    {
        var box = index[shape].Bounds;
        var best = box.Centre;
        var room = Room(index, shape, best);
        var (width, height) = (box.East - box.West, box.North - box.South);
        for (var round = 0; round < Rounds; round++)
        {
            var centre = round == 0 ? box.Centre : best;
            for (var i = 0; i <= Steps; i++)
            {
                for (var j = 0; j <= Steps; j++)
                {
                    var p = new LonLat(centre.Lon + width * (i / (double)Steps - 0.5), centre.Lat + height * (j / (double)Steps - 0.5));
                    if (Room(index, shape, p) is var here && here > room * Better)
                    {
                        (best, room) = (p, here);
                    }
                }
            }
            (width, height) = (width * 2 / Steps, height * 2 / Steps);
        }
        return best;
    }

    private static double Room(ShapeIndex index, int shape, LonLat p) => index.Contains(shape, p) ? index.EdgeDistanceMetres(shape, p) : 0;
}
