using Microsoft.Playwright;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Browser;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>What a page does that is told of more than it can be told: it reads all again, without being loaded.</summary>
[Collection(TestBrowser.Collection)]
public class LivePageTests(TestBrowser browser)
{
    [BrowserFact]
    public async Task A_page_that_missed_too_much_reads_itself_again()
    {
        await using var site = await TestSite.NewAsync();
        var city = await DeskCity.FoundAsync(site.Services);
        var number = await city.FileAsync();
        await using var window = await browser.OpenAsync(site.Address, Screen.Phone);
        var page = window.Page;
        var missed = new TaskCompletionSource();
        await page.RouteAsync("**/live/**", async route =>
        {
            await missed.Task;
            await route.FulfillAsync(new() { ContentType = "text/event-stream", Body = "event: reload\nid: 9\ndata: {}\n\n" });
        });
        await page.GotoAsync($"/en/reports/{number}");
        await page.EvaluateAsync("window.untouched = true");
        await Assertions.Expect(page.Locator("#standing .tag")).ToHaveTextAsync(site.Get<Words>().In("en", "reports.state.assigned"));
        await city.ActAsync(number, "accept", await city.CallerAsync("agent", DeskCity.West));
        missed.SetResult();
        await Assertions.Expect(page.Locator("#standing .tag")).ToHaveTextAsync(site.Get<Words>().In("en", "reports.state.accepted"), new() { Timeout = 30_000 });
        (await page.EvaluateAsync<bool>("window.untouched === true")).ShouldBeTrue("it was never loaded again");
    }
}
