using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Zinneke.Kernel;

/// <summary>Where modules map their endpoints. Each endpoint says who may pass: <c>.Public()</c> or <c>.Needs("module.noun.verb")</c>; one that says nothing stops the start.</summary>
/// <param name="Pages">Under <c>/{lang}</c>; the culture is set from the path before routing.</param>
/// <param name="Api">Under <c>/api/v1</c>; refusals are problem details, other sites may read, and the endpoints are described in <c>/openapi/v1.json</c>.</param>
/// <param name="Root">Everything else: roots of standards, feeds, tiles.</param>
public sealed record Doors(RouteGroupBuilder Pages, RouteGroupBuilder Api, RouteGroupBuilder Root)
{
    /// <summary>What one client may ask of the API, unless an endpoint has a limit of its own.</summary>
    public static RateLimit OfApi { get; } = new("api", new Quota(1200, TimeSpan.FromMinutes(1)));

    /// <remarks>Forged forms are refused by <see cref="CrossSite"/>, so no endpoint asks for a token.</remarks>
    internal static Doors Of(IEndpointRouteBuilder app)
    {
        var root = app.MapGroup("").DisableAntiforgery();
        var pages = root.MapGroup("/{lang:language}").ExcludeFromDescription();
        var api = root.MapGroup("/api/v1").WithGroupName(ApiDescription.Document).OpenToOtherSites().Limited(OfApi);
        return new Doors(pages, api, root);
    }
}

/// <summary>What an endpoint may say of itself besides who may pass.</summary>
public static class DoorMarks
{
    /// <summary>Pages of other sites may read what this endpoint answers, without cookies; they may change nothing.</summary>
    public static TBuilder OpenToOtherSites<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireCors(OtherSites.Policy);

    /// <summary>Takes bodies of up to this many bytes instead of the usual megabyte.</summary>
    public static TBuilder BodyUpTo<TBuilder>(this TBuilder endpoint, long bytesMax)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new BodyLimit(bytesMax));

    private sealed record BodyLimit(long? MaxRequestBodySize) : Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata;
}
