using Microsoft.AspNetCore.Routing;

namespace Zinneke.Kernel;

/// <summary>Where modules map their endpoints. Each endpoint says who may pass: <c>.Public()</c> or <c>.Needs("module.noun.verb")</c>; one that says nothing is closed.</summary>
/// <param name="Pages">Under <c>/{lang}</c>; the culture is set from the path before routing.</param>
/// <param name="Api">Under <c>/api/v1</c>; refusals are problem details, and the endpoints are described in <c>/openapi/v1.json</c>.</param>
/// <param name="Root">Everything else: roots of standards, feeds, tiles.</param>
public sealed record Doors(RouteGroupBuilder Pages, RouteGroupBuilder Api, IEndpointRouteBuilder Root);
