using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Takes a GeoJSON file of areas: those it names (by id and first day) are added or changed, others stay. The whole file is checked before anything changes.</summary>
public sealed class ImportAreas(Writer writer)
{
    /// <param name="kind">Kind of the areas that say none themselves.</param>
    /// <param name="replacing">True when the areas of the same kinds that the file does not name are to go, such as approximate boundaries.</param>
    public async Task<ImportSummary> RunAsync(Stream stream, string file, string? kind, bool replacing, Actor actor, CancellationToken cancellation)
    {
        var faults = new Faults();
        var read = AreasFile.Read(stream, faults, kind);
        foreach (var twice in read.GroupBy(a => (a.Id, a.ValidFrom)).Where(g => g.Count() > 1))
        {
            faults.Add(0, "properties.id", twice.Key.Id, "an id that comes once (for each first day)");
        }
        return faults.None ? await PutAsync(read, file, replacing, actor, cancellation) : ImportSummary.Refuse("areas", file, read.Count, faults);
    }

    /// <summary>Stores areas that are known to be good.</summary>
    public async Task<ImportSummary> PutAsync(IReadOnlyList<Area> areas, string file, bool replacing, Actor actor, CancellationToken cancellation)
    {
        var outcome = await writer.DoAsync<ImportSummary>(actor, async unit =>
        {
            var held = await unit.Store.Set<AreaRow>().ToListAsync(cancellation);
            var before = held.ToDictionary(KeyOf, LineOf, StringComparer.Ordinal);
            var rows = areas.Select(a => AreaRow.Of(a, 0)).ToDictionary(KeyOf, StringComparer.Ordinal);
            var summary = ImportSummary.Compare("areas", file, before, rows.ToDictionary(r => r.Key, r => LineOf(r.Value), StringComparer.Ordinal));
            if (replacing)
            {
                var kinds = areas.Select(a => a.Kind).ToHashSet(StringComparer.Ordinal);
                unit.Store.RemoveRange(held.Where(h => kinds.Contains(h.Kind) && !rows.ContainsKey(KeyOf(h))));
            }
            var place = held.Select(h => h.Place).DefaultIfEmpty(0).Max();
            foreach (var area in areas)
            {
                var row = AreaRow.Of(area, 0);
                if (held.Find(h => KeyOf(h) == KeyOf(row)) is not { } old)
                {
                    row.Place = ++place;
                    unit.Store.Add(row);
                    unit.Publish(new Subject("area", area.Id), 1, new AreaAdded(area.Kind, area.ValidFrom));
                }
                else if (LineOf(old) != LineOf(row))
                {
                    old.Become(area);
                    unit.Publish(new Subject("area", area.Id), old.Version + 1, new AreaChanged(area.Kind, area.ValidFrom));
                }
            }
            return summary;
        }, cancellation);
        return outcome.Ok ? outcome.Value : throw new BadInputException($"{file}: {outcome.Refusal!.Code}");
    }

    private static string KeyOf(AreaRow row) => $"{row.Id} {row.ValidFrom}";

    private static string LineOf(AreaRow row) => $"{row.Kind} {row.ValidTo} {row.Facts} {Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(row.Shape))}";
}
