using Microsoft.Playwright;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Browser;

namespace Zinneke.Site.Tests.Reports;

/// <summary>The way of a report as people walk it: filed on a phone, worked through the desk by the officer of the right body, followed live, told by mail.</summary>
[Collection(TestBrowser.Collection)]
public class JourneyTests(TestBrowser browser)
{
    private const string Resident = "resident@example.org";
    private static readonly float PatienceMs = 30_000;

    /// <summary>Marks of what a camera writes into a photo, and of the words that our photos hide there.</summary>
    private static readonly byte[][] Traces = [[.. "SECRET"u8], [.. "Exif"u8], [.. "GPS"u8], [.. "http://ns.adobe.com"u8]];

    [ReferenceBrowserFact("areas/brussels-19.geojson", "reports/bodies.json", "reports/categories.json", "reports/rules.json")]
    public async Task In_French_on_a_phone_by_a_tap_on_the_live_map_among_the_real_communes()
    {
        await using var site = await RealCityAsync();
        await using var window = await browser.OpenAsync(site.Address, Screen.Phone);
        var page = window.Page;
        await page.GotoAsync("/fr/");
        await page.Locator("input[name=q]").FillAsync("1060");
        await page.Locator(".home-search button").ClickAsync();
        await TapAsync(page);
        await ChooseAsync(page, "Nid-de-poule", "road-surface-pothole");
        await AddPhotoAsync(page, scripted: true);
        await page.Locator("textarea[name=description]").FillAsync("Trou profond devant l’école");
        await GoOnAsync(page);
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Saint-Gilles");
        await page.Locator("input[name='contact.email']").FillAsync(Resident);
        await GoOnAsync(page);
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(site.Get<Words>().In("fr", "reports.thanks.title"));
        await Assertions.Expect(page.Locator(".confirmation")).ToContainTextAsync("Saint-Gilles");
        var number = new Uri(page.Url).Segments[^1];

        await using var officer = await OfficerWindow.EnterAsync(site, await browser.OpenAsync(site.Address, Screen.Desktop), "fr", "c21013");
        await page.EvaluateAsync("window.untouched = true");
        await officer.OpenAsync(number);
        await WorkAsync(site, officer, page);
        await SeesAsync(page, "#standing .tag", site.Get<Words>().In("fr", "reports.state.resolved"));
        await SeesAsync(page, "#history", "La réparation est faite (Saint-Gilles)");
        (await page.EvaluateAsync<bool>("window.untouched === true")).ShouldBeTrue("the page was never loaded again");
        (await site.Client.GetStringAsync($"/nl/reports/{number}")).ShouldContain("We komen langs op donderdag 7 mei voor", customMessage: "a ready answer is in every language, its date too");
        await PhotosAreCleanAsync(site, page, 2);
        await ToldAsync(site, "fr", "received", "accepted", "planned", "resolved");
        window.Troubles.ShouldBeEmpty();
        officer.Troubles.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task The_place_of_a_photo_is_taken_only_when_it_is_accepted()
    {
        await using var site = await TwoTownsAsync();
        foreach (var script in new[] { true, false })
        {
            await using var window = await browser.OpenAsync(site.Address, Screen.Phone with { JavaScript = script });
            var page = window.Page;
            await page.GotoAsync("/fr/reports/new?lon=4.32&lat=50.85&category=road-hole");
            await GoOnAsync(page);
            await AddPhotoAsync(page, script);
            if (script)
            {
                await page.Locator("input[name=photoPlace]").CheckAsync();
            }
            await GoOnAsync(page);
            if (!script)
            {
                await Assertions.Expect(page.Locator(".value strong")).ToHaveTextAsync("Commune d’Ouest", new() { UseInnerText = true });
                await page.Locator("button[name=place]").ClickAsync();
            }
            await Assertions.Expect(page.Locator(".value strong")).ToHaveTextAsync("Commune d’Est");
            await Assertions.Expect(page.Locator(".value").First).ToHaveTextAsync("Est");
            await Assertions.Expect(page.Locator("button[name=place]")).ToHaveCountAsync(0);
            window.Troubles.ShouldBeEmpty();
        }
    }

    [BrowserFact]
    public async Task In_Dutch_without_JavaScript_by_a_click_on_the_drawn_map_and_the_officer_without_it_too()
    {
        await using var site = await TwoTownsAsync();
        await using var window = await browser.OpenAsync(site.Address, Screen.Phone with { JavaScript = false });
        var page = window.Page;
        await page.GotoAsync("/nl/");
        await page.Locator("input[name=q]").FillAsync("Oost");
        await page.Locator(".home-search button").ClickAsync();
        await page.Locator("input[type=image]").ClickAsync(new() { Position = new() { X = 150, Y = 150 } });
        await page.Locator(".moves button[value=in]").ClickAsync();
        await GoOnAsync(page);
        await page.Locator("input[name=q]").FillAsync("put in de weg");
        await page.Locator("main button[name=search]").ClickAsync();
        await page.Locator(".leaves button[value=road-hole]").ClickAsync();
        await AddPhotoAsync(page, scripted: false);
        await page.Locator("textarea[name=description]").FillAsync("Diepe put voor de school");
        await GoOnAsync(page);
        await page.Locator("input[name='contact.email']").FillAsync(Resident);
        await GoOnAsync(page);
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(site.Get<Words>().In("nl", "reports.thanks.title"));
        await Assertions.Expect(page.Locator(".confirmation")).ToContainTextAsync("Gemeente Oost");
        var number = new Uri(page.Url).Segments[^1];

        await using var officer = await OfficerWindow.EnterAsync(site, await browser.OpenAsync(site.Address, Screen.Desktop with { JavaScript = false }), "nl", "east");
        await officer.OpenAsync(number);
        await WorkAsync(site, officer, null);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#standing .tag")).ToHaveTextAsync(site.Get<Words>().In("nl", "reports.state.resolved"));
        await Assertions.Expect(page.Locator("#history")).ToContainTextAsync("De herstelling is uitgevoerd (Oost)");
        await PhotosAreCleanAsync(site, page, 2);
        await ToldAsync(site, "nl", "received", "accepted", "planned", "resolved");
        window.Troubles.ShouldBeEmpty();
        officer.Troubles.ShouldBeEmpty();
    }

    /// <summary>Accepts, plans with a ready answer, begins, and resolves with a ready answer and a photo of the repair; who watches sees each step.</summary>
    private static async Task WorkAsync(TestSite site, OfficerWindow officer, IPage? watching)
    {
        var day = site.Clock.GetUtcNow().AddDays(3);
        await officer.ActAsync("accept", "accepted");
        await SeesAsync(watching, "#standing .tag", site.Get<Words>().In("fr", "reports.state.accepted"));
        await officer.ActAsync("plan", "planned", async form =>
        {
            await form.Locator("input[name=plannedFrom]").FillAsync(day.ToString("yyyy-MM-dd"));
            await officer.TakeAnswerAsync(form, "plan", "planned");
        });
        await SeesAsync(watching, "#history", "Nous passons le jeudi 7 mai");
        await officer.ActAsync("start", "inProgress");
        await SeesAsync(watching, "#standing .tag", site.Get<Words>().In("fr", "reports.state.inProgress"));
        await officer.ActAsync("resolve", "resolved", async form =>
        {
            var filled = await officer.TakeAnswerAsync(form, "resolve", "resolvedRoad");
            await filled.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "after.jpg", MimeType = "image/jpeg", Buffer = Pictures.WithMetadata(Pictures.Jpeg(320, 240), 8) });
        });
    }

    private static async Task SeesAsync(IPage? page, string where, string words)
    {
        if (page is not null)
        {
            await Assertions.Expect(page.Locator(where)).ToContainTextAsync(words, new() { Timeout = PatienceMs });
        }
    }

    /// <summary>A tap brings its place under the pin.</summary>
    private static async Task TapAsync(IPage page)
    {
        var map = page.Locator("zn-map[ready] .stage");
        await map.WaitForAsync(new() { Timeout = 60_000 });
        (await page.Locator("#f-lon").InputValueAsync()).ShouldBeEmpty("where the map opens is no choice");
        await map.ClickAsync(new() { Position = new() { X = 190, Y = 230 } });
        await Assertions.Expect(page.Locator("#f-lon")).Not.ToHaveValueAsync("");
        await GoOnAsync(page);
    }

    private static async Task ChooseAsync(IPage page, string words, string category)
    {
        await page.Locator("input[name=q]").FillAsync(words);
        await page.Locator("main button[name=search]").ClickAsync();
        await page.Locator($".leaves button[value={category}]").First.ClickAsync();
    }

    /// <param name="scripted">Said, not asked: a page without scripts may never answer what is evaluated in it.</param>
    private static async Task AddPhotoAsync(IPage page, bool scripted)
    {
        if (scripted)
        {
            await Assertions.Expect(page.Locator("zn-photo[ready]")).ToBeAttachedAsync();
        }
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "IMG_0001.jpg", MimeType = "image/jpeg", Buffer = Pictures.WithMetadata(Pictures.Jpeg(640, 480), 6) });
        if (scripted)
        {
            await Assertions.Expect(page.Locator("zn-photo img")).ToBeVisibleAsync(new() { Timeout = PatienceMs });
        }
    }

    private static Task GoOnAsync(IPage page) => page.Locator("main form button.primary").Last.ClickAsync();

    /// <summary>The renditions come after the answer; what is served of them says nothing but pixels.</summary>
    private static async Task PhotosAreCleanAsync(TestSite site, IPage page, int count)
    {
        for (var until = DateTime.UtcNow.AddMilliseconds(PatienceMs); DateTime.UtcNow < until && await page.Locator("#standing img").CountAsync() < count; await Task.Delay(200))
        {
            await page.ReloadAsync();
        }
        var shown = await page.Locator("#standing img").EvaluateAllAsync<string[]>("all => all.map(one => one.getAttribute('src'))");
        shown.Length.ShouldBe(count);
        foreach (var path in shown.SelectMany(path => new[] { "large", "medium", "thumb" }.Select(variant => path.Replace("medium", variant, StringComparison.Ordinal))))
        {
            var bytes = await site.Client.GetByteArrayAsync(path);
            foreach (var trace in Traces)
            {
                bytes.AsSpan().IndexOf(trace).ShouldBe(-1, path);
            }
        }
        foreach (var file in Directory.EnumerateFiles(site.Get<DataFolder>().Files, "*", SearchOption.AllDirectories))
        {
            (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Traces[0]).ShouldBe(-1, "nothing that was hidden in a photo was ever kept");
        }
    }

    /// <summary>The reporter was told of each of these in the language of the report, and of nothing else.</summary>
    private static async Task ToldAsync(TestSite site, string language, params string[] steps)
    {
        foreach (var step in steps)
        {
            var subject = site.Get<Words>().In(language, $"reports.mail.{step}.subject", "\u0001", "\u0001", "\u0001", "\u0001").Split('\u0001');
            var letter = await Letters.WaitAsync(site, Resident, letter => subject.All(part => letter.Mail.Subject.Contains(part.Trim(), StringComparison.Ordinal)));
            letter.Language.ShouldBe(language);
            letter.Link($"/{language}/reports/").ShouldContain("t=");
        }
        Letters.To(site, Resident).Count.ShouldBe(steps.Length);
    }

    private static async Task<TestSite> TwoTownsAsync()
    {
        var site = await TestSite.NewAsync(settings: [(KernelSettings.Quota, "off")]);
        await TwoTowns.FoundAsync(site);
        return site;
    }

    private static async Task<TestSite> RealCityAsync()
    {
        static string Read(string file) => File.ReadAllText(ReferenceData.At(file));
        var site = await TestSite.NewAsync(settings: [(KernelSettings.Quota, "off")]);
        await TwoTowns.ImportAsync(site.Services, Read("areas/brussels-19.geojson"), Read("reports/bodies.json"), Read("reports/categories.json"), Read("reports/rules.json"));
        return site;
    }
}
