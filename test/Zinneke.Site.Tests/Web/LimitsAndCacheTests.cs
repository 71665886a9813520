using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Web;

/// <summary>How often one client may ask (kernel.md K29), and answers that are kept for all (house.md, Pages).</summary>
public sealed class LimitsAndCacheTests
{
    private static readonly RateLimit Submitting = new("submit", new Quota(3, TimeSpan.FromHours(1)), new Quota(5, TimeSpan.FromDays(1)));

    [EventType("probe.thing.changed")]
    private sealed record ThingChanged;

    [Fact]
    public async Task A_client_is_told_what_it_has_left_and_when_it_may_come_again()
    {
        await using var site = await TestSite.NewAsync(doors => doors.Api.MapPost("/probe/submit", () => "done").Public().Limited(Submitting));
        for (var left = 2; left >= 0; left--)
        {
            using var answer = await site.Client.PostAsync("/api/v1/probe/submit", null);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Headers.GetValues("RateLimit").Single().ShouldBe(string.Create(CultureInfo.InvariantCulture, $"\"submit-3600\";r={left};t=3600"));
            string.Join(", ", answer.Headers.GetValues("RateLimit-Policy")).ShouldBe("\"submit-3600\";q=3;w=3600, \"submit-86400\";q=5;w=86400");
        }
        site.Clock.Advance(TimeSpan.FromMinutes(20));
        using (var refused = await site.Client.PostAsync("/api/v1/probe/submit", null))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(40));
            (await refused.Content.ReadAsStringAsync()).ShouldContain("40 min");
        }
        site.Clock.Advance(TimeSpan.FromMinutes(40));
        (await StatusAsync(site)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(site)).ShouldBe(HttpStatusCode.TooManyRequests, "refused requests count for the day too: three, one refused, one");
        site.Clock.Advance(TimeSpan.FromDays(1));
        (await StatusAsync(site)).ShouldBe(HttpStatusCode.OK);

        static async Task<HttpStatusCode> StatusAsync(TestSite site)
        {
            using var answer = await site.Client.PostAsync("/api/v1/probe/submit", null);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Without_quotas_nothing_is_counted()
    {
        await using var site = await TestSite.NewAsync(doors => doors.Api.MapPost("/probe/submit", () => "done").Public().Limited(Submitting), settings: [(KernelSettings.Quota, "off")]);
        for (var i = 0; i < 10; i++)
        {
            using var answer = await site.Client.PostAsync("/api/v1/probe/submit", null);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Headers.Contains("RateLimit").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Who_comes_to_the_end_of_a_quota_waits_each_time_twice_as_long()
    {
        var slow = new RateLimit("slow", new Quota(4, TimeSpan.FromHours(1))) { LastWaits = TimeSpan.FromMilliseconds(400) };
        Enumerable.Range(0, 9).Select(left => slow.WaitOf(left).TotalMilliseconds).ShouldBe([400, 200, 100, 50, 25, 12.5, 6.25, 3.125, 0]);
        await using var site = await TestSite.NewAsync(doors => doors.Api.MapPost("/probe/slow", () => "done").Public().Limited(slow));
        foreach (var least in (int[])[50, 100, 200, 400])
        {
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            using var answer = await site.Client.PostAsync("/api/v1/probe/slow", null);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalMilliseconds.ShouldBeGreaterThan(least - 10);
        }
        using var refused = await site.Client.PostAsync("/api/v1/probe/slow", null);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests, "at once");
    }

    [Fact]
    public async Task A_key_has_only_what_its_scope_is_allowed()
    {
        await using var site = await TestSite.NewAsync(
            doors =>
            {
                doors.Api.MapPost("/probe/submit", () => "done").Public().Limited(Submitting);
                doors.Api.MapPost("/probe/other", () => "done").Public().Limited(new RateLimit("other", new Quota(2, TimeSpan.FromHours(1))));
            },
            services => services.AddSingleton(new Allowance("reports:read", "submit", 2)).AddSingleton(new Allowance("reports:staff", "submit")));
        (await PassedAsync("submit", "reports:audit")).ShouldBe(3, "a key is counted, and by itself");
        (await PassedAsync("submit", "reports:read")).ShouldBe(2 * 3);
        (await PassedAsync("submit", "reports:staff:west")).ShouldBe(12);
        (await PassedAsync("other", "reports:staff:west")).ShouldBe(2, "elsewhere it is a client like any");

        async Task<int> PassedAsync(string what, string scope)
        {
            var key = new ApiKey { Id = Guid.NewGuid(), Hash = Hashed.Of($"zk_of the test {what} {scope}"), Name = scope, Scopes = [scope] };
            await site.Get<Writer>().DoAsync(Actor.System, unit => Task.FromResult(unit.Store.Add(key)));
            var passed = 0;
            for (var i = 0; i < 12; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/probe/{what}");
                request.Headers.Add("X-API-Key", $"zk_of the test {what} {scope}");
                using var answer = await site.Client.SendAsync(request);
                passed += answer.IsSuccessStatusCode ? 1 : 0;
                answer.Headers.TryGetValues("RateLimit-Policy", out var policy).ShouldBe(what == "other" || scope != "reports:staff:west");
                if (scope == "reports:read")
                {
                    string.Join(", ", policy!).ShouldBe("\"submit-3600\";q=6;w=3600, \"submit-86400\";q=10;w=86400");
                }
            }
            return passed;
        }
    }

    [Fact]
    public async Task Ever_new_keys_that_open_nothing_are_looked_up_so_many_times_a_minute()
    {
        const string Ended = "zinneke=0123456789012345678901234567890123456789012";
        await using var site = await TestSite.NewAsync(doors => doors.Api.MapGet("/probe/page", () => "done").Public().Limited(new RateLimit("page", new Quota(100_000, TimeSpan.FromMinutes(1)))));
        var looked = 0;
        for (var i = 0; i < 650; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/probe/page");
            request.Headers.Add("X-API-Key", string.Create(CultureInfo.InvariantCulture, $"zk_this opens nothing {i}"));
            using var answer = await site.Client.SendAsync(request);
            looked += answer.StatusCode == HttpStatusCode.OK ? 1 : 0;
        }
        looked.ShouldBe(600);
        (await GetAsync(site, "/api/v1/probe/page")).ShouldBe("done", "who shows nothing is let in");
        (await GetAsync(site, "/api/v1/probe/page", Ended)).ShouldBe("done", "nor is who has an old cookie kept out by others of the same office");
        (await KeyAsync(Ended)).ShouldBe(HttpStatusCode.TooManyRequests, "a cookie makes no key a better one");
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        (await KeyAsync(null)).ShouldBe(HttpStatusCode.OK);

        async Task<HttpStatusCode> KeyAsync(string? cookie)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/probe/page");
            request.Headers.Add("X-API-Key", "zk_one more");
            if (cookie is not null)
            {
                request.Headers.Add("Cookie", cookie);
            }
            using var answer = await site.Client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task What_a_form_holds_stays_in_memory()
    {
        await using var site = await TestSite.NewAsync(doors => doors.Pages.MapPost("/probe/form", () => "done").Public());
        var kept = site.Get<Microsoft.Extensions.Options.IOptions<Microsoft.AspNetCore.Http.Features.FormOptions>>().Value.MemoryBufferThreshold;
        using var full = await site.Client.PostAsync("/fr/probe/form", new MultipartFormDataContent { { new ByteArrayContent(new byte[kept - 1000]), "file", "file" } });
        full.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var more = await site.Client.PostAsync("/fr/probe/form", new MultipartFormDataContent { { new ByteArrayContent(new byte[kept + 1]), "file", "file" } });
        more.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge, "nothing gets into the system's folder for temporary files");
    }

    [Fact]
    public async Task Forms_of_who_is_not_signed_in_are_read_so_many_times()
    {
        await using var site = await TestSite.NewAsync(doors => doors.Pages.MapPost("/probe/form", () => "done").NeedsAccount());
        for (var i = 0; i < 60; i++)
        {
            (await StatusAsync()).ShouldBe(HttpStatusCode.Unauthorized);
        }
        (await StatusAsync()).ShouldBe(HttpStatusCode.TooManyRequests);

        async Task<HttpStatusCode> StatusAsync()
        {
            using var answer = await site.Client.PostAsync("/fr/probe/form", new FormUrlEncodedContent([new("words", "kept")]));
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8:1:2:3:4:5:6", "20010DB800010002")]
    [InlineData("2001:db8:1:2::", "20010DB800010002")]
    public void A_household_is_one_client(string address, string client) => RateLimits.ClientOf(IPAddress.Parse(address)).ShouldBe(client);

    [Theory]
    [InlineData("2001:db8:1:2::", "20010DB80001/48")]
    [InlineData("::ffff:203.0.113.9", null)]
    [InlineData("203.0.113.9", null)]
    public void Households_of_one_network_are_counted_together(string address, string? site) => RateLimits.SiteOf(IPAddress.Parse(address)).ShouldBe(site);

    [Fact]
    public async Task Ever_new_addresses_of_one_network_come_to_its_end()
    {
        await using var site = await TestSite.NewAsync();
        var limits = site.Get<RateLimits>();
        var passed = 0;
        for (var i = 0; i < 100; i++)
        {
            var http = new DefaultHttpContext();
            http.Connection.RemoteIpAddress = IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2001:db8:1:{i:x}::1"));
            passed += limits.Take(http, Submitting) is null ? 1 : 0;
        }
        passed.ShouldBe(3 * 16);
    }

    [Fact]
    public async Task A_page_is_rendered_once_for_all_without_a_session_until_an_event_evicts_it()
    {
        var rendered = 0;
        await using var site = await TestSite.NewAsync(doors => doors.Pages
            .MapGet("/probe/page", (HttpContext http) => $"{http.Language()} {http.Request.Query["state"]} {Interlocked.Increment(ref rendered)} {new string('x', 2000)}")
            .Public().Cached(["thing"], "state").Limited(new RateLimit("page", new Quota(100, TimeSpan.FromMinutes(1)))));
        (await GetAsync(site, "/fr/probe/page")).ShouldStartWith("fr  1");
        (await GetAsync(site, "/fr/probe/page")).ShouldStartWith("fr  1");
        (await GetAsync(site, "/nl/probe/page")).ShouldStartWith("nl  2");
        (await GetAsync(site, "/fr/probe/page?state=open")).ShouldStartWith("fr open 3");
        (await GetAsync(site, "/fr/probe/page?state=open")).ShouldStartWith("fr open 3");
        (await GetAsync(site, "/fr/probe/page?t=secret")).ShouldStartWith("fr  4", Case.Sensitive, "a name that was not declared passes by");
        (await GetAsync(site, "/fr/probe/page?t=secret")).ShouldStartWith("fr  5");
        (await GetAsync(site, "/fr/probe/page", "zinneke=0123456789012345678901234567890123456789012")).ShouldStartWith("fr  6", Case.Sensitive, "a session passes by");
        (await GetAsync(site, "/fr/probe/page")).ShouldStartWith("fr  1");

        await site.Get<Writer>().DoAsync(Actor.System, unit =>
        {
            unit.Publish(new Subject("thing", "a"), 1, new ThingChanged());
            return Task.CompletedTask;
        });
        await site.SettleAsync();
        (await GetAsync(site, "/fr/probe/page")).ShouldStartWith("fr  7");
    }

    [Fact]
    public async Task A_kept_answer_is_compressed_as_asked_and_holds_no_count_of_another_client()
    {
        await using var site = await TestSite.NewAsync(doors => doors.Pages.MapGet("/probe/page", () => TypedResults.Text(new string('x', 5000), "text/html"))
            .Public().Cached(["thing"]).Limited(new RateLimit("page", new Quota(100, TimeSpan.FromMinutes(1)))));
        // What a client writes, what it gets: "*" is any encoding, and letters of any case are the same word.
        foreach (var (asked, encoding, left) in new[] { ("*", "br", 99), ("GZIP", "gzip", 98), ("br;q=0.1, gzip", "gzip", 97), ("br", "br", 96), ("br", "br", 95), ("gzip", "gzip", 94), ("", "", 93), ("br;q=0", "", 92) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/fr/probe/page");
            if (asked.Length > 0)
            {
                request.Headers.TryAddWithoutValidation("Accept-Encoding", asked);
            }
            using var answer = await site.Client.SendAsync(request);
            string.Join(',', answer.Content.Headers.ContentEncoding).ShouldBe(encoding);
            ((await answer.Content.ReadAsByteArrayAsync()).Length == 5000).ShouldBe(encoding.Length == 0);
            answer.Headers.GetValues("RateLimit").Single().ShouldContain(string.Create(CultureInfo.InvariantCulture, $"r={left};"));
            answer.Headers.GetValues("Content-Security-Policy").Count().ShouldBe(1);
        }
    }

    private static async Task<string> GetAsync(TestSite site, string path, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }
        using var answer = await site.Client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }
}
