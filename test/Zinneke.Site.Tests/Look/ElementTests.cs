using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Browser;
using Zinneke.Ui;

namespace Zinneke.Site.Tests.Look;

/// <summary>The custom elements in a real browser, on the samples of the style page.</summary>
[Collection(TestBrowser.Collection)]
public class ElementTests(TestBrowser browser)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Patient = new() { Timeout = 60_000 };

    [BrowserFact]
    public async Task The_live_map_takes_the_place_of_the_drawn_one_and_obeys_the_keyboard()
    {
        await using var site = await TestSite.NewAsync();
        await using var window = await browser.OpenAsync(site.Address, Screen.Phone);
        var page = window.Page;
        await page.GotoAsync("/fr/style");
        await page.Locator("zn-map[mode=pick]").ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(page.Locator("zn-map[mode=pick][ready] .pin")).ToBeVisibleAsync(Patient);
        (await page.Locator("#f-lon").InputValueAsync()).ShouldBeEmpty("where the map opens is no choice");

        await page.Locator("zn-map[mode=pick] canvas").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.Locator("#f-lon")).Not.ToHaveValueAsync("");
        var east = double.Parse(await page.Locator("#f-lon").InputValueAsync(), System.Globalization.CultureInfo.InvariantCulture);
        east.ShouldBeGreaterThan(4.3517);
        window.Troubles.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task A_photo_is_shown_made_small_and_put_back_and_only_offers_what_it_knows()
    {
        await using var site = await TestSite.NewAsync();
        await using var window = await browser.OpenAsync(site.Address, Screen.Phone);
        var page = window.Page;
        await page.GotoAsync("/nl/style");
        var input = page.Locator("#f-photo");
        var picture = new FilePayload { Name = "IMG.jpg", MimeType = "image/jpeg", Buffer = Pictures.WithMetadata(Pictures.Jpeg(3200, 1600), 1) };
        await input.SetInputFilesAsync(picture);
        await Assertions.Expect(page.Locator("zn-photo img")).ToBeVisibleAsync(Patient);
        var kept = await page.EvaluateAsync<string>("""
            async () => {
              const [file] = document.querySelector("#f-photo").files;
              const seen = await createImageBitmap(file);
              const text = new TextDecoder("latin1").decode(await file.arrayBuffer());
              return `${file.name} ${file.type} ${seen.width}x${seen.height} ${text.includes("Exif") || text.includes("SECRET")}`;
            }
            """);
        kept.ShouldBe("IMG.jpg image/jpeg 2560x1280 false");
        var offered = page.Locator("zn-photo input[name=photoPlace]");
        (await offered.IsCheckedAsync()).ShouldBeFalse();
        (await offered.InputValueAsync()).ShouldMatch(@"^-?\d+\.\d{6},-?\d+\.\d{6}$");

        await input.SetInputFilesAsync(picture);
        await Assertions.Expect(page.Locator("zn-photo img")).ToHaveCountAsync(2, new() { Timeout = 60_000 });
        await page.Locator("zn-photo .photos button").First.ClickAsync();
        await Assertions.Expect(page.Locator("zn-photo img")).ToHaveCountAsync(1);
        (await page.EvaluateAsync<int>("document.querySelector('#f-photo').files.length")).ShouldBe(1);
        window.Troubles.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task A_dialog_opens_and_a_text_is_counted()
    {
        await using var site = await TestSite.NewAsync();
        await using var window = await browser.OpenAsync(site.Address, Screen.Desktop);
        var page = window.Page;
        await page.GotoAsync("/en/style");
        await page.Locator("#f-words").FillAsync(new string('x', 10));
        await Assertions.Expect(page.Locator("[data-counts='f-words']")).ToHaveTextAsync("990 characters left");
        await page.Locator("[data-dialog=sample-dialog]").ClickAsync();
        await Assertions.Expect(page.Locator("#sample-dialog")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#sample-dialog")).ToBeHiddenAsync();
        window.Troubles.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task A_form_goes_once_and_a_piece_of_page_follows_a_field()
    {
        var posts = 0;
        await using var site = await TestSite.NewAsync(doors =>
        {
            doors.Pages.MapGet("/probe/form", (Assets assets) => Results.Content($"""
                <!doctype html><html lang="en"><head><title>Probe</title><script type="module" src="{assets["app.js"]}"></script></head><body><main><h1>Probe</h1>
                <form method="post" action="/en/probe/form"><label for="q">Word</label><input id="q" name="q"><button>Send</button></form>
                <zn-follow src="/en/probe/piece" fields="q" from="2"></zn-follow></main></body></html>
                """, "text/html; charset=utf-8")).Public();
            doors.Pages.MapGet("/probe/piece", (string q) => Results.Content($"<p id=\"piece\">{q.Length}</p>", "text/html; charset=utf-8")).Public();
            doors.Pages.MapPost("/probe/form", async () =>
            {
                Interlocked.Increment(ref posts);
                await Task.Delay(600);
                return new SeeOther("/en/probe/form");
            }).Public();
        });
        await using var window = await browser.OpenAsync(site.Address, Screen.Desktop);
        var page = window.Page;
        await page.GotoAsync("/en/probe/form");
        await page.Locator("#q").FillAsync("lamp");
        await Assertions.Expect(page.Locator("#piece")).ToHaveTextAsync("4");
        await page.Locator("#q").FillAsync("l");
        await Assertions.Expect(page.Locator("#piece")).ToHaveCountAsync(0);
        await page.EvaluateAsync("() => { const button = document.querySelector('button'); button.click(); button.click(); button.click(); }");
        await page.WaitForURLAsync("**/en/probe/form");
        await Task.Delay(1000);
        posts.ShouldBe(1);
    }

    [BrowserFact]
    public async Task A_live_line_that_the_server_refuses_is_opened_again()
    {
        await using var site = await TestSite.NewAsync(
            doors => doors.Pages.MapGet("/probe/live", (Assets assets) => Results.Content($"""
                <!doctype html><html lang="en"><head><title>Probe</title><script type="module" src="{assets["app.js"]}"></script></head>
                <body><main><h1>Probe</h1><zn-live topic="report:01a205ec-0ca6-7000-abde-5eb436b1df6b" says="Changed"></zn-live></main></body></html>
                """, "text/html; charset=utf-8")).Public(),
            settings: (KernelSettings.LiveListeners, "0"));
        await using var window = await browser.OpenAsync(site.Address, Screen.Desktop);
        var refused = 0;
        var twice = new TaskCompletionSource();
        window.Page.Response += (_, answer) =>
        {
            if (answer.Url.Contains("/live/", StringComparison.Ordinal) && answer.Status == 503 && Interlocked.Increment(ref refused) == 2)
            {
                twice.SetResult();
            }
        };
        await window.Page.GotoAsync("/en/probe/live");
        await twice.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
