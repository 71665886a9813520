using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>An indicator as its section of the page shows it.</summary>
/// <param name="Values">Every month, ascending; empty when nothing is counted.</param>
public sealed record ShownIndicator(Indicator Indicator, IReadOnlyList<IndicatorValue> Values);

/// <summary>What the page of indicators shows.</summary>
/// <param name="Query">The filters, as the API takes them.</param>
public sealed record IndicatorsView(IReadOnlyList<ShownIndicator> Shown, IReadOnlyDictionary<string, string> Query, IReadOnlyList<Option> Areas, IReadOnlyList<Option> Bodies, Refusal? Refusal);

/// <summary><c>/{lang}/data</c>: what everybody may take along; <c>/{lang}/indicators</c>: how well the city works, month by month, with definitions in plain words.</summary>
internal static class OpenDataPages
{
    public static void AddOpenDataPages(this IServiceCollection services)
    {
        services.AddSingleton(new Panel("ui.data", "/data", PanelOn.Footer, 32));
        services.AddSingleton(new Panel("ui.indicators", "/indicators", PanelOn.Footer, 34));
    }

    public static void MapOpenDataPages(this Doors doors)
    {
        string[] tags = ["catalogue", "area", .. ((IEndpointRouteBuilder)doors.Pages).ServiceProvider.GetServices<Indicator>().Select(one => one.Tag).Distinct(StringComparer.Ordinal)];
        doors.Pages.MapGet("/data", (IEnumerable<Dataset> all) => new RazorComponentResult<DataPage>(new { Datasets = all.ToList() })).Public().Cached([]);
        doors.Pages.MapGet("/indicators", Indicators).Public().Limited(IndicatorSetup.Adding).Cached(tags, [.. IndicatorQuery.Names]);
    }

    private static RazorComponentResult<IndicatorsPage> Indicators(HttpContext http, IEnumerable<Indicator> all, AreaMap areas, BodyMap bodies, Dates dates)
    {
        var read = IndicatorQuery.Of(http.Request.Query, areas.Current, bodies);
        var (culture, language) = (StringComparer.Create(CultureInfo.CurrentCulture, ignoreCase: true), http.Language());
        var view = new IndicatorsView(
            read.Is(out var query, out var refusal) ? [.. all.Select(one => new ShownIndicator(one, one.EveryMonth(query)))] : [],
            IndicatorQuery.Names.Select(name => (Name: name, Value: http.Request.Query[name].ToString())).Where(one => one.Value.Length > 0).ToDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal),
            [.. areas.Current.All.Where(area => area.Kind == Area.Municipality && area.ValidOn(dates.Today)).Select(area => new Option(area.Id, area.Names.In(language))).OrderBy(option => option.Label, culture)],
            [.. bodies.All.Where(body => body.Active).Select(body => new Option(body.Id, body.Names.In(language))).OrderBy(option => option.Label, culture)], refusal);
        return new RazorComponentResult<IndicatorsPage>(new { View = view }) { StatusCode = refusal is null ? 200 : (int)refusal.Kind };
    }
}
