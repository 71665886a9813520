using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>/{lang}/reports</c>: the public map with its list twin; the address holds the whole filter.</summary>
internal static class ListReports
{
    private const int PageSize = 20;
    private const int NewsMax = 3;

    public static void Register(IServiceCollection services)
    {
        services.AddSingleton(News);
        foreach (var panel in Panels)
        {
            services.AddSingleton(panel);
        }
    }

    public static void Map(Doors doors) =>
        doors.Pages.MapGet("/reports", GetAsync).Public().Cached(["reports", "catalogue", "area"], [.. ListFilter.Names, "cursor"]);

    private static async Task<IResult> GetAsync(
        HttpContext http, FindReports find, RoutingMap routing, Cursors cursors, PlaceSearch places, Settings settings, TimeProvider time, CancellationToken cancellation)
    {
        var typed = http.Request.Query;
        var read = ListFilter.Read(typed, new WorkCalendar(settings.Get(KernelSettings.TimeZone)));
        if (read.Refusal is { } wrong && wrong.All().Any(fault => fault.Field is not ("from" or "to")))
        {
            return wrong.AsProblem();
        }
        if (!cursors.Of<ReportPlace>(http.Request).Is(out var after, out var refusal))
        {
            return refusal.AsProblem();
        }
        var query = read.Ok ? read.Value : ReportQuery.Of(typed).Value;
        var page = read.Ok ? await find.PageAsync(query with { Limit = PageSize, Once = true }, null, after, cancellation) : new ReportPage([], null);
        var next = page.Next is { } place ? Ui.Here.With(http.Request, ("cursor", cursors.Next(http.Request, place))) : null;
        var map = routing.Current.Map;
        var view = new ListView([.. page.Rows.Select(r => Listed(r, map))], map, query.Bucket, query.Category, query.Area, query.Words, next, ListFilter.FrameOf(query, map, places.Start), [.. map.MunicipalitiesAt(time.NowMicros())])
        {
            Body = query.Body,
            From = typed["from"],
            To = typed["to"],
            Kept = ListFilter.Kept(typed),
            OfMap = ListFilter.OfMap(query),
            OfFeed = http.Request.QueryString.HasValue ? Ui.Here.With(http.Request, ("cursor", null), ("sort", null))[(http.Request.PathBase + http.Request.Path).Value!.Length..] : "",
            Refusal = read.Refusal,
        };
        return new RazorComponentResult<Pages.ListPage>(new Dictionary<string, object?> { ["View"] = view }) { StatusCode = read.Ok ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity };
    }

    /// <summary>The newest public happenings, for the home page and that of a body.</summary>
    private static HomeNews News { get; } = new("reports", async (scene, cancellation) =>
    {
        var (services, language) = (scene.Services, scene.Language);
        var (routing, words) = (services.GetRequiredService<RoutingMap>(), services.GetRequiredService<Words>());
        var page = await services.GetRequiredService<FindReports>().PageAsync(NewsOf(scene.Body), null, null, cancellation);
        var map = routing.Current.Map;
        return
        [
            .. page.Rows.Select(row => new HomeItem(
                map.Categories.Find(row.Report.Category)?.Names.In(language) ?? row.Report.Category, $"/{language}/reports/{row.Report.Number}",
                map.Municipality(row.Report.Area)?.Names.In(language) ?? "", words.In(language, "reports.state." + ReportWords.Word(row.Report.State)), row.Report.UpdatedAt)
            {
                Tag = (words.In(language, "reports.state." + ReportWords.Word(row.Report.State)), Pages.ReportLook.ColourOf(row.Report.State), Pages.ReportLook.IconOf(row.Report.State)),
                Drawing = DrawingOf(row.Report.Category, map),
            }),
        ];
    })
    {
        Figures = scene => scene.Body is { } body ? FiguresOf(body, scene) : [],
    };

    /// <summary>Of a body what came last.</summary>
    private static ReportQuery NewsOf(Body? body) => new() { Limit = NewsMax, Body = body?.Id, Sort = body is null ? ReportSort.Updated : ReportSort.Newest, Once = true };

