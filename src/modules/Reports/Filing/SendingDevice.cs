using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// The device that reports are sent from, as far as it says so: a browser by a cookie that it got with its first report, a program by the header <c>Zinneke-Device</c>, an app of
/// another city by <c>device_id</c>. It limits who changes the network address, and tells nobody who they are (docs/decisions/0015). Only a hash under a key of this installation is kept.
/// </summary>
internal sealed class SendingDevice(Keys keys)
{
    public const string Header = "Zinneke-Device";

    /// <summary>With the prefix a browser takes it only over https, for this host and the whole path.</summary>
    private const string SecureCookie = "__Host-zinneke-device", PlainCookie = "zinneke-device";
    private const int NameLengthMax = 200, RandomBytes = 16;
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>The device of a request; null when it says none.</summary>
    public string? Of(HttpRequest request) => Of(request.Cookies[CookieOf(request)] ?? request.Headers[Header].ToString());

    /// <summary>The device that calls itself so: 32 hexadecimal digits; null without a name, or with one longer than 200 letters.</summary>
    public string? Of(string name) =>
        name.Length is 0 or > NameLengthMax ? null : Convert.ToHexStringLower(HMACSHA256.HashData(keys.For("reports.device"), Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    /// <summary>Counts one report for the device; one that says nothing is counted by its address alone.</summary>
    /// <returns>Null when it may pass.</returns>
    public static Refusal? Take(HttpContext http, string? device) => device is null ? null : http.TakeFor(FileReportApi.Submitting, "device " + device);

    /// <summary>Gives a browser that has just sent a report its number, for 30 days from then on; one that has a number keeps it.</summary>
    public static void Mark(HttpContext http)
    {
        if (http.Request.Cookies.ContainsKey(CookieOf(http.Request)))
        {
            return;
        }
        http.Response.Cookies.Append(CookieOf(http.Request), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)), new CookieOptions
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
