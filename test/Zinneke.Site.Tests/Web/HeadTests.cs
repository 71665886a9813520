using System.Net;
using Zinneke.Site.Tests.Reports.Open311;

namespace Zinneke.Site.Tests.Web;

/// <summary>HEAD says what GET would answer, and sends no body: for monitors, load balancers and link checkers.</summary>
public sealed class HeadTests(GeoSite geo) : IClassFixture<GeoSite>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/fr/")]
    [InlineData("/fr/reports")]
    [InlineData("/fr/nowhere")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/api/v1/reports")]
    [InlineData("/api/v1/nowhere")]
    [InlineData("/open311/v2/services.json")]
    [InlineData("/open311/v2/requests.yaml")]
    public async Task Head_is_get_without_the_body(string path)
    {
        using var got = await geo.Site.Client.GetAsync(path);
        using var head = await AskAsync(path);
        head.StatusCode.ShouldBe(got.StatusCode);
        head.Content.Headers.ContentType.ShouldBe(got.Content.Headers.ContentType);
        head.Headers.ETag.ShouldBe(got.Headers.ETag);
        (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stream_is_not_begun_for_who_would_not_read_it()
    {
        using var head = await AskAsync("/live/report:018f3c1e-6d2a-7b57-9c39-0f1e2d3c4b5a");
        (head.StatusCode, head.Content.Headers.ContentType?.MediaType).ShouldBe((HttpStatusCode.OK, "text/event-stream"));
        using var again = await AskAsync("/health/live"); // On the same connection: the answer before has ended.
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<HttpResponseMessage> AskAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        return await geo.Site.Client.SendAsync(request);
    }
}
