using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>GET /api/v1/reports/map</c>, <c>/heat</c> and <c>/duplicates</c>: what lies where, out of memory. Tagged by what they hold.</summary>
internal static class MapApi
{
    public const int FeaturesMax = 4096;

    /// <summary>A map that is dragged asks often.</summary>
    public static RateLimit Looking { get; } = new("reports-map", new Quota(6000, TimeSpan.FromMinutes(1)));

    public static void Map(Doors doors)
    {
        doors.Api.MapGet("/reports/map", MapOf).Public().Limited(Looking).Cached(["reports"], ["bbox", "zoom", .. MapFilter.Names]).Demands("bbox", "zoom")
            .WithSummary("Public reports as GeoJSON: together with 'count' below zoom 16, one by one above. Open ones unless 'state' or 'bucket' say otherwise; also 'category', 'area', 'body', 'from' and 'to' (a day, or an instant), and 'createdFrom' and 'createdTo' as of the list.")
            .Produces<object>(StatusCodes.Status200OK, "application/geo+json")
            .GivesExample(new
            {
                type = "FeatureCollection", complete = true,
                features = new[] { new { type = "Feature", geometry = new { type = "Point", coordinates = (double[])[4.3452, 50.8256] }, properties = new { count = 23 } } },
            }, media: "application/geo+json");
        doors.Api.MapGet("/reports/heat", HeatOf).Public().Limited(Looking).Cached(["reports"], ["bbox", .. MapFilter.Names]).Demands("bbox")
            .WithSummary("Public reports per hectare, smoothed over 150 m, as a grid from the north-west row by row; of every state unless 'state' or 'bucket' say otherwise, other filters as of the map. At most 4,096 cells: of 100 m, or 100 m times a power of two.")
            .Produces<object>(StatusCodes.Status200OK, "application/json")
            .GivesExample(new { bbox = (double[])[4.34, 50.82, 4.343, 50.8218], cellM = 100, columns = 2, rows = 2, count = 31, max = 4.213, values = (double[])[1.2, 4.213, 0.31, 0.7] });
        doors.Api.MapGet("/reports/duplicates", DuplicatesOf).Public().Limited(Looking).Demands("lon", "lat", "category")
            .WithSummary("Reports near a place that may be the same problem, likeliest first: open ones, or solved in the last 14 days. Thumb is null without a photo.")
            .Produces<object>(StatusCodes.Status200OK, "application/json")
            .GivesExample(new
            {
                suggestions = new[]
                {
                    new { id = "018f3c1e-6d2a-7b57-9c39-0f1e2d3c4b5a", number = "2026-000123", distanceM = 11.5, score = 0.83, state = "assigned", thumb = (string?)null },
                },
            });
    }

