using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>The datasets of all parts of the program: <c>/api/v1/datasets</c>, what each is, and its rows.</summary>
public static class DatasetSetup
{
    private const int PageRows = 100, PageRowsMax = 1000;
    private const string Csv = "text/csv; charset=utf-8", GeoJson = "application/geo+json";

    private static readonly RateLimit Reading = new("datasets", new Quota(300, TimeSpan.FromMinutes(1)));
    private static readonly RateLimit Taking = new("dataset-files", new Quota(20, TimeSpan.FromMinutes(1)));

    internal static void AddDatasets(this IServiceCollection services) => services.AddSingleton<Dataset, LogHeadsDataset>();

    internal static void MapDatasets(this Doors doors)
    {
        doors.Api.MapGet("/datasets", (IEnumerable<Dataset> all, Words words) => TypedResults.Json(new { datasets = all.OrderBy(one => one.Id, StringComparer.Ordinal).Select(one => JsonOf(one, words)) }, Json.Options))
            .Public().Limited(Reading).WithSummary("The open data of this installation.").GivesExample(new { datasets = new[] { Example } });
        doors.Api.MapGet("/datasets/{id}", (string id, IEnumerable<Dataset> all, Words words) => Find(all, id) is { } found ? (IResult)TypedResults.Json(JsonOf(found, words), Json.Options) : Unknown())
            .Public().Limited(Reading).WithSummary("What a dataset is: its fields, licence, and how often it changes.").GivesExample(Example);
        doors.Api.MapGet("/datasets/{id}/rows", RowsAsync).Public().Limited(Reading).Reads("limit", "cursor")
            .WithSummary("Rows of a dataset, at most 'limit' (100, up to 1000), page by cursor.").GivesExample(new { rows = new[] { new { day = "2026-05-04", position = 1204, events = 310 } }, next = (string?)null });
        doors.Api.MapGet("/datasets/{id}/rows.csv", (string id, HttpContext http, IEnumerable<Dataset> all, Settings settings) => File(id, http, all, settings, Csv)).Public().Limited(Taking)
            .WithSummary("All rows of a dataset as CSV.").GivesExample("day,position,hash,at,events", media: "text/csv");
        doors.Api.MapGet("/datasets/{id}/rows.geojson", (string id, HttpContext http, IEnumerable<Dataset> all, Settings settings) => File(id, http, all, settings, GeoJson)).Public().Limited(Taking)
            .WithSummary("All rows of a dataset with places as GeoJSON (RFC 7946).").GivesExample("{\"type\": \"FeatureCollection\"}", media: GeoJson);
    }

    private static object Example { get; } = new
    {
        id = "log-heads", title = new { fr = "Empreintes du journal", en = "Fingerprints of the log" }, description = new { en = "How far the log reached when each day had ended." }, key = "day",
        licence = new { id = "cc0-1.0", name = "CC0 1.0", address = "https://creativecommons.org/publicdomain/zero/1.0/" }, frequency = "daily",
        fields = new[] { new { name = "position", type = "int", unit = (string?)null, meaning = new { en = "Number of the last entry." } } }, rows = "/api/v1/datasets/log-heads/rows", files = new[] { "csv" },
    };

    private static Dataset? Find(IEnumerable<Dataset> all, string id) => all.FirstOrDefault(one => one.Id == id);

    private static Problem Unknown() => new Refusal(RefusalKind.NotFound, "kernel.unknownDataset").AsProblem();

    private static object JsonOf(Dataset dataset, Words words) => new
    {
        dataset.Id, title = words.InAll(dataset.TextKey + ".title"), description = words.InAll(dataset.TextKey + ".text"), dataset.Key,
        licence = new { dataset.Licence.Id, dataset.Licence.Name, dataset.Licence.Address }, dataset.Frequency,
        fields = dataset.Fields.Select(field => new { field.Name, field.Type, field.Unit, meaning = words.InAll($"{dataset.TextKey}.field.{field.Name}") }),
        rows = $"/api/v1/datasets/{dataset.Id}/rows", files = dataset.HasPlaces ? (string[])["csv", "geojson"] : ["csv"],
    };

    private static async Task<IResult> RowsAsync(string id, HttpContext http, IEnumerable<Dataset> all, Settings settings, Cursors cursors, CancellationToken cancellation)
    {
        if (Find(all, id) is not { } found)
        {
            return Unknown();
        }
        if (!cursors.Of<string>(http.Request).Is(out var after, out var refusal))
        {
            return refusal.AsProblem();
        }
        var limit = int.TryParse(http.Request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, PageRowsMax) : PageRows;
        var slice = await found.SliceAsync(after, limit, cancellation);
        return TypedResults.Bytes(new DatasetFile(found, settings.Get(KernelSettings.TimeZone)).PageOf(slice, slice.Next is { } next ? cursors.Next(http.Request, next) : null), "application/json");
    }

    private static IResult File(string id, HttpContext http, IEnumerable<Dataset> all, Settings settings, string type)
    {
        if (Find(all, id) is not { } found || (type == GeoJson && !found.HasPlaces))
        {
            return Unknown();
        }
        var file = new DatasetFile(found, settings.Get(KernelSettings.TimeZone));
        return type == Csv
            ? TypedResults.Stream(to => file.WriteCsvAsync(to, http.RequestAborted), type, id + ".csv")
            : TypedResults.Stream(to => file.WriteGeoJsonAsync(to, http.RequestAborted), type, id + ".geojson");
    }
}
