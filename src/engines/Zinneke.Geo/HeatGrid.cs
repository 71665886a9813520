namespace Zinneke.Geo;

/// <summary>Points smoothed over the ground, as a grid of cells from the north-west, row by row.</summary>
/// <param name="CellMetres">Width and height of a cell: 100, or 100 times a power of two.</param>
/// <param name="Bounds">Outer edges of the grid: whole cells, so a little more than the box asked for.</param>
/// <param name="Values">Points per hectare.</param>
public sealed record HeatMap(int CellMetres, int Columns, int Rows, Box Bounds, double[] Values)
{
    /// <summary>The highest value; 0 when there are no points.</summary>
    public double Max => Values.Length == 0 ? 0 : Values.Max();
}

/// <summary>
/// Counts points by cells of 100 m and smooths them with a Gaussian of σ = 150 m, so that a hot spot shows and a single point does not. Cells lie fast on the ground: a map that
/// is dragged shows the same values. A box of more cells than asked for gets cells twice, four times ... as wide, with the mean of what they hold.
/// </summary>
public sealed class HeatGrid
{
    public const int CellMetres = 100;
    private const double SigmaMetres = 150;

    /// <summary>Cells each way beyond which a point is not felt: 500 m, 3.3 σ.</summary>
    private const int Reach = 5;

    private static readonly double[] Weights = WeightsOf();
    private readonly Dictionary<(int X, int Y), int> counts = [];
    private ((int X, int Y) Cell, int Count) adding;
    private readonly double lonStep;
    private readonly int shift;
    private readonly int left, bottom, columns, rows;

    /// <param name="box">Inside ±180 and ±89 degrees.</param>
    /// <param name="cellsMax">At least 4.</param>
    public HeatGrid(in Box box, int cellsMax = 4096)
    {
        // One width of cells for a whole degree of latitude: neighbouring boxes share their cells.
        lonStep = CellMetres / new LocalPlane(new LonLat(0, Math.Clamp(Math.Round(box.Centre.Lat), -89, 89))).MetresPerLon;
        var (low, high) = (CellAt(new LonLat(box.West, box.South)), CellAt(new LonLat(box.East, box.North)));
        while (true)
        {
            (left, bottom) = (low.X >> shift, low.Y >> shift);
            (columns, rows) = ((high.X >> shift) - left + 1, (high.Y >> shift) - bottom + 1);
            if ((long)columns * rows <= cellsMax)
            {
                break;
            }
            shift++;
        }
        Bounds = new Box(Edge(left, lonStep), Edge(bottom, LatStep), Edge(left + columns, lonStep), Edge(bottom + rows, LatStep));
        Felt = new Box(Bounds.West - (Reach + 1) * lonStep, Bounds.South - (Reach + 1) * LatStep, Bounds.East + (Reach + 1) * lonStep, Bounds.North + (Reach + 1) * LatStep);
    }

    /// <summary>Outer edges of the cells.</summary>
    public Box Bounds { get; }

    /// <summary>Where points may lie that make a difference.</summary>
    public Box Felt { get; }

    private static double LatStep => CellMetres / LocalPlane.MetresPerDegree;

    public void Add(LonLat p)
    {
        // Points come cell by cell: those of one cell are counted together.
        var cell = CellAt(p);
        if (cell != adding.Cell)
        {
            PutAdded();
            adding = (cell, 0);
        }
        adding.Count++;
    }

    private void PutAdded()
    {
        if (adding.Count > 0)
        {
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, adding.Cell, out _) += adding.Count;
            adding.Count = 0;
        }
    }

    public HeatMap Smoothed()
    {
        PutAdded();
        var values = new double[columns * rows];
        var share = 1.0 / (1 << shift) / (1 << shift);
        Span<double> across = stackalloc double[2 * Reach + 1];
        foreach (var ((x, y), count) in counts)
        {
            // A wide cell takes the weights of all small ones that it covers.
            var first = x - Reach >> shift;
            across.Clear();
            for (var i = -Reach; i <= Reach; i++)
            {
                across[(x + i >> shift) - first] += Weights[i + Reach];
            }
            for (var j = -Reach; j <= Reach; j++)
            {
                var row = (y + j >> shift) - bottom;
                if (row < 0 || row >= rows)
                {
                    continue;
                }
                var weight = count * share * Weights[j + Reach];
                var start = (rows - 1 - row) * columns; // From the north.
                for (var column = Math.Max(first - left, 0); column <= Math.Min((x + Reach >> shift) - left, columns - 1); column++)
                {
                    values[start + column] += weight * across[column + left - first];
                }
            }
        }
        return new HeatMap(CellMetres << shift, columns, rows, Bounds, values);
    }

    private (int X, int Y) CellAt(LonLat p) => ((int)Math.Floor(p.Lon / lonStep), (int)Math.Floor(p.Lat / LatStep));

    private double Edge(int cell, double step) => (double)cell * (1 << shift) * step;

    private static double[] WeightsOf()
    {
        var weights = new double[2 * Reach + 1];
        for (var i = -Reach; i <= Reach; i++)
        {
            weights[i + Reach] = Math.Exp(-Math.Pow(i * CellMetres / SigmaMetres, 2) / 2);
        }
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
