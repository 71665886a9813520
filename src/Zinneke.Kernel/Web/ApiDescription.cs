using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Zinneke.Kernel;

/// <summary>A body that an endpoint takes or gives, as shown in the API's description.</summary>
/// <param name="Status">0 for the request, else the status of the answer.</param>
public sealed record ApiExample(int Status, object Value);

/// <summary><c>/openapi/v1.json</c>: made from the endpoints of <see cref="Doors.Api"/>, with their summaries and examples.</summary>
public static class ApiDescription
{
    internal const string Document = "v1";

    /// <summary>Shows this object as the request's body.</summary>
    public static TBuilder TakesExample<TBuilder>(this TBuilder endpoint, object value)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ApiExample(0, value));

    /// <summary>Shows this object as the answer of a status.</summary>
    public static TBuilder GivesExample<TBuilder>(this TBuilder endpoint, object value, int status = 200)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ApiExample(status, value));

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
            foreach (var example in context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiExample>())
            {
                Show(operation, example);
            }
            return Task.CompletedTask;
        });
    });

    internal static void MapApiDescription(this IEndpointRouteBuilder root) => root.MapOpenApi("/openapi/{documentName}.json").Public().OpenToOtherSites();

    private static void Show(OpenApiOperation operation, ApiExample example)
    {
        var content = example.Status == 0
            ? operation.RequestBody?.Content
            : operation.Responses?.GetValueOrDefault(example.Status.ToString(System.Globalization.CultureInfo.InvariantCulture))?.Content;
        foreach (var media in content?.Values ?? [])
        {
            media.Example = System.Text.Json.JsonSerializer.SerializeToNode(example.Value, Json.Options);
        }
    }
}
