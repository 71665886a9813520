using System.Net;
using Microsoft.AspNetCore.Builder;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Web;

/// <summary>Requests that another site makes a browser send, and the headers that keep browsers from harm: kernel.md section 9.</summary>
public sealed class ForgedRequestTests : IAsyncLifetime
{
    private TestSite site = null!;

    public async Task InitializeAsync() => site = await TestSite.NewAsync(doors =>
    {
        doors.Api.MapPost("/probe/change", () => "done").Public();
        doors.Api.MapGet("/probe/read", () => "read").Public();
        doors.Pages.MapGet("/probe/page", () => "page").Public();
        doors.Root.MapGet("/probe/file", () => "file").Public().WithContentSecurity(ContentSecurity.Sandbox);
    });

    public Task DisposeAsync() => site.DisposeAsync().AsTask();

    /// <summary>{self} is the site's own address. Without a cookie there is nothing to ride on: programs send neither header.</summary>
    [Theory]
    [InlineData(null, null, false, null, true)]
    [InlineData(null, null, true, null, false)]
    [InlineData("same-origin", null, true, null, true)]
    [InlineData("none", null, true, null, true)]
    [InlineData("cross-site", null, false, null, false)]
    [InlineData("cross-site", "{self}", true, null, false)]
    [InlineData("same-site", null, true, null, false)]
    [InlineData(null, "{self}", true, null, true)]
    [InlineData(null, "https://evil.example", true, null, false)]
    [InlineData(null, "https://evil.example", false, null, false)]
    [InlineData(null, "null", false, null, false)]
    [InlineData("cross-site", "https://partner.example", false, "Bearer znk_x", true)]
    [InlineData("cross-site", "https://evil.example", true, "Bearer znk_x", false)]
    public async Task A_change_is_made_only_from_here(string? fetchSite, string? origin, bool cookie, string? authorization, bool passes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/probe/change");
        Add(request, "Sec-Fetch-Site", fetchSite);
        Add(request, "Origin", origin?.Replace("{self}", site.Address.GetLeftPart(UriPartial.Authority)));
        Add(request, "Cookie", cookie ? "zinneke=0123456789012345678901234567890123456789012" : null);
        Add(request, "Authorization", authorization);
        using var answer = await site.Client.SendAsync(request);
        // A key that is not known changes nothing: it is refused as such, and not as forged.
        answer.StatusCode.ShouldBe(!passes ? HttpStatusCode.Forbidden : authorization is null ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        if (!passes)
        {
            (await answer.Content.ReadAsStringAsync()).ShouldContain("\"crossSite\"");
        }
    }

    [Fact]
    public async Task Reading_from_elsewhere_is_fine_and_other_sites_may_see_public_answers()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/probe/read");
        Add(request, "Sec-Fetch-Site", "cross-site");
        Add(request, "Origin", "https://blog.example");
        using var answer = await site.Client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        answer.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("POST", false)]
    public async Task Other_sites_may_ask_to_read_and_not_to_change(string method, bool allowed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, method == "GET" ? "/api/v1/probe/read" : "/api/v1/probe/change");
        Add(request, "Origin", "https://blog.example");
        Add(request, "Access-Control-Request-Method", method);
        Add(request, "Access-Control-Request-Headers", "authorization");
        using var answer = await site.Client.SendAsync(request);
        var methods = answer.Headers.TryGetValues("Access-Control-Allow-Methods", out var values) ? string.Join(',', values) : "";
        methods.Contains(method, StringComparison.Ordinal).ShouldBe(allowed);
    }

    [Fact]
    public async Task Pages_may_do_nothing_inline_and_tell_nobody_where_people_come_from()
    {
        using var answer = await site.Client.GetAsync("/fr/probe/page");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["same-origin"]);
        answer.Headers.Contains("Server").ShouldBeFalse();
        answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse("plain http cannot promise https");
    }

    /// <summary>Under no-referrer a browser sends "Origin: null" with the page's own form: one that says nothing else about where the form comes from may tell the site's name.</summary>
    [Theory]
    [InlineData("curl/8.5", null, "no-referrer")]
    [InlineData("Mozilla/5.0 (X11) Chrome/140", "none", "no-referrer")]
    [InlineData("Mozilla/5.0 (iPhone) Version/15.6 Safari", null, "strict-origin")]
    public async Task A_private_link_is_told_to_nobody(string browser, string? from, string policy)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fr/probe/page?t=0123456789012345678901");
        Add(request, "User-Agent", browser);
        if (from is not null)
        {
            Add(request, "Sec-Fetch-Site", from);
        }
        using var answer = await site.Client.SendAsync(request);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe([policy]);
        site.Logged.All.ShouldContain(line => line.Contains("/fr/probe/page?t=*"));
        site.Logged.All.ShouldNotContain(line => line.Contains("0123456789012345678901"));
    }

    [Fact]
    public async Task An_endpoint_may_have_a_policy_of_its_own_and_a_session_is_never_kept()
    {
        using var file = await site.Client.GetAsync("/probe/file");
        file.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fr/probe/page");
        Add(request, "Cookie", "zinneke=0123456789012345678901234567890123456789012");
        using var page = await site.Client.SendAsync(request);
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("10.0.0.7", false)]
    [InlineData("127.0.0.0/8", true)]
    public async Task Forwarded_headers_are_believed_from_named_proxies_only(string proxies, bool believed)
    {
        await using var behind = await TestSite.NewAsync(
            doors => doors.Root.MapGet("/probe/scheme", (Microsoft.AspNetCore.Http.HttpContext http) => $"{http.Request.Scheme} {http.Request.Host.Host} {http.Connection.RemoteIpAddress}").Public(),
            settings: proxies.Length > 0 ? [(KernelSettings.Proxies, proxies)] : []);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/probe/scheme");
        Add(request, "X-Forwarded-Proto", "https");
        Add(request, "X-Forwarded-For", "203.0.113.9");
        Add(request, "X-Forwarded-Host", "elsewhere.example");
        using var answer = await behind.Client.SendAsync(request);
        (await answer.Content.ReadAsStringAsync()).ShouldBe(believed ? "https elsewhere.example 203.0.113.9" : "http 127.0.0.1 127.0.0.1");
        answer.Headers.Contains("Strict-Transport-Security").ShouldBe(believed);
    }

    private static void Add(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
