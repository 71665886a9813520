using Zinneke.Geo;

namespace Zinneke.Engines.Tests.Geo;

public class HeatGridTests
{
    private static readonly Box City = new(4.30, 50.80, 4.40, 50.90);

    [Theory]
    [InlineData(4.350, 50.850, 4.360, 50.855, 100)]
    [InlineData(4.30, 50.80, 4.40, 50.90, 200)]
    [InlineData(4.20, 50.70, 4.50, 51.00, 800)]
    public void Each_cell_is_the_mean_of_the_smoothed_hundred_metre_cells_in_it(double west, double south, double east, double north, int cellMetres)
    {
        var points = Points(3000);
        var box = new Box(west, south, east, north);
        var heat = Smoothed(box, points);
        heat.CellMetres.ShouldBe(cellMetres);
        (heat.Columns * heat.Rows).ShouldBeLessThanOrEqualTo(4096);
        heat.Values.Length.ShouldBe(heat.Columns * heat.Rows);
        heat.Bounds.With(box).ShouldBe(heat.Bounds, "the grid covers the box");

        // The definition, cell by cell: every small cell of the city against every other.
        var (latStep, lonStep) = (100 / LocalPlane.MetresPerDegree, 100 / new LocalPlane(new LonLat(0, 51)).MetresPerLon);
        var counts = points.CountBy(p => ((int)Math.Floor(p.Lon / lonStep), (int)Math.Floor(p.Lat / latStep))).ToDictionary();
        double[] weights = [.. Enumerable.Range(-5, 11).Select(i => Math.Exp(-i * i * 100.0 * 100 / (2 * 150 * 150)))];
        var norm = Math.Pow(weights.Sum(), 2);
        var side = cellMetres / 100;
        var (firstX, firstY) = ((int)Math.Round(heat.Bounds.West / lonStep), (int)Math.Round(heat.Bounds.South / latStep));
        var random = new Random(5);
        for (var sample = 0; sample < 40; sample++)
        {
            var (column, row) = (random.Next(heat.Columns), random.Next(heat.Rows));
            var sum = 0.0;
            for (var x = firstX + column * side; x < firstX + (column + 1) * side; x++)
            {
                for (var y = firstY + (heat.Rows - 1 - row) * side; y < firstY + (heat.Rows - row) * side; y++)
                {
                    sum += counts.Where(c => Math.Abs(c.Key.Item1 - x) <= 5 && Math.Abs(c.Key.Item2 - y) <= 5)
                        .Sum(c => c.Value * weights[c.Key.Item1 - x + 5] * weights[c.Key.Item2 - y + 5] / norm);
                }
            }
            heat.Values[row * heat.Columns + column].ShouldBe(sum / (side * side), 1e-9);
        }
    }

    [Fact]
    public void All_points_inside_are_in_the_sum()
    {
        var points = Points(1000).Where(p => new Box(4.31, 50.81, 4.39, 50.89).Contains(p)).ToList();
        var heat = Smoothed(City, points);
        (heat.Values.Sum() * Math.Pow(heat.CellMetres / 100.0, 2)).ShouldBe(points.Count, 1e-6);
        heat.Max.ShouldBe(heat.Values.Max());
    }

    [Fact]
    public void A_dragged_map_shows_the_same_values()
    {
        var points = Points(2000);
        var first = Smoothed(new Box(4.350, 50.850, 4.370, 50.865), points);
        var moved = Smoothed(new Box(4.353, 50.850, 4.373, 50.865), points);
        var by = (int)Math.Round((moved.Bounds.West - first.Bounds.West) / ((first.Bounds.East - first.Bounds.West) / first.Columns));
        for (var column = by; column < Math.Min(first.Columns, moved.Columns + by); column++)
        {
            moved.Values[column - by].ShouldBe(first.Values[column], 1e-12);
        }
    }

    [Fact]
    public void The_whole_world_and_nothing_at_all_are_grids_too()
    {
        Smoothed(new Box(-180, -89, 180, 89), Points(100)).Values.Sum().ShouldBeGreaterThan(0);
        var nothing = Smoothed(City, []);
        (nothing.Max, nothing.Values.Length).ShouldBe((0, nothing.Columns * nothing.Rows));
        Smoothed(new Box(4.35, 50.85, 4.35, 50.85), Points(10)).Values.Length.ShouldBe(1);
    }

    private static HeatMap Smoothed(Box box, List<LonLat> points)
    {
        var grid = new HeatGrid(box);
        foreach (var p in points.Where(grid.Felt.Contains))
        {
            grid.Add(p);
        }
        return grid.Smoothed();
    }

    /// <summary>Half of them around a few hot spots.</summary>
    private static List<LonLat> Points(int count)
    {
        var random = new Random(count);
        double Near(double middle) => middle + 0.004 * (random.NextDouble() + random.NextDouble() - 1);
        return [.. Enumerable.Range(0, count).Select(i => i % 2 == 0
            ? new LonLat(City.West + 0.1 * random.NextDouble(), City.South + 0.1 * random.NextDouble())
            : new LonLat(Near(4.32 + i % 7 * 0.01), Near(50.82 + i % 5 * 0.015)))];
    }
}
