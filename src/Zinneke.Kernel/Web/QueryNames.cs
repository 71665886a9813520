using Microsoft.AspNetCore.Builder;
using Microsoft.OpenApi;

namespace Zinneke.Kernel;

/// <summary>Names that an endpoint of the API reads from the query, for its description.</summary>
/// <param name="Required">Without them it refuses.</param>
internal sealed record QueryNames(IReadOnlyList<string> Names, bool Required);

/// <summary>How endpoints say which names of the query they read; what <see cref="PageCacheMarks.Cached"/> names need not be said again.</summary>
public static class QueryNameMarks
{
    /// <summary>Says that these names may be in the query.</summary>
    public static TBuilder Reads<TBuilder>(this TBuilder endpoint, params string[] names)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new QueryNames(names, Required: false));

    /// <summary>Says that these names must be in the query.</summary>
    public static TBuilder Demands<TBuilder>(this TBuilder endpoint, params string[] names)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new QueryNames(names, Required: true));

    /// <summary>Adds what the marks of an endpoint name and its description does not have yet.</summary>
    internal static void Describe(OpenApiOperation operation, IEnumerable<object> metadata)
    {
        var marks = metadata.ToList();
        var demanded = marks.OfType<QueryNames>().Where(one => one.Required).SelectMany(one => one.Names).ToHashSet(StringComparer.Ordinal);
        var read = marks.OfType<QueryNames>().SelectMany(one => one.Names).Concat(marks.OfType<PageCache>().SelectMany(one => one.QueryNames));
        operation.Parameters ??= [];
        foreach (var name in read.Distinct(StringComparer.Ordinal).Where(name => operation.Parameters.All(known => known.Name != name)).ToList())
        {
            operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Query, Required = demanded.Contains(name), Description = SaysOf(name), Schema = SchemaOf(name) });
        }
    }

    /// <summary>What means the same wherever it is read; the rest the endpoint's summary says.</summary>
    private static string? SaysOf(string name) => name switch
    {
        "bbox" => "minLon,minLat,maxLon,maxLat in degrees (WGS 84).",
        "cursor" => "Where the page begins: 'next' of the page before.",
        "limit" => "Entries of a page at most.",
        "lang" => "fr, nl, en or de.",
        "radius" => "Metres.",
        "createdFrom" => "An instant with its zone; what was sent then or later.",
        "createdTo" => "An instant with its zone; what was sent before.",
        "updatedSince" => "An instant with its zone; what has changed then or later.",
        _ => null,
    };

    private static OpenApiSchema SchemaOf(string name) => name switch
    {
        "limit" => new() { Type = JsonSchemaType.Integer },
        "lon" or "lat" or "radius" or "zoom" => new() { Type = JsonSchemaType.Number },
        "createdFrom" or "createdTo" or "updatedSince" => new() { Type = JsonSchemaType.String, Format = "date-time" },
        _ => new() { Type = JsonSchemaType.String },
    };
}
