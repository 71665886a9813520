using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A report that may be the same problem.</summary>
/// <param name="DistanceMetres">From the place asked for.</param>
/// <param name="Score">0 to 1; higher is likelier.</param>
public sealed record Nearby(Guid Id, string Number, double DistanceMetres, double Score, ReportState State, string Category, long CreatedAt, string? Thumb);

/// <summary>Reports of the same branch near a place, open or just solved (reports.md 4.5, R5): shown before another one is written, as far as the register of algorithms lets the program look.</summary>
internal sealed class NearbyReports(Store store, ReportMap map, AlgorithmGate gate, TimeProvider time)
{
    private const int SuggestionsMax = 5;
    private const int CandidatesMax = 500;
    private const double MetresPerDegree = Math.PI / 180 * 6_371_008.8;
    private static readonly TimeSpan SolvedFor = TimeSpan.FromDays(14);
    private static readonly ulong OpenOrSolved = MapFilter.BitsOf([.. ReportWords.OpenStates, ReportState.Resolved]);

    public async Task<IReadOnlyList<Nearby>> AtAsync(LonLat place, Category category, CategoryTree tree, CancellationToken cancellation)
    {
        double radius = Math.Clamp(category.DuplicateRadiusMetres, 20, 250);
        var branch = tree.BranchOf(category);
        var now = time.NowMicros();
        var solvedSince = now - SolvedFor.ToMicros();
        var found = map.Near(place, radius, CandidatesMax, new MapFilter(OpenOrSolved, branch.Code));
        var candidates = (await store.Set<Report>().AsNoTracking().Where(r => found.Contains(r.Id) && r.Visibility == Visibility.Public).ToListAsync(cancellation))
            .Where(r => r.State.IsOpen() || (r.State == ReportState.Resolved && r.EndedAt >= solvedSince)).ToList();
        var ids = candidates.Select(c => c.Id).ToList();
        var pictures = await store.Set<ReportPhoto>().AsNoTracking().Where(p => ids.Contains(p.ReportId) && !p.After && !p.Hidden)
            .Join(store.Set<StoredFile>().AsNoTracking(), p => p.FileId, f => f.Id, (p, f) => new { p.ReportId, f.Picture, f.State }).ToListAsync(cancellation);
        return gate.Try(SuggestDuplicates.Algorithm, () => Rank(
            from report in candidates
            let distance = Distance(place, report)
            where distance <= radius
            let picture = pictures.Find(p => p.ReportId == report.Id)
            let thumb = picture is { State: RenditionState.Ready, Picture: { } hash } ? $"/files/{hash}/thumb.jpg" : null
            let score = Score(radius, distance, Levels(tree, category, report.Category), now - report.CreatedAt, picture is not null, report.State)
            select new Nearby(report.Id, report.Number, distance, score, report.State, report.Category, report.CreatedAt, thumb))) ?? [];
    }

    [AutomatedFunction("reports.duplicates")]
    private static Verdict<IReadOnlyList<Nearby>> Rank(IEnumerable<Nearby> scored) =>
        new([.. scored.OrderByDescending(near => near.Score).ThenByDescending(near => near.CreatedAt).Take(SuggestionsMax)], "suggestions");

    /// <summary>S = [4 (R - d) / R + L + A + P + N] / 10 of the specification.</summary>
    internal static double Score(double radius, double distance, int equalLevels, long ageMicros, bool hasPhoto, ReportState state)
    {
        var months = ageMicros / (30.44 * TimeSpan.MicrosecondsPerDay);
        return ((4 * (radius - distance) / radius) + equalLevels + (months <= 1 ? 1 : 1 / months) + (hasPhoto ? 1 : 0) + (state == ReportState.Assigned ? 1 : 0)) / 10;
    }

    private static int Levels(CategoryTree tree, Category category, string other)
    {
        if (tree.Find(other) is not { } found)
        {
            return 0;
        }
        return tree.PathTo(category).Zip(tree.PathTo(found)).TakeWhile(pair => pair.First.Code == pair.Second.Code).Count();
    }

    private static double Distance(LonLat place, Report report)
    {
        var x = (report.Lon!.Value - place.Lon) * Math.Cos(place.Lat * Math.PI / 180) * MetresPerDegree;
        var y = (report.Lat!.Value - place.Lat) * MetresPerDegree;
        return Math.Sqrt((x * x) + (y * y));
    }
}
