using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Browser;

namespace Zinneke.Site.Tests.Look;

/// <summary>axe-core finds nothing on any kind of public page, in every language, light and dark, on a phone and on a large screen (kernel.md K24).</summary>
[Collection(TestBrowser.Collection)]
public class AccessTests(TestBrowser browser)
{
    private static readonly string[] Pages = ["/", "/accessibility", "/privacy", "/algorithms/reports.route", "/nowhere", "/reports", "/reports/new", "/sign-in"];

    /// <summary>Every component: long, so in one language only.</summary>
    private static readonly string[] Samples = ["/style", "/style?theme=dark", "/style?theme=light"];

    private static readonly AxeRunOptions Rules = new() { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa") };

    public static TheoryData<string, bool> Looks
    {
        get
        {
            var all = new TheoryData<string, bool>();
            foreach (var language in Languages.All)
            {
                all.Add(language, false);
                all.Add(language, true);
            }
            return all;
        }
    }

    [BrowserTheory]
    [MemberData(nameof(Looks))]
    public async Task Nobody_is_shut_out(string language, bool dark)
    {
        var screen = (dark ? Screen.Desktop : Screen.Phone) with { Dark = dark };
        await using var site = await TestSite.NewAsync();
        await using var window = await browser.OpenAsync(site.Address, screen);
        var found = new List<string>();
        foreach (var page in language == "fr" ? [.. Pages, .. Samples] : Pages)
        {
            await window.Page.GotoAsync($"/{language}{page}");
            var result = await window.Page.RunAxe(Rules);
            found.AddRange(result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{page} {screen}: {violation.Id}: {node.Html}")));
            var width = await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            if (width > screen.Width)
            {
                found.Add($"{page} {screen}: {width} px wide");
            }
        }
        found.ShouldBeEmpty();
        window.Troubles.ShouldBeEmpty();
    }

    /// <summary>Text twice as large must not make anybody scroll sideways (WCAG 2.2, 1.4.4 and 1.4.10).</summary>
    [BrowserFact]
    public async Task Twice_as_large_nothing_sticks_out()
    {
        await using var site = await TestSite.NewAsync();
        await using var window = await browser.OpenAsync(site.Address, new Screen(640, 900));
        foreach (var page in (string[])[.. Pages, .. Samples])
        {
            await window.Page.GotoAsync("/fr" + page);
            await window.Page.EvaluateAsync("document.documentElement.style.fontSize = '200%'");
            (await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(640, page);
        }
    }
}
