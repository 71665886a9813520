using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>
/// Who heard no answer gets it when asking again (K38), also when the quota is spent, and is not counted for it: a repeat does nothing. A quota that is spent costs one look at a primary key
/// for that, or reading one body, at most so many an hour for each client; repeats beyond that are counted and refused like anything else (docs/decisions/0020).
/// </summary>
public static class Repeats
{
    private static readonly RateLimit Looks = new("repeats", new Quota(60, TimeSpan.FromHours(1)));

    /// <summary>This endpoint knows from its body what was sent before: when a quota is spent it asks <see cref="SpentQuota"/>, and answers a repeat all the same.</summary>
    public static TBuilder KnowsRepeats<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Known());

    /// <summary>What to answer unless it was sent before; null while the quotas at the door are not spent.</summary>
    public static Refusal? SpentQuota(this HttpContext http) => http.Features.Get<Spent>()?.Refusal;

    /// <summary>Counts this request for nothing: it repeats one that was counted.</summary>
    public static void GiveBackQuota(this HttpContext http)
    {
        if (MayLook(http))
        {
            http.Response.Headers.Remove("Retry-After");
            http.RequestServices.GetRequiredService<RateLimits>().GiveBack(http);
        }
    }

    /// <summary>What a spent quota refuses, unless the call may be a repeat.</summary>
    internal static async Task<Refusal?> UnlessRepeatedAsync(HttpContext http, Refusal? spent)
    {
        var byKey = http.Request.Headers.ContainsKey(Idempotency.Header);
        var byBody = http.GetEndpoint()?.Metadata.GetMetadata<Known>() is not null;
        if (spent is null || !HttpMethods.IsPost(http.Request.Method) || !(byKey || byBody) || !MayLook(http))
        {
            return spent;
        }
        if (byKey && await (await Idempotency.BindAsync(http)).IsKnownAsync(http.RequestAborted))
        {
            http.Response.Headers.Remove("Retry-After");
            return null;
        }
        if (!byBody)
        {
            return spent;
        }
        http.Features.Set(new Spent(spent));
        return null;
    }

    /// <summary>Counts one look for each request, however often it looks.</summary>
    private static bool MayLook(HttpContext http)
    {
        if (http.Features.Get<Looked>() is { } looked)
        {
            return looked.May;
        }
        var may = http.RequestServices.GetRequiredService<RateLimits>().PassesForClient(http, Looks);
        http.Features.Set(new Looked(may));
        return may;
    }

    private sealed record Known;

    private sealed record Spent(Refusal Refusal);

    private sealed record Looked(bool May);
}
