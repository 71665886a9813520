using System.Text.Json.Nodes;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>reports route</c>: who is responsible at points, from files alone, so that rules can be tried before they are in force.</summary>
internal static class RouteVerb
{
    private static readonly Setting<string?> Points = Setting.Words("points", "CSV with the columns id, lon, lat, category, answers (k=v;k=v), accuracy (metres).") with { Required = true };

    private static readonly Setting<string?> Areas = Setting.Words("areas", "GeoJSON of the municipalities.") with { Required = true };

    private static readonly Setting<string?> Bodies = Setting.Words("bodies", "JSON of the bodies.") with { Required = true };

    private static readonly Setting<string?> Rules = Setting.Words("rules", "JSON of the rules.") with { Required = true };

    private static readonly Setting<string?> Categories = Setting.Words("categories", "JSON of the catalogue.") with { Required = true };

    private static readonly Setting<string?> Layers = Setting.Words("layers", "GeoJSON of roads, parks and other features with owners.");

    public static Command Verb { get; } = new("reports", "route", "Finds the body responsible at each point, from files, without a store.",
        "reports route points.csv --areas areas.geojson --bodies bodies.json --rules rules.json --categories categories.json")
    {
        Arguments = [Points],
        Options = [Areas, Bodies, Rules, Categories, Layers],
        Run = RunAsync,
    };

    private static async Task<Result> RunAsync(Call call)
    {
        var bodies = await CatalogueFiles.ReadAsync(call.Get(Bodies)!, BodiesFile.Read, call.Stop);
        var categories = await CatalogueFiles.ReadAsync(call.Get(Categories)!, CategoriesFile.Read, call.Stop);
        var rules = await CatalogueFiles.ReadAsync(call.Get(Rules)!, (tree, faults) => RulesFile.Read(tree, bodies, categories, faults), call.Stop);
        var areas = CatalogueFiles.ReadAreas(call.Get(Areas)!).Concat(call.Get(Layers) is { } layers ? CatalogueFiles.ReadAreas(layers) : []);
        var router = new Router(new RoutingSnapshot(areas, bodies, categories, rules, call.Get(KernelSettings.TimeZone)));
        return Result.Of(RouteAll(call, router));
    }

    private static JsonObject RouteAll(Call call, Router router)
    {
        var file = call.Get(Points)!;
        var faults = new Faults();
        var words = call.Service<Words>();
        var now = call.Service<TimeProvider>().NowMicros();
        var results = new JsonArray();
        var byBody = new SortedDictionary<string, int>(StringComparer.Ordinal);
        using (var rows = new CsvRows(Call.Open(file), faults, "id", "lon", "lat", "category"))
        {
            while (rows.Read())
            {
                double? accuracy = null;
                if (rows["accuracy"].Length > 0 && rows.Number("accuracy", 0, 1e6, out var metres))
                {
                    accuracy = metres;
                }
                if (rows.Text("id", out var id) & rows.Number("lon", -180, 180, out var lon) & rows.Number("lat", -90, 90, out var lat) & Category(rows, router, out var category))
                {
                    var route = router.At(new RouteRequest(new LonLat(lon, lat), category, Answers.Parse(rows["answers"]), accuracy, now));
                    byBody[route.Body] = byBody.GetValueOrDefault(route.Body) + 1;
                    results.Add(OneOf(id, route, words));
                    call.Progress.At("points", rows.Count);
                }
            }
        }
        faults.ThrowIfAny(file);
        return new JsonObject
        {
            ["count"] = results.Count,
            ["byBody"] = new JsonObject(byBody.Select(body => KeyValuePair.Create(body.Key, (JsonNode?)body.Value))),
            ["results"] = results,
        };
    }

    private static bool Category(CsvRows row, Router router, out string category)
    {
        category = row["category"];
        if (router.Map.Categories.Has(category))
        {
            return true;
        }
        row.Fault("category", "a code of the catalogue");
        return false;
    }

    private static JsonObject OneOf(string id, Route route, Words words)
    {
        var json = RouteJson.Of(route, words);
        json.Insert(0, "id", id);
        json.Insert(1, "body", route.Body);
        return json;
    }
}
