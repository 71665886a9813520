using Zinneke.Geo;

namespace Zinneke.Engines.Tests.Geo;

public class VectorTileTests
{
    private const string Brussels = "areas/brussels-19.geojson";

    [Fact]
    public void The_example_of_the_specification_comes_out_byte_for_byte()
    {
        // Section 4.3.5 of the specification: a point at (25, 17) is 9 50 34; a line (2,2) (2,10) (10,10) is 9 4 4 18 0 16 16 0.
        var tile = new VectorTile(0, 0, 0);
        var layer = tile.Layer("x");
        layer.Add(AtUnits(25, 17), 1);
        layer.Add(MapShape.For(Shape.Line(AtUnits(2, 2), AtUnits(2, 10), AtUnits(10, 10)), 0), 2);
        var features = TileReader.Read(tile.ToBytes()).Single().Features;
        features[0].Paths.ShouldBe([[(25, 17)]]);
        features[1].Paths.Single().ShouldBe([(2, 2), (2, 10), (10, 10)]);
        Convert.ToHexString(tile.ToBytes()).ShouldContain("2203" + "093222");
    }

    [Fact]
    public void Attributes_keep_their_type_and_are_stored_once()
    {
        var tile = new VectorTile(10, 524, 343);
        var layer = tile.Layer("reports");
        for (var i = 0; i < 3; i++)
        {
            layer.Add(new LonLat(4.35, 50.85), (ulong)i, TileAttribute.Of("name", "Ixelles · Elsene"), TileAttribute.Of("count", -12L),
                TileAttribute.Of("share", 0.25), TileAttribute.Of("open", true), TileAttribute.Of("late", false)).ShouldBeTrue();
        }
        layer.Add(new LonLat(5.35, 50.85), 9).ShouldBeFalse();
        tile.Layer("empty");
        var read = TileReader.Read(tile.ToBytes()).Single();
        (read.Name, read.Version, read.Extent, read.Features.Count).ShouldBe(("reports", 2, 4096, 3));
        read.Features[2].Attributes.ShouldBe(new Dictionary<string, object> { ["name"] = "Ixelles · Elsene", ["count"] = -12L, ["share"] = 0.25, ["open"] = true, ["late"] = false }, ignoreOrder: true);
        new VectorTile(3, 1, 1).ToBytes().ShouldBeEmpty();
    }

    [Fact]
    public void Outsides_wind_one_way_and_holes_the_other_whatever_the_file_did()
    {
        var square = new LonLat[] { AtUnits(100, 100), AtUnits(3000, 100), AtUnits(3000, 3000), AtUnits(100, 3000), AtUnits(100, 100) };
        var hole = new LonLat[] { AtUnits(1000, 1000), AtUnits(2000, 1000), AtUnits(2000, 2000), AtUnits(1000, 2000), AtUnits(1000, 1000) };
        foreach (var (turnSquare, turnHole) in (ReadOnlySpan<(bool, bool)>)[(false, false), (false, true), (true, false), (true, true)])
        {
            var shape = new ShapeBuilder(ShapeKind.Polygons)
                .Add(turnSquare ? [.. square.Reverse()] : square).EndPart().Add(turnHole ? [.. hole.Reverse()] : hole).EndPart().EndPolygon().Build();
            var tile = new VectorTile(0, 0, 0);
            tile.Layer("x").Add(MapShape.For(shape, 0), 1).ShouldBeTrue();
            var paths = TileReader.Read(tile.ToBytes()).Single().Features.Single().Paths;
            Area(paths[0]).ShouldBe(2900 * 2900);
            Area(paths[1]).ShouldBe(-1000 * 1000);
        }
    }

    [Fact]
    public void Lines_are_cut_where_they_leave_and_enter_again()
    {
        var tile = new VectorTile(1, 0, 0);
        // Units of zoom 0: the tile is the upper left quarter, 2,048 wide.
        var line = Shape.Line(AtUnits(1000, 1000), AtUnits(3000, 1000), AtUnits(3000, 1500), AtUnits(1000, 1500));
        tile.Layer("x").Add(MapShape.For(line, 1), 1).ShouldBeTrue();
        var edge = 4096 + 64;
        TileReader.Read(tile.ToBytes()).Single().Features.Single().Paths.ShouldBe([[(2000, 2000), (edge, 2000)], [(edge, 3000), (2000, 3000)]]);
    }

