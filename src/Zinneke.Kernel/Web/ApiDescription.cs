using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Zinneke.Kernel;

/// <summary>A body that an endpoint takes or gives, as shown in the API's description.</summary>
/// <param name="Status">0 for the request, else the status of the answer.</param>
/// <param name="Media">What it is sent as.</param>
public sealed record ApiExample(int Status, object Value, string Media = ApiDescription.Json);

/// <summary><c>/openapi/v1.json</c>: made from the endpoints of <see cref="Doors.Api"/>, with their summaries and examples.</summary>
public static class ApiDescription
{
    internal const string Document = "v1";

    internal const string Json = "application/json";

    private const string Problem = "application/problem+json";

    /// <summary>Shows this object as the request's body.</summary>
    public static TBuilder TakesExample<TBuilder>(this TBuilder endpoint, object value, string media = Json)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ApiExample(0, value, media));

    /// <summary>Shows this object as the answer of a status; a text for what is no JSON.</summary>
    public static TBuilder GivesExample<TBuilder>(this TBuilder endpoint, object value, int status = 200, string media = Json)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ApiExample(status, value, media));

    internal static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.AddDocumentTransformer((document, context, _) =>
        {
            var region = context.ApplicationServices.GetRequiredService<Settings>().Get(KernelSettings.RegionName).In("en");
            document.Info = new OpenApiInfo
            {
                Title = $"Zinneke, {region}",
                Version = Document,
                Description = "JSON in camelCase. Refusals are problem details (RFC 9457) with a stable code. Lists give an opaque cursor of the next page. "
                    + "A thing's ETag is its version; send it back in If-Match to change only what you have seen. Every POST that changes something takes an Idempotency-Key, kept 48 hours for each sender, method and "
                    + "path: the same bytes again do nothing and are answered with what is there now, marked Idempotent-Replay: true; others are refused with 422 idempotency-key-reused.",
            };
            document.Servers = null; // The address under which it was read.
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            var examples = metadata.OfType<ApiExample>().ToList();
            operation.Responses ??= [];
            if (examples.Exists(example => example.Status > 0) && !examples.Exists(example => example.Status == 200) && operation.Responses.GetValueOrDefault("200") is { Content: null or { Count: 0 } })
            {
                operation.Responses.Remove("200"); // What the framework supposes of an endpoint that says nothing.
            }
            examples.ForEach(example => Show(operation, example));
            QueryNameMarks.Describe(operation, metadata);
            var words = context.ApplicationServices.GetRequiredService<Words>();
            foreach (var refusal in RefusalsOf(context.Description, metadata.OfType<Access>().Single()))
            {
                Show(operation, refusal, words);
            }
            return Task.CompletedTask;
        });
    });

    internal static void MapApiDescription(this IEndpointRouteBuilder root) => root.MapOpenApi("/openapi/{documentName}.json").Public().OpenToOtherSites();

    private static void Show(OpenApiOperation operation, ApiExample example)
    {
        var value = JsonSerializer.SerializeToNode(example.Value, Kernel.Json.Options);
        if (example.Status == 0)
        {
            var body = operation.RequestBody as OpenApiRequestBody ?? new OpenApiRequestBody();
            operation.RequestBody = body;
            MediaOf(body.Content ??= new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal), example.Media).Example = value;
            return;
        }
        MediaOf(ResponseOf(operation, example.Status).Content!, example.Media).Example = value;
    }

    /// <summary>How an endpoint may refuse, by what it is: which fields and which states, its summary and the problem itself say.</summary>
    private static IEnumerable<Refusal> RefusalsOf(Microsoft.AspNetCore.Mvc.ApiExplorer.ApiDescription endpoint, Access access)
    {
        var (isOfThing, changes) = (endpoint.RelativePath!.Contains('{', StringComparison.Ordinal), endpoint.HttpMethod != "GET");
        if (access.Permission is not null)
        {
            yield return new Refusal(RefusalKind.Unauthenticated, "kernel.unauthenticated");
            yield return new Refusal(RefusalKind.Forbidden, "kernel.forbidden");
        }
        if (isOfThing)
        {
            yield return new Refusal(RefusalKind.NotFound, "kernel.notFound");
        }
        if (changes && isOfThing)
        {
            yield return new Refusal(RefusalKind.Conflict, "kernel.stale");
            yield return new Refusal(RefusalKind.Stale, "kernel.stale");
        }
        if (changes)
        {
            yield return new Refusal(RefusalKind.NotParseable, "kernel.notParseable");
        }
        yield return Refusal.Invalid("kernel.badCursor", "cursor");
        yield return new Refusal(RefusalKind.TooMany, "kernel.tooMany") { Arguments = ["60 s"] };
    }

    private static void Show(OpenApiOperation operation, Refusal refusal, Words words)
    {
        var (response, body) = (ResponseOf(operation, (int)refusal.Kind), refusal.AsProblem().Body(words));
        response.Description = (string?)body["title"];
        MediaOf(response.Content!, Problem).Example = body;
    }

    private static OpenApiResponse ResponseOf(OpenApiOperation operation, int status)
    {
        var name = status.ToString(CultureInfo.InvariantCulture);
        var response = operation.Responses!.GetValueOrDefault(name) as OpenApiResponse ?? new OpenApiResponse { Description = "" };
        response.Content ??= new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal);
        operation.Responses![name] = response;
        return response;
    }

    private static OpenApiMediaType MediaOf(IDictionary<string, OpenApiMediaType> content, string media) =>
        content.TryGetValue(media, out var known) ? known : content[media] = new OpenApiMediaType();
}
