using System.Text;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Puts a whole file of categories or of rules in force. It is checked whole, also against what is in force beside it: a catalogue that the rules no longer fit is
/// refused, and so are rules that name a body or category that is not there.
/// </summary>
internal sealed class ImportCatalogue(Writer writer)
{
    public async Task<ImportSummary> CategoriesAsync(Stream stream, string file, Actor actor, CancellationToken cancellation)
    {
        var faults = new Faults();
        var tree = await JsonTree.ReadAsync(stream, faults, cancellation) is { } json ? CategoriesFile.Read(json, faults) : CategoryTree.Empty;
        return await PutAsync(RoutingMap.CategoriesKind, file, tree.All.Count, faults, actor, async store =>
        {
            var before = await RoutingMap.ReadTreeAsync(store, cancellation);
            await CheckRulesAsync(store, tree, faults, cancellation);
            return (Lines(before), Lines(tree), JsonWriting.Line(w => CategoriesFile.Write(w, tree)));
        }, cancellation);
    }

    public async Task<ImportSummary> RulesAsync(Stream stream, string file, Actor actor, CancellationToken cancellation)
    {
        var faults = new Faults();
        var json = await JsonTree.ReadAsync(stream, faults, cancellation);
        return await PutAsync(RoutingMap.RulesKind, file, json?.Member("rules")?.Children.Count ?? 0, faults, actor, async store =>
        {
            var (bodies, tree) = (await BodiesAsync(store, cancellation), await RoutingMap.ReadTreeAsync(store, cancellation));
            var set = RulesFile.Read(json!, bodies, tree, faults);
            var current = await CatalogueRow.CurrentAsync(store, RoutingMap.RulesKind, cancellation);
            var before = current is null ? null : RulesFile.Read(JsonTree.Parse(Encoding.UTF8.GetBytes(current.Text), new Faults())!, bodies, tree, new Faults());
            return (before is null ? [] : Lines(before), Lines(set), faults.None ? JsonWriting.Line(w => RulesFile.Write(w, set)) : "");
        }, cancellation);
    }

    /// <summary>Ready answers: they take the place of those in force, or of the shipped ones.</summary>
    public async Task<ImportSummary> AnswersAsync(Stream stream, string file, Actor actor, CancellationToken cancellation)
    {
        var faults = new Faults();
        var json = await JsonTree.ReadAsync(stream, faults, cancellation);
        return await PutAsync(CannedAnswer.Kind, file, json?.Member("answers")?.Children.Count ?? 0, faults, actor, async store =>
        {
            var answers = CannedAnswersFile.Read(json!, await RoutingMap.ReadTreeAsync(store, cancellation), faults);
            var before = await AnswerBook.ReadAsync(store, cancellation);
            return (Lines(before), faults.None ? Lines(answers) : [], JsonWriting.Line(w => CannedAnswersFile.Write(w, answers)));
        }, cancellation);
    }

    private async Task<ImportSummary> PutAsync(
        string kind, string file, int count, Faults faults, Actor actor,
        Func<Store, Task<(Dictionary<string, string> Before, Dictionary<string, string> After, string Text)>> compare, CancellationToken cancellation)
    {
        if (!faults.None)
        {
            return ImportSummary.Refuse(kind, file, count, faults);
        }
        var outcome = await writer.DoAsync<ImportSummary>(actor, async unit =>
        {
            var (before, after, text) = await compare(unit.Store);
            if (!faults.None)
            {
                return ImportSummary.Refuse(kind, file, count, faults);
            }
            unit.Put(await CatalogueRow.CurrentAsync(unit.Store, kind, cancellation), kind, text, count);
            return ImportSummary.Compare(kind, file, before, after);
        }, cancellation);
        return outcome.Ok ? outcome.Value : throw new BadInputException($"{file}: {outcome.Refusal!.Code}");
    }

    /// <summary>The rules in force must still fit the new catalogue.</summary>
    private static async Task CheckRulesAsync(Store store, CategoryTree tree, Faults faults, CancellationToken cancellation)
    {
        if (await CatalogueRow.CurrentAsync(store, RoutingMap.RulesKind, cancellation) is not { } rules)
        {
            return;
        }
        var wrong = new Faults();
        RulesFile.Read(JsonTree.Parse(Encoding.UTF8.GetBytes(rules.Text), wrong)!, await BodiesAsync(store, cancellation), tree, wrong);
        foreach (var fault in wrong.First)
        {
            faults.Add(0, $"rules in force: {fault.Field}", fault.Found, fault.Expected);
        }
    }

    private static async Task<IReadOnlyCollection<Body>> BodiesAsync(Store store, CancellationToken cancellation) =>
        await CatalogueRow.CurrentAsync(store, Body.Catalogue, cancellation) is { } row ? BodiesFile.Parse(row.Text) : [];

    private static Dictionary<string, string> Lines(CategoryTree tree) => tree.All.ToDictionary(c => c.Code, c => JsonWriting.Line(w => CategoriesFile.WriteCategory(w, c)), StringComparer.Ordinal);

    private static Dictionary<string, string> Lines(IEnumerable<CannedAnswer> answers) =>
        answers.ToDictionary(a => a.Id, a => JsonWriting.Line(w => CannedAnswersFile.WriteAnswer(w, a)), StringComparer.Ordinal);

    private static Dictionary<string, string> Lines(RuleSet set)
    {
        var lines = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var rule in set.Rules)
        {
            lines[rule.Id] = JsonWriting.Line(w => RulesFile.WriteRule(w, rule));
        }
        return lines;
    }
}
