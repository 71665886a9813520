using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class VerbTests
{
    [ReferenceFact("reports/sla-cases.csv", "reports/holidays-be.csv")]
    public async Task Due_prints_every_case()
    {
        var run = await VerbRun.Of("reports", "due", ReferenceData.At("reports/sla-cases.csv"), "--holidays", ReferenceData.At("reports/holidays-be.csv"));
        run.ExitCode.ShouldBe(0, run.Error);
        var expected = File.ReadLines(ReferenceData.At("reports/sla-cases.csv")).Skip(1).Select(line => line.Split(',')).Select(fields => (fields[0], fields[5]));
        run.Json.GetProperty("results").EnumerateArray().Select(result => (result.GetProperty("id").GetString()!, result.GetProperty("due").GetString()!)).ShouldBe(expected);
    }

    [Fact]
    public async Task Due_counts_closing_days()
    {
        var cases = VerbRun.FileOf("cases.csv", "id,start,value,unit\na,2026-07-17T12:00:00+02:00,1,workdays\n");
        var closed = VerbRun.FileOf("closed.csv", "date,code\n2026-07-20,bridge\n");
        (await VerbRun.Of("reports", "due", cases)).Output.Trim().ShouldBe("""{"results":[{"id":"a","due":"2026-07-20T23:59:59+02:00"}]}""");
        (await VerbRun.Of("reports", "due", cases, "--holidays", closed)).Output.ShouldContain("2026-07-22T23:59:59+02:00");
    }

    [Theory]
    [InlineData("id,start,value\na,2026-07-17T12:00:00+02:00,1\n", "line 1, unit")]
    [InlineData("id,start,value,unit\na,2026-07-17T12:00:00,1,days\n", "line 2, start: found \"2026-07-17T12:00:00\", expected a date and time with zone")]
    [InlineData("id,start,value,unit\na,2026-07-17T12:00:00Z,1,weeks\n", "line 2, unit: found \"weeks\", expected hours, days or workdays")]
    [InlineData("id,start,value,unit,pauses\na,2026-07-17T12:00:00Z,1,days,2026-07-18T12:00:00Z\n", "line 2, pauses")]
    public async Task A_fault_ends_with_file_line_field_and_what_was_expected(string cases, string message)
    {
        var file = VerbRun.FileOf("cases.csv", cases);
        var run = await VerbRun.Of("reports", "due", file);
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain(file);
        run.Error.ShouldContain(message);
    }

    [Fact]
    public async Task Route_prints_each_point_with_its_body_question_alternatives_and_trace()
    {
        string File(string name, string text) => VerbRun.FileOf(name, text);
        var points = File("points.csv", "id,lon,lat,category,answers,accuracy\nfar,4.35,50.85,road-hole,,\nedge,4.39999,50.85,road-hole,,\nout,5.5,50.85,waste-dump,size=big,20\n");
        var run = await VerbRun.Of("reports", "route", points, "--areas", File("areas.geojson", DeskCity.Areas), "--bodies", File("bodies.json", DeskCity.Bodies), "--rules", File("rules.json", DeskCity.Rules),
            "--categories", File("categories.json", DeskCity.Categories));
        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.EnumerateObject().Select(member => member.Name).ShouldBe(["count", "byBody", "results"]);
        run.Json.GetProperty("count").GetInt32().ShouldBe(3);
        run.Json.GetProperty("byBody").GetRawText().ShouldBe("""{"region":1,"west":2}""");
        var results = run.Json.GetProperty("results").EnumerateArray().ToList();
        results.ShouldAllBe(result => result.EnumerateObject().Select(member => member.Name).SequenceEqual(new[] { "id", "body", "area", "rule", "outside", "confidence", "question", "alternatives", "trace" }));
        results.Select(result => (result.GetProperty("id").GetString(), result.GetProperty("body").GetString(), result.GetProperty("area").GetString(), result.GetProperty("outside").GetString()))
            .ShouldBe([("far", "west", "1", "no"), ("edge", "west", "1", "no"), ("out", "region", null, "far")]);
        (results[0].GetProperty("question").ValueKind, results[0].GetProperty("confidence").GetDouble()).ShouldBe((System.Text.Json.JsonValueKind.Null, 1));
        results[1].GetProperty("question").GetProperty("options").EnumerateArray().Select(option => option.GetProperty("body").GetString()).ShouldBe(["west", "east"]);
        var other = results[1].GetProperty("alternatives")[0];
        (other.GetProperty("body").GetString(), other.GetProperty("reason").GetString(), other.GetProperty("distanceM").GetDouble()).ShouldBe(("east", "boundary", 0.7), "a hundred-thousandth of a degree east is 0.70 m here");
        results[1].GetProperty("trace").EnumerateArray().Select(step => (step.GetProperty("rule").GetString(), step.GetProperty("matched").GetBoolean(), step.GetProperty("failed").GetString()))
            .ShouldBe([("waste", false, "categories"), ("gully", false, "categories"), ("rest", true, null)]);
    }

    [Fact]
    public async Task Generated_history_is_the_same_for_the_same_seed()
    {
        var run = await VerbRun.Of("reports", "generate", "--count", "300", "--seed", "7");
        run.ExitCode.ShouldBe(0, run.Error);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(301);
        lines[0].ShouldBe("external_id,created_at,closed_at,updated_at,state,category,description,lon,lat,channel,lang");
        (await VerbRun.Of("reports", "generate", "--count", "300", "--seed", "7")).Output.ShouldBe(run.Output);
        (await VerbRun.Of("reports", "generate", "--count", "300", "--seed", "8")).Output.ShouldNotBe(run.Output);
    }

    [Fact]
    public void A_generated_history_follows_the_published_figures()
    {
        var calendar = new WorkCalendar(TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels"));
        var end = new DateOnly(2026, 1, 1);
        var reports = new HistoryGenerator(1, DemoCatalogue.Categories, calendar, new(4.35, 50.85), 6_000, _ => true).Make(40_000, HistoryGenerator.Beginning, end).ToList();
        reports.Count.ShouldBe(40_000);
        double Share(Func<HistoricReport, bool> which) => reports.Count(which) / 40_000.0;
        Share(report => report.Category.StartsWith("clean-", StringComparison.Ordinal)).ShouldBe(0.561, 0.01);
        Share(report => report.Category.StartsWith("road-", StringComparison.Ordinal)).ShouldBe(0.1863, 0.01);
        Share(report => report.Language == "nl").ShouldBe(0.225, 0.01);
        reports.Select(report => report.State).Distinct().Count().ShouldBe(12);
        reports.Select(report => report.Language).Distinct().Count().ShouldBe(3);
        reports.Select(report => report.ExternalId).Distinct().Count().ShouldBe(40_000);
        reports.Zip(reports.Skip(1)).ShouldAllBe(pair => pair.First.CreatedAt <= pair.Second.CreatedAt);
        reports.ShouldAllBe(report => report.ClosedAt == null || report.ClosedAt > report.CreatedAt);
        reports.ShouldAllBe(report => report.ClosedAt == null == report.State.IsOpen());
        reports.ShouldAllBe(report => report.UpdatedAt >= report.CreatedAt && report.UpdatedAt <= calendar.LocalAt(calendar.At(end, default)));
        Share(report => report.CreatedAt.Year == 2023).ShouldBe(150_045 / 903_000.0, 0.02);
        reports.ShouldAllBe(report => !report.Description.Contains('{'));
        var solved = reports.Where(report => report.CreatedAt.Year == 2021).ToList();
        (solved.Count(report => report.ClosedAt?.Year == 2021) / (double)solved.Count).ShouldBe(0.84, 0.08, "83.94 % of 2021 were solved in the year");
    }

    [Fact]
    public void The_demonstration_catalogue_bodies_and_rules_fit_together()
    {
        DemoCatalogue.Categories.Leaves.Count().ShouldBe(80);
        DemoCatalogue.Bodies.Count.ShouldBe(28);
        DemoCatalogue.Rules.Rules.Count.ShouldBe(15);
        DemoCatalogue.Categories.Leaves.ShouldAllBe(leaf => leaf.Keywords.Count == 4 || leaf.Code == "other-public");
    }

    [ReferenceFact("reports/categories.json")]
    public void The_demonstration_uses_the_codes_of_the_reference() =>
        DemoCatalogue.Categories.All.Select(node => node.Code).Order().ShouldBe(RoutingCity.Categories().All.Select(node => node.Code).Order());

    [Theory]
    [InlineData("poubelle pleine", "clean-bin-full")]
    [InlineData("matelas", "clean-dump-bulky")]
    [InlineData("lamp kapot", "light-lamp-out")]
    [InlineData("Loch in der Straße", "road-surface-pothole")]
    [InlineData("gat in de weg", "road-surface-pothole")]
    [InlineData("abandoned bicicle", "furn-bike-wreck")]
    [InlineData("rat", "clean-rats-street")]
    [InlineData("branche dangereuse", "green-tree-danger")]
    public void Keywords_lead_to_the_right_place(string typed, string code)
    {
        var found = new CategorySearch(DemoCatalogue.Categories).Find(typed).Take(3).Select(hit => hit.Code).ToList();
        found.ShouldContain(code, string.Join(' ', found));
    }
}
