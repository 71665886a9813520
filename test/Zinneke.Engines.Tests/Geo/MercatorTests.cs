using FsCheck;
using FsCheck.Fluent;
using Zinneke.Geo;

namespace Zinneke.Engines.Tests.Geo;

public class MercatorTests
{
    [Fact]
    public void Known_places_are_in_their_known_tiles()
    {
        // Brussels town hall (50.8467, 4.3525): tile numbers by the formula of wiki.openstreetmap.org/wiki/Slippy_map_tilenames.
        Mercator.TileOf(new(4.3525, 50.8467), 10).ShouldBe((524, 343));
        Mercator.TileOf(new(4.3525, 50.8467), 16).ShouldBe((33560, 21984));
        Mercator.TileOf(new(-180, 90), 3).ShouldBe((0, 0));
        Mercator.TileOf(new(180, -90), 3).ShouldBe((7, 7));
    }

    [Fact]
    public void Projecting_and_back_gives_the_position()
    {
        Prop.ForAll(Gen.Choose(-1_800_000, 1_800_000).Zip(Gen.Choose(-850_000, 850_000)).ToArbitrary(), units =>
        {
            var p = new LonLat(units.Item1 / 1e4, units.Item2 / 1e4);
            var (x, y) = Mercator.Project(p);
            var back = Mercator.Unproject(x, y);
            Math.Abs(back.Lon - p.Lon).ShouldBeLessThan(1e-9);
            Math.Abs(back.Lat - p.Lat).ShouldBeLessThan(1e-9);
            var (tileX, tileY) = Mercator.TileOf(p, 14);
            Mercator.TileBox(14, tileX, tileY).Grown(1e-9).Contains(p).ShouldBeTrue();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_simplified_line_stays_within_half_a_pixel()
    {
        var random = new Random(2);
        var ring = PlainGeometry.Star(random, new LonLat(4, 50), 0.05, 800);
        for (var zoom = 6; zoom <= 16; zoom += 2)
        {
            var simple = MapShape.For(Shape.Polygon(ring), zoom);
            simple.PositionCount.ShouldBeLessThanOrEqualTo(801);
            var kept = simple.Part(0);
            foreach (var p in Shape.Polygon(ring) is var shape ? Enumerable.Range(0, shape.PositionCount).Select(i => Mercator.Project(shape[i])) : [])
            {
                var nearest = double.PositiveInfinity;
                for (var i = 0; i + 3 < kept.Length; i += 2)
                {
                    nearest = Math.Min(nearest, Distance(p, (kept[i], kept[i + 1]), (kept[i + 2], kept[i + 3])));
                }
                nearest.ShouldBeLessThanOrEqualTo(0.5 / 512 / (1 << zoom) * 1.000001);
            }
        }
    }

    private static double Distance((double X, double Y) p, (double X, double Y) a, (double X, double Y) b)
    {
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var t = Math.Clamp(((p.X - a.X) * dx + (p.Y - a.Y) * dy) / (dx * dx + dy * dy), 0, 1);
        return Math.Sqrt(Math.Pow(p.X - a.X - t * dx, 2) + Math.Pow(p.Y - a.Y - t * dy, 2));
    }
}
