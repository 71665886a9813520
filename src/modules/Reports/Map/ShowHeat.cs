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

    private static IResult Page(HttpContext http, ReportMap map, RoutingMap routing, PlaceSearch places, Settings settings, TimeProvider time)
    {
        var query = http.Request.Query;
        if (!MapFilter.Of(query, new WorkCalendar(settings.Get(KernelSettings.TimeZone))).Is(out var filter, out var refusal))
        {
            return refusal.AsProblem();
        }
        var bucket = ReportWords.Parse<Bucket>(query["bucket"].ToString());
        var wanted = bucket is null ? filter with { States = MapFilter.Everything.States } : filter;
        var city = routing.Current.Map;
        var rows = RowsOf(map, city, wanted, time.NowMicros());
        var words = new List<(string Name, string Value)> { bucket is { } one ? ("bucket", ReportWords.Word(one)) : ("state", MapFilter.AllStates) };
        words.AddRange(((string[])["category", "from", "to"]).Select(name => (name, query[name].ToString())).Where(word => word.Item2.Length > 0));
        var view = new HeatView(
            rows, places.Start, "?" + string.Join('&', words.Select(word => $"{word.Name}={Uri.EscapeDataString(word.Value)}")), bucket, wanted.Category, query["from"], query["to"],
            [.. city.Categories.ChildrenOf(null).Select(category => new ListedCategory(category.Code, category.Names))]);
        return new RazorComponentResult<Pages.HeatPage>(new Dictionary<string, object?> { ["View"] = view });
    }

    /// <summary>The densest first.</summary>
    private static List<HeatRow> RowsOf(ReportMap map, RoutingSnapshot city, MapFilter wanted, long now)
    {
        var counts = map.CountByArea(wanted);
        var areas = city.MunicipalitiesAt(now).ToList();
        if (areas.Count == 0)
        {
            return [];
        }
        var hottest = new double[areas.Count];
        var index = new ShapeIndex(areas.Select(area => area.Shape));
        Span<int> hits = stackalloc int[4];
        foreach (var (box, perHectare) in HeatLayer.CellsOf(map.Heat(index.Bounds, wanted).Heat))
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

/// <summary>A category to choose.</summary>
public sealed record ListedCategory(string Code, Text Names);

/// <summary>What the page of heat shows.</summary>
/// <param name="Query">Of the layer.</param>
/// <param name="From">As it was typed.</param>
public sealed record HeatView(IReadOnlyList<HeatRow> Rows, MapFrame Frame, string Query, Bucket? Bucket, string? Category, string? From, string? To, IReadOnlyList<ListedCategory> Categories);
