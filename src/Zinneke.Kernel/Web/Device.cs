using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>
/// The device that something is sent from, as far as it says so: a browser by a cookie that it got with its first report, a program by the header <c>Zinneke-Device</c>, or by another word that
/// a standard has for it. It limits who changes the network address, and tells nobody who they are (docs/decisions/0015). Only a hash under a key of this installation is kept.
/// </summary>
public sealed class Device(Keys keys)
{
    public const string Header = "Zinneke-Device";

    /// <summary>With the prefix a browser takes it only over https, for this host and the whole path.</summary>
    private const string SecureCookie = "__Host-zinneke-device", PlainCookie = "zinneke-device";
    private const int NameLengthMax = 200, RandomBytes = 16;
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>The device of a request; null when it says none.</summary>
    public string? Of(HttpRequest request) => NameOf(request) is { } name ? Of(name) : null;

    /// <summary>What the device of a request calls itself; null when it says nothing.</summary>
    public static string? NameOf(HttpRequest request) => request.Cookies[CookieOf(request)] ?? (request.Headers[Header].ToString() is { Length: > 0 } header ? header : null);

    /// <summary>A number for a browser that has none.</summary>
    public static string NewName() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>The device that calls itself so: 32 hexadecimal digits; null without a name, or with one longer than 200 letters.</summary>
    public string? Of(string name) =>
        name.Length is 0 or > NameLengthMax ? null : Convert.ToHexStringLower(HMACSHA256.HashData(keys.For("kernel.device"), Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    /// <summary>Gives a browser that has just sent something its number, for 30 days from then on; one that has a number keeps it.</summary>
    /// <param name="name">By which what it sent was counted.</param>
    public static void Mark(HttpContext http, string name)
    {
        if (NameOf(http.Request) is not null)
        {
            return;
        }
        http.Response.Cookies.Append(CookieOf(http.Request), name, new CookieOptions
        {
            HttpOnly = true,
            Secure = http.Request.IsHttps,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = Life,
            IsEssential = true,
        });
    }

    private static string CookieOf(HttpRequest request) => request.IsHttps ? SecureCookie : PlainCookie;
}
