using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>The one place where endpoints are opened: public ones to everybody, others to callers who hold the permission somewhere, unmarked ones to nobody.</summary>
internal static class AccessGate
{
    /// <summary>What one network address may show that opens nothing, a key: each costs a look into the database.</summary>
    private static readonly RateLimit DeadKeys = new("dead-keys", new Quota(600, TimeSpan.FromMinutes(1)));

    /// <summary>Forms that are read whole for who is not signed in, only to give them back.</summary>
    private static readonly RateLimit Unsent = new("unsent", new Quota(60, TimeSpan.FromMinutes(10)));

    /// <summary>Finds out who asks, so that everything behind it can be told, and whose limits count.</summary>
    public static IApplicationBuilder UseCaller(this IApplicationBuilder app)
    {
        var callers = app.ApplicationServices.GetRequiredService<Callers>();
        var limits = app.ApplicationServices.GetRequiredService<RateLimits>();
        return app.Use(async (http, next) =>
        {
            var slot = http.RequestServices.GetRequiredService<CallerSlot>();
            var shows = Callers.ShowsKey(http.Request); // Not a session: old cookies in the browsers of an office must not lock out who is signed in there.
            if (shows && limits.Spent(http, DeadKeys) is { } often)
            {
                slot.Caller = Caller.Anonymous(http.Language());
                await often.AsProblem().ExecuteAsync(http);
                return;
            }
            var caller = await callers.OfAsync(http.Request, http.Language(), http.RequestAborted);
            slot.Caller = caller;
            if (!caller.IsAnonymous)
            {
                http.Features.Set(limits.ClientOf(caller));
            }
            else if (shows)
            {
                limits.Passes(http, DeadKeys);
            }
            await next(http);
        });
    }

    public static IApplicationBuilder UseAccessGate(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        var caller = http.RequestServices.GetRequiredService<CallerSlot>().Caller!;
        if (RefusalOf(http, caller) is { } refusal)
        {
            var often = http.IsPage() && HttpMethods.IsPost(http.Request.Method) ? http.Take(Unsent) : null;
            await (often?.AsProblem() ?? await AnswerOfAsync(http, refusal)).ExecuteAsync(http);
            return;
        }
        if (await Repeats.UnlessRepeatedAsync(http, http.TakeQuotaOf(caller)) is { } spent)
        {
            await spent.AsProblem().ExecuteAsync(http);
            return;
        }
        await next(http);
    });

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

    /// <summary>A person who opens a page is led to sign in, or to show where they live, and back; one who sends a form keeps what they filled in; a program is told how to show its key.</summary>
    private static async Task<IResult> AnswerOfAsync(HttpContext http, Refusal refusal)
    {
        if (Remedy.For(http, refusal) is { } way)
        {
            return way;
        }
        await UnsentForm.KeepAsync(http, refusal);
        if (refusal.Kind == RefusalKind.Unauthenticated)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer realm=\"zinneke\"";
        }
        return refusal.AsProblem();
    }

    /// <summary>Who means to act under a key is told when it is dead (K35), instead of acting as nobody: roots of standards answer in their own way.</summary>
    private static bool IsChangeByApi(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && request.Path.StartsWithSegments("/api/v1", StringComparison.Ordinal);

    private static Refusal? RefusalOf(HttpContext http, Caller caller) => http.GetEndpoint() switch
    {
        null => null,
        _ when http.RequestServices.GetRequiredService<AccountMark>().Refuse(http.Request, caller) is { } other => other,
        _ when caller.ShowsDeadKey && IsChangeByApi(http.Request) => caller.NotAllowed(),
        var endpoint when endpoint.Metadata.GetMetadata<Access>() is { } access => access.RefusalFor(caller),
        RouteEndpoint => new Refusal(RefusalKind.Forbidden, "kernel.forbidden"),
        _ => null, // Routing's own answer that no method or media type fits.
    };
}
