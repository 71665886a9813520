using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>
/// Takes a GeoJSON file of areas: those it names (by id and first day) are added or changed, others stay. The whole file is checked before anything changes; a big one is
/// then applied in slices.
/// </summary>
public sealed class ImportAreas(Database database, Writer writer, IEnumerable<ImportGuard> guards, ApplyAreas slices) : Importer<IReadOnlyList<Area>>(Kinds, database, writer, guards)
{
    /// <summary>Kind of the catalogue whose editions say when areas were imported; the areas themselves are rows.</summary>
    public const string Catalogue = "areas";

    /// <summary>More areas than this would hold the writer for too long.</summary>
    private const int InOneUnitMax = 200;

    private readonly Database database = database;

    public static Setting<string?> KindOfArea { get; } = Setting.Words("kind", "Kind of the areas that say none themselves.");

    public static Setting<bool> Replace { get; } = Setting.Flag("replace", "Removes the areas of the same kinds that the file does not name.");

    public static Setting<string> Crs { get; } = Setting.Choice("crs", "Coordinate system of a file that names none.", "EPSG:4326", "EPSG:4326", "EPSG:31370", "EPSG:3812");

    public static ImportKind Kinds { get; } = new(Catalogue, "Imports boundaries from GeoJSON.", "import areas brussels-19.geojson --data var", AreaPermissions.Edit)
    {
        Ending = "geojson",
        Options = [KindOfArea, Replace, Crs],
    };

    /// <inheritdoc/>
    /// <remarks>As GeoJSON, every version of every area.</remarks>
    public override async Task<bool> ExportAsync(Store store, Stream to, ImportOptions options, CancellationToken cancellation)
    {
        var all = (await AreaMap.ReadAsync(store, cancellation)).All;
        AreasFile.Write(all, to);
        return all.Count > 0;
    }

    /// <inheritdoc/>
    /// <remarks>A big import that a crash interrupts is finished by the next start or import.</remarks>
    public override async Task<Outcome<ImportSummary>> PutAsync(IReadOnlyList<Area> read, string? file, ImportOptions options, Actor actor, long? expected, CancellationToken cancellation)
    {
        await slices.FinishAsync(cancellation);
        if (read.Count <= InOneUnitMax)
        {
            return await base.PutAsync(read, file, options, actor, expected, cancellation);
        }
        await using var store = database.Open();
        if (!(await LookAsync(store, read, file, options, expected, cancellation)).Is(out var look, out var refusal))
        {
            return refusal;
        }
        if (look.Change is not { } change)
        {
            return look.Summary;
        }
        var applied = await slices.RunAsync(StepsOf(read, change), file ?? Catalogue, actor, async unit =>
        {
            if (await CatalogueRow.EditionAsync(unit.Store, Catalogue, cancellation) != (look.Current?.Edition ?? 0))
            {
                return new Refusal(RefusalKind.Conflict, "kernel.catalogueChanged");
            }
            unit.Put(look.Current, Catalogue, change, file);
            return default(Done);
        }, cancellation);
        return applied.Is(out _, out refusal) ? look.Summary : refusal;
    }

    protected override async Task<IReadOnlyList<Area>?> ReadAsync(Stream stream, ImportOptions options, Faults faults, CancellationToken cancellation)
    {
        await using var store = database.Open();
        var rows = await store.Set<AreaRow>().Select(row => new { row.Id, row.ValidFrom, row.ValidTo }).ToListAsync(cancellation);
        // What a replacing file does not name is going to be gone.
        var held = options.Get(Replace) ? [] : rows.ConvertAll(row => new AreaSpan(row.Id, AreaRow.DateOf(row.ValidFrom), AreaRow.DateOf(row.ValidTo)));
        return AreasFile.Read(stream, faults, options.Get(KindOfArea), int.Parse(options.Get(Crs).AsSpan(5), CultureInfo.InvariantCulture), held);
    }

    protected override int CountOf(IReadOnlyList<Area> read) => read.Count;

    protected override async Task<ImportChange> CompareAsync(Store store, IReadOnlyList<Area> read, ImportOptions options, Faults faults, CancellationToken cancellation)
    {
        var kinds = read.Select(a => a.Kind).ToHashSet(StringComparer.Ordinal);
        var after = read.Select(a => RecordOf(AreaRow.Of(a, 0))).ToList();
        var keys = after.Select(r => r.Key).ToHashSet(StringComparer.Ordinal);
        var held = await store.Set<AreaRow>().ToListAsync(cancellation);
        // Only those of a kind in the file can go.
        var before = held.Where(row => kinds.Contains(row.Kind) || keys.Contains(row.Key)).Select(RecordOf).ToList();
        return new ImportChange(before, after, options.Get(Replace), "", read.Count);
    }

    protected override void Put(Unit unit, IReadOnlyList<Area> read, ImportChange change)
    {
        var held = unit.Store.Set<AreaRow>().Local.ToList();
        ApplyAreas.Apply(unit, StepsOf(read, change), held.ToDictionary(row => row.Key, StringComparer.Ordinal), held.Select(row => row.Place).DefaultIfEmpty(0).Max());
    }

    private static IEnumerable<AreaStep> StepsOf(IReadOnlyList<Area> read, ImportChange change)
    {
        foreach (var gone in change.Removed)
        {
            yield return new AreaStep(gone.Key, null);
        }
        var touched = change.Added.Concat(change.Changed).Select(record => record.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var row in read.Select(area => AreaRow.Of(area, 0)).Where(row => touched.Contains(row.Key)))
        {
            yield return new AreaStep(row.Key, row);
        }
    }

    internal static ImportRecord RecordOf(AreaRow row) =>
        new(row.Key, row.Names(), $"{row.Kind} {row.ValidTo} {row.Facts} {Convert.ToBase64String(SHA256.HashData(row.Shape))}");
}

/// <summary>The rights over areas.</summary>
public static class AreaPermissions
{
    /// <summary>Import and change areas and layers.</summary>
    public const string Edit = "kernel.area.edit";
}
