using System.Text.Json;
using CsvHelper;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Writes what everybody may see of all reports, oldest first, page by page, so that no long transaction holds up the store: of a private report neither words nor address, and its place rounded.
/// In CSV nothing that a spreadsheet would run stands at the beginning of a field.
/// </summary>
internal sealed class ExportReports(Database database, Settings settings, TimeProvider time)
{
    private static readonly CsvWriterOptions Csv = new() { NewLine = "\n", Separator = ',', Injection = CsvInjection.Escape };

    private static readonly string[] Columns =
    [
        "external_id", "created_at", "closed_at", "updated_at", "state", "category", "description", "lon", "lat", "channel", "lang", "address", "area", "body", "due_at", "hops", "reopen_count",
        "support_count",
    ];

    /// <param name="format"><c>csv</c> (which <c>import reports</c> reads), <c>json</c>, <c>geojson</c>, or <c>georeport-bulk</c> (CSV).</param>
    /// <param name="metres">The Belgian grid in which <c>csv</c> says the place too, as <c>x</c>, <c>y</c> and <c>crs</c>; null for none.</param>
    /// <param name="progress">Told how many are written.</param>
    public async Task WriteAsync(Stream stream, string format, Lambert? metres, Action<long>? progress, CancellationToken cancellation)
    {
        await using var store = database.Open();
        var map = (await RoutingMap.ReadAsync(store, settings, time, cancellation)).Map;
        var rows = RowsAsync(store, map, progress, cancellation);
        await (format switch
        {
            "csv" when metres is not null => WriteCsvAsync(stream, [.. Columns, "x", "y", "crs"], rows, row => [.. CsvOf(row), .. GridOf(row, metres)], cancellation),
            "csv" => WriteCsvAsync(stream, Columns, rows, CsvOf, cancellation),
            "georeport-bulk" => WriteCsvAsync(stream, [.. ExportRequests.Columns], rows, row => BulkOf(row, map, settings.Get(KernelSettings.Languages)[0]), cancellation),
            _ => WriteJsonAsync(stream, rows, geo: format == "geojson", cancellation),
        });
    }

    private static async IAsyncEnumerable<ExportedReport> RowsAsync(
        Store store, RoutingSnapshot map, Action<long>? progress, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var find = new FindReports(store);
        var query = new ReportQuery { Sort = ReportSort.Oldest, Limit = ReportQuery.LimitMax };
        var calendar = map.CalendarOf(null);
        var (count, after) = (0L, (ReportPlace?)null);
        do
        {
            var page = await find.PageAsync(query, null, after, cancellation);
            foreach (var row in page.Rows)
            {
                yield return Of(row, calendar);
            }
            progress?.Invoke(count += page.Rows.Count);
            after = page.Next;
        }
        while (after is not null);
    }

    private static ExportedReport Of(ReportRow row, WorkCalendar calendar)
    {
        string? At(long? instant) => instant is { } at ? Instants.Write(calendar.LocalAt(at)) : null;
        var report = row.Report;
        var (lon, lat) = ReportJson.Point(report, staff: false);
        var shown = report.Visibility == Visibility.Public;
        return new ExportedReport(
            report.Number, At(report.CreatedAt)!, At(report.EndedAt), At(report.UpdatedAt)!, report.State, report.BucketWith(row.Target), report.Category, shown ? row.Description : "", lon, lat, report.Channel,
            report.Language, shown ? row.Address : null, report.Area, report.Holder, At(report.DueAt), report.Hops, report.ReopenCount, report.Supporters);
    }

    private static async Task WriteCsvAsync(Stream stream, string[] columns, IAsyncEnumerable<ExportedReport> rows, Func<ExportedReport, object?[]> fields, CancellationToken cancellation)
    {
        await using var csv = CsvWriter.Create(stream, Csv, leaveOpen: true);
        await csv.WriteRecordAsync(columns, cancellation);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            foreach (var field in fields(row))
            {
                csv.WriteField(field);
            }
            await csv.EndRecordAsync(cancellation);
        }
    }

    private static object?[] CsvOf(ExportedReport row) =>
    [
        row.Number, row.CreatedAt, row.ClosedAt, row.UpdatedAt, ReportWords.Word(row.State), row.Category, row.Description, row.Lon, row.Lat, row.Channel, row.Lang, row.Address, row.Area,
        row.Body, row.DueAt, row.Hops, row.ReopenCount, row.SupportCount,
    ];

    /// <summary>To the centimetre: the transformation is right to about 0.2 m.</summary>
    private static object?[] GridOf(ExportedReport row, Lambert metres)
    {
        if (row is not { Lon: { } lon, Lat: { } lat })
        {
            return [null, null, null];
        }
        var (x, y) = metres.FromWgs84(new LonLat(lon, lat));
        return [Math.Round(x, 2), Math.Round(y, 2), $"EPSG:{metres.Epsg}"];
    }

    private static object?[] BulkOf(ExportedReport row, RoutingSnapshot map, string language) =>
    [
        row.Number, row.CreatedAt, row.UpdatedAt, row.ClosedAt, row.State.IsOpen() ? "open" : "closed", ReportWords.Word(row.State), row.Channel,
        map.Categories.Find(row.Category)?.Names.In(language) ?? row.Category, row.Category, row.Description, row.Body is { } body ? map.Find(body)?.Names.In(language) ?? body : null, row.Address,
        row.Lat, row.Lon,
    ];

    private static async Task WriteJsonAsync(Stream stream, IAsyncEnumerable<ExportedReport> rows, bool geo, CancellationToken cancellation)
    {
        await using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = Json.Options.Encoder });
        json.WriteStartObject();
        if (geo)
        {
            json.WriteString("type", "FeatureCollection");
        }
        json.WriteStartArray(geo ? "features" : "reports");
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            if (geo)
            {
                WriteFeature(json, row);
            }
            else
            {
                JsonSerializer.Serialize(json, row, Json.Options);
            }
            if (json.BytesPending > 1 << 16)
            {
                await json.FlushAsync(cancellation);
            }
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFeature(Utf8JsonWriter json, ExportedReport row)
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteString("id", row.Number);
        json.WritePropertyName("geometry");
        object? geometry = row is { Lon: { } lon, Lat: { } lat } ? new { type = "Point", coordinates = (double[])[lon, lat] } : null;
        JsonSerializer.Serialize(json, geometry, Json.Options);
        json.WritePropertyName("properties");
        JsonSerializer.Serialize(json, row, Json.Options);
        json.WriteEndObject();
    }

    /// <summary>One report as it leaves the house. Instants with the offset of the instance's zone.</summary>
    private sealed record ExportedReport(
        string Number, string CreatedAt, string? ClosedAt, string UpdatedAt, ReportState State, Bucket Bucket, string Category, string Description, double? Lon, double? Lat, string Channel,
        string Lang, string? Address, string? Area, string? Body, string? DueAt, int Hops, int ReopenCount, int SupportCount);
}
