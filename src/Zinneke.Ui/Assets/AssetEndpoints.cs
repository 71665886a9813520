using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>Serves the assets. Their names carry a hash of their content: the answer never changes and may be kept for ever.</summary>
public static class AssetEndpoints
{
    public static void MapAssets(this IEndpointRouteBuilder root)
    {
        root.MapMethods(Assets.Root + "{name}", [HttpMethods.Get, HttpMethods.Head], (string name, HttpContext http, Assets assets) => Serve(name, http, assets, "public, max-age=31536000, immutable"))
            .ExcludeFromDescription().Public();
        // A service worker has one address for ever, at the root of all that it serves; browsers look there for the next one.
        root.MapMethods("/service-worker.js", [HttpMethods.Get, HttpMethods.Head], (HttpContext http, Assets assets) => Serve(assets["service-worker.js"][Assets.Root.Length..], http, assets, "no-cache"))
            .ExcludeFromDescription().Public();
    }

    private static Results<FileContentHttpResult, NotFound> Serve(string name, HttpContext http, Assets assets, string kept)
    {
        if (assets.FileOf(name) is not { } file)
        {
            return TypedResults.NotFound();
        }
        var headers = http.Response.Headers;
        headers.CacheControl = kept;
        headers.XContentTypeOptions = "nosniff";
        if (file.Brotli is null || file.Gzip is null)
        {
            return TypedResults.Bytes(file.Plain, file.ContentType);
        }
        headers.Vary = HeaderNames.AcceptEncoding;
        var accepted = http.Request.Headers.AcceptEncoding.ToString();
        var (bytes, encoding) = accepted.Contains("br", StringComparison.Ordinal) ? (file.Brotli, "br")
            : accepted.Contains("gzip", StringComparison.Ordinal) ? (file.Gzip, "gzip")
            : (file.Plain, null);
        if (encoding is not null)
        {
            headers.ContentEncoding = encoding;
        }
        return TypedResults.Bytes(bytes, file.ContentType);
    }
}
