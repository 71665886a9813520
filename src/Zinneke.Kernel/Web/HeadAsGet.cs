using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>HEAD is GET without the body (RFC 9110 section 9.3.2), for every endpoint: monitors and link checkers ask so. The server leaves the body out.</summary>
internal static class HeadAsGet
{
    /// <summary>Stands before routing.</summary>
    public static IApplicationBuilder UseHeadAsGet(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Features.Set(new Asked());
            http.Request.Method = HttpMethods.Get;
        }
        return next(http);
    });

    /// <summary>The caller wants to know what would come, and would not read a stream that never ends.</summary>
    public static bool IsHead(this HttpContext http) => http.Features.Get<Asked>() is not null;

    private sealed class Asked;
}