    /// <summary>What a body has had and how long it takes, added up from counters.</summary>
    private static List<HomeFigure> FiguresOf(Body body, NewsScene scene)
    {
        var (tables, words) = (scene.Services.GetRequiredService<StatisticsTables>(), scene.Services.GetRequiredService<Words>());
        var whole = tables.Whole(StatisticsFilter.All with { Body = body.Id });
        if (whole.Total == 0)
        {
            return [];
        }
        var figures = new List<HomeFigure> { new(words["reports.body.received"], Count(whole.Total)), new(words["reports.body.solved"], Count(StatisticsTables.SolvedOf(whole))) };
        if (whole.SurvivalDays.P50 is { } half)
        {
            figures.Add(new(words["reports.body.half"], Pages.StatisticsPage.Said(half, words)));
        }
        return figures;

        static string Count(int count) => count.ToString("N0", CultureInfo.CurrentCulture);
    }

    /// <summary>The ways into reports, from the page of a body too: by its municipality, or for bodies that act elsewhere by what they have. What is followed by mail is a place: theirs is chosen there.</summary>
    private static IReadOnlyList<Panel> Panels { get; } =
    [
        new("reports.new", "/reports/new", PanelOn.Menu | PanelOn.Home | PanelOn.Search | PanelOn.Body, 10) { Icon = "plus", Drawing = "pavement", OfBody = body => OfArea("/reports/new", body) ?? "/reports/new" },
        new("reports.list", "/reports", PanelOn.Menu | PanelOn.Home | PanelOn.Body, 20) { Icon = "map", Drawing = "bridge", OfBody = body => OfArea("/reports", body) ?? $"/reports?body={body.Id}" },
        new("reports.stats", "/reports/statistics", PanelOn.Body, 30) { Icon = "chart-column", OfBody = body => $"/reports/statistics?body={body.Id}" },
        new("reports.heat", "/reports/heat", PanelOn.Body, 40) { Icon = "flame", OfBody = body => $"/reports/heat?body={body.Id}" },
        new("reports.follow", "/reports/follow", PanelOn.Body, 50) { Icon = "bell", OfBody = body => OfArea("/reports/follow", body) ?? "/reports/follow" },
        new("reports.feed", "/reports/feed.atom", PanelOn.Body, 60) { Icon = "rss", OfBody = body => OfArea("/reports/feed.atom", body) ?? $"/reports/feed.atom?body={body.Id}" },
    ];

    private static string? OfArea(string path, Body body) => body.Areas is [var area] ? $"{path}?area={area}" : null;

    private static string? DrawingOf(string category, RoutingSnapshot map) => map.Categories.Find(category) is { } found ? $"category-{map.Categories.TopOf(found).Code}" : null;

    private static ListedReport Listed(ReportRow row, RoutingSnapshot map)
    {
        var shown = row.Report.Visibility == Visibility.Public;
        return new ListedReport(row.Report, map.Categories.Find(row.Report.Category)?.Names ?? Text.Empty, shown ? row.Address : null, shown ? row.Description : "");
    }
}

/// <summary>A row of the public list.</summary>
public sealed record ListedReport(Report Report, Text Category, string? Address, string Description);

/// <summary>What the public list shows.</summary>
/// <param name="Next">Address of the next page.</param>
/// <param name="Municipalities">As they are today.</param>
public sealed record ListView(
    IReadOnlyList<ListedReport> Reports, RoutingSnapshot Map, Bucket? Bucket, string? Category, string? Area, string? Words, string? Next, MapFrame Frame, IReadOnlyList<Area> Municipalities)
{
    /// <summary>Who has them.</summary>
    public string? Body { get; init; }

    /// <summary>First day, as it was typed.</summary>
    public string? From { get; init; }

    /// <summary>Last day, as it was typed.</summary>
    public string? To { get; init; }

    /// <summary>What the address holds beside the fields.</summary>
    public IReadOnlyList<(string Name, string Value)> Kept { get; init; } = [];

    /// <summary>The filter of the map; null when a map cannot show it.</summary>
    public string? OfMap { get; init; }

    /// <summary>The filter of the feeds: that of the address.</summary>
    public string OfFeed { get; init; } = "";

    /// <summary>What is wrong with the period.</summary>
    public Refusal? Refusal { get; init; }
}
