using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Keeps all areas in memory on each node, for the questions that nearly every request asks.</summary>
public sealed class AreaMap : MemoryFollower
{
    private volatile AreaVersions current = AreaVersions.None;

    public override string Name => "kernel.areas";

    /// <summary>All areas as they were last heard of; take it once for one answer.</summary>
    public AreaVersions Current => current;

    public override async Task LoadAsync(Store store, CancellationToken cancellation) => current = await ReadAsync(store, cancellation);

    public override async Task ApplyAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        if (events.Any(happened => happened.Is<AreaAdded>() || happened.Is<AreaChanged>() || happened.Is<AreaRemoved>()))
        {
            current = await ReadAsync(store, cancellation);
        }
    }

    /// <summary>All areas as the tables have them now: for verbs, which run no followers.</summary>
    public static Task<AreaVersions> ReadAsync(Store store, CancellationToken cancellation = default) => ReadAsync(store, null, cancellation);

    /// <summary>The areas of one kind as the tables have them now.</summary>
    /// <param name="kind">Null for all.</param>
    public static async Task<AreaVersions> ReadAsync(Store store, string? kind, CancellationToken cancellation = default)
    {
        var areas = new List<Area>();
        await foreach (var row in store.Set<AreaRow>().AsNoTracking().Where(area => kind == null || area.Kind == kind).OrderBy(area => area.Place).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            areas.Add(row.ToArea());
        }
        return new AreaVersions(areas);
    }

    /// <summary>The kinds of areas that there are and how many of each, municipalities first.</summary>
    public static async Task<IReadOnlyList<(string Kind, int Count)>> KindsAsync(Store store, CancellationToken cancellation = default) =>
    [
        .. (await store.Set<AreaRow>().GroupBy(area => area.Kind).Select(kind => new { kind.Key, Count = kind.Count() }).ToListAsync(cancellation))
            .OrderBy(kind => kind.Key != Area.Municipality).ThenBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => (kind.Key, kind.Count)),
    ];
}
