using System.Net;
using System.Text.RegularExpressions;
using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Blackening a photo without JavaScript: two clicks make a rectangle, numbers another, and only the last button changes anything.</summary>
public class RedactPageTests(DeskSite desk) : IClassFixture<DeskSite>
{
    [Theory]
    [InlineData("fr")]
    [InlineData("nl")]
    [InlineData("en")]
    [InlineData("de")]
    public async Task Two_clicks_make_a_rectangle(string language)
    {
        var words = desk.Site.Get<Words>();
        var sent = ReportCalls.Hole(4.35);
        var answered = await desk.Site.PostPhotosAsync("/api/v1/reports", sent, "fr", Pictures.Jpeg(400, 300));
        var (number, photo) = (answered.Json.GetProperty("number").GetString()!, answered.Json.GetProperty("photos")[0].GetProperty("id").GetString()!);
        var agent = await desk.SignInAsync("agent", DeskCity.West);
        var path = $"/{language}/desk/reports/{number}/photos/{photo}";
        (await agent.GetAsync($"/{language}/desk/reports/{number}")).Html.ShouldContain($"href=\"{path}\"");
        var page = await agent.GetAsync(path);
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Html.ShouldContain(words.In(language, "reports.redact.first"));

        var html = (await agent.PostAsync(path, ("rectangles", ""), ("corner", ""), ("version", Value(page.Html, "version")), ("at.x", "450"), ("at.y", "225"))).Html;
        html.ShouldContain(words.In(language, "reports.redact.second"));
        html = (await agent.PostAsync(path, ("rectangles", ""), ("corner", Value(html, "corner")), ("version", Value(html, "version")), ("at.x", "150"), ("at.y", "45"))).Html;
        Value(html, "rectangles").ShouldBe("0.25,0.1,0.5,0.4", "whichever corner came first");
        html = (await agent.PostAsync(path, ("rectangles", Value(html, "rectangles")), ("corner", ""), ("version", Value(html, "version")), ("do", "add"), ("left", "0"), ("top", "90"), ("width", "10,5"), ("height", "10"))).Html;
        Value(html, "rectangles").ShouldBe("0.25,0.1,0.5,0.4;0,0.9,0.105,0.1");
        var refused = await agent.PostAsync(path, ("rectangles", Value(html, "rectangles")), ("corner", ""), ("version", Value(html, "version")), ("do", "add"), ("left", "95"), ("top", "0"), ("width", "10"), ("height", "10"));
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Html.ShouldContain(words.In(language, "reports.refusal.rectangleOutside"));
        refused.Html.ShouldContain("value=\"95\"");
        html = (await agent.PostAsync(path, ("rectangles", Value(html, "rectangles")), ("corner", ""), ("version", Value(html, "version")), ("remove", "0"))).Html;
        Value(html, "rectangles").ShouldBe("0,0.9,0.105,0.1");
        (await agent.GetAsync($"/{language}/reports/{number}")).Html.ShouldNotContain(words.In(language, "reports.did.redact"), customMessage: "drawing changes nothing");

        (await agent.PostAsync(path, ("rectangles", Value(html, "rectangles")), ("corner", ""), ("version", Value(html, "version")), ("do", "redact"))).To.ShouldBe($"/{language}/desk/reports/{number}");
        (await agent.GetAsync($"/{language}/reports/{number}")).Html.ShouldContain(words.In(language, "reports.did.redact"));
        Value((await agent.GetAsync(path)).Html, "rectangles").ShouldBe("0,0.9,0.105,0.1");
        var stale = await agent.PostAsync(path, ("rectangles", "0.5,0.5,0.1,0.1"), ("corner", ""), ("version", Value(page.Html, "version")), ("do", "redact"));
        (stale.Status, Value(stale.Html, "rectangles")).ShouldBe((HttpStatusCode.Conflict, "0,0.9,0.105,0.1;0.5,0.5,0.1,0.1"), "what a colleague blackened meanwhile stays black");
        (await agent.PostAsync(path, ("rectangles", Value(stale.Html, "rectangles")), ("corner", ""), ("version", Value(stale.Html, "version")), ("do", "redact"))).To.ShouldNotBeNull();
        (await (await desk.SignInAsync("agent", DeskCity.East)).GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private static string Value(string html, string name) => Regex.Match(html, $"name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value;
}
