using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Kernel.Algorithms;

/// <summary>The register of algorithms and its gate: nothing that is not in order decides.</summary>
public class GateTests
{
    private static readonly Subject Case = new("case", "7");

    [ReferenceFact("strategy/algorithm-register/fields.csv")]
    public void The_fields_are_those_of_the_standard()
    {
        using var rows = new CsvRows(File.OpenRead(ReferenceData.At("strategy/algorithm-register/fields.csv")), new Faults(), "field", "type", "required", "group");
        var expected = new List<(string, string, bool, string)>();
        while (rows.Read())
        {
            expected.Add((rows["field"], rows["type"], rows["required"] == "yes", rows["group"]));
        }
        AlgorithmFields.All.Select(field => (field.Name, field.Type, field.Required, field.Group)).ShouldBe(expected);
        AlgorithmFields.All.Count.ShouldBe(51);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_shipped_runs_as_soon_as_its_catalogue_is_in_force_and_for_a_year(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        (await RunAsync(store)).ShouldBe(("refused", "incomplete"), "no rules are in force, so nobody has taken it into use");
        await PutRulesAsync(store, "{}");
        (await RunAsync(store)).ShouldBe(("ran", "north"));
        var entry = store.Get<AlgorithmRegister>().All.Single(e => e.Algorithm.Key == RouteReport.Algorithm.Key);
        entry.Spoken.ShouldBe(Languages.All);
        entry.RevisionDate.ShouldBe(new DateOnly(2027, 5, 4));
        ((string?)entry.Fields["startDate"], (string?)entry.Fields["lastChangeDate"]).ShouldBe(("2026-05", "2026-05-04"));

        store.Clock.Set(new DateTimeOffset(2027, 5, 4, 21, 59, 0, TimeSpan.Zero));
        (await RunAsync(store)).ShouldBe(("ran", "north"), "the last minute of the last day in Brussels");
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        (await RunAsync(store)).ShouldBe(("refused", "revisionPast"));
        await PutRulesAsync(store, """{"changed":true}""");
        (await RunAsync(store)).ShouldBe(("ran", "north"), "somebody has looked at it");
    }

    [Theory]
    [InlineData("""{"status":"evaluation"}""", "notInUse")]
    [InlineData("""{"status":"retired","endDate":"2026-04"}""", "notInUse")]
    [InlineData("""{"status":"pilot"}""", null)]
    [InlineData("""{"modelVersion":"0.9"}""", "otherVersion")]
    [InlineData("""{"riskCategory":"unacceptable"}""", "unacceptableRisk")]
    [InlineData("""{"riskCategory":"high"}""", "incomplete")]
    [InlineData("""{"riskCategory":"high","dpiaSummary":{"fr":"a","nl":"b","en":"c","de":"d"}}""", "incomplete")]
    [InlineData("""{"riskCategory":"high","dpiaSummary":{"fr":"a","nl":"b","en":"c","de":"d"},"impactAssessmentSummary":{"fr":"a","nl":"b","en":"c","de":"d"}}""", null)]
    [InlineData("""{"useType":"fullyAutomated"}""", null)]
    [InlineData("""{"revisionDate":"2026-05-03"}""", "revisionPast")]
    [InlineData("""{"revisionDate":"2026-05-04"}""", null)]
    public async Task An_entry_decides_whether_it_may_run(string own, string? refusal)
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        await PutRulesAsync(store, "{}");
        (await ImportAsync(store, own)).Refusals.ShouldBeEmpty();
        (await RunAsync(store)).ShouldBe(refusal is null ? ("ran", "north") : ("refused", refusal));
    }

