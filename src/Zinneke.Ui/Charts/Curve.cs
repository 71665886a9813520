using System.Globalization;
using System.Text;

namespace Zinneke.Ui;

/// <summary>Curves as SVG paths in a box of 1,000 by <c>height</c>, stretched by the browser to the width there is.</summary>
internal static class Curve
{
    public const int Width = 1000;

    /// <summary>Per cent along the bottom of a label.</summary>
    public static double AcrossPercent(int index, int count) => count <= 1 ? 50 : index * 100.0 / (count - 1);

    /// <summary>A line through the values; it is broken where one is missing, and a value alone becomes a short dash.</summary>
    public static string Path(IReadOnlyList<double?> values, Scale scale, double height)
    {
        var path = new StringBuilder();
        var drawing = false;
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is not { } value)
            {
                drawing = false;
                continue;
            }
            path.Append(CultureInfo.InvariantCulture, $"{(drawing ? 'L' : 'M')}{X(i, values.Count):0.#} {Y(value, scale, height):0.#}");
            var alone = !drawing && (i + 1 >= values.Count || values[i + 1] is null);
            path.Append(alone ? "h1" : "");
            drawing = true;
        }
        return path.ToString();
    }

    /// <summary>The surface between two edges, one piece for each run without gaps.</summary>
    public static string Band(IReadOnlyList<double?> low, IReadOnlyList<double?> high, Scale scale, double height)
    {
        var path = new StringBuilder();
        for (var start = 0; start < low.Count; start++)
        {
            var end = start;
            while (end < low.Count && low[end] is not null && high[end] is not null)
            {
                end++;
            }
            for (var i = start; i < end; i++)
            {
                path.Append(CultureInfo.InvariantCulture, $"{(i == start ? 'M' : 'L')}{X(i, low.Count):0.#} {Y(high[i]!.Value, scale, height):0.#}");
            }
            for (var i = end - 1; i >= start; i--)
            {
                path.Append(CultureInfo.InvariantCulture, $"L{X(i, low.Count):0.#} {Y(low[i]!.Value, scale, height):0.#}");
            }
            path.Append(end > start ? "Z" : "");
            start = end;
        }
        return path.ToString();
    }

    public static double Y(double value, Scale scale, double height) => height * (1 - scale.Percent(value) / 100);

    private static double X(int index, int count) => AcrossPercent(index, count) * Width / 100;
}
