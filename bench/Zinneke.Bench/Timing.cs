using System.Diagnostics;

namespace Zinneke.Bench;

/// <summary>How long something takes on one core, when it is warm.</summary>
internal static class Timing
{
    private const int Rounds = 7;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(0.5);

    /// <summary>The median over some rounds of how often a second it can be done.</summary>
    /// <param name="operations">How many are done by one call.</param>
    public static double PerSecond(int operations, Func<double> run)
    {
        _ = Measure(WarmUp, run);
        return Enumerable.Range(0, Rounds).Select(_ => Measure(Round, run)).Order().ElementAt(Rounds / 2) * operations;
    }

    /// <summary>Bytes that one operation allocates.</summary>
    public static double Allocated(int operations, Func<double> run)
    {
        run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)operations;
    }

    private static double Measure(TimeSpan span, Func<double> run)
    {
        var watch = Stopwatch.StartNew();
        var (calls, kept) = (0, 0.0);
        while (watch.Elapsed < span)
        {
            kept += run(); // The result is used, so that the work cannot be left out.
            calls++;
        }
        var seconds = watch.Elapsed.TotalSeconds;
        return double.IsNaN(kept) ? throw new InvalidOperationException("no result") : calls / seconds;
    }
}
