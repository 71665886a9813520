using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary><c>/{lang}/search</c>: everything public of all modules. Not kept by the page cache: what was erased must not be found for another minute.</summary>
internal static class SearchPages
{
    public static void Map(RouteGroupBuilder pages) => pages.MapGet("/search", GetAsync).Public().Limited(SearchSetup.Searching);

    private static async Task<IResult> GetAsync(
        HttpContext http, FindEntries find, Cursors cursors, IEnumerable<SearchSource> sources, BodyMap bodies, AreaMap areas, Dates dates, CancellationToken cancellation)
    {
        if (!SearchQuery.Of(http.Request.Query).Is(out var query, out var refusal) || !cursors.Of<SearchPlace>(http.Request).Is(out var after, out refusal))
        {
            return refusal.AsProblem();
        }
        var found = await find.PageAsync(query, after, cancellation);
        var next = found.Next is { } place ? Here.With(http.Request, ("cursor", cursors.Next(http.Request, place))) : null;
        var today = dates.Today;
        return new RazorComponentResult<SearchPage>(new SearchView(
            query, found, next, [.. sources.OrderBy(source => !source.First)], [.. bodies.All.Where(body => body.Active)],
            [.. areas.Current.All.Where(area => area.Kind == Area.Municipality && area.ValidOn(today))]).AsParameters());
    }

    private static Dictionary<string, object?> AsParameters(this SearchView view) => new() { ["View"] = view };
}

/// <summary>What the search page shows.</summary>
/// <param name="Next">Address of the next page.</param>
/// <param name="Areas">The municipalities of today.</param>
public sealed record SearchView(SearchQuery Query, FoundPage Found, string? Next, IReadOnlyList<SearchSource> Kinds, IReadOnlyList<Body> Bodies, IReadOnlyList<Area> Areas);
