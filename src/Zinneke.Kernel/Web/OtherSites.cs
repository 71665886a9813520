using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Cross-origin reading of public answers (CORS).</summary>
internal static class OtherSites
{
    public const string Policy = "other-sites";

    public static IServiceCollection AddOtherSites(this IServiceCollection services) => services.AddCors(cors => cors.AddPolicy(Policy, new CorsPolicyBuilder()
        .AllowAnyOrigin()
        .WithMethods("GET", "HEAD")
        .WithHeaders("Accept", "Accept-Language", "Authorization", "If-None-Match", "Last-Event-ID", "X-API-Key")
        .WithExposedHeaders("ETag", "Link", "Location", "Retry-After", "RateLimit", "RateLimit-Policy")
        .SetPreflightMaxAge(TimeSpan.FromHours(1))
        .Build()));
}
