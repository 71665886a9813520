using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Zinneke.Site.Tests.Browser;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Admin;

/// <summary>axe-core finds nothing on the settings pages, light and dark, on a phone and on a large screen, and nothing sticks out (kernel.md K24).</summary>
[Collection(TestBrowser.Collection)]
public class AdminAccessTests(TestBrowser browser)
{
    private static readonly string[] Pages =
    [
        "", "/bodies", "/bodies/west", "/bodies/new", "/areas", "/categories", "/categories/road-hole", "/rules", "/rules/gully", "/rules/gully?remove=1", "/answers", "/answers/new", "/holidays",
        "/bodies/check?edition=1",
    ];

    private static readonly AxeRunOptions Rules = new() { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa") };

    [BrowserTheory]
    [InlineData("fr", false)]
    [InlineData("nl", true)]
    public async Task Nobody_is_shut_out(string language, bool dark)
    {
        var screen = (dark ? Screen.Desktop : Screen.Phone) with { Dark = dark };
        await using var site = await TestSite.NewAsync();
        var city = await DeskCity.FoundAsync(site.Services);
        await using var window = await browser.OpenAsync(site.Address, screen);
        await window.Page.Context.AddCookiesAsync([new() { Name = "zinneke", Value = await city.SignInAsync("administrator", null), Url = site.Address.ToString() }]);
        var found = new List<string>();
        foreach (var page in Pages)
        {
            var answer = await window.Page.GotoAsync($"/{language}/admin{page}");
            answer!.Status.ShouldBe(200, page);
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
}
