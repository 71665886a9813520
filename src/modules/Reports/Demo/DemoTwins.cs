using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Problems of the demonstration that several people reported in the last days: half of those groups are merged, as an officer would, the others wait to be looked at.</summary>
internal sealed class DemoTwins(RoutingSnapshot map, IReadOnlyDictionary<string, Actor> officers)
{
    private const int Every = 3, Others = 2;
    private const double StepDegrees = 0.00003; // Two to three metres.
    private static readonly TimeSpan Recent = TimeSpan.FromDays(14), Later = TimeSpan.FromHours(5);

    /// <summary>The history with further reports of what some of the last ones are about, in the order of time.</summary>
    /// <param name="now">The history ends here, UTC microseconds.</param>
    public static IEnumerable<HistoricReport> In(IEnumerable<HistoricReport> history, long now, Random chance)
    {
        var nth = 0;
        return history.SelectMany(past => past.CreatedAt.ToMicros() < now - Recent.ToMicros() || nth++ % Every != 0 ? [past] : Enumerable.Range(0, Others + 1).Select(twin => Twin(past, twin, chance)))
            .OrderBy(past => past.CreatedAt);
    }

    /// <summary>Somebody else some hours later, a few steps away and in another language.</summary>
    private static HistoricReport Twin(HistoricReport first, int nth, Random chance)
    {
        if (nth == 0)
        {
            return first;
        }
        var language = Languages.All.SkipWhile(one => one != first.Language).Concat(Languages.All).ElementAt(nth);
        return first with
        {
            ExternalId = $"{first.ExternalId}-{nth}",
            CreatedAt = first.CreatedAt + (nth * Later),
            Point = new LonLat(first.Point.Lon + (nth * StepDegrees), first.Point.Lat + (nth * StepDegrees)),
            Language = language,
            Description = Phrases.Of(first.Category, language, chance),
        };
    }

    /// <summary>Merges every second group of three and more into its oldest report. Done once.</summary>
    public async Task MergeAsync(Database database, Writer writer, long now, CancellationToken cancellation)
    {
        await using var store = database.Open();
        if (await store.Set<Report>().AnyAsync(report => report.MergedInto != null, cancellation))
        {
            return;
        }
        var since = now - (2 * Recent).ToMicros();
        var open = await store.Set<Report>().AsNoTracking()
            .Where(report => report.CreatedAt > since && report.Holder != null && report.Lon != null && report.Visibility == Visibility.Public && ReportWords.OpenStates.Contains(report.State)).ToListAsync(cancellation);
        var groups = open.GroupBy(report => report.Holder!, StringComparer.Ordinal).OrderBy(held => held.Key, StringComparer.Ordinal)
            .SelectMany(held => DuplicateGroups.Among(
                held.Select(report => new Sighting(report.Number, new LonLat(report.Lon!.Value, report.Lat!.Value), report.Category, report.CreatedAt)), SuggestDuplicates.RadiusMetresMax, Recent.ToMicros())
                .Where(group => group.Count > Others).Select(numbers => (held.Key, Numbers: numbers)));
        foreach (var (holder, numbers) in groups.Where((_, nth) => nth % 2 == 0))
        {
            foreach (var number in numbers.Skip(1))
            {
                await writer.DoAsync(officers.GetValueOrDefault(holder, Actor.System), unit => MergeAsync(unit, number, numbers[0], holder, cancellation), cancellation);
            }
        }
    }

    private async Task MergeAsync(Unit unit, string number, string into, string by, CancellationToken cancellation)
    {
        var (report, target) = ((await ReadReport.FindAsync(unit.Store, number, tracked: true, cancellation))!, (await ReadReport.FindAsync(unit.Store, into, tracked: true, cancellation))!);
        var others = await MergedReports.OfAsync(unit, report, target, cancellation);
        if (report.Act(ReportAction.Merge, Who.HolderStaff, new ActionInput { Target = target }, World.Of(map, unit.Now, report)).Is(out var change, out _))
        {
            others.Follow(ReportAction.Merge, one => World.Of(map, unit.Now, one), by);
            ReportEntry.Add(unit, report, ReportWords.Word(ReportAction.Merge), reason: into, state: report.State, actingBody: by);
            unit.Publish(new Subject("report", report.Id), report.Version + 1, change with { After = report.Standing() }, report.Holder);
        }
    }
}
