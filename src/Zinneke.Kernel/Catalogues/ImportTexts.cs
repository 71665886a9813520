namespace Zinneke.Kernel;

/// <summary>Puts texts of the installation's own in force; an empty file gives the program its own words back.</summary>
public sealed class ImportTexts(Database database, Writer writer, IEnumerable<ImportGuard> guards, Words words) : Importer<JsonTree>(Kinds, database, writer, guards)
{
    public static ImportKind Kinds { get; } = new(OwnTexts.Kind, "Puts texts in force that take the place of those of the program.", "import texts texts.json --data var", TextPermissions.Edit);

    public override async Task<bool> ExportAsync(Store store, Stream to, ImportOptions options, CancellationToken cancellation)
    {
        var texts = await OwnTexts.ReadAsync(store, cancellation);
        await JsonWriting.WriteAsync(to, w => OwnTextsFile.Write(w, texts), cancellation);
        return true;
    }

    protected override Task<JsonTree?> ReadAsync(Stream stream, ImportOptions options, Faults faults, CancellationToken cancellation) => JsonTree.ReadAsync(stream, faults, cancellation);

    protected override int CountOf(JsonTree read) => read.Member("texts")?.Children.Count ?? 0;

    protected override async Task<ImportChange> CompareAsync(Store store, JsonTree read, ImportOptions options, Faults faults, CancellationToken cancellation)
    {
        var texts = OwnTextsFile.Read(read, words, faults);
        return new ImportChange(Records(await OwnTexts.ReadAsync(store, cancellation)), faults.None ? Records(texts) : [], true, JsonWriting.Line(w => OwnTextsFile.Write(w, texts)), texts.Count);
    }

    private static List<ImportRecord> Records(IEnumerable<OwnText> texts) => [.. texts.Select(text => new ImportRecord(text.Key, text.Words, JsonWriting.Line(w => OwnTextsFile.WriteText(w, text))))];
}

/// <summary>The right over the words of the interface.</summary>
public static class TextPermissions
{
    public const string Edit = "kernel.text.edit";
}
