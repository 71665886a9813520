using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>
/// Refuses requests that another site makes a browser send: on every method that changes something the browser's own word is asked, <c>Sec-Fetch-Site</c>, else
/// <c>Origin</c>. With a session cookie and neither header the request is refused; without a cookie there is nothing to ride on, so programs pass.
/// </summary>
/// <remarks>Instead of tokens: a token in a form forbids caching every page with a form, and cannot be read before a streamed body.</remarks>
internal static class CrossSite
{
    public static IApplicationBuilder UseCrossSiteRefusal(this IApplicationBuilder app) => app.Use((http, next) =>
        IsForged(http.Request) && http.GetEndpoint()?.Metadata.GetMetadata<AnySite>() is null ? new Refusal(RefusalKind.Forbidden, "kernel.crossSite").AsProblem().ExecuteAsync(http) : next(http));

    /// <summary>Lets pages of other sites post here: only for an endpoint that asks nothing of the session and gets its right from a signed token.</summary>
    public static TBuilder FromAnySite<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AnySite());

    internal static bool IsForged(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return false;
        }
        // A key in a header cannot be sent by another site without a preflight, which is never granted for these methods.
        var hasCookie = SessionCookie.IsIn(request);
        if (!hasCookie && (request.Headers.Authorization.Count > 0 || request.Headers.ContainsKey("X-API-Key")))
        {
            return false;
        }
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site))
        {
            return site.ToString() is not ("same-origin" or "none");
        }
        if (request.Headers.TryGetValue("Origin", out var origin))
        {
            return !string.Equals(origin.ToString(), $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
        }
        return hasCookie;
    }

    private sealed record AnySite;
}
