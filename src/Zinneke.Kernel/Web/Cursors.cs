using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>Opaque cursors of lists: they hold the place where a page ended, and serve only the query that made them.</summary>
public sealed class Cursors(Signer signer)
{
    /// <summary>The cursor of the next page.</summary>
    /// <param name="request">The query whose next page it is.</param>
    /// <param name="after">Where the page ended, such as the sort key and id of its last row.</param>
    public string Next<T>(HttpRequest request, T after) => signer.Sign(PurposeOf(request), after);

    /// <summary>Where the page before ended; null for the first page.</summary>
    public Outcome<T?> Of<T>(HttpRequest request)
        where T : class
    {
        var cursor = request.Query["cursor"].ToString();
        if (cursor.Length == 0)
        {
            return default(T);
        }
        return signer.TryRead<T>(PurposeOf(request), cursor, out var after) ? after : Refusal.Invalid("kernel.badCursor", "cursor");
    }

    /// <summary>A list is its path and every query value but the page's own: the size of a page may change on the way.</summary>
    private static string PurposeOf(HttpRequest request)
    {
        var query = request.Query.Where(pair => pair.Key is not ("cursor" or "limit" or "api_key" or "apikey"))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}={pair.Value}");
        return $"cursor {request.Path}?{string.Join('&', query)}";
    }
}
