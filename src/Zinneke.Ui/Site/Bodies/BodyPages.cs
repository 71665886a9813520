using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>
/// <c>/{lang}/bodies</c>: who acts in the city; <c>/{lang}/bodies/{id}</c>: the front page of one, in its colour and with its logo. What is on it comes from the modules: their panels, news
/// and figures.
/// </summary>
internal static class BodyPages
{
    public static void AddBodyPages(this IServiceCollection services) =>
        services.AddSingleton(new Panel("ui.bodies", "/bodies", PanelOn.Home | PanelOn.Footer, 70) { Drawing = "doorway" });

    public static void MapBodyPages(this Doors doors, IEnumerable<HomeNews> news)
    {
        string[] tags = ["catalogue", "area", "file", .. news.Select(one => one.Name)];
        doors.Pages.MapGet("/bodies", (BodyMap bodies) => new RazorComponentResult<BodiesPage>(new { Bodies = bodies.All.Where(body => body.Active).ToList() })).Public().Cached(["catalogue", "file"]);
        doors.Pages.MapGet("/bodies/{id}", ShowAsync).Public().Cached(tags);
        doors.Root.MapMethods("/accent/{colour}.css", [HttpMethods.Get, HttpMethods.Head], Sheet).ExcludeFromDescription().Public();
    }

    private static async Task<IResult> ShowAsync(
        string id, HttpContext http, BodyMap bodies, AreaMap areas, IEnumerable<HomeNews> news, IEnumerable<Panel> panels, Dates dates, CancellationToken cancellation)
    {
        if (bodies.Find(id) is not { } body)
        {
            return new Refusal(RefusalKind.NotFound, "kernel.notFound").AsProblem();
        }
        var scene = new NewsScene(http.RequestServices, http.Language(), body);
        var (items, figures) = (new List<HomeItem>(), new List<HomeFigure>());
        foreach (var one in news)
        {
            items.AddRange(await one.Latest(scene, cancellation));
            figures.AddRange(one.Figures(scene));
        }
        var here = areas.Current.On(dates.Today);
        var ways = panels.Where(panel => panel.On.HasFlag(PanelOn.Body)).OrderBy(panel => panel.Order).Select(panel => (Panel: panel, Path: panel.OfBody?.Invoke(body)));
        var view = new BodyView(
            body, [.. body.Areas.Select(here.Find).OfType<Area>()], bodies.Find(body.Parent), [.. bodies.All.Where(other => other.Active && other.Parent == id)],
            [.. ways.Where(way => way.Path is not null && body.Active).Select(way => new BodyWay(way.Panel, way.Path!))],
            figures, [.. items.OrderByDescending(item => item.At).Take(SitePages.NewsShown)]);
        return new RazorComponentResult<BodyPage>(new { View = view });
    }

    private static IResult Sheet(string colour, HttpContext http)
    {
        if (!Colour.IsOne("#" + colour) || colour.Any(char.IsAsciiLetterUpper)) // One address for each colour.
        {
            return TypedResults.NotFound();
        }
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Text(Accent.Css("#" + colour), "text/css; charset=utf-8");
    }
}

/// <summary>What the page of a body shows.</summary>
/// <param name="Areas">Those it acts in, as they are today.</param>
/// <param name="Parts">The bodies below it.</param>
/// <param name="Ways">What one can do, the most important first.</param>
/// <param name="News">Newest first, three at most.</param>
public sealed record BodyView(
    Body Body, IReadOnlyList<Area> Areas, Body? Parent, IReadOnlyList<Body> Parts, IReadOnlyList<BodyWay> Ways, IReadOnlyList<HomeFigure> Figures, IReadOnlyList<HomeItem> News);

/// <summary>A panel on the page of a body.</summary>
/// <param name="Path">Without the language, with the query that means the body.</param>
public sealed record BodyWay(Panel Panel, string Path);
