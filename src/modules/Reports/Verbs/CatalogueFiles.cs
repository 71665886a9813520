using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Files that verbs read without a store. A fault ends the verb with exit code 2, naming file, line and field.</summary>
internal static class CatalogueFiles
{
    /// <exception cref="BadInputException">The file is not there, or has a fault.</exception>
    public static async Task<T> ReadAsync<T>(string file, Func<JsonTree, Faults, T> read, CancellationToken stop)
    {
        var faults = new Faults();
        await using var stream = Call.Open(file);
        var tree = await JsonTree.ReadAsync(stream, faults, stop);
        faults.ThrowIfAny(file);
        var result = read(tree!, faults);
        faults.ThrowIfAny(file);
        return result;
    }

    /// <exception cref="BadInputException">The file is not there, or has a fault.</exception>
    public static IReadOnlyList<Area> ReadAreas(string file)
    {
        var faults = new Faults();
        using var stream = Call.Open(file);
        var areas = AreasFile.Read(stream, faults);
        faults.ThrowIfAny(file);
        return areas;
    }
}
