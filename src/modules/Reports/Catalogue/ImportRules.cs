using System.Text;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Puts the rules of who is responsible in force. Those that name a body or category that is not there are refused.</summary>
internal sealed class ImportRules(Database database, Writer writer, IEnumerable<ImportGuard> guards) : Importer<JsonTree>(Kinds, database, writer, guards)
{
    public static ImportKind Kinds { get; } = new(RoutingMap.RulesKind, "Puts the rules of who is responsible in force.", "import rules rules.json --data var", ReportPermissions.Edit);

    /// <summary>The rules in force must still fit when bodies or categories change.</summary>
    public static IReadOnlyList<ImportGuard> Guards { get; } =
    [
        new(Body.Catalogue, async (store, text, faults, cancellation) => await CheckAsync(store, BodiesFile.Parse(text), await RoutingMap.ReadTreeAsync(store, cancellation), faults, cancellation)),
        new(RoutingMap.CategoriesKind, async (store, text, faults, cancellation) => await CheckAsync(store, await BodyMap.ReadAsync(store, cancellation), CategoriesFile.Read(Parse(text), new Faults()), faults, cancellation)),
    ];

    protected override Task<JsonTree?> ReadAsync(Stream stream, ImportOptions options, Faults faults, CancellationToken cancellation) => JsonTree.ReadAsync(stream, faults, cancellation);

    protected override int CountOf(JsonTree read) => read.Member("rules")?.Children.Count ?? 0;

    protected override async Task<ImportChange> CompareAsync(Store store, JsonTree read, ImportOptions options, Faults faults, CancellationToken cancellation)
    {
        var (bodies, tree) = (await BodyMap.ReadAsync(store, cancellation), await RoutingMap.ReadTreeAsync(store, cancellation));
        var set = RulesFile.Read(read, bodies, tree, faults);
        var current = await CatalogueRow.CurrentAsync(store, RoutingMap.RulesKind, cancellation);
        var before = current is null ? null : RulesFile.Read(Parse(current.Text), bodies, tree, new Faults());
        return new ImportChange(Records(before), faults.None ? Records(set) : [], true, faults.None ? JsonWriting.Line(w => RulesFile.Write(w, set)) : "", set.Rules.Count);
    }

    private static async Task CheckAsync(Store store, IReadOnlyCollection<Body> bodies, CategoryTree tree, Faults faults, CancellationToken cancellation)
    {
        if (await CatalogueRow.CurrentAsync(store, RoutingMap.RulesKind, cancellation) is not { } rules)
        {
            return;
        }
        var wrong = new Faults();
        RulesFile.Read(Parse(rules.Text), bodies, tree, wrong);
        foreach (var fault in wrong.First)
        {
            faults.Add(0, $"rules in force: {fault.Field}", fault.Found, fault.Expected);
        }
    }

    private static JsonTree Parse(string text) => JsonTree.Parse(Encoding.UTF8.GetBytes(text), new Faults())!;

    private static List<ImportRecord> Records(RuleSet? set) =>
        set is null ? [] : [.. set.Rules.Select(r => new ImportRecord(r.Id, r.Explain, JsonWriting.Line(w => RulesFile.WriteRule(w, r))))];
}
