using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Reports that another set of rules would give to another body.</summary>
/// <param name="From">By the rules in force.</param>
/// <param name="To">By the others.</param>
/// <param name="Example">Number of the newest of them.</param>
public sealed record RuleMove(string From, string To, int Count, string Example);

/// <summary>What another set of rules would have done.</summary>
/// <param name="Looked">Reports with a place that were routed by both.</param>
/// <param name="Complete">False when there were more than are looked at; then the newest were.</param>
/// <param name="Moves">The most frequent first.</param>
public sealed record RuleEffect(int Looked, bool Complete, IReadOnlyList<RuleMove> Moves);

/// <summary>
/// Routes the reports of the last 90 days by the rules in force and by others, before those come into force (R41). Both as routing would decide by the facts of today: what staff did since, and answers at
/// boundaries, count on neither side. A routing takes some microseconds: 40,000 reports take less than a second, most of it reading.
/// </summary>
internal static class CompareRules
{
    public const int Days = 90;

    /// <summary>Some times what a region gets in 90 days.</summary>
    public const int ReportsMax = 200_000;

    private const int PageSize = 5_000;

    /// <param name="text">The other rules as their file, already checked.</param>
    public static async Task<RuleEffect> RunAsync(Store store, RoutingSnapshot map, string text, long now, CancellationToken cancellation)
    {
        var rules = RulesFile.Read(JsonTree.Parse(Encoding.UTF8.GetBytes(text), new Faults())!, [.. map.Bodies], map.Categories, new Faults());
        var (before, after) = (new Router(map), new Router(map.With(rules, (await AreaMap.ReadAsync(store, cancellation)).All)));
        var moves = new Dictionary<(string From, string To), (int Count, string Example)>();
        var (looked, at, last) = (0, long.MaxValue, Guid.Empty);
        var since = now - TimeSpan.FromDays(Days).ToMicros();
        while (looked < ReportsMax)
        {
            var page = await PageAsync(store, since, at, last, cancellation);
            foreach (var one in page)
            {
                var asked = new RouteRequest(new LonLat(one.Lon, one.Lat), one.Category, one.Answers.Length > 2 ? JsonSerializer.Deserialize<Answers>(one.Answers, Json.Options)! : Answers.None, one.AccuracyMetres, one.CreatedAt);
                if ((before.At(asked).Body, after.At(asked).Body) is var (from, to) && from != to)
                {
                    moves[(from, to)] = moves.TryGetValue((from, to), out var known) ? (known.Count + 1, known.Example) : (1, one.Number);
                }
            }
            looked += page.Count;
            if (page.Count < PageSize)
            {
                return Of(true);
            }
            (at, last) = (page[^1].CreatedAt, page[^1].Id);
        }
        return Of(false);

        RuleEffect Of(bool complete) => new(
            looked, complete, [.. moves.Select(move => new RuleMove(move.Key.From, move.Key.To, move.Value.Count, move.Value.Example)).OrderByDescending(move => move.Count).ThenBy(move => move.From, StringComparer.Ordinal).ThenBy(move => move.To, StringComparer.Ordinal)]);
    }

    /// <summary>Newest first, after the last one of the page before.</summary>
    private static Task<List<Asked>> PageAsync(Store store, long since, long at, Guid last, CancellationToken cancellation) =>
        store.Set<Report>().AsNoTracking()
            .Where(r => r.CreatedAt >= since && r.Lon != null && r.Lat != null && (r.CreatedAt < at || (r.CreatedAt == at && r.Id.CompareTo(last) < 0)))
            .OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id).Take(PageSize)
            .GroupJoin(store.Set<ReportWordsRow>().AsNoTracking(), r => r.Id, w => w.ReportId, (r, words) => new { r, words })
            .SelectMany(both => both.words.DefaultIfEmpty(), (both, words) => new Asked(both.r.Id, both.r.Number, both.r.Lon!.Value, both.r.Lat!.Value, both.r.Category, both.r.AccuracyMetres, both.r.CreatedAt, words!.Answers ?? "{}"))
            .ToListAsync(cancellation);

    private sealed record Asked(Guid Id, string Number, double Lon, double Lat, string Category, double? AccuracyMetres, long CreatedAt, string Answers);
}
