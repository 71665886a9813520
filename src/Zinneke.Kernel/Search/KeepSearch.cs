using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Keeps the entries of all modules: set by subject, from the rows that events name, so that what is hidden, erased or edited leaves with its event.</summary>
internal sealed class KeepSearch(IEnumerable<SearchSource> sources) : TableFollower
{
    public const string FollowerName = "kernel.search";
    private const int ClearedAtOnce = 1000;

    private readonly SearchSource[] sources = [.. sources.OrderBy(source => source.Kind, StringComparer.Ordinal)];

    public override string Name => FollowerName;

    /// <summary>Also another when a module comes or goes.</summary>
    public override int Shape => sources.Aggregate(2, (shape, source) => unchecked(shape * 31 + source.Kind.Aggregate(source.Shape, (hash, letter) => unchecked(hash * 31 + letter))));

    public override IReadOnlyList<Type> Derives => [typeof(SearchRow), typeof(SearchWord)];

    public override bool LoadsFromTables => true;

    public override async Task ApplyAsync(Unit unit, IReadOnlyList<Event> events, int generation, CancellationToken cancellation)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            if (source.AllChangedBy(events))
            {
                var (all, _) = await source.SliceAsync(unit.Store, null, cancellation);
                var known = await unit.Store.Set<SearchRow>().Where(row => row.Generation == generation && row.Kind == source.Kind).Select(row => row.Id).ToListAsync(cancellation);
                await SetAsync(unit, generation, source, [.. known.Union(all.Select(entry => entry.Id), StringComparer.Ordinal)], all, counts, cancellation);
            }
            else if (source.ChangedBy(events) is { Count: > 0 } ids)
            {
                await SetAsync(unit, generation, source, ids, await source.ReadAsync(unit.Store, ids, cancellation), counts, cancellation);
            }
        }
        await CountAsync(unit, generation, counts, cancellation);
    }

    public override async Task<string?> LoadAsync(Unit unit, int generation, string? after, CancellationToken cancellation)
    {
        var at = after?.IndexOf(' ', StringComparison.Ordinal) ?? -1;
        var number = after is null ? 0 : int.Parse(after.AsSpan(0, at), CultureInfo.InvariantCulture);
        if (number >= sources.Length)
        {
            return null;
        }
        var (entries, next) = await sources[number].SliceAsync(unit.Store, after is null || at + 1 == after.Length ? null : after[(at + 1)..], cancellation);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        List<SearchRow> rows = [.. entries.Select(entry => RowOf(entry, generation, sources[number]))];
        rows.ForEach(row => Count(counts, row, 1));
        unit.AddMany(rows); // There is nothing yet in this generation.
        await CountAsync(unit, generation, counts, cancellation);
        return next is not null ? string.Create(CultureInfo.InvariantCulture, $"{number} {next}") : number + 1 < sources.Length ? string.Create(CultureInfo.InvariantCulture, $"{number + 1} ") : null;
    }

    public override async Task<bool> ClearAsync(Unit unit, int generation, CancellationToken cancellation)
    {
        var more = await unit.Store.Set<SearchRow>().AnyAsync(row => row.Generation == generation, cancellation) || await unit.Store.Set<SearchWord>().AnyAsync(word => word.Generation == generation, cancellation);
        unit.Then((connection, transaction) =>
        {
            foreach (var (table, key) in ((string, string)[])[("search_entries", "kind, id"), ("search_vocabulary", "word")])
            {
                using var delete = connection.CreateCommand();
                delete.Transaction = transaction;
                delete.CommandText = $"DELETE FROM {table} WHERE generation = @generation AND ({key}) IN (SELECT {key} FROM {table} WHERE generation = @generation LIMIT @most)";
                delete.Add("generation", generation);
                delete.Add("most", ClearedAtOnce);
                delete.ExecuteNonQuery();
            }
        });
        return more;
    }

    /// <summary>Makes the rows of some things say what their entries do; a thing without an entry has no row.</summary>
    /// <param name="counts">Told by how much the number of entries of each word changes.</param>
    private static async Task SetAsync(
        Unit unit, int generation, SearchSource source, IReadOnlyCollection<string> ids, IReadOnlyList<SearchEntry> entries, Dictionary<string, int> counts, CancellationToken cancellation)
    {
        var rows = await unit.Store.Set<SearchRow>().Where(row => row.Generation == generation && row.Kind == source.Kind && ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, StringComparer.Ordinal, cancellation);
        foreach (var row in rows.Values)
        {
            Count(counts, row, -1);
        }
        foreach (var entry in entries)
        {
            if (rows.Remove(entry.Id, out var row))
            {
                row.Set(entry);
            }
            else
            {
                unit.Store.Add(row = RowOf(entry, generation, source));
            }
            Count(counts, row, 1);
        }
        unit.Store.RemoveRange(rows.Values);
    }

    private static SearchRow RowOf(SearchEntry entry, int generation, SearchSource source)
    {
        var row = new SearchRow { Generation = generation, Kind = source.Kind, Id = entry.Id, First = source.First };
        row.Set(entry);
        return row;
    }

    private static void Count(Dictionary<string, int> counts, SearchRow row, int by)
    {
        foreach (var word in row.Vocabulary())
        {
            counts[word] = counts.GetValueOrDefault(word) + by;
        }
    }

    private static async Task CountAsync(Unit unit, int generation, Dictionary<string, int> counts, CancellationToken cancellation)
    {
        List<string> changed = [.. counts.Where(count => count.Value != 0).Select(count => count.Key)];
        var words = await unit.Store.Set<SearchWord>().Where(word => word.Generation == generation && changed.Contains(word.Word)).ToDictionaryAsync(word => word.Word, StringComparer.Ordinal, cancellation);
        foreach (var word in changed)
        {
            if (!words.TryGetValue(word, out var row))
            {
                unit.Store.Add(row = new SearchWord { Generation = generation, Word = word });
            }
            row.Count += counts[word];
            if (row.Count <= 0)
            {
                unit.Store.Remove(row);
            }
        }
    }
}
