using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>Takes a GeoJSON file of areas: those it names (by id and first day) are added or changed, others stay. The whole file is checked before anything changes.</summary>
public sealed class ImportAreas(Database database, Writer writer, IEnumerable<ImportGuard> guards) : Importer<IReadOnlyList<Area>>(Kinds, database, writer, guards)
{
    /// <summary>Kind of the catalogue whose editions say when areas were imported; the areas themselves are rows.</summary>
    public const string Catalogue = "areas";

    public static Setting<string?> KindOfArea { get; } = Setting.Words("kind", "Kind of the areas that say none themselves.");

    public static Setting<bool> Replace { get; } = Setting.Flag("replace", "Removes the areas of the same kinds that the file does not name.");

    public static ImportKind Kinds { get; } = new(Catalogue, "Imports boundaries from GeoJSON.", "import areas brussels-19.geojson --data var", AreaPermissions.Edit)
    {
        Ending = "geojson",
        Options = [KindOfArea, Replace],
    };

    /// <inheritdoc/>
    /// <remarks>As GeoJSON, every version of every area.</remarks>
    public override async Task<bool> ExportAsync(Store store, Stream to, ImportOptions options, CancellationToken cancellation)
    {
        var all = (await AreaMap.ReadAsync(store, cancellation)).All;
        AreasFile.Write(all, to);
        return all.Count > 0;
    }

    protected override Task<IReadOnlyList<Area>?> ReadAsync(Stream stream, ImportOptions options, Faults faults, CancellationToken cancellation)
    {
        var read = AreasFile.Read(stream, faults, options.Get(KindOfArea));
        foreach (var twice in read.GroupBy(a => (a.Id, a.ValidFrom)).Where(g => g.Count() > 1))
        {
            faults.Add(0, "properties.id", twice.Key.Id, "an id that comes once (for each first day)");
        }
        return Task.FromResult<IReadOnlyList<Area>?>(read);
    }

    protected override int CountOf(IReadOnlyList<Area> read) => read.Count;

    protected override async Task<ImportChange> CompareAsync(Store store, IReadOnlyList<Area> read, ImportOptions options, Faults faults, CancellationToken cancellation)
    {
        var kinds = read.Select(a => a.Kind).ToHashSet(StringComparer.Ordinal);
        var after = read.Select(a => RecordOf(AreaRow.Of(a, 0), a.Names)).ToList();
        var keys = after.Select(r => r.Key).ToHashSet(StringComparer.Ordinal);
        var held = await store.Set<AreaRow>().ToListAsync(cancellation);
        // Only those of a kind in the file can go.
        var before = held.Where(row => kinds.Contains(row.Kind) || keys.Contains(KeyOf(row))).Select(row => RecordOf(row, row.Names())).ToList();
        return new ImportChange(before, after, options.Get(Replace), "", read.Count);
    }

    protected override void Put(Unit unit, IReadOnlyList<Area> read, ImportChange change)
    {
        var held = unit.Store.Set<AreaRow>().Local.ToDictionary(KeyOf, StringComparer.Ordinal);
        foreach (var gone in change.Removed.Select(record => held[record.Key]))
        {
            unit.Store.Remove(gone);
            unit.Publish(new Subject("area", gone.Id), gone.Version, new AreaRemoved(gone.Kind, DateOnly.ParseExact(gone.ValidFrom, "O", null)));
        }
        var place = held.Values.Select(h => h.Place).DefaultIfEmpty(0).Max();
        var changed = change.Changed.Select(record => record.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var area in read)
        {
            var key = KeyOf(area);
            if (!held.TryGetValue(key, out var old))
            {
                unit.Store.Add(AreaRow.Of(area, ++place));
                unit.Publish(new Subject("area", area.Id), 1, new AreaAdded(area.Kind, area.ValidFrom));
            }
            else if (changed.Contains(key))
            {
                old.Become(area);
                unit.Publish(new Subject("area", area.Id), old.Version + 1, new AreaChanged(area.Kind, area.ValidFrom));
            }
        }
    }

    private static ImportRecord RecordOf(AreaRow row, Text names) =>
        new(KeyOf(row), names, $"{row.Kind} {row.ValidTo} {row.Facts} {Convert.ToBase64String(SHA256.HashData(row.Shape))}");

    private static string KeyOf(AreaRow row) => $"{row.Id} {row.ValidFrom}";

    private static string KeyOf(Area area) => $"{area.Id} {AreaRow.Iso(area.ValidFrom)}";
}

/// <summary>The rights over areas.</summary>
public static class AreaPermissions
{
    /// <summary>Import areas and layers.</summary>
    public const string Edit = "kernel.area.edit";
}
