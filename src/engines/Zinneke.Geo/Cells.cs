using System.Runtime.Intrinsics.X86;

namespace Zinneke.Geo;

/// <summary>A run of cells, both ends included, for <c>cell BETWEEN first AND last</c>.</summary>
public readonly record struct CellRange(long First, long Last);

/// <summary>
/// 64-bit cell numbers for a database column without spatial extension: the place on the Web Mercator square with 30 bits each way, bits of y and x in turn (Morton, 1966), so
/// cells of a tile are one run of numbers. A cell is 4 cm wide at the equator. Numbers are 0 to 2^60 - 1.
/// </summary>
public static class Cells
{
    public const int Levels = 30;

    /// <summary>The cell of a position; beyond 85.05° the outermost.</summary>
    public static long Of(LonLat p)
    {
        var (x, y) = Mercator.Project(p);
        return (long)(Spread(Grid(x)) | Spread(Grid(y)) << 1);
    }

    /// <summary>The cells of a tile at zoom 0 to 30.</summary>
    public static CellRange OfTile(int z, int x, int y)
    {
        var shift = 2 * (Levels - z);
        var prefix = (long)(Spread((uint)x) | Spread((uint)y) << 1);
        return new CellRange(prefix << shift, ((prefix + 1) << shift) - 1);
    }

    /// <summary>
    /// Runs of cells that together hold every position of the box, ascending and apart; positions outside the box may be in them, so test what is found. Few runs are
    /// less exact and cheaper: with eight, the area covered is rarely more than four times the box's.
    /// </summary>
    /// <param name="ranges">At least one place.</param>
    /// <returns>How many were written.</returns>
    public static int Cover(in Box box, Span<CellRange> ranges)
    {
        var (west, north) = Mercator.Project(new LonLat(box.West, box.North));
        var (east, south) = Mercator.Project(new LonLat(box.East, box.South));
        var (left, top, right, bottom) = (Grid(west), Grid(north), Grid(east), Grid(south));
        // The finest level at which the box spans at most nine tiles each way.
        var z = Levels;
        while (z > 0 && ((right >> (Levels - z)) - (left >> (Levels - z)) > 8 || (bottom >> (Levels - z)) - (top >> (Levels - z)) > 8))
        {
            z--;
        }
        Span<CellRange> tiles = stackalloc CellRange[81];
        var count = 0;
        for (var x = left >> (Levels - z); x <= right >> (Levels - z); x++)
        {
            for (var y = top >> (Levels - z); y <= bottom >> (Levels - z); y++)
            {
                tiles[count++] = OfTile(z, (int)x, (int)y);
            }
        }
        return Join(tiles[..count], ranges);
    }

    /// <summary>Joins neighbours, then closes the smallest gaps until the runs fit.</summary>
    private static int Join(Span<CellRange> tiles, Span<CellRange> ranges)
    {
        tiles.Sort((a, b) => a.First.CompareTo(b.First));
        Span<long> gaps = stackalloc long[tiles.Length];
        for (var i = 1; i < tiles.Length; i++)
        {
            gaps[i - 1] = tiles[i].First - tiles[i - 1].Last - 1;
        }
        gaps[..(tiles.Length - 1)].Sort();
        // The gaps that stay open are the largest ones.
        var open = Math.Min(ranges.Length, tiles.Length) - 1;
        var widest = open == 0 ? long.MaxValue : Math.Max(1, gaps[tiles.Length - 1 - open]);
        var count = 0;
        var run = tiles[0];
        foreach (var tile in tiles[1..])
        {
            if (tile.First - run.Last - 1 >= widest && count < ranges.Length - 1)
            {
                ranges[count++] = run;
                run = tile;
            }
            run = run with { Last = tile.Last };
        }
        ranges[count++] = run;
        return count;
    }

    private static uint Grid(double unit) => (uint)Math.Clamp(unit * (1u << Levels), 0, (1u << Levels) - 1);

    private static ulong Spread(uint bits)
    {
        if (Bmi2.X64.IsSupported)
        {
            return Bmi2.X64.ParallelBitDeposit(bits, 0x5555_5555_5555_5555);
        }
        ulong spread = bits;
        spread = (spread | spread << 16) & 0x0000_FFFF_0000_FFFF;
        spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF;
        spread = (spread | spread << 4) & 0x0F0F_0F0F_0F0F_0F0F;
        spread = (spread | spread << 2) & 0x3333_3333_3333_3333;
        return (spread | spread << 1) & 0x5555_5555_5555_5555;
    }
}
