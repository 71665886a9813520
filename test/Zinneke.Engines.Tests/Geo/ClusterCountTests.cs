using Zinneke.Geo;

namespace Zinneke.Engines.Tests.Geo;

/// <summary>Points counted for one question, against those that are kept counted.</summary>
public class ClusterCountTests
{
    [Fact]
    public void Points_are_drawn_together_as_those_that_are_kept_counted()
    {
        var random = new Random(3);
        var points = Enumerable.Range(0, 5000).Select(_ => new LonLat(4.3 + 0.1 * random.NextDouble(), 50.8 + 0.1 * random.NextDouble())).ToList();
        var kept = new PointClusters();
        points.ForEach(p => kept.Add(p, 0));
        var (found, other) = (new PointCluster[200], new PointCluster[200]);
        for (var zoom = 0; zoom <= PointClusters.ZoomMax; zoom++)
        {
            foreach (var (x, y) in points.Take(20).Select(p => Mercator.TileOf(p, zoom)).Distinct())
            {
                var tile = Counted(ClusterCount.OfTile(zoom, x, y), points);
                tile.Zoom.ShouldBe(zoom);
                Ordered(found[..tile.Write(found)]).ShouldBe(Ordered(other[..kept.OfTile(zoom, x, y, other)]));
            }
            foreach (var box in (Box[])[new Box(4.2, 50.7, 4.6, 51), new Box(4.33, 50.83, 4.34, 50.85), new Box(-180, -85, 180, 85)])
            {
                var counted = Counted(ClusterCount.OfBox(box, zoom, found.Length), points);
                for (var asked = zoom; counted.Zoom < asked;)
                {
                    asked = counted.Zoom;
                    counted = Counted(ClusterCount.OfBox(box, asked, found.Length), points);
                }
                Ordered(found[..counted.Write(found)]).ShouldBe(Ordered(other[..kept.OfBox(box, zoom, other)]));
            }
        }
    }

    private static ClusterCount Counted(ClusterCount cells, List<LonLat> points)
    {
        points.Where(p => cells.Felt.Contains(p)).ToList().ForEach(cells.Add);
        return cells;
    }

    private static IEnumerable<PointCluster> Ordered(PointCluster[] clusters) => clusters.OrderBy(one => one.Place.Lon).ThenBy(one => one.Place.Lat);
}
