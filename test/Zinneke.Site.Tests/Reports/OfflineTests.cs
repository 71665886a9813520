using System.Text.Json;
using Microsoft.Playwright;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Site.Tests.Browser;
using Zinneke.Testing.Durability;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Reports written where there is no network: kept on the device, sent once each when it is back (reports.md R13).</summary>
[Collection(TestBrowser.Collection)]
public class OfflineTests(TestBrowser browser)
{
    private const int Drafts = 3;
    private const string Rows = "ul.drafts > li";

    [BrowserFact]
    public async Task Three_drafts_with_photos_written_without_a_network_are_three_reports_when_it_is_back()
    {
        var folder = Directory.CreateTempSubdirectory("zinneke-offline-").FullName;
        try
        {
            await SmallCity.ImportAsync(folder, "sqlite", RealServer.VerbAsync);
            var port = RealServer.FreePort();
            var server = await RealServer.StartAsync(folder, "sqlite", port);
            await using var window = await browser.OpenAsync(server.Address);
            var page = window.Page;
            await page.GotoAsync("/nl/reports/new");
            for (var look = 0; !await page.EvaluateAsync<bool>("async () => (await caches.match('/nl/reports/offline', { ignoreVary: true })) !== undefined && navigator.serviceWorker.controller !== null"); look++)
            {
                look.ShouldBeLessThan(200);
                await Task.Delay(50);
            }
            await server.DisposeAsync(); // Not only a browser that is told so: nobody answers.
            await page.Context.SetOfflineAsync(true);

            await page.GotoAsync("/nl/reports/new");
            await page.Locator("select[name=category]").WaitForAsync();
            window.TakeTroubles(); // The map of the page before has told the console that its tiles do not come.
            for (var i = 0; i < Drafts; i++)
            {
                await WriteAsync(page, "road", $"Put nummer {i + 1}", Pictures.Jpeg(320 + i, 240));
                await Assertions.Expect(page.Locator(Rows)).ToHaveCountAsync(i + 1);
            }
            await page.CloseAsync();
            page = await page.Context.NewPageAsync(); // A closed page loses nothing.
            await page.GotoAsync("/nl/reports");
            await Assertions.Expect(page.Locator($"{Rows}[data-state=waiting]")).ToHaveCountAsync(Drafts);
            await Assertions.Expect(page.Locator($"{Rows} img")).ToHaveCountAsync(Drafts);

            await using var back = await RealServer.StartAsync(folder, "sqlite", port);
            await page.Context.SetOfflineAsync(false);
            await Assertions.Expect(page.Locator($"{Rows}[data-state=sent]")).ToHaveCountAsync(Drafts, new() { Timeout = 30_000 });
            await page.ReloadAsync();
            using var client = new HttpClient { BaseAddress = back.Address };
            var reports = JsonDocument.Parse(await client.GetStringAsync("/api/v1/reports")).RootElement.GetProperty("reports").EnumerateArray().ToList();
            reports.Select(r => r.GetProperty("description").GetString()).Order(StringComparer.Ordinal).ShouldBe(["Put nummer 1", "Put nummer 2", "Put nummer 3"]);
            foreach (var report in reports)
            {
                var one = JsonDocument.Parse(await client.GetStringAsync("/api/v1/reports/" + report.GetProperty("id").GetString())).RootElement;
                one.GetProperty("photos").GetArrayLength().ShouldBe(1);
            }
            window.Troubles.ShouldBeEmpty();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A tunnel between two screens of the form.</summary>
    [BrowserFact]
    public async Task A_form_that_is_sent_without_a_network_stays_with_what_was_typed()
    {
        await using var site = await TownsAsync();
        await using var window = await browser.OpenAsync(site.Address);
        var page = window.Page;
        await page.GotoAsync("/fr/reports/new?lon=4.32&lat=50.85&category=road-hole");
        await page.Locator("main form button.primary").Last.ClickAsync();
        await page.Locator("textarea[name=description]").FillAsync("Trou profond");
        await page.Context.SetOfflineAsync(true);
        await page.Locator("main form button.primary").Last.ClickAsync();
        await Assertions.Expect(page.Locator("[data-not-sent]")).ToHaveTextAsync(site.Get<Words>().In("fr", "ui.notSent"));
        await Assertions.Expect(page.Locator("[data-not-sent]")).ToBeFocusedAsync();
        await page.Context.SetOfflineAsync(false);
        await page.Locator("main form button.primary").Last.ClickAsync();
        await page.Locator("input[name='contact.email']").WaitForAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Trou profond");
    }

    [BrowserFact]
    public async Task What_was_sent_and_not_answered_is_sent_again_as_the_same_report()
    {
        await using var site = await TownsAsync();
        await using var window = await browser.OpenAsync(site.Address);
        var page = window.Page;
        await page.GotoAsync("/fr/reports/offline");
        var lost = 0;
        await page.RouteAsync("**/api/v1/reports", async route =>
        {
            if (lost++ == 0)
            {
                await route.FetchAsync(); // It arrives, and the answer does not.
                await route.AbortAsync();
                return;
            }
            await route.ContinueAsync();
        });
        await WriteAsync(page, "road-hole", "Trou", Pictures.Jpeg(300, 200));
        await Assertions.Expect(page.Locator($"{Rows}[data-state=sent]")).ToHaveCountAsync(1, new() { Timeout = 20_000 });
        lost.ShouldBeGreaterThanOrEqualTo(1, "the page or the service worker sends it again");
        var reports = JsonDocument.Parse(await site.Client.GetStringAsync("/api/v1/reports")).RootElement.GetProperty("reports");
        reports.GetArrayLength().ShouldBe(1);
        (await page.Locator($"{Rows} a[data-part=number]").TextContentAsync()).ShouldBe(reports[0].GetProperty("number").GetString());
    }

    [BrowserFact]
    public async Task What_one_person_wrote_is_in_no_other_ones_reports()
    {
        await using var site = await TownsAsync();
        var city = new DeskCity(site.Services);
        var (ada, ben) = (await city.SignInAsync("reader", "west", name: "ada"), await city.SignInAsync("reader", "west", name: "ben"));
        await using var window = await browser.OpenAsync(site.Address);
        var page = window.Page;
        await window.BeAsync(ada);
        await page.GotoAsync("/fr/account");
        await page.GotoAsync("/fr/reports/offline");
        var shut = true;
        await page.Context.RouteAsync("**/api/v1/reports", route => shut ? route.AbortAsync() : route.ContinueAsync());
        await WriteAsync(page, "road-hole", "Écrit par Ada", null);
        await Assertions.Expect(page.Locator($"{Rows}[data-state=waiting]")).ToHaveCountAsync(1);
        await window.BeAsync(ben);
        shut = false;
        await page.GotoAsync("/fr/reports/offline");
        await Assertions.Expect(page.Locator($"{Rows}[data-state=sent]")).ToHaveCountAsync(1, new() { Timeout = 30_000 });
        await WriteAsync(page, "road-hole", "Écrit par Ben", null);
        await Assertions.Expect(page.Locator($"{Rows}[data-state=sent]")).ToHaveCountAsync(2, new() { Timeout = 30_000 });
        var accounts = new Dictionary<string, Guid?>();
        await using var store = site.Get<Database>().Open();
        foreach (var words in store.Set<ReportWordsRow>().ToList())
        {
            accounts[words.Description] = store.Set<ReportContact>().Where(contact => contact.ReportId == words.ReportId).Select(contact => contact.Account).SingleOrDefault();
        }
        accounts.ShouldBe(new Dictionary<string, Guid?> { ["Écrit par Ada"] = null, ["Écrit par Ben"] = (await site.Get<Callers>().OfSessionAsync(ben, "fr"))!.Account }, ignoreOrder: true);
    }

    [BrowserFact]
    public async Task What_is_refused_says_why_stays_and_can_be_mended()
    {
        await using var site = await TownsAsync();
        await using var window = await browser.OpenAsync(site.Address);
        var page = window.Page;
        await page.GotoAsync("/fr/reports/offline");
        await page.Locator("select[name=category]").SelectOptionAsync("clean-dump");
        await Assertions.Expect(page.Locator("fieldset[data-category=clean-dump]")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("fieldset[data-category=clean-needles]")).ToBeHiddenAsync();
        await page.Locator("[name='clean-dump/pieces']").FillAsync("1,5");
        await page.Locator("[name='clean-dump/since']").FillAsync("2026-05-04T13:20");
        await WriteAsync(page, "clean-dump", "Un matelas", null);
        await Assertions.Expect(page.Locator($"{Rows}[data-state=refused]")).ToHaveCountAsync(1);
        (await page.Locator($"{Rows} [data-part=faults]").TextContentAsync()).ShouldBe(site.Get<Words>().In("fr", "reports.refusal.missingAnswer"));

        await page.Locator($"{Rows} [data-part=edit]").ClickAsync();
        await Assertions.Expect(page.Locator("textarea[name=description]")).ToHaveValueAsync("Un matelas");
        await Assertions.Expect(page.Locator("[name='clean-dump/since']")).ToHaveValueAsync("2026-05-04T13:20");
        await page.Locator("fieldset[data-category=clean-dump] input[type=radio]").First.CheckAsync();
        await page.Locator("main form button.primary").ClickAsync();
        await Assertions.Expect(page.Locator($"{Rows}[data-state=sent]")).ToHaveCountAsync(1);
        var number = await page.Locator($"{Rows} a[data-part=number]").TextContentAsync();
        var answers = JsonDocument.Parse(await site.Client.GetStringAsync($"/api/v1/reports/{number}")).RootElement.GetProperty("answers");
        (answers.GetProperty("pieces").GetString(), answers.GetProperty("since").GetString()).ShouldBe(("1.5", "2026-05-04T11:20:00.000Z"), "on the clocks of the city, whatever the device says");
        JsonDocument.Parse(await site.Client.GetStringAsync("/api/v1/reports")).RootElement.GetProperty("reports").GetArrayLength().ShouldBe(1);

        await page.Locator("textarea[name=description]").FillAsync("À moitié écrit");
        await page.WaitForTimeoutAsync(800);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("textarea[name=description]")).ToHaveValueAsync("À moitié écrit");
        await page.Locator($"{Rows}[data-state=sent] [data-part=remove]").ClickAsync();
        await Assertions.Expect(page.Locator($"{Rows}[data-state=sent]")).ToHaveCountAsync(0);
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await page.Locator($"{Rows}[data-state=begun] [data-part=remove]").ClickAsync(); // Also what is half written, for whoever uses the device next.
        await Assertions.Expect(page.Locator(Rows)).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("textarea[name=description]")).ToHaveValueAsync("");
    }

