using Zinneke.Geo;

namespace Zinneke.Engines.Tests.Geo;

public class CellsTests
{
    [Fact]
    public void A_tile_is_one_run_of_cells()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var p = new LonLat(-180 + 360 * random.NextDouble(), -85 + 170 * random.NextDouble());
            var z = random.Next(0, 25);
            var (x, y) = Mercator.TileOf(p, z);
            var cell = Cells.Of(p);
            cell.ShouldBeInRange(Cells.OfTile(z, x, y).First, Cells.OfTile(z, x, y).Last);
            var other = new LonLat(-180 + 360 * random.NextDouble(), p.Lat);
            var same = Mercator.TileOf(other, z) == (x, y);
            (Cells.Of(other) >= Cells.OfTile(z, x, y).First && Cells.Of(other) <= Cells.OfTile(z, x, y).Last).ShouldBe(same);
        }
        Cells.OfTile(0, 0, 0).ShouldBe(new CellRange(0, (1L << 60) - 1));
        Cells.Of(new(180, -90)).ShouldBe((1L << 60) - 1);
        Cells.Of(new(-180, 90)).ShouldBe(0);
    }

    [Fact]
    public void A_cover_holds_every_position_of_the_box_and_not_much_else()
    {
        var random = new Random(2);
        Span<CellRange> ranges = stackalloc CellRange[8];
        for (var i = 0; i < 500; i++)
        {
            var (width, height) = (Math.Pow(10, -5 * random.NextDouble()), Math.Pow(10, -5 * random.NextDouble()));
            var west = 2 + 4 * random.NextDouble();
            var south = 49 + 2 * random.NextDouble();
            var box = new Box(west, south, west + width, south + height);
            for (var length = 1; length <= 8; length++)
            {
                var found = ranges[..Cells.Cover(box, ranges[..length])];
                for (var r = 1; r < found.Length; r++)
                {
                    found[r].First.ShouldBeGreaterThan(found[r - 1].Last + 1);
                }
                for (var j = 0; j < 20; j++)
                {
                    var p = new LonLat(west + width * (j == 0 ? 0 : j == 1 ? 1 : random.NextDouble()), south + height * (j == 0 ? 1 : j == 1 ? 0 : random.NextDouble()));
                    Holds(found, Cells.Of(p)).ShouldBeTrue();
                }
            }
        }
    }

    private static bool Holds(ReadOnlySpan<CellRange> ranges, long cell)
    {
        foreach (var range in ranges)
        {
            if (cell >= range.First && cell <= range.Last)
            {
                return true;
            }
        }
        return false;
    }
}
