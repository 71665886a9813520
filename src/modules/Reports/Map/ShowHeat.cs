using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>/{lang}/reports/heat</c>: where reports of a kind and a time are dense, as a map and municipality by municipality (R15).</summary>
internal static class ShowHeat
{
    public static void Map(Doors doors) => doors.Pages.MapGet("/reports/heat", Page).Public().Cached(["reports"], [.. MapFilter.Names]);

    private static RazorComponentResult<Pages.HeatPage> Page(HttpContext http, ReportMap map, RoutingMap routing, PlaceSearch places, Settings settings, TimeProvider time)
    {
        var query = http.Request.Query;
        var bucket = ReportWords.Parse<Bucket>(query["bucket"].ToString());
        var (city, now, language) = (routing.Current.Map, time.NowMicros(), http.Language());
        var rows = MapFilter.Of(query, new WorkCalendar(settings.Get(KernelSettings.TimeZone))).Is(out var filter, out var refusal)
            ? RowsOf(map, city, bucket is null ? filter with { States = MapFilter.Everything.States } : filter, now)
            : [];
        var words = new List<(string Name, string Value)> { bucket is { } one ? ("bucket", ReportWords.Word(one)) : ("state", MapFilter.AllStates) };
        words.AddRange(((string[])["category", "area", "body", "from", "to", "createdFrom", "createdTo"]).Select(name => (name, query[name].ToString())).Where(word => word.Item2.Length > 0));
        var view = new HeatView(
            rows, places.Start, "?" + string.Join('&', words.Select(word => $"{word.Name}={Uri.EscapeDataString(word.Value)}")),
            query.Where(one => one.Value.ToString().Length > 0).ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.Ordinal), refusal,
            [.. city.Categories.ChildrenOf(null).Select(category => (category.Code, category.Names.In(language)))],
            [.. city.MunicipalitiesAt(now).Select(area => (area.Id, area.Names.In(language)))],
            [.. city.Bodies.Where(body => body.Active || body.Id == query["body"]).Select(body => (body.Id, body.Names.In(language)))]);
        return new(new Dictionary<string, object?> { ["View"] = view }) { StatusCode = refusal is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity };
    }

    /// <summary>The densest first.</summary>
    private static List<HeatRow> RowsOf(ReportMap map, RoutingSnapshot city, MapFilter wanted, long now)
    {
        var areas = city.MunicipalitiesAt(now).Where(area => wanted.Area is null || area.Id == wanted.Area).ToList();
        if (areas.Count == 0)
        {
            return [];
        }
        var hottest = new double[areas.Count];
        var index = new ShapeIndex(areas.Select(area => area.Shape));
        Span<int> hits = stackalloc int[4];
        var (heat, _, counts) = map.Heat(index.Bounds, wanted);
        foreach (var (box, perHectare) in HeatLayer.CellsOf(heat).Where(cell => cell.PerHectare > 0))
        {
            foreach (var area in hits[..Math.Min(index.Containing(box.Centre, hits), hits.Length)])
            {
                hottest[area] = Math.Max(hottest[area], perHectare);
            }
        }
        return [.. areas.Select((area, i) => new HeatRow(area.Names, counts.GetValueOrDefault(area.Id), hottest[i])).Where(row => row.Count > 0).OrderByDescending(row => row.Hottest).ThenByDescending(row => row.Count)];
    }
}

/// <summary>A municipality in the twin of the heat map.</summary>
/// <param name="Hottest">Reports per hectare where they are densest.</param>
public sealed record HeatRow(Text Names, int Count, double Hottest);

/// <summary>What the page of heat shows.</summary>
/// <param name="Query">Of the layer.</param>
/// <param name="Typed">The filter as it stands in the address.</param>
/// <param name="Refusal">What is wrong with it.</param>
public sealed record HeatView(
    IReadOnlyList<HeatRow> Rows, MapFrame Frame, string Query, IReadOnlyDictionary<string, string> Typed, Refusal? Refusal, IReadOnlyList<(string Id, string Name)> Categories,
    IReadOnlyList<(string Id, string Name)> Areas, IReadOnlyList<(string Id, string Name)> Bodies);
