using FsCheck;
using FsCheck.Fluent;
using Zinneke.Geo;

namespace Zinneke.Engines.Tests.Geo;

public class PointClustersTests
{
    [Fact]
    public void Every_tile_counts_exactly_the_points_in_it_after_any_changes()
    {
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var clusters = new PointClusters(3);
            var points = new List<(LonLat P, int Group)>();
            for (var i = 0; i < 120; i++)
            {
                if (random.Next(4) == 0 && points.Count > 0)
                {
                    var at = random.Next(points.Count);
                    clusters.Remove(points[at].P, points[at].Group);
                    points.RemoveAt(at);
                    continue;
                }
                points.Add((Somewhere(random), random.Next(3)));
                clusters.Add(points[^1].P, points[^1].Group);
            }
            var found = new PointCluster[PointClusters.TileMax];
            foreach (var zoom in (int[])[0, 9, 15])
            {
                foreach (var tile in points.Select(point => Mercator.TileOf(point.P, zoom)).Distinct())
                {
                    var inside = points.Where(point => Mercator.TileOf(point.P, zoom) == tile).ToList();
                    var all = found[..clusters.OfTile(zoom, tile.X, tile.Y, found)];
                    all.Sum(cluster => cluster.Count).ShouldBe(inside.Count);
                    all.ShouldAllBe(cluster => Mercator.TileBox(zoom, tile.X, tile.Y).Grown(1e-6).Contains(cluster.Place));
                    found[..clusters.OfTile(zoom, tile.X, tile.Y, found, wanted: 0b101)].Sum(cluster => cluster.Count).ShouldBe(inside.Count(point => point.Group != 1));
                }
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_cluster_lies_in_the_middle_of_its_points()
    {
        var clusters = new PointClusters();
        clusters.Add(new(4.30001, 50.80001), 0);
        clusters.Add(new(4.30003, 50.80003), 0);
        var found = new PointCluster[4];
        var (x, y) = Mercator.TileOf(new(4.3, 50.8), 10);
        clusters.OfTile(10, x, y, found).ShouldBe(1);
        found[0].ShouldBe(new PointCluster(new(4.30002, 50.80002), 2));
        Should.Throw<InvalidOperationException>(() =>
        {
            clusters.Remove(new(4.30001, 50.80001), 0);
            clusters.Remove(new(4.30001, 50.80001), 0);
            clusters.Remove(new(4.30001, 50.80001), 0);
        });
    }

    [Fact]
    public void A_box_gets_no_more_clusters_than_fit_and_loses_none()
    {
        var random = new Random(1);
        var clusters = new PointClusters();
        for (var i = 0; i < 5000; i++)
        {
            clusters.Add(Somewhere(random), 0);
        }
        var found = new PointCluster[100];
        for (var zoom = 0; zoom <= PointClusters.ZoomMax; zoom++)
        {
            var count = clusters.OfBox(new Box(4.2, 50.7, 4.6, 51), zoom, found);
            found[..count].Sum(cluster => cluster.Count).ShouldBe(5000);
        }
    }

    private static LonLat Somewhere(Random random) => new(4.3 + 0.1 * random.NextDouble(), 50.8 + 0.1 * random.NextDouble());
}
