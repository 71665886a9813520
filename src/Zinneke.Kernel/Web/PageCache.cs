using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Zinneke.Kernel;

/// <summary>
/// Keeps whole answers for callers without a session: keyed by host, path, the query names that the endpoint declares, and encoding; never older than a minute, because
/// a page may be rendered just before it is evicted. A request with any other query name, a key or a session passes by.
/// </summary>
internal sealed class PageCache(string[] tags, string[] queryNames) : IOutputCachePolicy
{
    /// <summary>On which the answer depends.</summary>
    public IReadOnlyList<string> QueryNames => queryNames;

    private static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(60);

    /// <summary>Every page says texts that the installation may put otherwise.</summary>
    private static readonly string Wording = new Subject("catalogue", OwnTexts.Kind).ToString();

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var request = context.HttpContext.Request;
        var may = HttpMethods.IsGet(request.Method)
            && !context.HttpContext.IsHead()
            && !SessionCookie.IsIn(request)
            && StringValues.IsNullOrEmpty(request.Headers.Authorization)
            && !request.Headers.ContainsKey("X-API-Key")
            && request.Query.Keys.All(name => queryNames.Contains(name, StringComparer.Ordinal));
        context.EnableOutputCaching = may;
        context.AllowCacheLookup = may;
        context.AllowCacheStorage = may;
        context.AllowLocking = true; // Of many who ask at once one renders.
        context.ResponseExpirationTimeSpan = AgeMax;
        context.CacheVaryByRules.QueryKeys = queryNames;
        context.CacheVaryByRules.VaryByHost = true;
        context.CacheVaryByRules.VaryByValues["encoding"] = EncodingOf(context.HttpContext);
        if (!context.HttpContext.IsPage())
        {
            context.CacheVaryByRules.VaryByValues["language"] = context.HttpContext.Language();
        }
        context.Tags.Add(Wording);
        foreach (var tag in tags)
        {
            context.Tags.Add(tag);
        }
        return default;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => default;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var response = context.HttpContext.Response;
        context.AllowCacheStorage = response.StatusCode == StatusCodes.Status200OK && response.Headers.SetCookie.Count == 0;
        return default;
    }

    /// <summary>What the compression below chooses: answers are kept as they go over the wire.</summary>
    private static string EncodingOf(HttpContext http) =>
        http.RequestServices.GetRequiredService<IResponseCompressionProvider>().GetCompressionProvider(http)?.EncodingName ?? "";
}

public static class PageCacheMarks
{
    /// <summary>Keeps the answers of this endpoint for callers without a session.</summary>
    /// <param name="tags">What evicts it: an area such as <c>reports</c> (any event of that module), a kind of subject such as <c>area</c>, or one subject <c>report:ID</c>.</param>
    /// <param name="queryNames">The query names that the answer depends on; a request with others is not kept.</param>
    public static TBuilder Cached<TBuilder>(this TBuilder endpoint, string[] tags, params string[] queryNames)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new PageCache(tags, queryNames));
}

/// <summary>
/// Evicts kept pages when events come past, on each node; after the other followers in memory, from which pages are made: one made between would be kept with what was
/// before.
/// </summary>
/// <param name="others">The followers in memory, this one among them; asked for late, because it is one of them.</param>
internal sealed class PageEviction(IOutputCacheStore kept, Func<IEnumerable<MemoryFollower>> others) : MemoryFollower
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);

    /// <summary>One that is stuck must not keep pages from being evicted.</summary>
    private const int LooksMax = 200;

    public override string Name => "kernel.pages";

    public override Task LoadAsync(Store store, CancellationToken cancellation) => Task.CompletedTask;

    public override async Task ApplyAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        HashSet<string> tags = new(StringComparer.Ordinal);
        foreach (var one in events)
        {
            tags.Add(one.Type[..one.Type.IndexOf('.', StringComparison.Ordinal)]);
            tags.Add(one.Subject.Kind);
            tags.Add(one.Subject.ToString());
        }
        for (var look = 0; look < LooksMax && others().Any(other => other != this && other.Position < events[^1].Position); look++)
        {
            await Task.Delay(LookEvery, cancellation);
        }
        foreach (var tag in tags)
        {
            await kept.EvictByTagAsync(tag, cancellation);
        }
    }
}
