using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Draws the page that tells a person why something was refused; registered once by the library of pages.</summary>
/// <returns>A result that also sets the status.</returns>
public delegate IResult RefusalPage(HttpContext http, Refusal refusal);

/// <summary>How a root of a standard tells of refusals, in place of problem details and pages: metadata of its endpoints (K37).</summary>
public delegate Task RefusalShape(HttpContext http, Refusal refusal);

/// <summary>
/// A refusal on the wire: problem details (RFC 9457, K37) for programs, a page for people. The only place where refusals become answers.
/// </summary>
public sealed class Problem(Refusal refusal) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public Refusal Refusal { get; } = refusal;

    public int? StatusCode => (int)Refusal.Kind;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (Refusal.Kind is RefusalKind.TooMany or RefusalKind.Busy && httpContext.Response.Headers.RetryAfter.Count == 0)
        {
            httpContext.Response.Headers.RetryAfter = "1";
        }
        if (httpContext.GetEndpoint()?.Metadata.GetMetadata<RefusalShape>() is { } shape)
        {
            return shape(httpContext, Refusal);
        }
        if (Refusal.Members.ContainsKey("reason") && Remedy.For(httpContext, Refusal) is { } way)
        {
            return way.ExecuteAsync(httpContext);
        }
        UnsentForm.KeepRead(httpContext, Refusal);
        if (WantsPage(httpContext) && httpContext.RequestServices.GetService<RefusalPage>() is { } page)
        {
            return page(httpContext, Refusal).ExecuteAsync(httpContext);
        }
        return WriteAsync(httpContext);
    }

    /// <summary>The problem details, also to somebody who would rather have a page: for when the page itself cannot be drawn.</summary>
    internal Task WriteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = (int)Refusal.Kind;
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Response.Headers.ContentLanguage = httpContext.Language();
        return httpContext.Response.WriteAsJsonAsync(Body(httpContext), Json.Options, "application/problem+json", httpContext.RequestAborted);
    }

    /// <summary>The problem details, in the language of the request.</summary>
    public JsonObject Body(HttpContext http) => Body(http.RequestServices.GetRequiredService<Words>());

    internal JsonObject Body(Words words)
    {
        var status = (int)Refusal.Kind;
        var body = new JsonObject
        {
            ["type"] = "urn:zinneke:problem:" + Refusal.Code,
            ["title"] = words["kernel.status." + status.ToString(CultureInfo.InvariantCulture)],
            ["status"] = status,
            ["detail"] = TextOf(words, Refusal),
            ["code"] = Refusal.Word,
        };
        if (Refusal.Kind == RefusalKind.Invalid)
        {
            body["errors"] = new JsonArray([.. Refusal.All().Select(error => ErrorOf(words, error))]);
        }
        foreach (var (name, value) in Refusal.Members)
        {
            body[name] = System.Text.Json.JsonSerializer.SerializeToNode(value, Json.Options);
        }
        return body;
    }

    /// <summary>Says in the API's description that any endpoint which may refuse answers with problem details.</summary>
    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status422UnprocessableEntity, typeof(ProblemDetails), ["application/problem+json"]));

    private static JsonObject ErrorOf(Words words, Refusal error)
    {
        var one = new JsonObject { ["field"] = error.Field ?? "", ["code"] = error.Word, ["message"] = TextOf(words, error) };
        foreach (var (name, value) in error.Members)
        {
            one[name] = System.Text.Json.JsonSerializer.SerializeToNode(value, Json.Options);
        }
        return one;
    }

    private static string TextOf(Words words, Refusal refusal) =>
        words.Find(refusal.TextKey, [.. refusal.Arguments]) ?? throw new KeyNotFoundException($"refusal {refusal.Code} has no text {refusal.TextKey}");

    /// <summary>Pages always; elsewhere only for somebody who walks there with a browser.</summary>
    private static bool WantsPage(HttpContext http) =>
        http.IsPage() || (!http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal));
}

public static class ProblemResults
{
    /// <summary>The refusal as an answer.</summary>
    public static Problem AsProblem(this Refusal refusal) => new(refusal);

    /// <summary>200 with the value, or the refusal.</summary>
    public static IResult Answer<T>(this Outcome<T> outcome) => outcome.Is(out var value, out var refusal) ? TypedResults.Ok(value) : new Problem(refusal);
}
