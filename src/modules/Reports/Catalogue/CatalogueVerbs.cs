using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The verbs that import and export what an administrator decides.</summary>
internal static class CatalogueVerbs
{
    private static readonly Setting<string?> OfBody = Setting.Words("body", "Body that is closed on these days; every body when left out.");

    private static readonly Setting<string> Which = Setting.Choice("kind", "bodies, categories, rules or answers.", "rules", "bodies", "categories", "rules", CannedAnswer.Kind) with { Required = true };

    public static IReadOnlyList<Command> All { get; } =
    [
        ImportVerbs.Of(
            "categories", "Puts a catalogue of problems in force.", "import categories categories.json --data var",
            (call, services, stream, file) => call.Service<ImportCatalogue>().CategoriesAsync(stream, file, Actor.System, call.Stop)),
        ImportVerbs.Of(
            "rules", "Puts the rules of who is responsible in force.", "import rules rules.json --data var",
            (call, services, stream, file) => call.Service<ImportCatalogue>().RulesAsync(stream, file, Actor.System, call.Stop)),
        ImportVerbs.Of(
            "answers", "Puts ready answers in force.", "import answers answers.json --data var",
            (call, services, stream, file) => call.Service<ImportCatalogue>().AnswersAsync(stream, file, Actor.System, call.Stop)),
        ImportVerbs.Of(
            "holidays", "Adds closing days from a CSV with date and code.", "import holidays closing.csv --body c21013 --data var",
            (call, services, stream, file) => call.Service<ImportHolidays>().RunAsync(stream, file, call.Get(OfBody), Actor.System, call.Stop), OfBody),
        new("reports", "catalogue", "Writes a catalogue in force, as a file that imports to the same state.", "reports catalogue rules --out rules.json --data var")
        {
            Arguments = [Which],
            Run = async call =>
            {
                await call.OpenStoreAsync();
                await using var store = call.Service<Database>().Open();
                var kind = call.Get(Which);
                var row = await CatalogueRow.CurrentAsync(store, kind, call.Stop) ?? throw new BadInputException($"catalogue: no {kind} were imported yet");
                return Result.Stream((stream, stop) => stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(row.Text), stop).AsTask());
            },
        },
    ];

}
