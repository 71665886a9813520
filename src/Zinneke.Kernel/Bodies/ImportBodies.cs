namespace Zinneke.Kernel;

/// <summary>Takes a file of bodies: those it names are added or changed, others stay unless they are to go. All or nothing.</summary>
public sealed class ImportBodies(Database database, Writer writer, IEnumerable<ImportGuard> guards) : Importer<IReadOnlyList<Body>>(Kinds, database, writer, guards)
{
    public static Setting<bool> Replace { get; } = Setting.Flag("replace", "Removes the bodies that the file does not name.");

    public static ImportKind Kinds { get; } = new(Body.Catalogue, "Imports bodies: municipalities, region, operators.", "import bodies bodies.json --data var", BodyPermissions.Edit)
    {
        Options = [Replace],
        HoldsSecrets = true, // Of the webhooks of each body.
        ToPutBack = new ImportOptions(new Dictionary<string, object?> { [Replace.Name] = true }),
    };

    protected override async Task<IReadOnlyList<Body>?> ReadAsync(Stream stream, ImportOptions options, Faults faults, CancellationToken cancellation) =>
        await JsonTree.ReadAsync(stream, faults, cancellation) is { } tree ? BodiesFile.Read(tree, faults) : null;

    protected override int CountOf(IReadOnlyList<Body> read) => read.Count;

    protected override async Task<ImportChange> CompareAsync(Store store, IReadOnlyList<Body> read, ImportOptions options, Faults faults, CancellationToken cancellation)
    {
        var before = await BodyMap.ReadAsync(store, cancellation);
        var whole = options.Get(Replace);
        var stay = whole ? [] : before.ExceptBy(read.Select(r => r.Id), b => b.Id, StringComparer.Ordinal).ToList();
        CheckAreas(stay, read, faults);
        var after = stay.Concat(read).OrderBy(b => b.Id, StringComparer.Ordinal).ToList();
        return new ImportChange(Records(before), Records(read), whole, JsonWriting.Line(w => BodiesFile.Write(w, after)), after.Count);
    }

    /// <summary>The file is checked in itself when it is read; what it does not name may hold an area too.</summary>
    private static void CheckAreas(IEnumerable<Body> stay, IReadOnlyList<Body> read, Faults faults)
    {
        var owners = stay.Where(b => b.Active).SelectMany(b => b.Areas.Select(area => (area, b.Id))).ToDictionary(pair => pair.area, pair => pair.Id, StringComparer.Ordinal);
        for (var i = 0; i < read.Count; i++)
        {
            foreach (var area in read[i].Active ? read[i].Areas.Where(owners.ContainsKey) : [])
            {
                faults.Add(0, $"bodies[{i}].areas", area, $"areas that no other active body has: {area} ({owners[area]})");
            }
        }
    }

    private static List<ImportRecord> Records(IEnumerable<Body> bodies) => [.. bodies.Select(b => new ImportRecord(b.Id, b.Names, JsonWriting.Line(w => BodiesFile.WriteBody(w, b))))];
}

/// <summary>The rights over bodies.</summary>
public static class BodyPermissions
{
    /// <summary>In a body: how it presents itself, works and is reached. In the whole installation: which bodies there are, too.</summary>
    public const string Edit = "kernel.body.edit";
}
