using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Site.Tests.Attacks;

/// <summary>An address of the site that somebody may ring at.</summary>
/// <param name="Pattern">Route as it is mapped, for the findings.</param>
/// <param name="Path">The same with a value for each parameter.</param>
internal sealed record Doorbell(string Method, string Pattern, string Path)
{
    public override string ToString() => $"{Method} {Pattern}";
}

/// <summary>All endpoints of the site, so that a new one is attacked without being named.</summary>
internal static partial class Doorbells
{
    /// <param name="fill">Value for a parameter of a route.</param>
    public static IReadOnlyList<Doorbell> Of(TestSite site, Func<string, string> fill) =>
    [
        .. from endpoint in site.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
           let pattern = "/" + (endpoint.RoutePattern.RawText ?? "").TrimStart('/')
           let path = Parameter().Replace(pattern, match => match.Groups[1].Value == "lang" ? "fr" : fill(match.Groups[1].Value))
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
           select new Doorbell(method, pattern, path),
    ];

    [GeneratedRegex(@"\{\*{0,2}(\w+)[^}]*\}")]
    private static partial Regex Parameter();
}
