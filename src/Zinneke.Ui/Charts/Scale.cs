using System.Globalization;

namespace Zinneke.Ui;

/// <summary>A straight scale from values to per cent of a drawing, with round ticks.</summary>
public sealed class Scale
{
    /// <param name="min">Smallest value to show.</param>
    /// <param name="max">Largest value to show.</param>
    /// <param name="ticks">About how many ticks; 2 to 10.</param>
    /// <param name="fromZero">The scale begins at zero, as bars must.</param>
    public Scale(double min, double max, int ticks = 4, bool fromZero = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ticks, 2);
        if (fromZero)
        {
            (min, max) = (Math.Min(0, min), Math.Max(0, max));
        }
        if (max - min < 1e-12)
        {
            max = min + 1;
        }
        Step = NiceStep((max - min) / ticks);
        Min = Math.Floor(min / Step + 1e-9) * Step;
        Max = Math.Ceiling(max / Step - 1e-9) * Step;
        var count = (int)Math.Round((Max - Min) / Step);
        Ticks = [.. Enumerable.Range(0, count + 1).Select(i => Min + i * Step)];
    }

    public double Min { get; }

    public double Max { get; }

    /// <summary>1, 2 or 5 times a power of ten.</summary>
    public double Step { get; }

    public IReadOnlyList<double> Ticks { get; }

    /// <summary>0 at the smallest value, 100 at the largest.</summary>
    public double Percent(double value) => (value - Min) / (Max - Min) * 100;

    /// <summary>A value with as many decimals as the step has, in the reader's way of writing.</summary>
    public string Say(double value)
    {
        var decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(Step) + 1e-9));
        return value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.CurrentCulture);
    }

    private static double NiceStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var part = rough / power;
        return (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10) * power;
    }
}
