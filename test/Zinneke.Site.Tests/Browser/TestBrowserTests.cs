using Deque.AxeCore.Playwright;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Browser;

/// <summary>What browser tests stand on sees what it has to see.</summary>
[Collection(TestBrowser.Collection)]
public class TestBrowserTests(TestBrowser browser)
{
    private const string Good = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Good</title></head>
        <body><main><h1>Good</h1><p>Words.</p></main></body></html>
        """;

    private const string Bad = """
        <!doctype html><html><head><meta charset="utf-8"><title>Bad</title></head>
        <body><img src="https://elsewhere.example/pixel.gif"><script>document.title = "ran";</script></body></html>
        """;

    [BrowserFact]
    public async Task A_good_page_has_no_trouble()
    {
        await using var site = await SiteWith(Good);
        await using var window = await browser.OpenAsync(site.Address, Screen.Desktop with { Dark = true });
        await window.Page.GotoAsync("/probe");
        (await window.Page.RunAxe()).Violations.ShouldBeEmpty();
        window.Troubles.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task A_bad_page_is_found_out()
    {
        await using var site = await SiteWith(Bad);
        await using var window = await browser.OpenAsync(site.Address);
        await window.Page.GotoAsync("/probe");
        (await window.Page.RunAxe()).Violations.Select(violation => violation.Id).ShouldBeSubsetOf(["document-title", "html-has-lang", "image-alt", "landmark-one-main", "page-has-heading-one", "region"]);
        (await window.Page.TitleAsync()).ShouldBe("Bad", "an inline script must not run");
        window.Troubles.ShouldContain(trouble => trouble.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task Without_JavaScript_nothing_runs()
    {
        await using var site = await SiteWith(Good.Replace("</main>", "<noscript><p>Also without.</p></noscript></main>", StringComparison.Ordinal));
        await using var window = await browser.OpenAsync(site.Address, Screen.Phone with { JavaScript = false });
        await window.Page.GotoAsync("/probe");
        (await window.Page.Locator("noscript p").CountAsync()).ShouldBe(1, "its content is parsed only when scripts are off");
    }

    private static Task<TestSite> SiteWith(string html) =>
        TestSite.NewAsync(doors => doors.Root.MapGet("/probe", () => Results.Content(html, "text/html; charset=utf-8")).Public());
}
