using System.Text.Json.Nodes;

namespace Zinneke.Kernel;

/// <summary>Takes a file of bodies: those it names are added or changed, others stay unless they are to go. All or nothing.</summary>
public sealed class ImportBodies(Database database, Writer writer, IEnumerable<ImportGuard> guards, FileStore files, Ids ids) : Importer<ReadBodies>(Kinds, database, writer, guards)
{
    public static Setting<bool> Replace { get; } = Setting.Flag("replace", "Removes the bodies that the file does not name.");

    public static ImportKind Kinds { get; } = new(Body.Catalogue, "Imports bodies: municipalities, region, operators.", "import bodies bodies.json --data var", BodyPermissions.Edit)
    {
        Options = [Replace],
        HoldsSecrets = true, // Of the webhooks and endpoints of each body.
        ToPutBack = new ImportOptions(new Dictionary<string, object?> { [Replace.Name] = true }),
    };

    public override async Task<bool> ExportWholeAsync(Store store, Stream to, ImportOptions options, CancellationToken cancellation)
    {
        if (await CatalogueRow.CurrentAsync(store, Body.Catalogue, cancellation) is not { } row)
        {
            return false;
        }
        var list = JsonNode.Parse(row.Text)!;
        await BodyLogos.EmbedAsync(list, store, files, cancellation);
        await WriteAsync(list.ToJsonString(), to, cancellation);
        return true;
    }

    protected override async Task<ReadBodies?> ReadAsync(Stream stream, ImportOptions options, Faults faults, CancellationToken cancellation)
    {
        if (await JsonTree.ReadAsync(stream, faults, cancellation) is not { } tree)
        {
            return null;
        }
        var bodies = BodiesFile.Read(tree, faults).ToArray();
        var logos = new Dictionary<string, KeptPhoto>(StringComparer.Ordinal);
        for (var i = 0; faults.None && i < bodies.Length; i++)
        {
            if (bodies[i].Logo is not { } text || BodyLogos.BytesOf(text) is not { } bytes)
            {
                continue;
            }
            if (await BodyLogos.KeepAsync(bytes, files, cancellation) is { } kept)
            {
                logos[kept.Hash] = kept;
                bodies[i] = bodies[i] with { Logo = kept.Hash };
            }
            else
            {
                faults.Add(0, $"bodies[{i}].logo", text, "a picture in JPEG, PNG or WebP of at most 1 MiB and 4 megapixels");
            }
        }
        return new ReadBodies(bodies, logos);
    }

    protected override int CountOf(ReadBodies read) => read.Bodies.Count;

    protected override async Task<ImportChange> CompareAsync(Store store, ReadBodies read, ImportOptions options, Faults faults, CancellationToken cancellation)
    {
        var before = await BodyMap.ReadAsync(store, cancellation);
        var whole = options.Get(Replace);
        var stay = whole ? [] : before.ExceptBy(read.Bodies.Select(r => r.Id), b => b.Id, StringComparer.Ordinal).ToList();
        CheckAreas(stay, read.Bodies, faults);
        await CheckLogosAsync(store, read, faults, cancellation);
        var after = stay.Concat(read.Bodies).OrderBy(b => b.Id, StringComparer.Ordinal).ToList();
        return new ImportChange(Records(before), Records(read.Bodies), whole, JsonWriting.Line(w => BodiesFile.Write(w, after)), after.Count);
    }

    /// <summary>A picture that came with the file gets a row, unless the edition in force has it: rows of earlier editions stay, so that those can be put back.</summary>
    protected override void Put(Unit unit, ReadBodies read, ImportChange change)
    {
        foreach (var kept in read.Logos.Values.Where(kept => !change.Before.Any(record => record.Line.Contains(kept.Hash, StringComparison.Ordinal))))
        {
            var file = StoredFile.Of(kept, ids.Next(), unit.Now);
            file.Claim(FileVisibility.Public);
            unit.Store.Add(file);
        }
    }

    /// <summary>A picture that is only named must have been sent before.</summary>
    private static async Task CheckLogosAsync(Store store, ReadBodies read, Faults faults, CancellationToken cancellation)
    {
        for (var i = 0; i < read.Bodies.Count; i++)
        {
            if (read.Bodies[i].Logo is { } logo && !read.Logos.ContainsKey(logo) && await BodyLogos.RowOfAsync(store, logo, cancellation) is null)
            {
                faults.Add(0, $"bodies[{i}].logo", logo, "a picture as a data address, or the name of one that was sent before");
            }
        }
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

/// <summary>What a file of bodies holds.</summary>
/// <param name="Bodies">With their logos by hash.</param>
/// <param name="Logos">The pictures that lay in the file itself, by hash: stripped and in the store, without a row.</param>
public sealed record ReadBodies(IReadOnlyList<Body> Bodies, IReadOnlyDictionary<string, KeptPhoto> Logos);

/// <summary>The rights over bodies.</summary>
public static class BodyPermissions
{
    /// <summary>In a body: how it presents itself, works and is reached. In the whole installation: which bodies there are, too.</summary>
    public const string Edit = "kernel.body.edit";
}
