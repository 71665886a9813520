using Microsoft.AspNetCore.Http;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Layer <c>reports-heat</c>: where public reports are dense, as squares with <c>heat</c>, 0 to 1, in steps that are the same on every tile: each is about three times as many reports per hectare
/// as the one before. Filters as of the layer of reports.
/// </summary>
internal sealed class HeatLayer(ReportMap map, Settings settings) : MapLayer
{
    private const int TileCellsMax = 1100, PictureCellsMax = 2000;

    private readonly WorkCalendar zone = new(settings.Get(KernelSettings.TimeZone));

    /// <summary>Reports per hectare from which each step begins.</summary>
    public static IReadOnlyList<double> Steps { get; } = [0.1, 0.3, 1, 3, 10, 30, 100];

    public override string Name => "reports-heat";

    public override IReadOnlyList<string> Filters => MapFilter.Names;

    public override IReadOnlyList<string> Tags => ["reports"];

    /// <summary>How a step is painted; the hottest lets something of the map through.</summary>
    public static double HeatOf(int step) => Math.Round((step + 1.0) / Steps.Count * 0.85, 2);

    /// <returns>-1 below the first step.</returns>
    public static int StepOf(double perHectare)
    {
        var step = Steps.Count - 1;
        while (step >= 0 && perHectare < Steps[step])
        {
            step--;
        }
        return step;
    }

    public override ValueTask<Refusal?> DrawAsync(VectorTile tile, IQueryCollection filter, CancellationToken cancellation)
    {
        if (!MapFilter.Of(filter, zone).Is(out var wanted, out var refusal))
        {
            return new(refusal);
        }
        var layer = tile.Layer(Name);
        var number = 0ul;
        foreach (var (box, heat) in Squares(Mercator.TileBox(tile.Z, tile.X, tile.Y), wanted, TileCellsMax))
        {
            layer.Add(MapShape.For(Shape.Of(box), tile.Z), ++number, TileAttribute.Of("heat", heat));
        }
        return default;
    }

    public override ValueTask<Outcome<MapFigure[]>> FiguresAsync(Box view, MapFrame frame, IQueryCollection filter, string language, CancellationToken cancellation) =>
        MapFilter.Of(filter, zone).Is(out var wanted, out var refusal)
            ? new((MapFigure[])[.. Squares(view, wanted, PictureCellsMax).Select(square => new MapFigure(Shape.Of(square.Box)) { Heat = square.Heat })])
            : new(refusal);

    private IEnumerable<(Box Box, double Heat)> Squares(Box view, MapFilter wanted, int cellsMax)
    {
        var box = new Box(Math.Max(view.West, -180), Math.Max(view.South, -85), Math.Min(view.East, 180), Math.Min(view.North, 85));
        return CellsOf(map.Heat(box, wanted, cellsMax).Heat).Where(cell => StepOf(cell.PerHectare) >= 0).Select(cell => (cell.Box, HeatOf(StepOf(cell.PerHectare))));
    }

    /// <summary>The cells of a grid with their places.</summary>
    public static IEnumerable<(Box Box, double PerHectare)> CellsOf(HeatMap heat)
    {
        var (width, height) = ((heat.Bounds.East - heat.Bounds.West) / heat.Columns, (heat.Bounds.North - heat.Bounds.South) / heat.Rows);
        for (var i = 0; i < heat.Values.Length; i++)
        {
            var (west, north) = (heat.Bounds.West + i % heat.Columns * width, heat.Bounds.North - i / heat.Columns * height);
            yield return (new Box(west, north - height, west + width, north), heat.Values[i]);
        }
    }
}
