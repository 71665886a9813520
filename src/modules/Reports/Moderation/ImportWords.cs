using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Puts a list of words in force that staff want to look at; an empty one takes the list away.</summary>
internal sealed class ImportWords(Database database, Writer writer, IEnumerable<ImportGuard> guards) : Importer<JsonTree>(Kinds, database, writer, guards)
{
    public static ImportKind Kinds { get; } = new(WordBook.Kind, "Puts a list of words in force: reports that hold one wait for staff to look.", "import words words.json --data var", ReportPermissions.Edit);

    public override async Task<bool> ExportAsync(Store store, Stream to, ImportOptions options, CancellationToken cancellation)
    {
        var words = await WordBook.ReadAsync(store, cancellation);
        await JsonWriting.WriteAsync(to, w => WordBook.Write(w, words), cancellation);
        return true;
    }

    protected override Task<JsonTree?> ReadAsync(Stream stream, ImportOptions options, Faults faults, CancellationToken cancellation) => JsonTree.ReadAsync(stream, faults, cancellation);

    protected override int CountOf(JsonTree read) => read.Member("words")?.Children.Count ?? 0;

    protected override async Task<ImportChange> CompareAsync(Store store, JsonTree read, ImportOptions options, Faults faults, CancellationToken cancellation)
    {
        var words = WordBook.Read(read, faults);
        return new ImportChange(Records(await WordBook.ReadAsync(store, cancellation)), faults.None ? Records(words) : [], true, JsonWriting.Line(w => WordBook.Write(w, words)), words.Count);
    }

    private static List<ImportRecord> Records(IEnumerable<string> words) =>
        [.. words.Select(word => new ImportRecord(Folding.Fold(word), new Text(Languages.All.Select(language => KeyValuePair.Create(language, word))), word))];
}