    [BrowserFact]
    public async Task A_text_that_tells_of_a_person_is_asked_about_and_a_photo_offers_its_time()
    {
        await using var site = await TownsAsync();
        await using var window = await browser.OpenAsync(site.Address);
        var page = window.Page;
        var asked = new List<string>();
        page.Dialog += async (_, dialog) =>
        {
            asked.Add(dialog.Message);
            await dialog.AcceptAsync();
        };
        await page.GotoAsync("/fr/reports/offline");
        await page.Locator("select[name=category]").SelectOptionAsync("clean-dump");
        await page.Locator("input[name='clean-dump/volume']").First.CheckAsync();
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "IMG_0001.jpg", MimeType = "image/jpeg", Buffer = Pictures.WithMetadata(Pictures.Jpeg(320, 240), 1) });
        await page.Locator("#offer-time").CheckAsync();
        var since = page.Locator("[name='clean-dump/since']");
        await Assertions.Expect(since).ToHaveValueAsync("2026-05-04T12:34");
        await since.FillAsync("2026-05-03T08:00");
        await Assertions.Expect(page.Locator("#offer-time")).ToBeDisabledAsync(); // What is typed stays.
        await since.FillAsync("");
        await page.Locator("#offer-time").CheckAsync();
        await Assertions.Expect(since).ToHaveValueAsync("2026-05-04T12:34");
        await WriteAsync(page, "clean-dump", "Appelez le 0470 12 34 56 ou ada@example.org, voiture 1-ABC-234.", null);
        await Assertions.Expect(page.Locator($"{Rows}[data-state=sent]")).ToHaveCountAsync(1);
        asked.ShouldHaveSingleItem();
        foreach (var found in (string[])["0470 12 34 56", "ada@example.org", "1-ABC-234"])
        {
            asked[0].ShouldContain(found);
        }
        var number = await page.Locator($"{Rows} a[data-part=number]").TextContentAsync();
        JsonDocument.Parse(await site.Client.GetStringAsync($"/api/v1/reports/{number}")).RootElement.GetProperty("description").GetString().ShouldBe("Appelez le … ou …, voiture ….");
        window.Troubles.ShouldBeEmpty();
    }

    private static async Task<TestSite> TownsAsync()
    {
        var site = await TestSite.NewAsync();
        await TwoTowns.FoundAsync(site);
        return site;
    }

    private static async Task WriteAsync(IPage page, string category, string words, byte[]? photo)
    {
        await page.Locator("select[name=category]").SelectOptionAsync(category);
        await page.EvaluateAsync("document.querySelectorAll('main form details').forEach(part => part.open = true)");
        await page.Locator("input[name=lon]").FillAsync("4.32");
        await page.Locator("input[name=lat]").FillAsync("50.85");
        await page.Locator("textarea[name=description]").FillAsync(words);
        if (photo is not null)
        {
            await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "IMG_0001.jpg", MimeType = "image/jpeg", Buffer = photo });
            await page.Locator("zn-photo img").WaitForAsync();
        }
        await page.Locator("main form button.primary").ClickAsync();
    }
}
