using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>The one place where endpoints are opened: public ones to everybody, others to those whom the <see cref="AccessCheck"/> lets pass, unmarked ones to nobody.</summary>
internal static class AccessGate
{
    public static IApplicationBuilder UseAccessGate(this IApplicationBuilder app)
    {
        var check = app.ApplicationServices.GetService<AccessCheck>() ?? DenyAsync;
        return app.Use(async (http, next) =>
        {
            if (http.GetEndpoint() is { } endpoint && await RefusalOf(http, endpoint, check) is { } refusal)
            {
                await refusal.AsProblem().ExecuteAsync(http);
                return;
            }
            await next(http);
        });
    }

    /// <summary>Every endpoint says who may pass, and names only permissions that somebody contributed.</summary>
    /// <exception cref="InvalidOperationException">One does not: the start fails, so that nothing is open or shut by oversight.</exception>
    public static void CheckMarks(IEnumerable<EndpointDataSource> sources, IEnumerable<Permission> permissions)
    {
        var known = permissions.Select(permission => permission.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var endpoint in sources.SelectMany(source => source.Endpoints))
        {
            var access = endpoint.Metadata.GetMetadata<Access>()
                ?? throw new InvalidOperationException($"endpoint {endpoint.DisplayName} says neither .Public() nor .Needs(permission)");
            if (access.Permission is { } needed && !known.Contains(needed))
            {
                throw new InvalidOperationException($"endpoint {endpoint.DisplayName} needs {needed}, a permission that nobody contributed");
            }
        }
    }

    private static ValueTask<Refusal?> RefusalOf(HttpContext http, Endpoint endpoint, AccessCheck check) => endpoint.Metadata.GetMetadata<Access>() switch
    {
        { Permission: null } => default,
        { } access => check(http, access),
        null when endpoint is RouteEndpoint => new(new Refusal(RefusalKind.Forbidden, "kernel.forbidden")),
        null => default, // Routing's own answer that no method or media type fits.
    };

    private static ValueTask<Refusal?> DenyAsync(HttpContext http, Access access) => new(new Refusal(RefusalKind.Unauthenticated, "kernel.unauthenticated"));
}
