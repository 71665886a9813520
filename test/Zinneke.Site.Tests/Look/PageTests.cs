using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Site.Tests.Look;

/// <summary>The pages that belong to no service, in every language.</summary>
public sealed partial class PageTests : IAsyncLifetime
{
    private TestSite site = null!;

    public async Task InitializeAsync() => site = await TestSite.NewAsync(add: parts => parts.AddSingleton(new HomeNews("reports", (scene, _) => ValueTask.FromResult<IReadOnlyList<HomeItem>>(
        [.. Enumerable.Range(1, 5).Select(n => new HomeItem($"happening {n} <{scene.Language}>", $"/{scene.Language}/", "", "", n))]))));

    public Task DisposeAsync() => site.DisposeAsync().AsTask();

    public static TheoryData<string, string> Pages
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var language in Languages.All)
            {
                foreach (var page in (string[])["/", "/accessibility", "/privacy", "/bodies", "/algorithms", "/algorithms/reports.route", "/style", "/style?theme=dark"])
                {
                    all.Add(language, page);
                }
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_whole_and_keeps_to_the_policy(string language, string page)
    {
        using var answer = await site.Client.GetAsync($"/{language}{page}");
        var html = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        html.ShouldStartWith("<!DOCTYPE html>");
        html.ShouldContain($"<html lang=\"{language}\">");
        Inline().Matches(html).Select(match => match.Value).ShouldBeEmpty();
        Ids().Matches(html).Select(match => match.Groups[1].Value).GroupBy(id => id).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty();
        Labelled(html).ShouldBeEmpty();
        foreach (var other in Languages.All)
        {
            html.ShouldContain($"href=\"/{other}{page}\"");
        }
    }

    [Fact]
    public async Task Home_is_light_and_shows_the_three_newest_happenings()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nl/") { Headers = { { "Accept-Encoding", "br" } } };
        using var answer = await site.Client.SendAsync(request);
        var carried = (await answer.Content.ReadAsByteArrayAsync()).Length;
        foreach (var name in (string[])["style.css", "app.js", "atkinson-hyperlegible-next-latin-wght-normal.woff2", "favicon.svg"])
        {
            using var asset = new HttpRequestMessage(HttpMethod.Get, site.Get<Assets>()[name]) { Headers = { { "Accept-Encoding", "br" } } };
            using var got = await site.Client.SendAsync(asset);
            carried += (await got.Content.ReadAsByteArrayAsync()).Length;
        }
        carried.ShouldBeLessThan(60_000);

        var html = await site.Client.GetStringAsync("/nl/");
        html.ShouldContain("happening 5 &lt;nl&gt;");
        html.ShouldContain("happening 3 &lt;nl&gt;");
        html.ShouldNotContain("happening 2 &lt;nl&gt;");
    }

    [Fact]
    public async Task What_is_not_there_is_told_as_a_page()
    {
        using var answer = await site.Client.GetAsync("/fr/nowhere");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Introuvable");
    }

    /// <summary>Names of inputs that have no label.</summary>
    private static IEnumerable<string> Labelled(string html) =>
        Fields().Matches(html).Select(match => match.Groups[1].Value).Where(id => !html.Contains($"for=\"{id}\"", StringComparison.Ordinal) && !id.StartsWith("f-kind", StringComparison.Ordinal) && id != "f-photo");

    [GeneratedRegex(@"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=|javascript:")]
    private static partial Regex Inline();

    [GeneratedRegex(@"\sid=""([^""]+)""")]
    private static partial Regex Ids();

    [GeneratedRegex(@"<(?:input|textarea|select)(?![^>]*type=""(?:hidden|image)"")[^>]*\sid=""([^""]+)""")]
    private static partial Regex Fields();
}
