using System.Linq.Expressions;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Which reports somebody's roles reach: those held by their bodies and the bodies below, within the categories and areas that a role is limited to.</summary>
internal sealed class DeskScope
{
    private readonly Expression<Func<Report, bool>>? covers;
    private readonly Func<DeskReport, bool> coversKept;

    private DeskScope(Expression<Func<Report, bool>>? covers, Func<DeskReport, bool> coversKept, IReadOnlyList<Body> bodies) => (this.covers, this.coversKept, Bodies) = (covers, coversKept, bodies);

    /// <summary>Bodies whose reports are in it, by id.</summary>
    public IReadOnlyList<Body> Bodies { get; }

    /// <param name="caller">Whose reaches of <see cref="ReportPermissions.Read"/> count.</param>
    /// <param name="coordinator">The body that is told of others that do not answer and have none above: those are its to see, and what waits to be public at bodies that have nobody to look.</param>
    public static DeskScope Of(Caller caller, BodyMap map, string coordinator)
    {
        var reaches = caller.ReachesOf(ReportPermissions.Read).ToList();
        var bodies = reaches.Any(r => r.Body is null) ? map.All : map.All.Where(b => reaches.Any(r => IsIn(b.Id, r.Body!, map)));
        var covers = reaches.Any(r => r is { Body: null, IsWhole: true })
            ? null
            : reaches.Select(r => CoveredBy(r, map, coordinator)).Aggregate((Expression<Func<Report, bool>>)(r => false), (a, b) => Join(a, b, Expression.OrElse));
        Func<DeskReport, bool>[] kept = [.. reaches.Select(r => KeptBy(r, map, coordinator))];
        return new DeskScope(covers, covers is null ? _ => true : report => Array.Exists(kept, one => one(report)), [.. bodies.OrderBy(b => b.Id, StringComparer.Ordinal)]);
    }

    /// <summary>The same as <see cref="Narrow"/> of one that is kept in memory.</summary>
    public bool Covers(DeskReport report) => coversKept(report);

    public IQueryable<Report> Narrow(IQueryable<Report> reports) => covers is null ? reports : reports.Where(covers);

    private static bool IsIn(string body, string above, BodyMap map) => body == above || map.AncestorsOf(body).Contains(above, StringComparer.Ordinal);

    private static Expression<Func<Report, bool>> CoveredBy(Reach reach, BodyMap map, string coordinator)
    {
        Expression<Func<Report, bool>> all = r => true;
        if (reach.Body is { } above)
        {
            List<string?> below = [.. Below(above, map)];
            all = below.Contains(coordinator) ? r => below.Contains(r.Holder) || r.EscalatedTo == coordinator || r.Visibility == Visibility.Pending : r => below.Contains(r.Holder);
        }
        if (reach.Areas.Count > 0)
        {
            List<string?> areas = [.. reach.Areas];
            all = Join(all, r => areas.Contains(r.Area), Expression.AndAlso);
        }
        return reach.Categories.Count == 0 ? all : Join(all, reach.Categories.Select(InBranch).Aggregate((a, b) => Join(a, b, Expression.OrElse)), Expression.AndAlso);
    }

    private static Func<DeskReport, bool> KeptBy(Reach reach, BodyMap map, string coordinator)
    {
        var below = reach.Body is { } above ? Below(above, map) : null;
        var (told, areas) = (below?.Contains(coordinator) == true, reach.Areas.ToHashSet(StringComparer.Ordinal));
        return report => (below is null || (report.Holder is { } holder && below.Contains(holder)) || (told && (report.EscalatedTo == coordinator || report.Pending)))
            && (areas.Count == 0 || (report.Area is { } area && areas.Contains(area)))
            && (reach.Categories.Count == 0 || reach.Categories.Any(branch => Category.IsIn(report.Category, branch)));
    }

    /// <summary>A body that is no longer known still reaches its own.</summary>
    private static HashSet<string> Below(string above, BodyMap map) => map.All.Select(b => b.Id).Where(b => IsIn(b, above, map)).Append(above).ToHashSet(StringComparer.Ordinal);

    private static Expression<Func<Report, bool>> InBranch(string code)
    {
        var below = code + "-";
        return r => r.Category == code || r.Category.StartsWith(below);
    }

    private static Expression<Func<Report, bool>> Join(Expression<Func<Report, bool>> a, Expression<Func<Report, bool>> b, Func<Expression, Expression, BinaryExpression> how) =>
        Expression.Lambda<Func<Report, bool>>(how(a.Body, new Renamed(b.Parameters[0], a.Parameters[0]).Visit(b.Body)), a.Parameters[0]);

    /// <summary>Two conditions on one report need one name for it.</summary>
    private sealed class Renamed(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : base.VisitParameter(node);
    }
}
