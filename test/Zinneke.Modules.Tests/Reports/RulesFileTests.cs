using System.Text;
using System.Text.Json.Nodes;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class RulesFileTests
{
    private static readonly Text Name = Zinneke.Kernel.Text.Four("f", "n", "e", "d");

    private static readonly Body[] Bodies = [new("a", BodyKind.Municipality, Name), new("gone", BodyKind.Operator, Name) { Active = false }];

    private static readonly CategoryTree Categories = new([
        new Category("road", null, Name, false),
        new Category("road-hole", "road", Name, true) { Questions = [new Question("size", QuestionType.SingleValueList, Name) { Choices = [new("big", Name), new("small", Name)] }] },
    ]);

    [ReferenceFact("reports/rules.json", "reports/bodies.json", "reports/categories.json")]
    public async Task The_reference_rules_are_read_and_written_to_the_same_state()
    {
        var rules = RoutingCity.Rules();
        (rules.Rules.Count, rules.ToleranceMetres, rules.FallbackBody, rules.CoordinatorBody).ShouldBe((15, 15, "region", "region"));
        rules.Rules[^1].When.AreNone.ShouldBeTrue();
        using var stream = new MemoryStream();
        await JsonWriting.WriteAsync(stream, writer => RulesFile.Write(writer, rules));
        var again = RoutingCity.Rules(stream.ToArray());
        again.Rules.Select(Line).ShouldBe(rules.Rules.Select(Line));
    }

    [Fact]
    public async Task Everything_a_rule_can_say_survives_the_export()
    {
        var rule = new Rule("r", 1, new RuleConditions
        {
            Categories = ["road"],
            Layer = "park",
            Owner = "a",
            Areas = ["21001"],
            Answers = new Dictionary<string, IReadOnlyList<string>> { ["size"] = ["big"] },
            Hours = new RuleHours(new TimeOnly(22, 0), new TimeOnly(6, 30), [DayOfWeek.Friday, DayOfWeek.Saturday]),
            ValidFrom = new DateOnly(2026, 1, 1),
            ValidTo = new DateOnly(2026, 12, 31),
        }, Rule.LayerOwner, Name)
        { Confidence = 0.75, Sla = new Sla(4, SlaUnit.Hours) };
        using var stream = new MemoryStream();
        await JsonWriting.WriteAsync(stream, writer => RulesFile.Write(writer, new RuleSet([rule, new Rule("z", 9, RuleConditions.None, "a", Name)], "a", "a", 20)));
        var faults = new Faults();
        var read = RulesFile.Read(JsonTree.Parse(stream.ToArray(), faults)!, Bodies, Categories, faults);
        faults.First.ShouldBeEmpty();
        Line(read.Rules[0]).ShouldBe(Line(rule));
        read.ToleranceMetres.ShouldBe(20);
    }

    [Theory]
    [InlineData("rules[0].body", """ "body":"nobody" """)]
    [InlineData("rules[0].body", """ "body":"layerOwner" """)]
    [InlineData("rules[0].when.categories", """ "when":{"categories":["sewer"]} """)]
    [InlineData("rules[0].when.layer", """ "when":{"layer":"forest"} """)]
    [InlineData("rules[0].when.owner", """ "when":{"layer":"park","owner":"nobody"} """)]
    [InlineData("rules[0].when.owner", """ "when":{"owner":"a"} """)]
    [InlineData("rules[0].when.answers.size", """ "when":{"answers":{"size":["huge"]}} """)]
    [InlineData("rules[0].when.answers.mood", """ "when":{"answers":{"mood":["bad"]}} """)]
    [InlineData("rules[0].when.hours.from", """ "when":{"hours":{"from":"25:00","to":"06:00"}} """)]
    [InlineData("rules[0].when.validTo", """ "when":{"validFrom":"2026-02-01","validTo":"2026-01-01"} """)]
    [InlineData("rules[0].when.validFrom", """ "when":{"validFrom":"1 May"} """)]
    [InlineData("rules[0].when.weather", """ "when":{"weather":"rain"} """)]
    [InlineData("rules[0].explain.nl", """ "explain":{"fr":"f","en":"e","de":"d"} """)]
    [InlineData("rules[0].confidence", """ "confidence":1.5 """)]
    [InlineData("rules[0].order", """ "order":"first" """)]
    [InlineData("rules[1].id", """ "id":"z" """)]
    public void Each_fault_is_named(string field, string member)
    {
        var file = JsonNode.Parse("""
            {"fallbackBody":"a","coordinatorBody":"a","rules":[
             {"id":"r","order":1,"when":{},"body":"a","explain":{"fr":"f","nl":"n","en":"e","de":"d"}},
             {"id":"z","order":9,"when":{},"body":"a","explain":{"fr":"f","nl":"n","en":"e","de":"d"}}]}
            """)!;
        Faulty(file).First.ShouldBeEmpty();
        var change = JsonNode.Parse($"{{{member}}}")!.AsObject().Single();
        file["rules"]![0]![change.Key] = change.Value!.DeepClone();
        Faulty(file).First.ShouldContain(fault => fault.Field == field);
    }

    [Theory]
    [InlineData("rules", """{"fallbackBody":"a","coordinatorBody":"a","rules":[]}""")]
    [InlineData("rules", """{"fallbackBody":"a","coordinatorBody":"a","rules":[{"id":"r","order":1,"when":{"layer":"park"},"body":"a","explain":{"fr":"f","nl":"n","en":"e","de":"d"}}]}""")]
    [InlineData("fallbackBody", """{"fallbackBody":"gone","coordinatorBody":"a","rules":[]}""")]
    [InlineData("coordinatorBody", """{"fallbackBody":"a","rules":[]}""")]
    public void There_is_always_an_answer(string field, string file) => Faulty(JsonNode.Parse(file)!).First.ShouldContain(fault => fault.Field == field);

    private static Faults Faulty(JsonNode file)
    {
        var faults = new Faults();
        RulesFile.Read(JsonTree.Parse(Encoding.UTF8.GetBytes(file.ToJsonString()), faults)!, Bodies, Categories, faults);
        return faults;
    }

    private static string Line(Rule rule) => JsonWriting.Line(writer => RulesFile.WriteRule(writer, rule));
}
