using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>Reads the values of a filter from the query of an address, and gathers what is wrong with them.</summary>
public sealed class QueryWords(IQueryCollection query)
{
    private readonly List<Refusal> faults = [];

    /// <summary>A value that must be known; null when it is absent or empty.</summary>
    /// <param name="code">Of the refusal, which is told the value.</param>
    public string? Known(string name, string code, Func<string, bool> exists)
    {
        if (query[name].ToString() is not { Length: > 0 } value)
        {
            return null;
        }
        if (!exists(value))
        {
            faults.Add(Refusal.Invalid(code, name, Fault.Shorten(value)));
        }
        return value;
    }

    /// <summary>A month, <c>2026-05</c>, as year · 12 + month - 1; null when it is absent or empty.</summary>
    /// <param name="code">Of the refusal.</param>
    public int? Month(string name, string code)
    {
        if (query[name].ToString() is not { Length: > 0 } text)
        {
            return null;
        }
        if (DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
        {
            return month.Year * 12 + month.Month - 1;
        }
        faults.Add(Refusal.Invalid(code, name));
        return null;
    }

    /// <returns>422 with every fault, or what was read.</returns>
    public Outcome<T> Read<T>(T filter) => faults.Count == 0 ? filter : Refusal.Of(faults);
}
