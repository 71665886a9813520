using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Browser;

namespace Zinneke.Site.Tests.Walk;

/// <summary>
/// A walk over every kind of page in every language (kernel.md K24): axe-core finds nothing, nothing sticks out, no script fails, no text is missing. Contrast does not
/// depend on the language: it is looked at in one, light and dark, on a phone and on a large screen.
/// </summary>
[Collection(TestBrowser.WalkCollection)]
public class WalkTests(TestBrowser browser, WalkCity city) : IClassFixture<WalkCity>
{
    private static readonly Screen[] Looks = [Screen.Phone, Screen.Phone with { Dark = true }, Screen.Desktop with { Dark = true }, Screen.Desktop];

    [BrowserTheory]
    [InlineData("fr")]
    [InlineData("nl")]
    [InlineData("en")]
    [InlineData("de")]
    public async Task Nobody_is_shut_out(string language)
    {
        await using var window = await browser.OpenAsync(city.Site.Address, Looking.Narrowest);
        await Looking.ReadyAsync(window);
        var found = new List<string>();
        foreach (var stop in await Stops.OfAsync(city, language))
        {
            var seen = await SeeAsync(window, stop, language);
            found.AddRange(seen.Concat(window.TakeTroubles()).Select(one => $"{language} {stop.Name}: {one}"));
            await KeepPictureAsync(window, language, stop);
        }
        found.ShouldBeEmpty();
    }

    /// <summary>A page with every fault is found out, so that silence means something.</summary>
    [BrowserFact]
    public async Task What_is_looked_for_is_found()
    {
        await using var site = await TestSite.NewAsync(doors => doors.Pages.MapGet("/probe", () => Microsoft.AspNetCore.Http.Results.Content("""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bad</title><link rel="stylesheet" href="/assets/gone.css"></head><body><main>
            <h1>One</h1><h3 id="x">reports.list.title</h3><p id="x">{0}</p><p aria-describedby="y">Words</p><font color="#ccc">pale</font><img src="/gone.png">
            <p>1234567890123456789012345678901234567890123456789012345678901234567890</p><button></button></main></body></html>
            """, "text/html; charset=utf-8")).Public());
        await using var window = await browser.OpenAsync(site.Address, Looking.Narrowest);
        await Looking.ReadyAsync(window);
        await window.Page.GotoAsync("/fr/probe");
        var found = (await Looking.AtAsync(window, "fr", [Screen.Phone])).Concat(window.TakeTroubles()).ToList();
        foreach (var fault in (string[])
                 ["id twice: x", "aria-describedby leads nowhere: y", "html lang is en", "text key: reports.list.title", "gap in a text: {0}", "empty: <button", "heading H3 after H1", "no alternate in nl", "no switch to de",
                     "image-alt", "color-contrast", "wider than the screen", "404 for "])
        {
            found.ShouldContain(one => one.Contains(fault, StringComparison.Ordinal), fault);
        }
    }

    private static async Task<IReadOnlyList<string>> SeeAsync(TestWindow window, Stop stop, string language)
    {
        try
        {
            await window.BeAsync(stop.As);
            await Looking.LiveMapsAsync(window, stop.Live);
            if (stop.Path is { } path)
            {
                await window.Page.GotoAsync($"/{language}{path}");
            }
            await (stop.Then?.Invoke(window.Page) ?? Task.CompletedTask);
            await LoadedAsync(window.Page);
            if (stop.Live)
            {
                await window.Page.Locator("zn-map").ScrollIntoViewIfNeededAsync();
                await window.Page.Locator("zn-map[ready]").WaitForAsync(new() { Timeout = 60_000 });
            }
            if (stop.As is not null && window.Page.Url.Contains("/sign-in", StringComparison.Ordinal))
            {
                return ["cannot be reached: asks to sign in"];
            }
            return await Looking.AtAsync(window, language, language == Languages.All[0] ? Looks : []);
        }
        catch (Exception stuck) when (stuck is PlaywrightException or TimeoutException)
        {
            return [$"cannot be reached: {stuck.Message}"];
        }
    }

    /// <summary>The browser's driver misses a page's end of loading now and then, when it came while a form was still being sent: the page knows.</summary>
    private static async Task LoadedAsync(IPage page)
    {
        try
        {
            await page.WaitForLoadStateAsync(LoadState.Load, new() { Timeout = 10_000 });
        }
        catch (TimeoutException)
        {
            (await page.EvaluateAsync<string>("document.readyState")).ShouldBe("complete");
        }
    }

    /// <summary>Whoever changes the look sees every page: the walk leaves its pictures in the folder that is named.</summary>
    private static async Task KeepPictureAsync(TestWindow window, string language, Stop stop)
    {
        if (Environment.GetEnvironmentVariable("ZINNEKE_TEST_PICTURES") is { Length: > 0 } folder)
        {
            await window.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{language} {stop.Name}.png"), FullPage = true });
        }
    }
}
