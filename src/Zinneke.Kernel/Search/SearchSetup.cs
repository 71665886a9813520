using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Registers the search over all modules, and <c>GET /api/v1/search</c>.</summary>
public static class SearchSetup
{
    private const int SaysLengthMax = 300;

    /// <summary>Of the page and the API together.</summary>
    public static RateLimit Searching { get; } = new("search", new Quota(240, TimeSpan.FromMinutes(1)));

    internal static void AddSearch(this IServiceCollection services)
    {
        services.AddSingleton<SearchSource, BodySearch>();
        services.AddSingleton<TableFollower, KeepSearch>();
        services.AddSingleton<FindEntries>();
    }

    internal static void MapSearch(this IEndpointRouteBuilder api) => api.MapGet("/search", FindAsync).Public().Limited(Searching).Reads("q", "kind", "body", "area", "limit", "cursor")
        .WithSummary("What everybody may read, by the beginnings of words in 'q', 'kind', 'body' and 'area'; at most 'limit' (20, up to 100), page by cursor. One wrong letter is forgiven.")
        .GivesExample(new
        {
            entries = (object[])
            [
                new
                {
                    kind = "report", id = "0198d0a4-0000-7000-8000-000000000001", url = "/fr/reports/2026-000123", title = "Nid-de-poule", language = "fr", says = "Trou profond devant l’école.",
                    label = "2026-000123, Rue du Canal 12", body = "c21004", area = "21004", at = "2026-05-04T08:00:00Z",
                },
            ],
            next = (string?)null,
        });

    private static async Task<IResult> FindAsync(HttpContext http, FindEntries find, Cursors cursors, CancellationToken cancellation)
    {
        if (!SearchQuery.Of(http.Request.Query).Is(out var query, out var refusal) || !cursors.Of<SearchPlace>(http.Request).Is(out var after, out refusal))
        {
            return refusal.AsProblem();
        }
        var language = http.Language();
        var page = await find.PageAsync(query, after, cancellation);
        return TypedResults.Json(
            new
            {
                entries = page.Hits.Select(one =>
                {
                    var (title, says) = (one.Title.For(language), one.Says.In(language));
                    return new
                    {
                        one.Kind, one.Id, url = $"/{language}{one.Path}", title = title.Words, language = title.Language, says = string.Concat(Excerpt.Of(says, page.Words, SaysLengthMax).Select(piece => piece.Words)),
                        one.Label, one.Body, one.Area, at = one.At is { } at ? Instants.Write(Instants.FromMicros(at)) : null,
                    };
                }),
                next = page.Next is { } next ? cursors.Next(http.Request, next) : null,
            }, Json.Options);
    }
}
