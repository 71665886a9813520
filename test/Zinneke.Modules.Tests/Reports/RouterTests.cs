using System.Diagnostics;
using Xunit.Abstractions;
using Zinneke.Geo;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class RouterTests(ITestOutputHelper output)
{
    private static readonly Text Name = Zinneke.Kernel.Text.Four("f", "n", "e", "d");

    [ReferenceFact("areas/brussels-19.geojson", "reports/routing-points.csv")]
    public void Every_reference_point_agrees()
    {
        var router = new Router(RoutingCity.Snapshot);
        var points = RoutingCity.Points().ToList();
        points.Count.ShouldBe(1300);
        foreach (var expected in points)
        {
            var route = router.At(expected.Request);
            (route.Area, route.Body, route.Rule!.Id, route.Outside, route.Uncertain).ShouldBe((expected.Area, expected.Body, expected.Rule, expected.Outside, expected.Question), expected.Id);
            route.Confidence.ShouldBe(expected.Confidence, 0.0006, expected.Id);
            route.Alternatives.Where(other => other.Reason == AlternativeReason.Boundary).Select(other => other.Body).ShouldBe(expected.Boundary, expected.Id);
            route.Alternatives.Count.ShouldBeLessThanOrEqualTo(3);
            route.Alternatives.Select(other => other.Body).Append(route.Body).Distinct().Count().ShouldBe(route.Alternatives.Count + 1);
            route.Trace[^1].ShouldBe(new RuleStep(route.Rule, RuleFailure.None));
            route.Trace.SkipLast(1).ShouldAllBe(step => step.Failed != RuleFailure.None);
        }
    }

    [ReferenceFact("areas/brussels-19.geojson", "reports/routing-points.csv")]
    public void Each_answer_to_a_question_lies_on_its_side()
    {
        var router = new Router(RoutingCity.Snapshot);
        var asked = 0;
        foreach (var expected in RoutingCity.Points().Where(point => point.Question))
        {
            var route = router.At(expected.Request);
            route.Question.Count.ShouldBeInRange(2, 3);
            route.Question[0].Body.ShouldBe(route.Body);
            foreach (var option in route.Question)
            {
                var there = router.At(expected.Request with { Point = option.Point });
                there.Body.ShouldBe(option.Body, $"{expected.Id} {option.Side}");
                expected.Request.Point.MetresTo(option.Point).ShouldBeLessThan(45, expected.Id);
                var answered = route.Answered(option.Body).Value;
                (answered.Body, answered.Confidence, answered.Uncertain).ShouldBe((option.Body, 0.95, false));
                answered.Alternatives.ShouldNotContain(other => other.Body == option.Body);
                answered.Rule!.Id.ShouldBe(there.Rule!.Id);
                asked++;
            }
            route.Answered(null).Value.ShouldBe(route);
            route.Answered("telecom").Refusal!.Code.ShouldBe("reports.unknownSide");
        }
        asked.ShouldBeGreaterThan(200);
    }

    [ReferenceFact("areas/brussels-19.geojson", "reports/routing-points.csv")]
    public void Routing_allocates_little_more_than_its_answer()
    {
        var router = new Router(RoutingCity.Snapshot);
        var requests = RoutingCity.Points().Select(point => point.Request).ToArray();
        foreach (var request in requests)
        {
            router.At(request);
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        foreach (var request in requests)
        {
            router.At(request);
        }
        var each = Stopwatch.GetElapsedTime(start).TotalMicroseconds / requests.Length;
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / requests.Length;
        output.WriteLine($"{each:F1} µs and {bytes} bytes a route");
        bytes.ShouldKeep("reports.route");
    }

    [ReferenceTheory("areas/brussels-19.geojson")]
    [InlineData("Chaussée de Wavre 12, 1050 Ixelles", "c21009")]
    [InlineData("1020", "c21004")]
    [InlineData("1000 Bruxelles (ou 1020 Laeken)", "c21004")]
    [InlineData("rue sans nom", null)]
    [InlineData("1050 ou 1180", null)]
    [InlineData("tel 02 511050 99", null)]
    [InlineData("9000 Gent", null)]
    public void A_postcode_gives_the_home(string address, string? body) =>
        (new Router(RoutingCity.Snapshot).ByPostcode(address, "road-surface-pothole", Answers.None, 0)?.Body).ShouldBe(body);

    [ReferenceFact("areas/brussels-19.geojson")]
    public void A_postcode_routes_by_rules_without_layers()
    {
        var router = new Router(RoutingCity.Snapshot);
        router.ByPostcode("1050", "light-lamp-out", Answers.None, 0)!.Body.ShouldBe("energy");
        var route = router.ByPostcode("1050", "sewer-cover-loose", Answers.Parse("coverMark=water"), 0)!;
        (route.Body, route.Area, route.Outside, route.Question.Count).ShouldBe(("water", "21009", Outside.No, 0));
        router.ByPostcode("rue sans nom", "light-lamp-out", Answers.None, 0).ShouldBeNull();
        (router.ToCoordinator(null, 0).Body, router.ToCoordinator(null, 0).Confidence).ShouldBe(("region", 0));
    }

    // A square of about 1.4 km cut into a western and an eastern half, with a road along the cut.
    private static readonly LonLat Centre = new(4.35, 50.85);

    [Fact]
    public void Rules_know_hours_dates_and_areas()
    {
        var router = Small(
            Rule("night", 1, new() { Hours = new RuleHours(new TimeOnly(22, 0), new TimeOnly(6, 0), [DayOfWeek.Friday]) }, "c"),
            Rule("winter", 2, new() { ValidFrom = new DateOnly(2026, 12, 1), ValidTo = new DateOnly(2026, 12, 31) }, "c"),
            Rule("east", 3, new() { Areas = ["2"] }, "c"),
            Rule("rest", 9, RuleConditions.None, Zinneke.Reports.Rule.AreaOwner));
        string Ruled(string at, double metresEast = -300) => router.At(Request(metresEast) with { At = Micros(at) }).Rule!.Id;
        Ruled("2026-06-05T23:00:00+02:00").ShouldBe("night", "Friday evening");
        Ruled("2026-06-06T05:59:59+02:00").ShouldBe("night", "the night of Friday to Saturday");
        Ruled("2026-06-06T06:00:00+02:00").ShouldBe("rest");
        Ruled("2026-06-06T23:00:00+02:00").ShouldBe("rest");
        Ruled("2026-12-31T12:00:00+01:00").ShouldBe("winter");
        Ruled("2027-01-01T00:00:00+01:00").ShouldBe("rest");
        Ruled("2026-06-03T12:00:00+02:00", 300).ShouldBe("east");
        router.At(Request(-300) with { At = Micros("2026-06-03T12:00:00+02:00") }).Trace.Select(step => step.Failed)
            .ShouldBe([RuleFailure.Hours, RuleFailure.ValidFrom, RuleFailure.Areas, RuleFailure.None]);
    }

    [Fact]
    public void A_road_is_a_doubt_inside_and_outside_its_footprint()
    {
        var router = Small(Rule("road", 1, new() { Layer = "road" }, Zinneke.Reports.Rule.LayerOwner), Rule("rest", 9, RuleConditions.None, Zinneke.Reports.Rule.AreaOwner));
        var on = router.At(Request(-4));
        (on.Body, on.Rule!.Id).ShouldBe(("road", "road"));
        on.Alternatives[0].ShouldBe(on.Alternatives[0] with { Body = "a", Reason = AlternativeReason.Boundary });
        on.Alternatives[0].DistanceMetres!.Value.ShouldBe(6, 0.01, "half width 10, 4 m from its middle");
        on.Question[1].Side.ShouldBe(Side.Beside);
        var beside = router.At(Request(-13));
        beside.Body.ShouldBe("a");
        (beside.Alternatives[0].Body, beside.Question[1].Side).ShouldBe(("road", Side.On));
        beside.Alternatives[0].DistanceMetres!.Value.ShouldBe(3, 0.01);
        router.At(Request(-13) with { AccuracyMetres = 40 }).Confidence.ShouldBe(0.5 + (0.5 * 3 / 40), 0.001, "a wide tolerance makes a small distance a greater doubt");
        router.At(Request(-300)).Alternatives.ShouldBeEmpty();
    }

    [Fact]
    public void Later_rules_name_further_alternatives()
    {
        var router = Small(Rule("first", 1, RuleConditions.None, "c"), Rule("second", 2, new() { Categories = ["x"] }, "road"), Rule("third", 3, RuleConditions.None, "c"), Rule("rest", 9, RuleConditions.None, Zinneke.Reports.Rule.AreaOwner));
        router.At(Request(-300)).Alternatives.Select(other => (other.Body, other.Reason, other.DistanceMetres)).ShouldBe([("road", AlternativeReason.Rule, null), ("a", AlternativeReason.Rule, null)]);
        router.At(Request(-300) with { Category = "xy" }).Alternatives.Single().Body.ShouldBe("a", "xy does not lie below x");
        router.At(Request(-300) with { Category = "x-y" }).Alternatives.Count.ShouldBe(2);
    }

    [Fact]
    public void A_body_that_is_dissolved_gets_nothing()
    {
        var router = Small(Rule("rest", 9, RuleConditions.None, Zinneke.Reports.Rule.AreaOwner));
        var bodies = router.Map.Bodies.Select(body => body with { Active = body.Id != "a" }).ToList();
        new Router(new RoutingSnapshot(Areas(), bodies, CategoryTree.Empty, router.Map.Rules, TimeZoneInfo.Utc)).At(Request(-300)).Body.ShouldBe("c", "the fallback");
    }

    [Fact]
    public void Areas_are_those_of_the_date()
    {
        var merged = Areas().Select(area => area.Id == "1" ? area with { ValidTo = new DateOnly(2024, 12, 31) } : area).Append(
            new Area("3", Area.Municipality, Name, Square(-700, 0)) { ValidFrom = new DateOnly(2025, 1, 1) });
        var router = new Router(new RoutingSnapshot(merged, Bodies(), CategoryTree.Empty, Set(Rule("rest", 9, RuleConditions.None, Zinneke.Reports.Rule.AreaOwner)), TimeZoneInfo.Utc));
        router.At(Request(-300) with { At = Micros("2024-12-31T23:59:59Z") }).Area.ShouldBe("1");
        router.At(Request(-300) with { At = Micros("2025-01-01T00:00:00Z") }).Area.ShouldBe("3");
    }

    [Fact]
    public void Forty_roads_at_one_place_are_no_limit()
    {
        var many = Areas().Concat(Enumerable.Range(0, 40).Select(i => new Area($"r{i}", "road", Name, Areas().Last().Shape) { Owner = "c" }));
        var router = new Router(new RoutingSnapshot(many, Bodies(), CategoryTree.Empty, Set(Rule("road", 1, new() { Layer = "road", Owner = "c" }, "c"), Rule("rest", 9, RuleConditions.None, "a")), TimeZoneInfo.Utc));
        router.At(Request(-4)).Body.ShouldBe("c");
    }

    private static Router Small(params Rule[] rules) => new(new RoutingSnapshot(Areas(), Bodies(), CategoryTree.Empty, Set(rules), TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels")));

    private static RuleSet Set(params Rule[] rules) => new(rules, "c", "c");

    private static Rule Rule(string id, int order, RuleConditions when, string body) => new(id, order, when, body, Name);

    private static IReadOnlyList<Body> Bodies() =>
    [
        new("a", BodyKind.Municipality, Name) { Areas = ["1", "3"] }, new("b", BodyKind.Municipality, Name) { Areas = ["2"] },
        new("c", BodyKind.Region, Name), new("road", BodyKind.Operator, Name),
    ];

    private static Area[] Areas() =>
    [
        new("1", Area.Municipality, Name, Square(-700, 0)),
        new("2", Area.Municipality, Name, Square(0, 700)),
        new("r", "road", Name, Shape.Line(At(0, -700), At(0, 700))) { Owner = "road", HalfWidthMetres = 10 },
    ];

    private static Shape Square(double west, double east) => Shape.Polygon(At(west, -700), At(east, -700), At(east, 700), At(west, 700));

    private static LonLat At(double metresEast, double metresNorth) => new LocalPlane(Centre).From(metresEast, metresNorth);

    private static RouteRequest Request(double metresEast) => new(At(metresEast, 0), "x", Answers.None, null, 0);

    private static long Micros(string instant) => Instants.TryRead(instant, out var micros) ? micros : throw new FormatException(instant);
}
