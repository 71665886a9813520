using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// The public numbers that a file gives its reports. A report that is there keeps its own. For others a number must lie behind those that were handed out, because a
/// node may hold some of these in memory; the import then moves the beginning of what is handed out behind the last.
/// </summary>
internal sealed partial class HistoryNumbers
{
    private readonly Dictionary<int, int> next;
    private readonly Dictionary<string, string> held;
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly Dictionary<int, (int Min, int Max)> given = [];

    private HistoryNumbers(Dictionary<int, int> next, Dictionary<string, string> held) => (this.next, this.held) = (next, held);

    /// <param name="source">Where the file comes from.</param>
    public static async Task<HistoryNumbers> ReadAsync(Store store, HistoryMap map, bool given, CancellationToken cancellation) => given
        ? new HistoryNumbers(
            await store.Set<NumberBlock>().AsNoTracking().ToDictionaryAsync(block => block.Year, block => block.Next, cancellation),
            await store.Set<ReportOrigin>().AsNoTracking().Where(origin => origin.Source == map.Source)
                .Join(store.Set<Report>().AsNoTracking(), origin => origin.ReportId, report => report.Id, (origin, report) => new { origin.ExternalId, report.Number })
                .ToDictionaryAsync(both => both.ExternalId, both => both.Number, StringComparer.Ordinal, cancellation))
        : new HistoryNumbers([], []);

    /// <summary>Looks at the number that a line gives.</summary>
    /// <param name="year">Of creation, local.</param>
    /// <param name="expected">What it should be; null when it is good.</param>
    /// <returns>The number; null when the line gives none.</returns>
    public string? Check(string externalId, string text, int year, out string? expected)
    {
        expected = null;
        if (text.Length == 0)
        {
            return null;
        }
        if (!Form().IsMatch(text) || int.Parse(text.AsSpan(0, 4), CultureInfo.InvariantCulture) != year)
        {
            expected = string.Create(CultureInfo.InvariantCulture, $"the year of creation and a number of six digits, such as {Numbers.Format(year, 1)}");
        }
        else if (!seen.Add(text))
        {
            expected = "each once in the file";
        }
        else if (held.GetValueOrDefault(externalId) is { } own)
        {
            expected = own == text ? null : $"{own}, which the report has here";
        }
        else
        {
            var number = int.Parse(text.AsSpan(5), CultureInfo.InvariantCulture);
            var (min, max) = given.GetValueOrDefault(year, (number, number));
            given[year] = (Math.Min(min, number), Math.Max(max, number));
            expected = number >= next.GetValueOrDefault(year, 1) ? null : $"a number from {Numbers.Format(year, next.GetValueOrDefault(year, 1))} on, since those before are handed out";
        }
        return text;
    }

    /// <summary>Takes the numbers given out of what is handed out.</summary>
    /// <returns>A conflict when they were handed out in the meantime.</returns>
    public async Task<Outcome<Done>> ReserveAsync(Unit unit, CancellationToken cancellation)
    {
        foreach (var (year, (min, max)) in given)
        {
            var block = await Numbers.BlockAsync(unit, year, cancellation);
            if (min < block.Next)
            {
                return new Refusal(RefusalKind.Conflict, "reports.stale");
            }
            block.Next = max + 1;
        }
        return default(Done);
    }

    [GeneratedRegex(@"^\d{4}-\d{6,9}$")]
    private static partial Regex Form();
}
