using System.Net;
using Zinneke.Site.Tests.Reports;

namespace Zinneke.Site.Tests.Attacks;

/// <summary>Another site makes the browser of an officer post to every door that changes something: none opens, and nothing changes.</summary>
public class ForgedPostTests(DeskSite desk) : IClassFixture<DeskSite>
{
    /// <summary>Programs of mail post here from wherever they run (RFC 8058); a signed token alone opens it, and there is none here.</summary>
    private const string FromAnySite = "/mail/unsubscribe";

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Referer", "https://evil.example/")]
    public async Task No_door_opens_to_another_site(string header, string value)
    {
        var number = await desk.City.FileAsync();
        var session = await desk.City.SignInAsync("administrator", null, name: "victim");
        var doors = Doorbells.Of(desk.Site, name => name switch { "number" or "id" => number, "action" => "hide", _ => "1" }).Where(door => door.Method is not ("GET" or "HEAD" or "OPTIONS")).ToList();
        doors.Select(door => door.Pattern).ShouldContain("/{lang:language}/reports/new");
        doors.Select(door => door.Pattern).ShouldContain("/{lang:language}/desk/reports/{number}");
        var before = await desk.Site.CountsAsync();
        foreach (var door in doors)
        {
            using var request = new HttpRequestMessage(new HttpMethod(door.Method), door.Path)
            {
                Content = new FormUrlEncodedContent([new("do", "hide"), new("version", "1"), new("lon", "4.35"), new("lat", "50.85"), new("name", "x"), new("sure", "true"), new("email", "ada@example.org")]),
            };
            request.Headers.Add("Cookie", "zinneke=" + session);
            request.Headers.Add(header, value);
            using var answer = await desk.Site.Client.SendAsync(request);
            answer.StatusCode.ShouldBe(door.Pattern == FromAnySite ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden, door.ToString());
            answer.Headers.Contains("Set-Cookie").ShouldBeFalse(door.ToString());
        }
        (await desk.Site.CountsAsync()).ShouldBe(before);
    }
}
