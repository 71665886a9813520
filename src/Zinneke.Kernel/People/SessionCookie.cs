using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>The one cookie of the site: it says that somebody has signed in, and it is what a forged request would ride on.</summary>
public static class SessionCookie
{
    /// <summary>The prefix binds the cookie to this host and to https; browsers refuse it over plain http.</summary>
    private const string Secure = "__Host-zinneke";
    private const string Plain = "zinneke";

    /// <summary>The cookie's name for this request.</summary>
    public static string NameFor(HttpRequest request) => request.IsHttps ? Secure : Plain;

    /// <summary>Whether the request carries a session, valid or not.</summary>
    public static bool IsIn(HttpRequest request) => request.Cookies.ContainsKey(NameFor(request));
}
