using Zinneke.Geo;

namespace Zinneke.Engines.Tests.Geo;

public class RingCrossingsTests
{
    [Theory]
    [InlineData("a bow tie", true, "0 0,1 1,1 0,0 1,0 0")]
    [InlineData("a bow tie with a corner where it crosses", true, "0 0,1 1,2 2,2 0,1 1,0 2,0 0")]
    [InlineData("a ring that passes through a corner lying on its own edge", true, "0 0,4 0,4 2,2 0,1 -1,0 2,0 0")]
    [InlineData("a square", false, "0 0,1 0,1 1,0 1,0 0")]
    [InlineData("two triangles that meet in a corner", false, "0 0,1 1,0 2,2 2,1 1,2 0,0 0")]
    [InlineData("a corner that touches an edge from inside", false, "0 0,4 0,4 4,2 0,0 4,0 0")]
    [InlineData("repeated positions", false, "0 0,1 0,1 0,1 1,0 1,0 1,0 0")]
    [InlineData("a spike along an edge", false, "0 0,4 0,2 0,2 2,0 2,0 0")]
    [InlineData("a ring of no size", false, "1 1,1 1,1 1,1 1")]
    public void Crossing_is_told_from_touching(string what, bool crosses, string ring)
    {
        var shape = Rings(ring);
        RingCrossings.FirstIn(shape).HasValue.ShouldBe(crosses, what);
        RingCrossings.FirstIn(Shape.Polygon([.. Positions(ring).Reverse()])).HasValue.ShouldBe(crosses, what + ", backwards");
    }

    [Fact]
    public void A_hole_may_touch_the_outside_but_not_cross_it()
    {
        RingCrossings.FirstIn(Rings("0 0,4 0,4 4,0 4,0 0", "0 0,2 1,1 2,0 0")).ShouldBeNull();
        RingCrossings.FirstIn(Rings("0 0,4 0,4 4,0 4,0 0", "1 1,6 2,1 3,1 1")).ShouldNotBeNull();
    }

    [Fact]
    public void The_place_of_a_crossing_is_told() => RingCrossings.FirstIn(Rings("0 0,1 1,1 0,0 1,0 0")).ShouldBe(new LonLat(0.5, 0.5));

    [Fact]
    public void Finds_a_crossing_exactly_when_comparing_every_pair_finds_one()
    {
        var random = new Random(11);
        var crossed = 0;
        for (var i = 0; i < 400; i++)
        {
            var ring = PlainGeometry.Star(random, new LonLat(4, 50), 1, 5 + i / 4);
            if (random.Next(2) == 0)
            {
                var (a, b) = (random.Next(1, ring.Length - 1), random.Next(1, ring.Length - 1));
                (ring[a], ring[b]) = (ring[b], ring[a]);
            }
            var shape = Shape.Polygon(ring);
            var expected = AnyPairCrosses([.. PlainGeometry.Edges(shape)]);
            RingCrossings.FirstIn(shape).HasValue.ShouldBe(expected);
            crossed += expected ? 1 : 0;
        }
        crossed.ShouldBeInRange(100, 300);
    }

    [Fact]
    public void Half_a_million_positions_are_checked()
    {
        var random = new Random(1);
        RingCrossings.FirstIn(Shape.Polygon(PlainGeometry.Star(random, new LonLat(4, 50), 1, 500_000))).ShouldBeNull();
        var comb = new LonLat[500_001];
        for (var i = 0; i < 499_998; i++)
        {
            comb[i] = new LonLat(4 + i * 1e-6, 50 + i % 2);
        }
        (comb[499_998], comb[499_999], comb[500_000]) = (new(5, 49), new(4, 49), comb[0]);
        RingCrossings.FirstIn(Shape.Polygon(comb)).ShouldBeNull();
        comb[499_998] = new(4.2, 50.5);
        RingCrossings.FirstIn(Shape.Polygon(comb)).ShouldNotBeNull();
    }

    private static bool AnyPairCrosses((LonLat A, LonLat B)[] edges)
    {
        for (var i = 0; i < edges.Length; i++)
        {
            for (var j = i + 1; j < edges.Length; j++)
            {
                var (e, f) = (edges[i], edges[j]);
                if (Turn(e.A, e.B, f.A) * Turn(e.A, e.B, f.B) < 0 && Turn(f.A, f.B, e.A) * Turn(f.A, f.B, e.B) < 0)
                {
                    return true;
                }
            }
        }
        return false;

        static int Turn(LonLat a, LonLat b, LonLat c) => Math.Sign((b.Lon - a.Lon) * (c.Lat - a.Lat) - (b.Lat - a.Lat) * (c.Lon - a.Lon));
    }

    private static Shape Rings(params string[] rings)
    {
        var builder = new ShapeBuilder(ShapeKind.Polygons);
        foreach (var ring in rings)
        {
            builder.Add(Positions(ring)).EndPart();
        }
        return builder.EndPolygon().Build();
    }

    private static LonLat[] Positions(string ring) =>
        [.. ring.Split(',').Select(pair => pair.Split(' ')).Select(pair => new LonLat(double.Parse(pair[0]), double.Parse(pair[1])))];
}
