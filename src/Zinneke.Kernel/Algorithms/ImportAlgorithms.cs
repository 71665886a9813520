using System.Text;
using System.Text.Json.Nodes;

namespace Zinneke.Kernel;

/// <summary>Puts an installation's own entries of the register in force: what the file does not name is as it is shipped.</summary>
public sealed class ImportAlgorithms(Database database, Writer writer, IEnumerable<ImportGuard> guards, AlgorithmRegister register, Settings settings, TimeProvider time)
    : Importer<IReadOnlyDictionary<string, JsonObject>>(Kinds, database, writer, guards)
{
    /// <summary>Change what the register says, and with it what may decide by itself.</summary>
    public const string Edit = "kernel.algorithm.edit";

    public static ImportKind Kinds { get; } = new(AlgorithmsFile.Kind, "Completes and changes the register of algorithms.", "import algorithms algorithms.json --data var", Edit);

    protected override async Task<IReadOnlyDictionary<string, JsonObject>?> ReadAsync(Stream stream, ImportOptions options, Faults faults, CancellationToken cancellation)
    {
        var today = new WorkCalendar(settings.Get(KernelSettings.TimeZone)).DateOf(time.NowMicros());
        return await JsonTree.ReadAsync(stream, faults, cancellation) is { } tree ? AlgorithmsFile.Read(tree, register.Known, today, faults) : null;
    }

    protected override int CountOf(IReadOnlyDictionary<string, JsonObject> read) => read.Count;

    protected override async Task<ImportChange> CompareAsync(Store store, IReadOnlyDictionary<string, JsonObject> read, ImportOptions options, Faults faults, CancellationToken cancellation)
    {
        var current = await CatalogueRow.CurrentAsync(store, AlgorithmsFile.Kind, cancellation);
        var before = current is null ? [] : AlgorithmsFile.Read(JsonTree.Parse(Encoding.UTF8.GetBytes(current.Text), new Faults())!, register.Known, null, new Faults());
        return new ImportChange(Records(before), Records(read), true, AlgorithmsFile.Write(read), read.Count);
    }

    private static List<ImportRecord> Records(IReadOnlyDictionary<string, JsonObject> entries) =>
        [.. entries.Select(entry => new ImportRecord(entry.Key, Text.Four(entry.Key, entry.Key, entry.Key, entry.Key), entry.Value.ToJsonString(Json.Options)))];
}