    [Fact]
    public void A_polygon_around_the_tile_fills_it_and_one_beside_it_is_left_out()
    {
        var shape = MapShape.For(Shape.Of(new Box(-10, -10, 20, 20)), 8);
        var inside = new VectorTile(8, 130, 120);
        inside.Layer("x").Add(shape, 1).ShouldBeTrue();
        Area(TileReader.Read(inside.ToBytes()).Single().Features.Single().Paths.Single()).ShouldBe((4096L + 128) * (4096 + 128));
        var beside = new VectorTile(8, 10, 120);
        beside.Layer("x").Add(shape, 1).ShouldBeFalse();
    }

    [ReferenceFact(Brussels)]
    public void The_communes_keep_their_area_at_every_zoom_and_across_tiles()
    {
        foreach (var feature in BelgianAreasTests.Read(Brussels))
        {
            var exact = ProjectedArea(feature.Shape!);
            for (var zoom = 9; zoom <= 15; zoom += 2)
            {
                var shape = MapShape.For(feature.Shape!, zoom);
                var (left, top) = Mercator.TileOf(new(feature.Shape!.Bounds.West, feature.Shape.Bounds.North), zoom);
                var (right, bottom) = Mercator.TileOf(new(feature.Shape.Bounds.East, feature.Shape.Bounds.South), zoom);
                var drawn = 0.0;
                for (var x = left; x <= right; x++)
                {
                    for (var y = top; y <= bottom; y++)
                    {
                        drawn += DrawnArea(shape, zoom, x, y) / Math.Pow(4096.0 * (1 << zoom), 2);
                    }
                }
                // Simplified by half a pixel of 512: at zoom 9 a commune is some 20 pixels wide.
                (drawn / exact).ShouldBe(1, zoom == 9 ? 0.08 : 0.02, $"{feature.Id} at zoom {zoom}");
            }
        }
    }

    /// <summary>Area in the tile proper, in square units: the margin is cut off by counting unit rows of the polygon clipped again here.</summary>
    private static double DrawnArea(MapShape shape, int zoom, int x, int y)
    {
        var tile = new VectorTile(zoom, x, y);
        if (!tile.Layer("x").Add(shape, 1))
        {
            return 0;
        }
        var area = 0.0;
        foreach (var ring in TileReader.Read(tile.ToBytes()).Single().Features.Single().Paths)
        {
            ring.ShouldAllBe(p => p.X >= -64 && p.X <= 4160 && p.Y >= -64 && p.Y <= 4160);
            area += Area([.. Clip(ring.Select(p => ((double)p.X, (double)p.Y)))]);
        }
        return area;
    }

    private static IEnumerable<(double X, double Y)> Clip(IEnumerable<(double X, double Y)> ring)
    {
        foreach (var (axis, limit, sign) in ((int, double, int)[])[(0, 0, 1), (0, 4096, -1), (1, 0, 1), (1, 4096, -1)])
        {
            var from = ring.ToList();
            var kept = new List<(double, double)>();
            for (var i = 0; i < from.Count; i++)
            {
                var (a, b) = (from[(i + from.Count - 1) % from.Count], from[i]);
                var (da, db) = (sign * ((axis == 0 ? a.X : a.Y) - limit), sign * ((axis == 0 ? b.X : b.Y) - limit));
                if (da * db < 0)
                {
                    kept.Add((a.X + (b.X - a.X) * da / (da - db), a.Y + (b.Y - a.Y) * da / (da - db)));
                }
                if (db >= 0)
                {
                    kept.Add(b);
                }
            }
            ring = kept;
        }
        return ring;
    }

    private static double ProjectedArea(Shape shape) => Enumerable.Range(0, shape.PartCount).Sum(part =>
    {
        var (start, end) = shape.Part(part);
        // No holes in this file.
        return Math.Abs(Area([.. Enumerable.Range(start, end - start).Select(i => Mercator.Project(shape[i]))]));
    });

    private static long Area(List<(int X, int Y)> ring) => (long)Area([.. ring.Select(p => ((double)p.X, (double)p.Y))]);

    private static double Area((double X, double Y)[] ring)
    {
        var twice = 0.0;
        for (var i = 0; i < ring.Length; i++)
        {
            var (a, b) = (ring[i], ring[(i + 1) % ring.Length]);
            twice += a.X * b.Y - b.X * a.Y;
        }
        return twice / 2;
    }

    private static LonLat AtUnits(int x, int y) => Mercator.Unproject(x / 4096.0, y / 4096.0);
}
