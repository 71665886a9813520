using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Web;

/// <summary>What callers see when something is refused: kernel.md K37, RFC 9457.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private TestSite site = null!;

    private sealed record Words(string Text);

    public async Task InitializeAsync() => site = await TestSite.NewAsync(doors =>
    {
        doors.Api.MapGet("/probe/state", () => new Refusal(RefusalKind.Conflict, "kernel.stale") { Members = new Dictionary<string, object?> { ["allowed"] = new[] { "close" } } }.AsProblem()).Public();
        doors.Api.MapGet("/probe/fields", () => Refusal.Of([Refusal.Invalid("kernel.badCursor", "pieces[3].metres"), Refusal.Invalid("kernel.notFound", "ballot.maxSelected")]).AsProblem()).Public();
        doors.Api.MapPost("/probe/words", (Words words) => words).Public();
        doors.Api.MapGet("/probe/bug", string () => throw new InvalidOperationException("the secret of the house")).Public();
        doors.Api.MapGet("/probe/shut", () => "never").Needs("probe.thing.see");
        doors.Pages.MapGet("/probe/hello", (HttpContext http) => http.Language()).Public();
    }, parts => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton(parts, new Permission("probe.thing.see", "See the thing.")));

    public Task DisposeAsync() => site.DisposeAsync().AsTask();

    [Fact]
    public async Task A_refusal_is_problem_details_with_what_the_spec_adds()
    {
        var (status, type, body) = await AskAsync(HttpMethod.Get, "/api/v1/probe/state", language: "nl-BE, en;q=0.5");
        status.ShouldBe(HttpStatusCode.Conflict);
        type.ShouldBe("application/problem+json");
        body.GetProperty("code").GetString().ShouldBe("stale");
        body.GetProperty("status").GetInt32().ShouldBe(409);
        body.GetProperty("title").GetString().ShouldBe("Dit past niet meer bij de toestand");
        body.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        body.GetProperty("type").GetString().ShouldBe("urn:zinneke:problem:kernel.stale");
        body.GetProperty("allowed")[0].GetString().ShouldBe("close");
    }

    [Fact]
    public async Task Field_errors_name_field_code_and_message()
    {
        var (status, _, body) = await AskAsync(HttpMethod.Get, "/api/v1/probe/fields");
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var errors = body.GetProperty("errors");
        errors.GetArrayLength().ShouldBe(2);
        errors[0].GetProperty("field").GetString().ShouldBe("pieces[3].metres");
        errors[0].GetProperty("code").GetString().ShouldBe("badCursor");
        errors[1].GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("{\"text\": 3}", 400, "badJson")]
    [InlineData("{\"text\"", 400, "badJson")]
    [InlineData("", 400, "notParseable")]
    public async Task A_body_that_cannot_be_read_is_400(string json, int status, string code)
    {
        var (got, _, body) = await AskAsync(HttpMethod.Post, "/api/v1/probe/words", new StringContent(json, Encoding.UTF8, "application/json"));
        ((int)got).ShouldBe(status);
        body.GetProperty("code").GetString().ShouldBe(code);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", 404, "notFound")]
    [InlineData("DELETE", "/api/v1/probe/words", 405, "methodNotAllowed")]
    [InlineData("GET", "/api/v1/probe/shut", 401, "unauthenticated")]
    [InlineData("GET", "/xx/probe/hello", 404, "notFound")]
    public async Task What_nobody_answers_is_answered_in_the_same_shape(string method, string path, int status, string code)
    {
        var (got, _, body) = await AskAsync(new HttpMethod(method), path);
        ((int)got).ShouldBe(status);
        body.GetProperty("code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task A_method_that_does_not_fit_is_told_which_do()
    {
        using var answer = await site.Client.DeleteAsync("/api/v1/probe/words");
        answer.Content.Headers.Allow.ShouldBe(["POST"]);
    }

    [Fact]
    public async Task A_body_that_is_too_big_or_of_another_type_is_refused()
    {
        var (tooBig, _, _) = await AskAsync(HttpMethod.Post, "/api/v1/probe/words", new StringContent($"{{\"text\":\"{new string('x', 2 << 20)}\"}}", Encoding.UTF8, "application/json"));
        tooBig.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        var (type, _, body) = await AskAsync(HttpMethod.Post, "/api/v1/probe/words", new StringContent("text", Encoding.UTF8, "text/plain"));
        type.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        body.GetProperty("code").GetString().ShouldBe("wrongType");
    }

    [Fact]
    public async Task A_bug_says_nothing_of_the_inside_and_is_logged()
    {
        var (status, _, body) = await AskAsync(HttpMethod.Get, "/api/v1/probe/bug");
        status.ShouldBe(HttpStatusCode.InternalServerError);
        body.ToString().ShouldNotContain("secret of the house");
        site.Logged.All.ShouldContain(line => line.Contains("secret of the house"));
    }

    [Theory]
    [InlineData("/fr/probe/hello", "fr")]
    [InlineData("/de/probe/hello", "de")]
    public async Task A_page_speaks_the_language_of_its_path(string path, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept-Language", "nl");
        using var answer = await site.Client.SendAsync(request);
        (await answer.Content.ReadAsStringAsync()).ShouldBe(language);
    }

    [Theory]
    [InlineData("nl-BE,nl;q=0.9,fr;q=0.8", "/nl/")]
    [InlineData("es, de;q=0.2, en;q=0.1", "/de/")]
    [InlineData("es", "/fr/")]
    [InlineData(";;;", "/fr/")]
    [InlineData("nl;q=0, en", "/en/")]
    public async Task The_front_door_asks_the_browser(string accepted, string target)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        using var answer = await site.Client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.ToString().ShouldBe(target);
    }

    private async Task<(HttpStatusCode Status, string? Type, JsonElement Body)> AskAsync(HttpMethod method, string path, HttpContent? content = null, string language = "en")
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("Accept-Language", language);
        using var answer = await site.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", text);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, JsonDocument.Parse(text).RootElement);
    }
}
