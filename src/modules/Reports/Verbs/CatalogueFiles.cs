using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Catalogues in files: those that verbs read without a store, where a fault ends the verb with exit code 2, naming file, line and field; and those that are shipped.</summary>
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

    /// <summary>A file in the program itself.</summary>
    /// <param name="name">Folder and name with a dot between, without its ending: <c>Demo.rules</c>.</param>
    public static Stream OpenShipped(string name) => typeof(CatalogueFiles).Assembly.GetManifestResourceStream($"Zinneke.Reports.{name}.json")!;

    /// <exception cref="InvalidOperationException">It has a fault: a bug.</exception>
    public static T ReadShipped<T>(string name, Func<JsonTree, Faults, T> read)
    {
        using var stream = OpenShipped(name);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var faults = new Faults();
        var result = read(JsonTree.Parse(bytes, faults)!, faults);
        return faults.None ? result : throw new InvalidOperationException($"{name}.json: {faults.First[0]}");
    }
}
