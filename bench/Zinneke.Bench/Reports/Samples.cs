using System.Diagnostics;

namespace Zinneke.Bench.Reports;

/// <summary>How long each of many different queries took.</summary>
/// <param name="Exact">The first of them gave exactly the answer of going through everything.</param>
internal sealed record Sampled(string Name, string Unit, double P50, double P99, double Min, int N, bool Exact);

/// <summary>Takes the time of queries one by one, after a warm-up.</summary>
internal static class Samples
{
    public const int Checked = 200;
    private const int WarmUp = 300;

    /// <param name="queries">At least one; asked in turn, from the first on again when there are fewer than are to be asked.</param>
    /// <param name="agrees">Whether the answer is that of a full scan; asked of the first 200. Null: nobody asks, and nothing is called exact.</param>
    /// <exception cref="InvalidOperationException">An answer is wrong.</exception>
    public static async Task<Sampled> TakeAsync<TQuery, TAnswer>(string name, IReadOnlyList<TQuery> queries, int count, Func<TQuery, ValueTask<TAnswer>> ask, Func<TQuery, TAnswer, bool>? agrees)
    {
        var exact = agrees is null ? 0 : Math.Min(Checked, queries.Count);
        for (var i = 0; i < exact; i++)
        {
            if (!agrees!(queries[i], await ask(queries[i])))
            {
                throw new InvalidOperationException($"{name}: wrong answer to {queries[i]}");
            }
        }
        for (var i = 0; i < Math.Min(WarmUp, count); i++)
        {
            await ask(queries[^(1 + i % queries.Count)]);
        }
        var times = new double[count];
        for (var i = 0; i < count; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            await ask(queries[i % queries.Count]);
            times[i] = Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
        }
        return Of(name, times, exact > 0);
    }

    public static Sampled Of(string name, double[] micros, bool exact)
    {
        Array.Sort(micros);
        return new Sampled(name, "us", Math.Round(micros[micros.Length / 2], 1), Math.Round(micros[micros.Length * 99 / 100], 1), Math.Round(micros[0], 1), micros.Length, exact);
    }
}
