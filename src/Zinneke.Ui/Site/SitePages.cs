using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>The pages that belong to no service: home, accessibility, privacy, style, and the page of a refusal.</summary>
internal static class SitePages
{
    internal const int NewsShown = 3;

    /// <summary>A month of published heads of the log.</summary>
    private const int HeadsShown = 31;

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<RefusalPage>((http, refusal) => Remedy.Of(refusal) is not null && http.Features.Get<UnsentForm>() is { } unsent
            ? SignInPages.Page<UnsentFormPage>(new { Unsent = unsent, To = http.Request.Path + http.Request.QueryString.ToString(), Reason = refusal.Word }, (int)refusal.Kind, http)
            : new RazorComponentResult<RefusedPage>(new { Refusal = refusal }) { StatusCode = (int)refusal.Kind });
        services.AddSingleton(new Panel("ui.search", "/search", PanelOn.Footer, 5));
        services.AddSingleton(new Panel("ui.accessibility", "/accessibility", PanelOn.Footer, 10));
        services.AddSingleton(new Panel("ui.privacy", "/privacy", PanelOn.Footer, 20));
        services.AddSingleton(new Panel("ui.algorithms", "/algorithms", PanelOn.Footer, 30));
        services.AddSingleton(new Panel("ui.log", "/log", PanelOn.Footer, 40));
        services.AddSingleton(new Panel("ui.style", "/style", PanelOn.Footer, 90));
        services.AddSingleton<Setting>(MapAttribution);
    }

    /// <summary>Shown in the corner of every map.</summary>
    public static Setting<Text> MapAttribution { get; } = Setting.Texts("mapAttribution", "Whose data the maps show, such as the source of the boundaries.", Text.Empty);

    public static void Map(RouteGroupBuilder pages, IEnumerable<HomeNews> news)
    {
        string[] areas = [.. news.Select(one => one.Name)];
        pages.MapGet("/", HomeAsync).Public().Cached(areas);
        SearchPages.Map(pages);
        pages.MapGet("/accessibility", () => new RazorComponentResult<AccessibilityPage>()).Public().Cached([]);
        pages.MapGet("/privacy", () => new RazorComponentResult<PrivacyPage>()).Public().Cached([]);
        pages.MapGet("/algorithms", (AlgorithmRegister register) => new RazorComponentResult<AlgorithmsPage>(new { Entries = register.All, Register = register })).Public().Cached(["catalogue"]);
        pages.MapGet("/algorithms/{key}", (string key, AlgorithmRegister register) => register.All.FirstOrDefault(entry => entry.Algorithm.Key == key) is { } entry
            ? (IResult)new RazorComponentResult<AlgorithmPage>(new { Entry = entry, Runs = register.RefusalOf(key) is null })
            : new Refusal(RefusalKind.NotFound, "kernel.unknownAlgorithm").AsProblem()).Public().Cached(["catalogue"]);
        pages.MapGet("/log", async (Store store, CancellationToken cancellation) => new RazorComponentResult<LogPage>(new { Heads = await AuditSetup.HeadsOfAsync(store, null, HeadsShown, cancellation) })).Public().Cached([]);
        pages.MapGet("/style", (string? theme) => new RazorComponentResult<StylePage>(new { Theme = theme })).Public().Cached([], "theme");
    }

    private static async Task<RazorComponentResult<HomePage>> HomeAsync(HttpContext http, IEnumerable<HomeNews> news, CancellationToken cancellation)
    {
        var items = new List<HomeItem>();
        foreach (var area in news)
        {
            items.AddRange(await area.Latest(new NewsScene(http.RequestServices, http.Language()), cancellation));
        }
        return new RazorComponentResult<HomePage>(new { News = items.OrderByDescending(item => item.At).Take(NewsShown).ToList() });
    }
}
