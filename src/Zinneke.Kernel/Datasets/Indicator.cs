using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>What the values of an indicator are.</summary>
public enum IndicatorUnit
{
    Count,

    /// <summary>0 to 1.</summary>
    Share,

    /// <summary>Elapsed days.</summary>
    Days,

    /// <summary>A mean count.</summary>
    Mean,
}

/// <summary>Which way is better for those who live here.</summary>
public enum Better
{
    /// <summary>It says how much there is, not how good it is.</summary>
    Neither,
    Higher,
    Lower,
}

/// <summary>A month of an indicator.</summary>
/// <param name="Month">Year · 12 + month - 1.</param>
/// <param name="Value">Null when it cannot be said yet.</param>
/// <param name="Count">Of how many things it is counted.</param>
public readonly record struct IndicatorValue(int Month, double? Value, long Count)
{
    /// <summary><c>2026-05</c></summary>
    public string MonthWord => WordOf(Month);

    public static string WordOf(int month) => string.Create(CultureInfo.InvariantCulture, $"{month / 12:0000}-{month % 12 + 1:00}");
}

/// <summary>Of which area and body, and for which months, values are asked; null for all.</summary>
/// <param name="Area">Id of a municipality.</param>
/// <param name="From">The first month, as year · 12 + month - 1.</param>
/// <param name="To">The last.</param>
public sealed record IndicatorQuery(string? Area = null, string? Body = null, int? From = null, int? To = null)
{
    /// <summary>Names of the query.</summary>
    public static IReadOnlyList<string> Names { get; } = ["area", "body", "from", "to"];

    /// <returns>422 with every value that is not known.</returns>
    public static Outcome<IndicatorQuery> Of(IQueryCollection query, AreaVersions areas, BodyMap bodies)
    {
        var read = new QueryWords(query);
        return read.Read(new IndicatorQuery(
            read.Known("area", "kernel.unknownArea", id => areas.All.Any(area => area.Id == id && area.Kind == Kernel.Area.Municipality)), read.Known("body", "kernel.noSuchBody", id => bodies.Find(id) is not null),
            read.Month("from", "kernel.badMonth"), read.Month("to", "kernel.badMonth")));
    }
}

/// <summary>
/// A figure that measures how well the city works, month by month. Contributed with <c>AddSingleton&lt;Indicator, X&gt;()</c>; API and page follow from it. Its words are <c>{TextKey}.title</c> and
/// <c>{TextKey}.text</c>, its definition in plain words, in four languages.
/// </summary>
public abstract class Indicator
{
    /// <summary><c>[a-z0-9][a-z0-9-]*</c>, never renamed.</summary>
    public abstract string Id { get; }

    public abstract string TextKey { get; }

    public abstract IndicatorUnit Unit { get; }

    public abstract Better Better { get; }

    /// <summary>Id of the <see cref="Kernel.Dataset"/> that it is counted from.</summary>
    public abstract string Dataset { get; }

    /// <summary>What evicts kept pages: an area of events such as <c>reports</c>.</summary>
    public abstract string Tag { get; }

    /// <summary>From memory, in some milliseconds: months in which there is something, ascending.</summary>
    public abstract IReadOnlyList<IndicatorValue> Values(IndicatorQuery query);

    /// <summary>The same without gaps: a month in which there is nothing counts none, and says nothing of shares and days.</summary>
    public IReadOnlyList<IndicatorValue> EveryMonth(IndicatorQuery query)
    {
        var values = Values(query).ToDictionary(value => value.Month);
        return values.Count == 0 ? [] :
        [
            .. Enumerable.Range(values.Keys.Min(), values.Keys.Max() - values.Keys.Min() + 1)
                .Select(month => values.TryGetValue(month, out var value) ? value : new IndicatorValue(month, Unit == IndicatorUnit.Count ? 0 : null, 0)),
        ];
    }
}
