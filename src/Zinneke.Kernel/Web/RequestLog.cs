using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>One line for each request: method, path, status, time. No address of the caller, and of the query only values that name nobody.</summary>
internal static class RequestLog
{
    /// <summary>Query values that may stand in a log. All others are shown as <c>*</c>: tokens, keys, and what people typed.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "area", "bbox", "body", "bucket", "category", "channel", "createdFrom", "createdTo", "format", "kind", "lang", "limit", "page", "sort", "state", "updatedSince", "zoom",
    };

    /// <summary>Further names of ours, whose values may be anybody's.</summary>
    private static readonly HashSet<string> Named = new(StringComparer.Ordinal)
    {
        "after", "api_key", "apikey", "before", "cursor", "do", "done", "edition", "email", "lat", "lon", "q", "return", "since", "step", "t", "text", "x", "y",
    };

    public static IApplicationBuilder UseRequestLog(this IApplicationBuilder app)
    {
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Zinneke.Requests");
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        return app.Use(async (http, next) =>
        {
            if (!logger.IsEnabled(LogLevel.Information))
            {
                await next(http);
                return;
            }
            var start = time.GetTimestamp();
            await next(http);
            logger.LogInformation("{Method} {Path}{Query} {Status} in {Milliseconds} ms",
                http.Request.Method, http.Request.Path.Value, Masked(http.Request.Query), http.Response.StatusCode, Math.Round(time.GetElapsedTime(start).TotalMilliseconds, 1));
        });
    }

    internal static string Masked(IQueryCollection query)
    {
        if (query.Count == 0)
        {
            return "";
        }
        var text = new StringBuilder();
        foreach (var (name, value) in query)
        {
            // A name is what somebody typed too: only those that our own pages and calls have are written.
            text.Append(text.Length == 0 ? '?' : '&').Append(Harmless.Contains(name) ? $"{name}={value}" : Named.Contains(name) ? $"{name}=*" : "*");
        }
        return text.ToString();
    }
}