    [Theory]
    [InlineData(new[] { "kernel.account" }, true, null, "noProcessing")]
    [InlineData(new[] { "kernel.account" }, true, "8b1fb4b0-7d0c-4a55-9c87-1d6e1d7f3a20", null)]
    [InlineData(new[] { "nobody.knows" }, true, "8b1fb4b0-7d0c-4a55-9c87-1d6e1d7f3a20", "noProcessing")]
    [InlineData(new string[0], false, null, "noObjection")]
    public async Task What_reads_personal_data_needs_its_entry_and_what_decides_alone_needs_a_way_to_object(string[] reads, bool asksAPerson, string? processing, string? refusal)
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite, parts =>
        {
            foreach (var shipped in parts.Where(part => part.ServiceType == typeof(Algorithm)).ToList())
            {
                parts.Remove(shipped);
            }
            parts.AddSingleton(new Algorithm(RouteReport.Algorithm.Key, "1", typeof(RouteReport).Assembly, "Zinneke.Reports.route.algorithm.json") { Catalogue = "rules", Reads = reads, AsksAPerson = asksAPerson });
        });
        await PutRulesAsync(store, "{}");
        await ImportAsync(store, $$"""{"useType":"{{(asksAPerson ? "support" : "fullyAutomated")}}"{{(processing is null ? "" : $",\"personalDataProcessingId\":\"{processing}\"")}}}""");
        (await RunAsync(store)).ShouldBe(refusal is null ? ("ran", "north") : ("refused", refusal));
    }

    [Fact]
    public void A_required_text_that_is_missing_in_french_or_dutch_stops_it()
    {
        foreach (var field in AlgorithmFields.All.Where(field => field is { Required: true, Spoken: true }))
        {
            foreach (var (language, needed) in new[] { ("fr", true), ("nl", true), ("en", false), ("de", false) })
            {
                var fields = RouteReport.Algorithm.Shipped.DeepClone().AsObject();
                foreach (var other in AlgorithmFields.All.Where(f => f.Required && f.Name != "lang"))
                {
                    fields[other.Name] ??= other.Spoken ? new JsonObject(Languages.All.Select(l => KeyValuePair.Create(l, (JsonNode?)"x"))) : "x";
                }
                fields["modelVersion"] = RouteReport.Algorithm.ModelVersion;
                fields[field.Name]!.AsObject()[language] = " ";
                new AlgorithmEntry(RouteReport.Algorithm, fields).RefusedFor(new HashSet<string>()).ShouldBe(needed ? "incomplete" : null, $"{field.Name} in {language}");
            }
        }
    }

    [Fact]
    public async Task The_log_shows_that_it_ran_and_on_what_but_nobody_can_read_it_there()
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        await PutRulesAsync(store, "{}");
        await RunAsync(store);
        await store.SettleAsync();
        var ran = (await store.Get<Log>().OfAsync(Case)).Single();
        ran.Data.ShouldNotContain("rue du Canal");
        ran.Is<AlgorithmRan>().ShouldBeTrue();
        var said = ran.Read<AlgorithmRan>();
        (said.Algorithm, said.ModelVersion, said.Outcome, said.Confidence, said.Input).ShouldBe(("reports.route", "1", "north", 0.7, store.Get<AlgorithmGate>().HashOf(new { place = "rue du Canal" })));
        store.Get<AlgorithmGate>().HashOf(new { place = "rue du Port" }).ShouldNotBe(said.Input);
    }

    [Theory]
    [InlineData("""{"key":"reports.guess"}""", "key")]
    [InlineData("""{"key":"reports.route","status":"running"}""", "status")]
    [InlineData("""{"key":"reports.route","status":"retired"}""", "endDate")]
    [InlineData("""{"key":"reports.route","revisionDate":"2027-05-05"}""", "revisionDate")]
    [InlineData("""{"key":"reports.route","revisionDate":"soon"}""", "revisionDate")]
    [InlineData("""{"key":"reports.route","startDate":"2026-05-04"}""", "startDate")]
    [InlineData("""{"key":"reports.route","contactEmail":"nobody"}""", "contactEmail")]
    [InlineData("""{"key":"reports.route","website":"ftp://example.org"}""", "website")]
    [InlineData("""{"key":"reports.route","goal":{"fr":"a","nl":"b","en":"c"}}""", "goal.de")]
    [InlineData("""{"key":"reports.route","aim":"a"}""", "aim")]
    public async Task A_file_with_a_fault_changes_nothing(string entry, string field)
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        var summary = await store.Get<ImportAlgorithms>().RunAsync(Stream($$"""{"algorithms":[{{entry}}]}"""), "algorithms", Actor.System, default);
        summary.Refusals.ShouldHaveSingleItem().Field.ShouldEndWith(field);
        await using var context = store.Database.Open();
        (await CatalogueRow.CurrentAsync(context, AlgorithmsFile.Kind)).ShouldBeNull();
    }

    /// <summary>Each contributed algorithm declares a function, and each declared function is contributed.</summary>
    [Fact]
    public async Task What_is_declared_is_in_the_register()
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        var declared = AppDomain.CurrentDomain.GetAssemblies().Where(a => a.GetName().Name!.StartsWith("Zinneke", StringComparison.Ordinal)).SelectMany(a => a.GetTypes())
            .SelectMany(t => t.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(m => m.GetCustomAttribute<AutomatedFunctionAttribute>()?.Algorithm).OfType<string>().Distinct().Order(StringComparer.Ordinal);
        store.Get<AlgorithmRegister>().Known.ShouldBe(declared);
    }

    /// <summary>Runs the algorithm of routing on a case of its own; says what the log says.</summary>
    private static async Task<(string What, string Said)> RunAsync(TestStore store)
    {
        await using (var context = store.Database.Open())
        {
            await store.Get<AlgorithmRegister>().LoadAsync(context, default);
        }
        var called = false;
        string? found = null;
        await store.Writer.DoAsync(Actor.System, unit =>
        {
            found = store.Get<AlgorithmGate>().Run(RouteReport.Algorithm, unit, Case, 1, new { place = "rue du Canal" }, () =>
            {
                called = true;
                return new Verdict<string>("found", "north", 0.7);
            });
            return Task.CompletedTask;
        });
        store.Get<AlgorithmGate>().Try(RouteReport.Algorithm, () => new Verdict<string>("tried", "north")).ShouldBe(found is null ? null : "tried");
        await store.SettleAsync();
        var last = (await store.Get<Log>().OfAsync(Case))[^1];
        (found is not null).ShouldBe(called);
        return last.Is<AlgorithmRan>() ? ("ran", last.Read<AlgorithmRan>().Outcome) : ("refused", last.Read<AlgorithmRefused>().Reason);
    }

    private static Task PutRulesAsync(TestStore store, string text) => store.Writer.DoAsync(Actor.System, async unit =>
        unit.Put(await CatalogueRow.CurrentAsync(unit.Store, RoutingMap.RulesKind), RoutingMap.RulesKind, new ImportChange([], [], true, text, 1), null));

    private static Task<ImportSummary> ImportAsync(TestStore store, string fields) => store.Get<ImportAlgorithms>().RunAsync(
        Stream($$"""{"algorithms":[{"key":"reports.route",{{fields[1..]}}]}"""), "algorithms", Actor.System, default);

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));
}
