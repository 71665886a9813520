using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Puts ready answers in force: they take the place of those in force, or of the shipped ones.</summary>
internal sealed class ImportAnswers(Database database, Writer writer, IEnumerable<ImportGuard> guards) : Importer<JsonTree>(Kinds, database, writer, guards)
{
    private const int NameLengthMax = 80;

    public static ImportKind Kinds { get; } = new(CannedAnswer.Kind, "Puts ready answers in force.", "import answers answers.json --data var", ReportPermissions.Edit);

    public override async Task<bool> ExportAsync(Store store, Stream to, ImportOptions options, CancellationToken cancellation)
    {
        var answers = await AnswerBook.ReadAsync(store, cancellation);
        await JsonWriting.WriteAsync(to, w => CannedAnswersFile.Write(w, answers), cancellation);
        return true;
    }

    protected override Task<JsonTree?> ReadAsync(Stream stream, ImportOptions options, Faults faults, CancellationToken cancellation) => JsonTree.ReadAsync(stream, faults, cancellation);

    protected override int CountOf(JsonTree read) => read.Member("answers")?.Children.Count ?? 0;

    protected override async Task<ImportChange> CompareAsync(Store store, JsonTree read, ImportOptions options, Faults faults, CancellationToken cancellation)
    {
        var answers = CannedAnswersFile.Read(read, await RoutingMap.ReadTreeAsync(store, cancellation), faults);
        return new ImportChange(Records(await AnswerBook.ReadAsync(store, cancellation)), faults.None ? Records(answers) : [], true, JsonWriting.Line(w => CannedAnswersFile.Write(w, answers)), answers.Count);
    }

    private static List<ImportRecord> Records(IEnumerable<CannedAnswer> answers) =>
        [.. answers.Select(a => new ImportRecord(a.Id, Beginning(a.Words), JsonWriting.Line(w => CannedAnswersFile.WriteAnswer(w, a))))];

    /// <summary>An answer has no name: its first words stand for it.</summary>
    private static Text Beginning(Text words) => new(words.ByLanguage.Select(said => KeyValuePair.Create(said.Key, said.Value.Length <= NameLengthMax ? said.Value : string.Concat(said.Value.AsSpan(0, NameLengthMax - 1), "…"))));
}
