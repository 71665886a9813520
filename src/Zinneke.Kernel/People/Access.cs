using Microsoft.AspNetCore.Builder;

namespace Zinneke.Kernel;

/// <summary>A right that a module contributes and roles carry; named <c>module.noun.verb</c>. What nobody was given is denied.</summary>
/// <param name="Key">Stable name: <c>reports.report.act</c>.</param>
/// <param name="Help">What its holder may do, in English, for the list of roles.</param>
public sealed record Permission(string Key, string Help);

/// <summary>Who may pass an endpoint: everybody, or those who hold a permission. Every endpoint carries exactly one; a test lists them all.</summary>
/// <param name="Permission">Key of the permission, or null for everybody.</param>
public sealed record Access(string? Permission)
{
    /// <summary>Scope that an API key needs for this endpoint, such as <c>reports:write</c>; null when no key opens it.</summary>
    public string? Scope { get; init; }
}

/// <summary>Marks endpoints with who may pass them.</summary>
public static class AccessMarks
{
    /// <summary>Everybody may pass; the use case itself decides what it shows.</summary>
    public static TBuilder Public<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Access(null));

    /// <summary>Only callers who hold the permission pass; others get 401 or 403, and a page leads to signing in.</summary>
    /// <param name="permission">Key of a contributed <see cref="Permission"/>; one that nobody contributed stops the start.</param>
    /// <param name="scope">Scope of API keys that opens it too.</param>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, string permission, string? scope = null)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Access(permission) { Scope = scope });
}