    private static IResult MapOf(HttpContext http, ReportMap map, RoutingMap routing, Settings settings)
    {
        var (box, wanted, fault) = Asked(http.Request.Query, routing.Current.Map, settings);
        var faults = new List<Refusal>(fault?.All() ?? []);
        if (!double.TryParse(http.Request.Query["zoom"], NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) || exact is not (>= 0 and <= Mercator.ZoomMax))
        {
            faults.Add(Refusal.Invalid("reports.badZoom", "zoom", Mercator.ZoomMax));
        }
        if (faults.Count > 0)
        {
            return Refusal.Of(faults).AsProblem();
        }
        var zoom = (int)exact;
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "FeatureCollection"u8);
            json.WriteStartArray("features"u8);
            var complete = zoom <= PointClusters.ZoomMax ? WriteClusters(json, map, box, zoom, wanted) : WritePoints(json, map, box, wanted);
            json.WriteEndArray();
            json.WriteBoolean("complete"u8, complete);
            json.WriteEndObject();
        }
        return Tagged(http, body.ToArray(), "application/geo+json");
    }

    private static bool WriteClusters(Utf8JsonWriter json, ReportMap map, in Box box, int zoom, MapFilter wanted)
    {
        var clusters = new PointCluster[FeaturesMax];
        foreach (var cluster in clusters.AsSpan(0, map.ClustersOfBox(box, zoom, clusters, wanted)))
        {
            StartFeature(json, cluster.Place);
            json.WriteNumber("count"u8, cluster.Count);
            EndFeature(json);
        }
        return true; // Too many would have been drawn together.
    }

    /// <returns>False when there are more, older ones.</returns>
    private static bool WritePoints(Utf8JsonWriter json, ReportMap map, in Box box, MapFilter wanted)
    {
        var found = map.Newest(box, FeaturesMax + 1, wanted);
        foreach (var (report, place) in found.Take(FeaturesMax))
        {
            StartFeature(json, place);
            json.WriteString("id"u8, report.Id);
            json.WriteString("number"u8, report.Number);
            json.WriteString("category"u8, report.Category);
            json.WriteString("state"u8, ReportWords.Word(report.State));
            json.WriteString("bucket"u8, ReportWords.Word(report.Bucket));
            EndFeature(json);
        }
        return found.Count <= FeaturesMax;
    }

    private static void StartFeature(Utf8JsonWriter json, LonLat place)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "Feature"u8);
        json.WriteStartObject("geometry"u8);
        json.WriteString("type"u8, "Point"u8);
        json.WriteStartArray("coordinates"u8);
        json.WriteNumberValue(place.Lon);
        json.WriteNumberValue(place.Lat);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("properties"u8);
    }

    private static void EndFeature(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static IResult HeatOf(HttpContext http, ReportMap map, RoutingMap routing, Settings settings)
    {
        var (box, wanted, fault) = Asked(http.Request.Query, routing.Current.Map, settings);
        if (fault is not null)
        {
            return fault.AsProblem();
        }
        var query = http.Request.Query;
        if (query["state"].ToString().Length == 0 && query["bucket"].ToString().Length == 0)
        {
            wanted = wanted with { States = MapFilter.Everything.States }; // Where problems come up again and again is seen in those that are solved.
        }
        var (heat, count, _) = map.Heat(box, wanted);
        var digits = heat.Max > 0 ? Math.Clamp(2 - (int)Math.Floor(Math.Log10(heat.Max)), 3, 15) : 3; // Over wide cells the values are small: three figures of the highest are kept.
        var values = heat.Values.Select(value => Math.Round(value, digits));
        return Tagged(http, JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                bbox = (double[])[heat.Bounds.West, heat.Bounds.South, heat.Bounds.East, heat.Bounds.North], cellM = heat.CellMetres, heat.Columns, heat.Rows, count, max = Math.Round(heat.Max, digits), values,
            }, Json.Options), "application/json");
    }

    private static async Task<IResult> DuplicatesOf(HttpContext http, NearbyReports nearby, RoutingMap routing, CancellationToken cancellation)
    {
        var query = http.Request.Query;
        var faults = new List<Refusal>();
        double Degrees(string name, string code, double most)
        {
            if (double.TryParse(query[name], NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= most)
            {
                return degrees;
            }
            faults.Add(Refusal.Invalid(code, name));
            return 0;
        }
        var place = new LonLat(Degrees("lon", "reports.longitudeOutside", 180), Degrees("lat", "reports.latitudeOutside", 90));
        var tree = routing.Current.Map.Categories;
        if (tree.Find(query["category"].ToString()) is not { } category)
        {
            faults.Add(Refusal.Invalid("reports.unknownCategory", "category", Fault.Shorten(query["category"].ToString())));
            return Refusal.Of(faults).AsProblem();
        }
        if (faults.Count > 0)
        {
            return Refusal.Of(faults).AsProblem();
        }
        var suggestions = (await nearby.AtAsync(place, category, tree, cancellation)).Select(near => new
        {
            near.Id, near.Number, distanceM = Math.Round(near.DistanceMetres, 1), score = Math.Round(near.Score, 4), near.State, near.Thumb,
        });
        return Tagged(http, JsonSerializer.SerializeToUtf8Bytes(new { suggestions }, Json.Options), "application/json");
    }

    /// <summary>The box and the filter of a query; the refusal names everything that is wrong with them.</summary>
    private static (Box Box, MapFilter Wanted, Refusal? Fault) Asked(IQueryCollection query, RoutingSnapshot map, Settings settings)
    {
        var faults = new List<Refusal>();
        if (ReportQuery.ReadBox(query["bbox"].ToString()) is not [var west, var south, var east, var north] || west < -180 || south < -90 || east > 180 || north > 90)
        {
            faults.Add(Refusal.Invalid("reports.badBox", "bbox"));
            (west, south, east, north) = (0, 0, 0, 0);
        }
        if (!MapFilter.Of(query, new WorkCalendar(settings.Get(KernelSettings.TimeZone))).Is(out var wanted, out var refusal))
        {
            faults.AddRange(refusal.All());
            wanted = MapFilter.Everything;
        }
        if (wanted.Category is { } category && map.Categories.Find(category) is null)
        {
            faults.Add(Refusal.Invalid("reports.unknownCategory", "category", Fault.Shorten(category)));
        }
        if (wanted.Area is { } area && !map.Municipalities.Any(one => one.Id == area))
        {
            faults.Add(Refusal.Invalid("reports.unknownWord", "area", Fault.Shorten(area)));
        }
        if (wanted.Body is { } body && map.Find(body) is null)
        {
            faults.Add(Refusal.Invalid("reports.unknownWord", "body", Fault.Shorten(body)));
        }
        return (new Box(west, south, east, north), wanted, faults.Count == 0 ? null : Refusal.Of(faults));
    }

    /// <summary>Sent once to whoever has it already.</summary>
    internal static IResult Tagged(HttpContext http, byte[] body, string type)
    {
        http.Response.Headers.CacheControl = "no-cache";
        return http.IsUnchanged(Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))) ? Etags.NotModified() : TypedResults.Bytes(body, type);
    }
}
