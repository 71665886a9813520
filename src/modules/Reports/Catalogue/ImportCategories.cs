using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Puts a whole catalogue of problems in force. One that the rules in force no longer fit is refused.</summary>
internal sealed class ImportCategories(Database database, Writer writer, IEnumerable<ImportGuard> guards) : Importer<CategoryTree>(Kinds, database, writer, guards)
{
    public static ImportKind Kinds { get; } = new(RoutingMap.CategoriesKind, "Puts a catalogue of problems in force.", "import categories categories.json --data var", ReportPermissions.Edit);

    protected override async Task<CategoryTree?> ReadAsync(Stream stream, ImportOptions options, Faults faults, CancellationToken cancellation) =>
        await JsonTree.ReadAsync(stream, faults, cancellation) is { } json ? CategoriesFile.Read(json, faults) : null;

    protected override int CountOf(CategoryTree read) => read.All.Count;

    protected override async Task<ImportChange> CompareAsync(Store store, CategoryTree read, ImportOptions options, Faults faults, CancellationToken cancellation) =>
        new(Records(await RoutingMap.ReadTreeAsync(store, cancellation)), Records(read), true, JsonWriting.Line(w => CategoriesFile.Write(w, read)), read.All.Count);

    private static List<ImportRecord> Records(CategoryTree tree) =>
        [.. tree.All.Select(c => new ImportRecord(c.Code, c.Names, JsonWriting.Line(w => CategoriesFile.WriteCategory(w, c))))];
}
