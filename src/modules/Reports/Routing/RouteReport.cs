using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What is known of a report when its body is looked for.</summary>
/// <param name="Point">Null when only an address in words is known.</param>
/// <param name="Side">Answer to the question at a boundary: id of a body; null when nobody answered, or did not know.</param>
internal sealed record Sought(LonLat? Point, string Address, string Category, Answers Answers, double? AccuracyMetres, long At, string? Side = null)
{
    /// <summary>What the rules look at, for the hash in the log.</summary>
    public object Facts => new { Point?.Lon, Point?.Lat, Address = Point is null ? Address : null, Category, Answers, AccuracyMetres, At };

    public static Sought Of(NewReport sent, Answers answers, long now) => new(
        sent is { Lon: { } lon, Lat: { } lat } ? new LonLat(lon, lat) : null, sent.Address ?? "", sent.Category, answers, sent.AccuracyM, now,
        sent.SideAnswer is null or "" or NewReport.SideUnknown ? null : sent.SideAnswer);
}

/// <summary>
/// Finds the body for a report through the gate of the algorithm register. Where the register does not let the rules decide, the coordinating body gets it and people
/// there do.
/// </summary>
internal sealed class RouteReport(AlgorithmGate gate)
{
    public static Algorithm Algorithm { get; } = new("reports.route", "1", typeof(RouteReport).Assembly, "Zinneke.Reports.route.algorithm.json")
    {
        Catalogue = RoutingMap.RulesKind,
        ShownTo = ["reporter", "holder"],
        AsksAPerson = true,
    };

    /// <summary>Decides, and logs that a rule did or that it may not.</summary>
    /// <param name="version">Version that the report has after the unit.</param>
    /// <returns>422 <c>unknownSide</c> for an answer to another question.</returns>
    public Outcome<Route> Decide(Unit unit, Guid report, long version, Router router, Sought sought) =>
        Answered(gate.Run(Algorithm, unit, new Subject("report", report), version, sought.Facts, () => Find(router, sought)), router, sought);

    /// <summary>Says who would get it, without deciding anything.</summary>
    public Outcome<Route> Preview(Router router, Sought sought) => Answered(gate.Try(Algorithm, () => Find(router, sought)), router, sought);

    /// <summary>The point decides; else the postcode in the address; else the coordinator looks.</summary>
    [AutomatedFunction("reports.route")]
    private static Verdict<Route> Find(Router router, Sought sought)
    {
        var route = sought.Point is { } point
            ? router.At(new RouteRequest(point, sought.Category, sought.Answers, sought.AccuracyMetres, sought.At))
            : router.ByPostcode(sought.Address, sought.Category, sought.Answers, sought.At) ?? router.ToCoordinator(null, sought.At);
        return new Verdict<Route>(route with { By = DecidedBy.Rule }, route.Body, Math.Round(route.Confidence, 4));
    }

    /// <summary>At a boundary the person's answer decides, not the rule.</summary>
    private static Outcome<Route> Answered(Route? found, Router router, Sought sought) =>
        found is null ? router.ToCoordinator(sought.Point, sought.At) with { By = DecidedBy.Person } : found.Answered(sought.Side);
}
