using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;

namespace Zinneke.Ui;

/// <summary>Links to the page one is on, with something changed: the whole state of a list lies in its address.</summary>
public static class Here
{
    /// <summary>This path and query with some values set (null takes one out).</summary>
    public static string With(HttpRequest request, params ReadOnlySpan<(string Name, string? Value)> changes)
    {
        var query = new List<KeyValuePair<string, string>>();
        foreach (var (name, values) in request.Query)
        {
            if (!Changed(name, changes))
            {
                query.AddRange(values.Select(value => KeyValuePair.Create(name, value ?? "")));
            }
        }
        foreach (var (name, value) in changes)
        {
            if (value is not null)
            {
                query.Add(KeyValuePair.Create(name, value));
            }
        }
        return request.PathBase + request.Path + new QueryBuilder(query).ToQueryString();
    }

    /// <summary>The first value of a query field, or null.</summary>
    public static string? Value(HttpRequest request, string name) => request.Query.TryGetValue(name, out var values) && !StringValues.IsNullOrEmpty(values) ? values[0] : null;

    private static bool Changed(string name, ReadOnlySpan<(string Name, string? Value)> changes)
    {
        foreach (var change in changes)
        {
            if (string.Equals(change.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }
}
