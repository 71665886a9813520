using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Web;

/// <summary>What every endpoint of the API may rely on: cursors, versions, repeated requests, its description (kernel.md K29, K37, K38).</summary>
public sealed class ApiTests
{
    [EventType("probe.thing.made")]
    private sealed record ThingMade(int Number);

    private sealed record NewThing(int Number);

    private sealed record Made(Guid Id, int Number);

    private sealed record Place(int After);

    [Theory, OnSqlite, OnPostgres]
    public async Task A_repeated_request_is_answered_again_and_done_once(StoreKind kind)
    {
        await using var site = await NewSiteAsync(kind);
        var first = await PostAsync(site, "key-1", 7);
        first.Status.ShouldBe(HttpStatusCode.Created);
        first.Replayed.ShouldBeFalse();
        var again = await PostAsync(site, "key-1", 7);
        again.ShouldBe(first with { Replayed = true });
        (await PostAsync(site, "key-2", 7)).Body.ShouldNotBe(first.Body);
        await site.SettleAsync();
        (await site.Get<Log>().HeadAsync()).ShouldBe(2);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Another_body_under_the_same_key_is_refused(StoreKind kind)
    {
        await using var site = await NewSiteAsync(kind);
        await PostAsync(site, "key-1", 7);
        var other = await PostAsync(site, "key-1", 8);
        other.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        other.Body.ShouldContain("\"idempotency-key-reused\"");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_many_at_once_one_is_done_and_all_get_its_answer(StoreKind kind)
    {
        await using var site = await NewSiteAsync(kind);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PostAsync(site, "key-1", 7)));
        answers.Select(answer => answer.Body).Distinct().Count().ShouldBe(1);
        answers.Count(answer => !answer.Replayed).ShouldBe(1);
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created);
        await site.SettleAsync();
        (await site.Get<Log>().HeadAsync()).ShouldBe(1);
    }

    /// <summary>The second is under way when the first is done, and then finds that it cannot be done again.</summary>
    [Fact]
    public async Task One_that_is_refused_because_its_twin_was_faster_gets_the_twins_answer()
    {
        TestSite? site = null;
        var (calls, twin) = (0, (Answer?)null);
        await using var made = site = await TestSite.NewAsync(doors => doors.Api.MapPost("/things", async (NewThing thing, Idempotency once) =>
        {
            var outcome = await once.DoAsync<Made>(Actor.Anonymous, async unit =>
            {
                if (Interlocked.Increment(ref calls) == 1)
                {
                    twin = await PostAsync(site!, "key-1", 7);
                    return new Refusal(RefusalKind.Conflict, "kernel.stale");
                }
                unit.Publish(new Subject("thing", "a"), 1, new ThingMade(thing.Number));
                return new Made(unit.NextId(), thing.Number);
            });
            return outcome.Is(out var done, out var refusal) ? (IResult)TypedResults.Created($"/api/v1/things/{done.Id}", done) : refusal.AsProblem();
        }).Public());
        (await PostAsync(site, "key-1", 7)).ShouldBe(twin! with { Replayed = true });
        twin.Replayed.ShouldBeFalse();
        calls.ShouldBe(2);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_refused_request_leaves_no_answer_and_an_old_one_is_forgotten(StoreKind kind)
    {
        await using var site = await NewSiteAsync(kind);
        (await PostAsync(site, "key-1", -1)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await PostAsync(site, "key-1", 1)).Replayed.ShouldBeFalse("nothing was done under this key before");
        site.Clock.Advance(Idempotency.Life);
        (await PostAsync(site, "key-1", 2)).Status.ShouldBe(HttpStatusCode.Created);
        site.Clock.Advance(Idempotency.Life);
        (await ActivatorUtilities.CreateInstance<IdempotencySweep>(site.Services).SweepAsync(CancellationToken.None)).ShouldBe(1);
        await using var store = site.Get<Database>().Open();
        (await store.Set<IdempotencyRow>().CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_key_belongs_to_who_sent_it()
    {
        await using var site = await NewSiteAsync(StoreKind.Sqlite, (KernelSettings.Proxies, "127.0.0.1"));
        var first = await PostAsync(site, "key-1", 7, ("X-Forwarded-For", "192.0.2.1"));
        var stranger = await PostAsync(site, "key-1", 7, ("X-Forwarded-For", "192.0.2.2"));
        (stranger.Replayed, stranger.Body == first.Body).ShouldBe((false, false), "another household");
        (await PostAsync(site, "key-1", 7, ("X-Forwarded-For", "192.0.2.1"))).ShouldBe(first with { Replayed = true });
        var device = await PostAsync(site, "key-1", 7, ("X-Forwarded-For", "192.0.2.1"), (Device.Header, "a telephone"));
        device.Replayed.ShouldBeFalse();
        (await PostAsync(site, "key-1", 7, ("X-Forwarded-For", "192.0.2.3"), (Device.Header, "a telephone"))).ShouldBe(device with { Replayed = true }, "it has changed networks");
        await using var store = site.Get<Database>().Open();
        (await store.Set<IdempotencyRow>().Select(row => row.Actor).Distinct().CountAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task A_key_that_is_too_long_is_refused()
    {
        await using var site = await NewSiteAsync(StoreKind.Sqlite);
        (await PostAsync(site, new string('k', 256), 1)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_cursor_goes_on_with_its_own_list_only()
    {
        await using var site = await NewSiteAsync(StoreKind.Sqlite);
        var next = await GetAsync(site, "/api/v1/things?state=open&limit=10");
        next.Body.ShouldContain("\"after\":0");
        var cursor = JsonDocument.Parse(next.Body).RootElement.GetProperty("next").GetString()!;
        (await GetAsync(site, $"/api/v1/things?limit=50&state=open&cursor={cursor}")).Body.ShouldContain("\"after\":42");
        foreach (var wrong in new[] { $"state=closed&cursor={cursor}", $"cursor={cursor}", $"state=open&cursor={cursor[..^2]}AA", "state=open&cursor=x", "state=open&cursor=!" })
        {
            var (status, body, _) = await GetAsync(site, $"/api/v1/things?{wrong}");
            status.ShouldBe(HttpStatusCode.UnprocessableEntity, wrong);
            body.ShouldContain("\"badCursor\"");
        }
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again_and_what_has_is_not_overwritten()
    {
        await using var site = await NewSiteAsync(StoreKind.Sqlite);
        (await GetAsync(site, "/api/v1/things/1")).Tag.ShouldBe("\"5\"");
        (await GetAsync(site, "/api/v1/things/1", ("If-None-Match", "\"5\""))).Status.ShouldBe(HttpStatusCode.NotModified);
        (await GetAsync(site, "/api/v1/things/1", ("If-None-Match", "\"3\", W/\"5\""))).Status.ShouldBe(HttpStatusCode.NotModified);
        (await GetAsync(site, "/api/v1/things/1", ("If-None-Match", "\"4\""))).Status.ShouldBe(HttpStatusCode.OK);
        (await PutAsync(site, null)).ShouldBe(HttpStatusCode.OK);
        (await PutAsync(site, "\"5\"")).ShouldBe(HttpStatusCode.OK);
        (await PutAsync(site, "*")).ShouldBe(HttpStatusCode.OK);
        (await PutAsync(site, "\"4\"")).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await PutAsync(site, "W/\"5\"")).ShouldBe(HttpStatusCode.PreconditionFailed, "a weak tag never matches strongly");
    }

    [Fact]
    public async Task The_description_shows_the_api_alone_with_examples()
    {
        await using var site = await NewSiteAsync(StoreKind.Sqlite);
        var (status, body, _) = await GetAsync(site, "/openapi/v1.json");
        status.ShouldBe(HttpStatusCode.OK);
        var api = JsonDocument.Parse(body).RootElement;
        var paths = api.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        paths.ShouldContain("/api/v1/things");
        paths.ShouldAllBe(path => path.StartsWith("/api/v1/"));
        var post = api.GetProperty("paths").GetProperty("/api/v1/things").GetProperty("post");
        post.GetProperty("summary").GetString().ShouldBe("Make a thing");
        post.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example").GetProperty("number").GetInt32().ShouldBe(7);
        post.TryGetProperty("parameters", out _).ShouldBeFalse("what the server injects is nobody's parameter");
    }

    [Fact]
    public async Task Health_says_nothing_but_that()
    {
        await using var site = await NewSiteAsync(StoreKind.Sqlite);
        await site.SettleAsync();
        (await GetAsync(site, "/health/live")).ShouldBe((HttpStatusCode.OK, "live", null));
        (await GetAsync(site, "/health/ready")).ShouldBe((HttpStatusCode.OK, "ready", null));
        (await GetAsync(site, "/health")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private static Task<TestSite> NewSiteAsync(StoreKind kind, params (Setting Setting, string Value)[] settings) => TestSite.NewAsync(doors =>
    {
        doors.Api.MapPost("/things", MakeAsync).Public().WithSummary("Make a thing").TakesExample(new NewThing(7));
        doors.Api.MapGet("/things", (HttpRequest request, Cursors cursors) => cursors.Of<Place>(request).Is(out var place, out var refusal)
            ? Results.Ok(new { after = place?.After ?? 0, next = cursors.Next(request, new Place(42)) })
            : refusal.AsProblem()).Public();
        doors.Api.MapGet("/things/{id}", (string id, HttpContext http) => http.IsUnchanged(5) ? Etags.NotModified() : Results.Ok(id)).Public();
        doors.Api.MapPut("/things/{id}", (string id, HttpContext http) => http.StaleAgainst(5) is { } stale ? (IResult)stale.AsProblem() : Results.Ok(id)).Public();
    }, kind: kind, settings: settings);

    private static async Task<IResult> MakeAsync(NewThing thing, Idempotency once)
    {
        var outcome = await once.DoAsync<Made>(Actor.Anonymous, unit =>
        {
            if (thing.Number < 0)
            {
                return Task.FromResult<Outcome<Made>>(Refusal.Invalid("kernel.notFound", "number"));
            }
            var id = unit.NextId();
            unit.Publish(new Subject("thing", id), 1, new ThingMade(thing.Number));
            return Task.FromResult<Outcome<Made>>(new Made(id, thing.Number));
        });
        return outcome.Is(out var made, out var refusal) ? TypedResults.Created($"/api/v1/things/{made.Id}", made) : refusal.AsProblem();
    }

    private sealed record Answer(HttpStatusCode Status, string? Location, string Body, bool Replayed);

    private static async Task<Answer> PostAsync(TestSite site, string key, int number, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/things") { Content = new StringContent($"{{\"number\":{number}}}", Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers.Append(("Idempotency-Key", key)))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var answer = await site.Client.SendAsync(request);
        return new Answer(answer.StatusCode, answer.Headers.Location?.ToString(), await answer.Content.ReadAsStringAsync(), answer.Headers.Contains("Idempotent-Replay"));
    }

    private static async Task<(HttpStatusCode Status, string Body, string? Tag)> GetAsync(TestSite site, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var answer = await site.Client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.ETag?.ToString());
    }

    private static async Task<HttpStatusCode> PutAsync(TestSite site, string? ifMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/things/1");
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }
        using var answer = await site.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
