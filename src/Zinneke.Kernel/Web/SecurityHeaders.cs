using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>Another content security policy for one endpoint, such as a sandbox for files that people gave us.</summary>
public sealed record ContentSecurity(string Policy)
{
    /// <summary>What pages have: everything from this site alone, nothing inline.</summary>
    public const string OfPages =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
        "media-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>The policy of pages when their maps lie on a style of another host: that host alone may be asked for it, and its pictures shown.</summary>
    /// <param name="mapStyle">Address of the style; null when there is none.</param>
    internal static string OfPagesWith(Uri? mapStyle) => mapStyle is null ? OfPages : OfPages
        .Replace("connect-src 'self'", $"connect-src 'self' {SourceOf(mapStyle)}", StringComparison.Ordinal)
        .Replace("img-src 'self'", $"img-src 'self' {SourceOf(mapStyle)}", StringComparison.Ordinal);

    /// <summary>Scheme, host and port; the host in ASCII, because headers hold nothing else.</summary>
    private static string SourceOf(Uri address) => $"{address.Scheme}://{address.IdnHost}{(address.IsDefaultPort ? "" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $":{address.Port}"))}";

    /// <summary>For a file that is only shown or downloaded: it may do nothing at all.</summary>
    public const string Sandbox = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";
}

/// <summary>The headers that tell browsers what this site never does.</summary>
public static class SecurityHeaders
{
    /// <summary>Replaces the content security policy of an endpoint.</summary>
    public static TBuilder WithContentSecurity<TBuilder>(this TBuilder endpoint, string policy)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ContentSecurity(policy));

    internal static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app, Settings settings)
    {
        var ofPages = ContentSecurity.OfPagesWith(settings.Get(KernelSettings.MapStyle));
        return app.Use((http, next) =>
        {
            http.Response.OnStarting(() =>
            {
                Add(http, ofPages);
                return Task.CompletedTask;
            });
            return next(http);
        });
    }

    /// <summary>
    /// A private link carries its secret in the query: its address goes to nobody, not even to ourselves. A browser that does not say where a request comes from (older ones, and all over plain
    /// http to another host) would send "Origin: null" with the page's own forms and be refused as forged: it may tell the site's name.
    /// </summary>
    private static string PolicyOfLink(HttpRequest request) =>
        request.Headers.UserAgent.ToString().StartsWith("Mozilla/", StringComparison.Ordinal) && !request.Headers.ContainsKey("Sec-Fetch-Site") ? "strict-origin" : "no-referrer";

    private static void Add(HttpContext http, string ofPages)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = http.GetEndpoint()?.Metadata.GetMetadata<ContentSecurity>()?.Policy ?? ofPages;
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()";
        headers["Referrer-Policy"] = http.Request.Query.ContainsKey("t") ? PolicyOfLink(http.Request) : "same-origin";
        if (http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        }
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = SessionCookie.IsIn(http.Request) ? "private, no-store" : Callers.ShowsKey(http.Request) ? "private, no-cache" : "no-cache";
        }
    }
}
