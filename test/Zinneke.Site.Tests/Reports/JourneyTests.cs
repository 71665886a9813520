using System.Net;
using Microsoft.Playwright;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Browser;

namespace Zinneke.Site.Tests.Reports;

/// <summary>The way of a report as people walk it: filed on a phone, accepted and resolved by an officer, followed live, told by mail.</summary>
[Collection(TestBrowser.Collection)]
public class JourneyTests(TestBrowser browser)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [BrowserFact]
    public async Task On_a_phone_in_French_with_a_photo_that_says_where_it_was_taken()
    {
        var towns = await StartAsync();
        await using var open = towns.Site;
        var site = towns.Site;
        await using var window = await browser.OpenAsync(site.Address, Screen.Phone);
        var page = window.Page;
        await page.GotoAsync("/fr/reports/new?lon=4.32&lat=50.85");
        await GoOnAsync(page);
        await page.Locator(".tree summary").Filter(new() { HasText = "Voirie" }).ClickAsync();
        await page.Locator(".tree button[value=road-hole]").ClickAsync();
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "IMG_0001.jpg", MimeType = "image/jpeg", Buffer = Pictures.WithMetadata(Pictures.Jpeg(640, 480), 6) });
        await page.Locator("textarea[name=description]").FillAsync("Trou profond devant l’école");
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(Screen.Phone.Width, "nothing sticks out at 360 px");
        await GoOnAsync(page);
        await page.Locator("input[name='contact.email']").FillAsync("resident@example.org");
        await GoOnAsync(page);
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync(site.Get<Words>().In("fr", "reports.thanks.title"));
        page.Url.ShouldContain("sent=1");

        await ResolveWhileWatchedAsync(site, page, "fr", "Le trou est bouché.");
        await PhotoIsCleanAsync(site, page);
        await ToldInAsync(site, "fr", "resident@example.org");
        window.Troubles.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task In_Dutch_without_JavaScript_by_a_click_on_the_drawn_map()
    {
        var towns = await StartAsync();
        await using var open = towns.Site;
        var site = towns.Site;
        await using var window = await browser.OpenAsync(site.Address, Screen.Phone with { JavaScript = false });
        var page = window.Page;
        await page.GotoAsync("/nl/reports/new");
        await page.Locator("input[name=q]").FillAsync("Oost");
        await page.Locator("main button[name=find]").ClickAsync();
        await page.Locator("input[type=image]").ClickAsync(new() { Position = new() { X = 150, Y = 150 } });
        await GoOnAsync(page);
        await page.Locator("input[name=q]").FillAsync("put in de weg");
        await page.Locator("main button[name=search]").ClickAsync();
        await page.Locator(".leaves button[value=road-hole]").First.ClickAsync();
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "IMG_0002.jpg", MimeType = "image/jpeg", Buffer = Pictures.WithMetadata(Pictures.Jpeg(320, 240), 3) });
        await page.Locator("textarea[name=description]").FillAsync("Diepe put voor de school");
        await GoOnAsync(page);
        await page.Locator("input[name='contact.email']").FillAsync("bewoner@example.org");
        await GoOnAsync(page);
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync(site.Get<Words>().In("nl", "reports.thanks.title"));
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Gemeente Oost");

        await ActAsync(site, page, "east", "accept", "{}");
        await ActAsync(site, page, "east", "resolve", """{"text":"De put is gevuld.","lang":"nl"}""");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#standing")).ToContainTextAsync(site.Get<Words>().In("nl", "reports.state.resolved"));
        await Assertions.Expect(page.Locator("#history")).ToContainTextAsync("De put is gevuld.");
        await PhotoIsCleanAsync(site, page);
        await ToldInAsync(site, "nl", "bewoner@example.org");
        window.Troubles.ShouldBeEmpty();
    }

    private static async Task<TwoTowns> StartAsync()
    {
        var towns = new TwoTowns();
        await towns.InitializeAsync();
        return towns;
    }

    private static Task GoOnAsync(IPage page) => page.Locator("main form button.primary").Last.ClickAsync();

    /// <summary>The page changes while one looks: nothing is loaded again.</summary>
    private static async Task ResolveWhileWatchedAsync(TestSite site, IPage page, string language, string words)
    {
        await page.EvaluateAsync("window.untouched = true");
        await ActAsync(site, page, "west", "accept", "{}");
        await Assertions.Expect(page.Locator("#standing")).ToContainTextAsync(site.Get<Words>().In(language, "reports.state.accepted"), new() { Timeout = (float)Patience.TotalMilliseconds });
        await ActAsync(site, page, "west", "resolve", $$"""{"text":"{{words}}","lang":"{{language}}"}""");
        await Assertions.Expect(page.Locator("#history")).ToContainTextAsync(words, new() { Timeout = (float)Patience.TotalMilliseconds });
        (await page.EvaluateAsync<bool>("window.untouched === true")).ShouldBeTrue("it was not loaded again");
    }

    /// <summary>What an officer of the body does, signed in by a one-time link like that of <c>user add</c>.</summary>
    private static async Task<string> ActAsync(TestSite site, IPage page, string body, string action, string json)
    {
        var number = new Uri(page.Url).AbsolutePath.Split('/')[^1];
        var answered = await site.PostAsync($"/api/v1/reports/{number}/actions/{action}", json, null, "fr", ("Cookie", await OfficerAsync(site, body)), ("Sec-Fetch-Site", "same-origin"));
        answered.Status.ShouldBe(HttpStatusCode.OK, answered.ToString());
        return number;
    }

    private static async Task<string> OfficerAsync(TestSite site, string body)
    {
        var token = "";
        var given = await site.Get<Accounts>().GiveRoleAsync(Caller.Program(), $"officer@{body}.example.org", null, new WantedRole(BuiltInRoles.Officer, body), (unit, account) =>
        {
            token = SignIn.NewLinkFor(unit, account);
            return Task.CompletedTask;
        });
        given.Ok.ShouldBeTrue(given.Refusal?.Code);
        return "zinneke=" + (await site.Get<SignIn>().UseAsync(token, "test", null)).Value.Cookie;
    }

    /// <summary>The renditions come after the answer; what is served of them says nothing but pixels.</summary>
    private static async Task PhotoIsCleanAsync(TestSite site, IPage page)
    {
        var until = DateTime.UtcNow + Patience;
        while (await page.Locator("#standing img").CountAsync() == 0 && DateTime.UtcNow < until)
        {
            await page.ReloadAsync();
            await Task.Delay(200);
        }
        var shown = (await page.Locator("#standing img").First.GetAttributeAsync("src"))!;
        foreach (var variant in new[] { "large", "medium", "thumb" })
        {
            var bytes = await site.Client.GetByteArrayAsync(shown.Replace("medium", variant, StringComparison.Ordinal));
            foreach (var trace in new[] { "SECRET"u8.ToArray(), "Exif"u8.ToArray(), "GPS"u8.ToArray(), "http://ns.adobe.com"u8.ToArray() })
            {
                bytes.AsSpan().IndexOf(trace).ShouldBe(-1);
            }
        }
    }

    /// <summary>Received, accepted and resolved were told in the reporter's language.</summary>
    private static async Task ToldInAsync(TestSite site, string language, string address)
    {
        var folder = site.Get<DataFolder>().Mail;
        var until = DateTime.UtcNow + Patience;
        List<string> mails = [];
        while (mails.Count < 3 && DateTime.UtcNow < until)
        {
            await Task.Delay(200);
            mails = [.. Directory.EnumerateFiles(folder, "*.eml").Select(File.ReadAllText).Where(m => m.Contains(address, StringComparison.Ordinal))];
        }
        mails.Count.ShouldBe(3);
        mails.ShouldAllBe(m => m.Contains($"Content-Language: {language}", StringComparison.Ordinal));
        mails.ShouldContain(m => m.Contains(site.Get<Words>().In(language, "reports.mail.received.text", "\u0001", "\u0001", "\u0001", "\u0001").Split('\u0001', StringSplitOptions.None)[0].Trim(), StringComparison.Ordinal));
    }
}
