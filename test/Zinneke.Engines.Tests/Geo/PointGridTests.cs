using FsCheck;
using FsCheck.Fluent;
using Zinneke.Geo;

namespace Zinneke.Engines.Tests.Geo;

public class PointGridTests
{
    private readonly record struct Odd : IRowFilter
    {
        public bool Accepts(int row) => row % 2 == 1;
    }

    [Fact]
    public void Agrees_with_a_full_scan_after_any_changes()
    {
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var grid = new PointGrid(50.85);
            var points = new Dictionary<int, (LonLat P, long At)>();
            for (var i = 0; i < 400; i++)
            {
                Change(random, grid, points);
            }
            grid.Count.ShouldBe(points.Count);
            for (var i = 0; i < 10; i++)
            {
                CompareNearest(random, grid, points);
                CompareNewest(random, grid, points);
            }
        }).QuickCheckThrowOnFailure();
    }

    private static void Change(Random random, PointGrid grid, Dictionary<int, (LonLat P, long At)> points)
    {
        var what = random.Next(10);
        if (what < 7 || points.Count == 0)
        {
            var (p, at) = (Somewhere(random), random.Next(100));
            points.Add(grid.Add(p, at), (p, at));
            return;
        }
        var row = points.Keys.ElementAt(random.Next(points.Count));
        if (what == 7)
        {
            grid.Remove(row);
            points.Remove(row);
            return;
        }
        var to = what == 8 ? Somewhere(random) : new LonLat(points[row].P.Lon + 1e-5, points[row].P.Lat);
        grid.Move(row, to);
        points[row] = (to, points[row].At);
    }

    private static void CompareNearest(Random random, PointGrid grid, Dictionary<int, (LonLat P, long At)> points)
    {
        var p = Somewhere(random);
        var radius = 1500 * random.NextDouble();
        var expected = points.Keys.Where(row => row % 2 == 1).Select(row => new PointHit(row, p.MetresTo(grid[row])))
            .Where(hit => hit.Metres <= radius).OrderBy(hit => hit.Metres).ThenBy(hit => hit.Row).Take(10);
        var hits = new PointHit[10];
        var found = hits[..grid.Nearest(p, radius, hits, new Odd())];
        found.Select(hit => hit.Row).ShouldBe(expected.Select(hit => hit.Row));
        found.ShouldAllBe(hit => Math.Abs(hit.Metres - p.MetresTo(grid[hit.Row])) < 1e-6);
    }

    private static void CompareNewest(Random random, PointGrid grid, Dictionary<int, (LonLat P, long At)> points)
    {
        var (a, b) = (Somewhere(random), Somewhere(random));
        var box = random.Next(5) == 0 ? new Box(-180, -90, 180, 90) : Box.Empty.With(a).With(b);
        var expected = points.Keys.Where(row => box.Contains(grid[row])).OrderByDescending(row => points[row].At).ThenByDescending(row => row);
        var hits = new PointAge[random.Next(30)];
        hits[..grid.Newest(box, hits, new EveryRow())].ShouldBe(expected.Take(hits.Length).Select(row => new PointAge(row, points[row].At)));
    }

    private static LonLat Somewhere(Random random) => new(4.35 + 0.02 * random.NextDouble(), 50.84 + 0.015 * random.NextDouble());

    [Fact]
    public void Searches_allocate_nothing()
    {
        var random = new Random(1);
        var grid = new PointGrid(50.85);
        for (var i = 0; i < 5000; i++)
        {
            grid.Add(Somewhere(random), i);
        }
        var near = new PointHit[10];
        var newest = new PointAge[100];
        Search();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Search();
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldKeep("geo.searchesOfPoints");

        void Search()
        {
            grid.Nearest(new(4.36, 50.85), 250, near, new Odd());
            grid.Newest(new Box(4.355, 50.845, 4.365, 50.85), newest, new EveryRow());
        }
    }

    [Fact]
    public void A_removed_row_cannot_be_removed_again()
    {
        var grid = new PointGrid(50.85);
        grid.Remove(grid.Add(new(4, 50), 1));
        Should.Throw<InvalidOperationException>(() => grid.Remove(0));
        Should.Throw<InvalidOperationException>(() => grid.Move(0, new(5, 50)));
        grid.Add(new(4, 50), 2).ShouldBe(0);
    }
}
