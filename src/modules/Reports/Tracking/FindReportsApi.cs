using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>GET /api/v1/reports</c> and one report.</summary>
internal static class FindReportsApi
{
    public static void Map(Doors doors)
    {
        doors.Api.MapGet("/reports", ListAsync).Public().Reads([.. ReportQuery.Names, "cursor"]).WithSummary("Reports by place, state, category, body, area and time; newest first, page by cursor.")
            .GivesExample(ReportExamples.List);
        doors.Api.MapGet("/reports/{id}", OneAsync).Public().WithSummary("One report by id or number, with its history.").GivesExample(ReportExamples.Report);
    }

    private static async Task<IResult> ListAsync(HttpContext http, FindReports find, Store store, RoutingMap routing, Cursors cursors, CancellationToken cancellation)
    {
        if (!ReportQuery.Of(http.Request.Query).Is(out var query, out var refusal))
        {
            return refusal.AsProblem();
        }
        if (!cursors.Of<ReportPlace>(http.Request).Is(out var after, out refusal))
        {
            return refusal.AsProblem();
        }
        var map = routing.Current.Map;
        if (query.Category is { } category && map.Categories.Find(category) is null)
        {
            return Refusal.Invalid("reports.unknownCategory", "category", Fault.Shorten(category)).AsProblem();
        }
        if (await find.InWindowAsync(query, after, cancellation) is ({ Count: > 0 } ids, var behind)
            && await WindowRows.ReadAsync(store, query, ids, behind is null ? null : cursors.Next(http.Request, behind), map, http.Language(), cancellation) is { } rows)
        {
            return new LentAnswer(rows, "application/json; charset=utf-8");
        }
        var page = await find.PageAsync(query, null, after, cancellation);
        return TypedResults.Json(
            new
            {
                reports = page.Rows.Select(row => Row(row, map, http.Language())),
                next = page.Next is { } next ? cursors.Next(http.Request, next) : null,
            }, Json.Options);
    }

    private static async Task<IResult> OneAsync(string id, HttpContext http, Caller caller, ReadReport read, RoutingMap routing, TimeProvider time, CancellationToken cancellation)
    {
        var detail = await read.DetailAsync(id, cancellation);
        var staff = detail is not null && ActOnReportApi.SeesAll(caller, detail.Report, routing.Current.Map.Rules.CoordinatorBody);
        if (detail is null || (!staff && !IsOpenToAll(detail.Report)))
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport").AsProblem();
        }
        return ReportJson.Tagged(http, detail, ReportJson.Of(DeskSight.Shown(caller, detail, time.NowMicros()), routing.Current.Map, http.Language(), staff));
    }

    /// <summary>Anybody may see that it exists.</summary>
    public static bool IsOpenToAll(Report report) => report.Visibility is Visibility.Public or Visibility.Private && report.State != ReportState.Withdrawn;

    internal static Dictionary<string, object?> Row(ReportRow row, RoutingSnapshot map, string language)
    {
        var shown = row.Report.Visibility == Visibility.Public;
        var detail = new ReportDetail(row.Report, new ReportWordsRow { ReportId = row.Report.Id, Description = row.Description, Address = row.Address }, null, [], []) { Target = row.Target };
        return ReportJson.Of(shown ? detail : detail with { Words = null }, map, language, staff: false, row: true);
    }
}
