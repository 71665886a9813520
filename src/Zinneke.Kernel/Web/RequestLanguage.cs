using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Zinneke.Kernel;

/// <summary>In which language a request is answered: a page in that of its first path segment, everything else as <c>Accept-Language</c> asks (K20).</summary>
public static class RequestLanguage
{
    /// <summary>The language of this request: one of the installation's.</summary>
    public static string Language(this HttpContext http) => http.Features.Get<Chosen>()?.Language ?? "en";

    /// <summary>Whether the path is that of a page, <c>/{lang}/...</c>.</summary>
    public static bool IsPage(this HttpContext http) => http.Features.Get<Chosen>()?.FromPath == true;

    /// <summary>The same page in another language: path with the first segment replaced, and the query as it is.</summary>
    public static string In(this HttpRequest request, string language) => In(request.Path.Value ?? "/", language) + request.QueryString;

    /// <summary>The path of a page, with or without a query, in another language.</summary>
    /// <param name="path">Begins with a slash and its language.</param>
    public static string In(string path, string language)
    {
        var second = path.IndexOf('/', 1);
        return $"/{language}{(second < 0 ? "/" : path[second..])}";
    }

    /// <summary>Sets language and culture; stands before routing.</summary>
    internal static IApplicationBuilder UseRequestLanguage(this IApplicationBuilder app, Settings settings)
    {
        var offered = settings.Get(KernelSettings.Languages);
        return app.Use((http, next) =>
        {
            var fromPath = OfPath(http.Request.Path, offered);
            var language = fromPath ?? Preferred(http.Request, offered);
            http.Features.Set(new Chosen(language, fromPath is not null));
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = Languages.CultureOf(language);
            return next(http);
        });
    }

    /// <summary>The offered language that the caller likes best; the first offered when none is liked.</summary>
    internal static string Preferred(HttpRequest request, IReadOnlyList<string> offered)
    {
        if (!StringWithQualityHeaderValue.TryParseList([.. request.Headers.AcceptLanguage.OfType<string>()], out var wishes))
        {
            return offered[0];
        }
        foreach (var wish in wishes.OrderByDescending(wish => wish.Quality ?? 1))
        {
            var language = wish.Value.Value?.Split('-')[0].ToLowerInvariant();
            if (language is not null && (wish.Quality ?? 1) > 0 && offered.Contains(language))
            {
                return language;
            }
        }
        return offered[0];
    }

    private static string? OfPath(PathString path, IReadOnlyList<string> offered)
    {
        var text = path.Value.AsSpan();
        if (text.Length < 3 || (text.Length > 3 && text[3] != '/'))
        {
            return null;
        }
        foreach (var language in offered)
        {
            if (text[1..3].SequenceEqual(language))
            {
                return language;
            }
        }
        return null;
    }

    private sealed record Chosen(string Language, bool FromPath);
}

/// <summary>Route constraint <c>language</c>: a language that this installation offers.</summary>
internal sealed class LanguageConstraint(Settings settings) : IRouteConstraint
{
    private readonly IReadOnlyList<string> offered = settings.Get(KernelSettings.Languages);

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values.TryGetValue(routeKey, out var value) && value is string language && offered.Contains(language);
}
