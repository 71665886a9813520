using System.Globalization;
using CsvHelper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>/{lang}/reports/statistics</c>: how many, how long, how many in time, by body, municipality, category and months; each table also as CSV and JSON (R31).</summary>
internal static class ShowStatistics
{
    public static void Map(Doors doors)
    {
        doors.Pages.MapGet("/reports/statistics", Page).Public().Limited(StatisticsApi.Adding).Cached(["reports"], [.. StatisticsFilter.Names]);
        doors.Api.MapGet("/reports/stats/{table}.{format}", FileAsync).Public().Limited(StatisticsApi.Adding).Cached(["reports"], [.. StatisticsFilter.Names])
            .WithSummary("A table of the page of figures as a file: 'bodies', 'areas', 'categories' or 'months', as 'csv' or 'json'; filters as of stats.")
            .Produces<object>(StatusCodes.Status200OK, "application/json")
            .GivesExample(new[] { new StatisticsRow("c21013", "Saint-Gilles", 4120, 310, 120, 9.3, null, 0.81, 0.71) });
    }

    private static IResult Page(HttpContext http, StatisticsTables tables, RoutingMap routing, TimeProvider time)
    {
        var map = routing.Current.Map;
        if (!StatisticsFilter.Of(http.Request.Query, map).Is(out var filter, out var refusal))
        {
            return refusal.AsProblem();
        }
        var language = http.Language();
        var (whole, rows) = tables.All(filter, language);
        var view = new StatisticsView(
            whole, rows[StatisticsBy.Category], rows[StatisticsBy.Area], rows[StatisticsBy.Body], StatisticsTables.MonthsOf(whole),
            [.. map.Bodies.Where(body => body.Active || body.Id == filter.Body).Select(body => (body.Id, body.Names.In(language)))],
            [.. map.MunicipalitiesAt(time.NowMicros()).Select(area => (area.Id, area.Names.In(language)))],
            [.. map.Categories.ChildrenOf(null).Select(category => (category.Code, category.Names.In(language)))],
            http.Request.Query.Where(one => one.Value.ToString().Length > 0).ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.Ordinal));
        return new RazorComponentResult<Pages.StatisticsPage>(new Dictionary<string, object?> { ["View"] = view });
    }

    private static async Task<IResult> FileAsync(string table, string format, HttpContext http, StatisticsTables tables, RoutingMap routing, CancellationToken cancellation)
    {
        if (format is not ("csv" or "json") || (table != StatisticsTables.Months && !StatisticsTables.Groups.ContainsKey(table)))
        {
            return new Refusal(RefusalKind.NotFound, "kernel.notFound").AsProblem();
        }
        if (!StatisticsFilter.Of(http.Request.Query, routing.Current.Map).Is(out var filter, out var refusal))
        {
            return refusal.AsProblem();
        }
        var whole = tables.Whole(filter);
        var (rows, columns, fields) = table == StatisticsTables.Months
            ? ((object)StatisticsTables.MonthsOf(whole), (string[])["month", "received", "open_at_end"], StatisticsTables.MonthsOf(whole).Select(FieldsOf))
            : Grouped(tables.RowsBy(StatisticsTables.Groups[table], filter, whole, http.Language()));
        if (format == "json")
        {
            return TypedResults.Json(rows, Json.Options);
        }
        using var body = new MemoryStream();
        await using (var csv = CsvWriter.Create(body, new CsvWriterOptions { NewLine = "\n", Separator = ',', Injection = CsvInjection.Escape }, leaveOpen: true))
        {
            await csv.WriteRecordAsync(columns, cancellation);
            foreach (var row in fields)
            {
                await csv.WriteRecordAsync(row, cancellation);
            }
        }
        return TypedResults.Bytes(body.ToArray(), "text/csv; charset=utf-8", $"reports-{table}.csv");
    }

    private static (object Rows, string[] Columns, IEnumerable<string[]> Fields) Grouped(IReadOnlyList<StatisticsRow> rows) =>
        (rows, ["id", "name", "received", "open", "open_overdue", "half_within_days", "nine_of_ten_within_days", "on_time_share", "held_time_share"], rows.Select(FieldsOf));

    private static string[] FieldsOf(StatisticsMonth month) => [month.Month, Said(month.Received), Said(month.OpenAtEnd)];

    private static string[] FieldsOf(StatisticsRow row) =>
    [
        row.Id, row.Name, Said(row.Received), Said(row.Open), Said(row.OpenOverdue), Said(row.HalfWithinDays), Said(row.NineOfTenWithinDays), Said(row.OnTimeShare), Said(row.HeldTimeShare),
    ];

    private static string Said(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>What the page of figures shows.</summary>
/// <param name="Query">The filter as it stands in the address.</param>
public sealed record StatisticsView(
    ReportStatistics Whole, IReadOnlyList<StatisticsRow> Categories, IReadOnlyList<StatisticsRow> Areas, IReadOnlyList<StatisticsRow> Bodies, IReadOnlyList<StatisticsMonth> Months,
    IReadOnlyList<(string Id, string Name)> AllBodies, IReadOnlyList<(string Id, string Name)> AllAreas, IReadOnlyList<(string Id, string Name)> AllCategories, IReadOnlyDictionary<string, string> Query);
