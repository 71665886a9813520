using Microsoft.Playwright;
using Zinneke.Site.Tests.Browser;

namespace Zinneke.Site.Tests.Walk;

/// <summary>What a page costs on a first visit, in bytes as they come over the wire: at most 100 kB without the live map, 400 kB with it (kernel.md K26).</summary>
[Collection(TestBrowser.Collection)]
public class WeightTests(TestBrowser browser, WalkCity city) : IClassFixture<WalkCity>
{
    private const long PageBytesMax = 100_000, MapBytesMax = 400_000;

    [BrowserFact]
    public async Task Pages_are_light()
    {
        (string Path, string? As, bool Map)[] pages =
        [
            ("/", null, false), ("/privacy", null, false), ("/sign-in", null, false), ("/account", city.Reader, false),
            ("/reports", null, true), ("/reports/new", null, true), ($"/reports/{city.Late}", null, true), ("/desk/reports", city.Officer, false), ($"/desk/reports/{city.Late}", city.Officer, true),
        ];
        foreach (var (path, who, hasMap) in pages)
        {
            (await WeighAsync(path, who, withMap: false)).ShouldBeLessThanOrEqualTo(PageBytesMax, path);
            if (hasMap)
            {
                (await WeighAsync(path, who, withMap: true)).ShouldBeInRange(PageBytesMax, MapBytesMax, path);
            }
        }
    }

    /// <returns>Bytes of all answers, heads included.</returns>
    private async Task<long> WeighAsync(string path, string? who, bool withMap)
    {
        await using var window = await browser.OpenAsync(city.Site.Address, worker: false); // What the worker fetches comes later, and its sizes are never told when it has gone to sleep.
        var answers = new System.Collections.Concurrent.ConcurrentBag<IRequest>();
        window.Page.Context.RequestFinished += (_, request) => answers.Add(request);
        await window.BeAsync(who);
        if (!withMap)
        {
            await Looking.ReadyAsync(window);
        }
        await window.Page.GotoAsync("/fr" + path);
        if (withMap)
        {
            await window.Page.Locator("zn-map").ScrollIntoViewIfNeededAsync();
            await window.Page.Locator("zn-map[ready]").WaitForAsync(new() { Timeout = 60_000 });
        }
        var bytes = 0L;
        foreach (var request in answers)
        {
            var sizes = await request.SizesAsync();
            bytes += sizes.ResponseBodySize + sizes.ResponseHeadersSize;
        }
        return bytes;
    }
}
