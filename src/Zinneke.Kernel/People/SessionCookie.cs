using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>The cookie that holds a session: random, HttpOnly, SameSite=Lax, for this host alone and over https only where the site is reached by https.</summary>
public static class SessionCookie
{
    /// <summary>Browsers take a cookie of this name only when it is Secure, for the whole path and without Domain: no other host can set it.</summary>
    private const string SecureName = "__Host-zinneke";
    private const string PlainName = "zinneke";

    /// <summary>True when the request brings a session, valid or not: such answers are never cached.</summary>
    public static bool IsIn(HttpRequest request) => request.Cookies.ContainsKey(NameFor(request));

    /// <summary>The value of the cookie, or null.</summary>
    public static string? Read(HttpRequest request) => request.Cookies[NameFor(request)] is { Length: >= 20 and <= 100 } value ? value : null;

    public static void Set(HttpContext context, string value) => context.Response.Cookies.Append(NameFor(context.Request), value, Options(context.Request, Session.Life));

    public static void Clear(HttpContext context) => context.Response.Cookies.Delete(NameFor(context.Request), Options(context.Request, null));

    /// <summary>Browser and system of a user agent in words, for the list of sessions; nothing that would tell two people apart is kept.</summary>
    public static string DeviceOf(HttpRequest request)
    {
        var agent = request.Headers.UserAgent.ToString();
        var browser = First(agent, ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"));
        var system = First(agent, ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"));
        return string.Join(", ", new[] { browser, system }.OfType<string>());
    }

    private static string? First(string agent, params ReadOnlySpan<(string Mark, string Name)> known)
    {
        foreach (var (mark, name) in known)
        {
            if (agent.Contains(mark, StringComparison.Ordinal))
            {
                return name;
            }
        }
        return null;
    }

    /// <summary>The cookie's name for this request.</summary>
    public static string NameFor(HttpRequest request) => request.IsHttps ? SecureName : PlainName;

    private static CookieOptions Options(HttpRequest request, TimeSpan? life) => new()
    {
        HttpOnly = true,
        Secure = request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = life,
        IsEssential = true,
    };
}
