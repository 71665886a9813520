using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>
/// Layer <c>areas</c>: areas as they are today, municipalities unless <c>?kind=</c> says others, with commas between, those below first. Surfaces and lines carry <c>id</c> and <c>kind</c>; a point
/// inside each, where there is most room, carries the names (<c>name_fr</c> ...), so that a name is written once however many tiles the surface lies in. The picture marks those
/// that <c>?chosen=</c> names, with commas between, and shows those of another day with <c>?on=</c>.
/// </summary>
internal sealed class AreaLayer(AreaMap map, TimeProvider time, Settings settings) : MapLayer
{
    /// <summary>What is drawn is kept for each zoom; further in, maps enlarge the tiles of this one.</summary>
    private const int ZoomMax = 16;

    private const int KindsMax = 4;

    private readonly TimeZoneInfo zone = settings.Get(KernelSettings.TimeZone);
    private volatile Drawn drawn = new(AreaVersions.None.On(DateOnly.MinValue));

    public override string Name => "areas";

    public override IReadOnlyList<string> Filters => ["kind", "chosen", "on"];

    public override IReadOnlyList<string> Tags => ["area"];

    public override string? SourceKey => Today().Areas.Of(Area.Municipality).All.Any(area => area.Approximate) ? "kernel.map.approximate" : null;

    public override TimeSpan FreshFor => TimeSpan.FromMinutes(10);

    public override ValueTask<Refusal?> DrawAsync(VectorTile tile, IQueryCollection filter, CancellationToken cancellation)
    {
        if (tile.Z > ZoomMax)
        {
            return new(new Refusal(RefusalKind.NotFound, "kernel.notFound"));
        }
        var today = Today();
        var layer = tile.Layer(Name);
        foreach (var kind in KindsOf(filter))
        {
            Draw(tile, layer, today, kind);
        }
        return default;
    }

    public override ValueTask<Outcome<MapFigure[]>> FiguresAsync(Box view, MapFrame frame, IQueryCollection filter, string language, CancellationToken cancellation)
    {
        var chosen = filter["chosen"].ToString().Split(',');
        var areas = DateOnly.TryParseExact(filter["on"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? map.Current.On(day) : Today().Areas;
        MapFigure[] figures =
        [
            .. KindsOf(filter).SelectMany(kind => areas.Of(kind).All).Where(area => area.Shape.Bounds.Intersects(view))
                .Select(area => new MapFigure(area.Shape, area.Names.In(language)) { Chosen = chosen.Contains(area.Id, StringComparer.Ordinal) }),
        ];
        return new(figures);
    }

    private static IEnumerable<string> KindsOf(IQueryCollection filter) =>
        filter["kind"].ToString() is { Length: > 0 } kinds ? kinds.Split(',', KindsMax + 1).Take(KindsMax).Distinct(StringComparer.Ordinal) : [Area.Municipality];

    private static void Draw(VectorTile tile, TileLayer layer, Drawn today, string kind)
    {
        var areas = today.Areas.Of(kind);
        var shapes = today.Shapes(kind, tile.Z);
        var labels = today.Labels(kind);
        var view = tile.Box;
        for (var i = 0; i < areas.Count; i++)
        {
            var area = areas[i];
            if (area.Shape.Bounds.Intersects(view))
            {
                var number = NumberOf(area.Id);
                layer.Add(shapes[i], number, TileAttribute.Of("id", area.Id), TileAttribute.Of("kind", area.Kind));
                layer.Add(labels[i], number, [TileAttribute.Of("id", area.Id), .. area.Names.ByLanguage.Select(name => TileAttribute.Of("name_" + name.Key, name.Value))]);
            }
        }
    }

    /// <summary>What was drawn for the areas of today; made anew when they change or the day turns into another set of areas.</summary>
    private Drawn Today()
    {
        var date = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone).DateTime);
        var areas = map.Current.On(date);
        var kept = drawn;
        return ReferenceEquals(kept.Areas, areas) ? kept : drawn = new Drawn(areas);
    }

    /// <summary>Numbers of features are whole: the id itself when it is a number (an NIS code), else its FNV-1a hash, below 2^53 for JavaScript.</summary>
    private static ulong NumberOf(string id)
    {
        if (ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 1ul << 53)
        {
            return number;
        }
        var hash = 14695981039346656037ul;
        foreach (var letter in id)
        {
            hash = unchecked((hash ^ letter) * 1099511628211ul);
        }
        return hash >> 11;
    }

    /// <summary>Shapes of a zoom are projected and simplified once.</summary>
    private sealed class Drawn(DatedAreas areas)
    {
        private readonly ConcurrentDictionary<(string Kind, int Zoom), Lazy<MapShape[]>> shapes = new();
        private readonly ConcurrentDictionary<string, Lazy<LonLat[]>> labels = new(StringComparer.Ordinal);

        public DatedAreas Areas => areas;

        public MapShape[] Shapes(string kind, int zoom) => areas.Of(kind) is { Count: > 0 } some
            ? shapes.GetOrAdd((kind, zoom), _ => new(() => [.. some.All.Select(area => MapShape.For(area.Shape, zoom))])).Value
            : [];

        public LonLat[] Labels(string kind) => areas.Of(kind) is { Count: > 0 } some
            ? labels.GetOrAdd(kind, _ => new(() => [.. Enumerable.Range(0, some.Count).Select(i => LabelPoint.Of(some.Index, i))])).Value
            : [];
    }
}
