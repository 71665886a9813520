using FsCheck;
using FsCheck.Fluent;
using Zinneke.Geo;

namespace Zinneke.Engines.Tests.Geo;

public class ShapeIndexTests
{
    [Fact]
    public void Agrees_with_plain_geometry_on_any_shapes()
    {
        Prop.ForAll<int, byte>((seed, count) =>
        {
            var random = new Random(seed);
            var shapes = Enumerable.Range(0, count % 40).Select(_ => PlainGeometry.RandomShape(random)).ToArray();
            var index = new ShapeIndex(shapes);
            for (var i = 0; i < 20; i++)
            {
                Compare(index, shapes, new LonLat(2 + 12 * random.NextDouble(), 48 + 5 * random.NextDouble()), 300_000 * random.NextDouble());
            }
        }).QuickCheckThrowOnFailure();
    }

    private static void Compare(ShapeIndex index, Shape[] shapes, LonLat p, double radius)
    {
        Span<int> hits = stackalloc int[64];
        var metres = Array.ConvertAll(shapes, shape => PlainGeometry.Metres(shape, p));
        var containing = Enumerable.Range(0, shapes.Length).Where(i => PlainGeometry.Inside(shapes[i], p)).ToArray();
        hits[..index.Containing(p, hits)].ToArray().ShouldBe(containing);
        var within = Enumerable.Range(0, shapes.Length).Where(i => metres[i] <= radius).ToArray();
        hits[..index.Within(p, radius, hits)].ToArray().ShouldBe(within);
        for (var i = 0; i < shapes.Length; i++)
        {
            index.DistanceMetres(i, p).ShouldBe(metres[i], 1e-6);
            index.EdgeDistanceMetres(i, p).ShouldBe(PlainGeometry.EdgeMetres(shapes[i], p), 1e-6);
        }
        var nearest = index.Nearest(p, radius, out var nearestMetres);
        if (within.Length == 0)
        {
            nearest.ShouldBe(-1);
            nearestMetres.ShouldBe(double.PositiveInfinity);
        }
        else
        {
            nearest.ShouldBe(Array.IndexOf(metres, metres.Min()));
            nearestMetres.ShouldBe(metres.Min(), 1e-6);
        }
    }

    [Fact]
    public void Every_point_of_a_partition_is_in_exactly_one_of_its_parts_boundaries_included()
    {
        var random = new Random(3);
        var cells = Partition(random, 12);
        var index = new ShapeIndex(cells);
        var hits = new int[8];
        foreach (var cell in cells)
        {
            for (var i = 0; i < cell.PositionCount - 1; i++)
            {
                var (a, b) = (cell[i], cell[i + 1]);
                foreach (var t in (double[])[0, 0.25, 1d / 3, 0.5, 0.9])
                {
                    var p = new LonLat(a.Lon + t * (b.Lon - a.Lon), a.Lat + t * (b.Lat - a.Lat));
                    if (p.Lon is > 0.5 and < 11.5 && p.Lat is > 0.5 and < 11.5)
                    {
                        index.Containing(p, hits).ShouldBe(1);
                    }
                }
            }
        }
    }

    /// <summary>Quadrilaterals between the shaken corners of a grid: neighbours share whole edges, in opposite directions.</summary>
    private static Shape[] Partition(Random random, int size)
    {
        var corners = new LonLat[size + 1, size + 1];
        for (var x = 0; x <= size; x++)
        {
            for (var y = 0; y <= size; y++)
            {
                corners[x, y] = new LonLat(x + random.Next(3) * 0.15, y + random.NextDouble() * 0.3);
            }
        }
        return [.. from x in Enumerable.Range(0, size)
                   from y in Enumerable.Range(0, size)
                   select Shape.Polygon(corners[x, y], corners[x + 1, y], corners[x + 1, y + 1], corners[x, y + 1])];
    }

    [Fact]
    public void The_boundary_belongs_to_the_polygon_above_it_or_east_of_it()
    {
        var index = new ShapeIndex([Shape.Of(new Box(4, 50, 5, 51))]);
        index.Contains(0, new(4.5, 50)).ShouldBeTrue();
        index.Contains(0, new(4, 50.5)).ShouldBeTrue();
        index.Contains(0, new(4.5, 51)).ShouldBeFalse();
        index.Contains(0, new(5, 50.5)).ShouldBeFalse();
    }

    [Fact]
    public void Nothing_to_find_and_nothing_asked()
    {
        var none = new ShapeIndex([]);
        none.Containing(new(4, 50), new int[1]).ShouldBe(0);
        none.Nearest(new(4, 50), 1e9, out _).ShouldBe(-1);
        var empty = new ShapeIndex([new ShapeBuilder(ShapeKind.Polygons).Build(), Shape.Point(new(4, 50))]);
        empty.Containing(new(0, 0), new int[1]).ShouldBe(0);
        empty.DistanceMetres(0, new(4, 50)).ShouldBe(double.PositiveInfinity);
        empty.Nearest(new(4, 50), 1, out var metres).ShouldBe(1);
        metres.ShouldBe(0);
        empty.Containing(new(double.NaN, 50), new int[1]).ShouldBe(0);
    }

    [Fact]
    public void Counts_on_when_the_answer_does_not_fit()
    {
        var index = new ShapeIndex(Enumerable.Range(0, 10).Select(_ => Shape.Of(new Box(4, 50, 5, 51))));
        var hits = new int[3];
        index.Containing(new(4.5, 50.5), hits).ShouldBe(10);
        index.Nearest(new(4.5, 50.5), 10, out _).ShouldBe(0);
    }

    [Fact]
    public void Lookups_allocate_nothing()
    {
        var random = new Random(5);
        var index = new ShapeIndex(Enumerable.Range(0, 60).Select(_ => PlainGeometry.RandomShape(random)));
        var hits = new int[64];
        Look();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Look();
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldKeep("geo.lookupsOfAreas");

        void Look()
        {
            var p = new LonLat(4.7, 50.4);
            index.Containing(p, hits);
            index.Within(p, 10_000, hits);
            index.Nearest(p, 10_000, out _);
            index.Over(new Box(4, 50, 5, 51), hits);
        }
    }
}
