using Microsoft.AspNetCore.Builder;

namespace Zinneke.Kernel;

/// <summary>A right that a module contributes and roles carry; named <c>module.noun.verb</c>. What nobody was given is denied.</summary>
/// <param name="Key">Stable name: <c>reports.report.act</c>.</param>
/// <param name="Help">What its holder may do, in English, for the list of roles.</param>
public sealed record Permission(string Key, string Help);

/// <summary>Who may pass an endpoint: everybody, those who hold a permission, or those who are known well enough. Every endpoint carries exactly one; a test lists them all.</summary>
/// <param name="Permission">Key of the permission, or null for everybody.</param>
public sealed record Access(string? Permission)
{
    /// <summary>Only people who have signed in pass, whatever they may do; a program that acts for one by a token does not.</summary>
    public bool Account { get; init; }

    /// <summary>How well whoever passes must be known.</summary>
    public VerificationLevel Level { get; init; }

    /// <summary>Null when the caller may pass the door: the permission is held somewhere, by a role or by a key's scope. The use case then asks for the body it acts in.</summary>
    public Refusal? RefusalFor(Caller caller) =>
        (Permission is null || caller.CanSomewhere(Permission)) && (!Account || caller.Session is not null) ? caller.RefusalUnlessLevel(Level) : caller.NotAllowed();
}

/// <summary>Marks endpoints with who may pass them.</summary>
public static class AccessMarks
{
    /// <summary>Everybody may pass; the use case itself decides what it shows.</summary>
    public static TBuilder Public<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Access(null));

    /// <summary>Only people who have signed in pass; for what is theirs and no matter of permission.</summary>
    public static TBuilder NeedsAccount<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Access(null) { Account = true });

    /// <summary>
    /// Only people who are known so well pass, whatever they may do; a page leads the others to where they make themselves known, and back with what they filled in. Where the level
    /// depends on what is asked for, the use case asks <see cref="Caller.RefusalUnlessLevel"/> instead, and its refusal leads to the same places.
    /// </summary>
    public static TBuilder NeedsLevel<TBuilder>(this TBuilder endpoint, VerificationLevel level)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Access(null) { Level = level });

    /// <summary>Only callers who hold the permission pass; others get 401 or 403, and a page leads to signing in.</summary>
    /// <param name="permission">Key of a contributed <see cref="Permission"/>; one that nobody contributed stops the start.</param>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, string permission)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Access(permission));
}

/// <summary>The endpoint takes an API key in its query too, because a standard or its clients need it (K35). The value is masked in logs.</summary>
/// <param name="Name">Name in the query: <c>api_key</c> in Open311, <c>apikey</c> in the roots of OpenData.</param>
public sealed record KeyInQuery(string Name);
