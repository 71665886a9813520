using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Groups of a body's open reports that may be one problem (reports.md 4.5, R27), out of memory: complete linkage within each category, so that a street of problems stays a street. Private reports
/// are not looked at.
/// </summary>
internal sealed class SuggestDuplicates(ReportMap map, RoutingMap routing, BodyMap bodies, AlgorithmGate gate, Caller caller)
{
    /// <summary>Says what may be one problem, to whoever sends a report and to staff (<see cref="NearbyReports"/> too); it decides nothing, so its runs are not logged.</summary>
    public static Algorithm Algorithm { get; } = new("reports.duplicates", "1", typeof(SuggestDuplicates).Assembly, "Zinneke.Reports.duplicates.algorithm.json")
    {
        Catalogue = RoutingMap.CategoriesKind,
        ShownTo = ["reporter", "holder"],
    };

    /// <summary>Largest distance between two of a group; less where the category says so.</summary>
    public const double RadiusMetresMax = 20;

    /// <summary>The newest of a category that are compared with each other: pairs take memory.</summary>
    private const int OfCategoryMax = 2_000;

    /// <summary>Groups of ids, the largest first; among equals that with the newest report. None while the register of algorithms does not let the program look.</summary>
    public IReadOnlyList<IReadOnlyList<Guid>> All() => gate.Try(Algorithm, () => new Verdict<IReadOnlyList<IReadOnlyList<Guid>>>(Find(), "groups")) ?? [];

    [AutomatedFunction("reports.duplicates")]
    private IReadOnlyList<IReadOnlyList<Guid>> Find()
    {
        var tree = routing.Current.Map.Categories;
        var groups = new List<IReadOnlyList<WaitingReport>>();
        foreach (var body in bodies.All)
        {
            var own = map.Waiting(body.Id).Where(one => caller.CanAsStaff(ReportPermissions.Act, new Where(body.Id, one.Report.Category, one.Area)));
            foreach (var alike in own.GroupBy(one => one.Report.Category, StringComparer.Ordinal))
            {
                var category = tree.Find(alike.Key);
                var newest = alike.OrderByDescending(one => one.CreatedAt).ThenBy(one => one.Report.Number, StringComparer.Ordinal).Take(OfCategoryMax).ToDictionary(one => one.Report.Number, StringComparer.Ordinal);
                var found = DuplicateGroups.Among(
                    newest.Values.Select(one => new Sighting(one.Report.Number, one.Place, alike.Key, one.CreatedAt)), Math.Min(category?.DuplicateRadiusMetres ?? RadiusMetresMax, RadiusMetresMax),
                    TimeSpan.FromDays(category?.DuplicateDays ?? Category.DuplicateDaysDefault).ToMicros());
                groups.AddRange(found.Select(group => (IReadOnlyList<WaitingReport>)[.. group.Select(number => newest[number])]));
            }
        }
        return [.. groups.OrderByDescending(group => group.Count).ThenByDescending(group => group.Max(one => one.CreatedAt)).Select(group => (IReadOnlyList<Guid>)[.. group.Select(one => one.Report.Id)])];
    }
}
