using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Site.Tests.Browser;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>A crew in a tunnel: its round is there, what it solves waits on the telephone, and is done once when there is a network again (R28, R13).</summary>
[Collection(TestBrowser.Collection)]
public class RoundOfflineTests(TestBrowser browser)
{
    [BrowserFact]
    public async Task What_is_solved_without_a_network_is_solved_once_when_it_is_back()
    {
        var tunnel = new Tunnel();
        await using var site = await TestSite.NewAsync(add: services => services.AddSingleton<IStartupFilter>(tunnel));
        var city = await DeskCity.FoundAsync(site.Services);
        string[] holes = [await city.FileAsync(lon: 4.31), await city.FileAsync(lon: 4.32), await city.FileAsync(lon: 4.33)];
        var cookie = await city.SignInAsync("crew", DeskCity.West);
        var crew = (await site.Get<Callers>().OfSessionAsync(cookie, "fr"))!;
        var id = (await site.Get<MakeRound>().RunAsync(new NewRound(holes, "Nord", site.Clock.NowMicros(), 15, "", Back: false, UrgentFirst: false), crew, default)).Value;
        var round = $"/fr/desk/reports/rounds/{id}";
        await using var window = await browser.OpenAsync(site.Address);
        await window.BeAsync(cookie);
        var page = window.Page;
        await page.GotoAsync(round);
        for (var look = 0; !await page.EvaluateAsync<bool>($"async () => (await caches.match('{round}', {{ ignoreVary: true }})) !== undefined && navigator.serviceWorker.controller !== null"); look++)
        {
            look.ShouldBeLessThan(200);
            await Task.Delay(50);
        }
        window.TakeTroubles().ShouldBeEmpty();

        tunnel.IsDark = true;
        await page.Context.SetOfflineAsync(true);
        await page.GotoAsync(round);
        await SolveAsync(page, holes[0], "", Pictures.Jpeg(320, 240));
        await Assertions.Expect(Stop(page, holes[0], "waiting")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator($"[data-stop='{holes[1]}'] details[open]")).ToHaveCountAsync(1); // The next one unfolds by itself.
        await SolveAsync(page, holes[1], "Rebouché", null);
        await page.CloseAsync();
        page = await page.Context.NewPageAsync(); // A closed page loses nothing.
        await page.GotoAsync(round);
        await Assertions.Expect(page.Locator("[data-repair=waiting]")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator($"[data-stop='{holes[0]}'] form")).ToBeHiddenAsync();
        window.TakeTroubles();

        tunnel.AnswersLost = 1;
        tunnel.IsDark = false;
        await page.Context.SetOfflineAsync(false);
        await Assertions.Expect(page.Locator("[data-repair=sent]")).ToHaveCountAsync(2, new() { Timeout = 30_000 });
        tunnel.AnswersLost.ShouldBe(0, "the first answer was lost, and it was sent again");
        await using var store = site.Get<Database>().Open();
        foreach (var (hole, photos) in ((string, int)[])[(holes[0], 1), (holes[1], 0), (holes[2], 0)])
        {
            var report = (await new ReadReport(store).DetailAsync(hole, default))!;
            var solved = hole != holes[2];
            (report.Report.State, report.Pictures.Count(picture => picture.Photo.After)).ShouldBe((solved ? ReportState.Resolved : ReportState.Assigned, photos));
            report.Entries.Count(entry => entry.Action == "resolve").ShouldBe(solved ? 1 : 0);
        }
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("main .standing")).ToContainTextAsync("2 sur 3 résolus");
    }

    [BrowserFact]
    public async Task What_one_of_a_crew_has_noted_leaves_under_no_other_name()
    {
        var tunnel = new Tunnel();
        await using var site = await TestSite.NewAsync(add: services => services.AddSingleton<IStartupFilter>(tunnel));
        var city = await DeskCity.FoundAsync(site.Services);
        string[] holes = [await city.FileAsync(lon: 4.31), await city.FileAsync(lon: 4.32)];
        var (ada, ben) = (await city.SignInAsync("crew", DeskCity.West, name: "Ada"), await city.SignInAsync("crew", DeskCity.West, name: "Ben"));
        var crew = (await site.Get<Callers>().OfSessionAsync(ada, "fr"))!;
        var round = $"/fr/desk/reports/rounds/{(await site.Get<MakeRound>().RunAsync(new NewRound(holes, "Nord", site.Clock.NowMicros(), 15, "", Back: false, UrgentFirst: false), crew, default)).Value}";
        await using var window = await browser.OpenAsync(site.Address);
        await window.BeAsync(ada);
        var page = window.Page;
        await page.GotoAsync(round);
        await page.Locator("zn-round[ready]").WaitForAsync();
        tunnel.IsDark = true;
        await page.Context.SetOfflineAsync(true);
        await SolveAsync(page, holes[0], "Rebouché par Ada", null);
        window.TakeTroubles();

        await window.BeAsync(ben);
        tunnel.IsDark = false;
        await page.Context.SetOfflineAsync(false);
        await page.GotoAsync(round);
        await Assertions.Expect(page.Locator("zn-round > [role=status]")).ToContainTextAsync("Des réparations notées par Ada attendent");
        await Assertions.Expect(page.Locator($"[data-stop='{holes[1]}'] details[open]")).ToHaveCountAsync(1); // Not the one that waits.
        await SolveAsync(page, holes[1], "Rebouché par Ben", null, "sent"); // What waits of others holds up nothing.
        await Assertions.Expect(Stop(page, holes[0], "waiting")).ToHaveCountAsync(1);
        (await StateAsync(site, holes[0])).ShouldBe(ReportState.Assigned);
        (await StateAsync(site, holes[1])).ShouldBe(ReportState.Resolved);

        await window.BeAsync(ada);
        await page.GotoAsync(round);
        await Assertions.Expect(Stop(page, holes[0], "sent")).ToHaveCountAsync(1, new() { Timeout = 30_000 });
        await using var store = site.Get<Database>().Open();
        var solved = (await new ReadReport(store).DetailAsync(holes[0], default))!;
        solved.Entries.Single(entry => entry.Action == "resolve").Actor.ShouldBe(crew.Actor.Id);
    }

    private static async Task<ReportState> StateAsync(TestSite site, string number)
    {
        await using var store = site.Get<Database>().Open();
        return (await ReadReport.FindAsync(store, number, tracked: false, default))!.State;
    }

    private static ILocator Stop(IPage page, string number, string state) => page.Locator($"[data-stop='{number}'][data-repair={state}]");

    private static async Task SolveAsync(IPage page, string number, string words, byte[]? photo, string state = "waiting")
    {
        var stop = page.Locator($"[data-stop='{number}']");
        await page.Locator("zn-round[ready]").WaitForAsync();
        if (photo is not null)
        {
            await stop.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "IMG_0001.jpg", MimeType = "image/jpeg", Buffer = photo });
            await stop.Locator("zn-photo img").WaitForAsync();
        }
        await stop.Locator("textarea").FillAsync(words);
        await stop.Locator("details form button.button:not(.small)").Last.ClickAsync();
        await Assertions.Expect(Stop(page, number, state)).ToHaveCountAsync(1);
    }

    /// <summary>Between the telephone and the site: in the dark nobody answers, and of what arrives some answers are lost.</summary>
    private sealed class Tunnel : IStartupFilter
    {
        public volatile bool IsDark;

        /// <summary>How many answers to repairs are still to be lost.</summary>
        public int AnswersLost;

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (http, pass) =>
            {
                var loses = HttpMethods.IsPost(http.Request.Method) && Volatile.Read(ref AnswersLost) > 0;
                if (loses)
                {
                    http.Response.Body = Stream.Null;
                }
                if (!IsDark)
                {
                    await pass(http);
                }
                if (IsDark || loses)
                {
                    AnswersLost -= loses ? 1 : 0;
                    http.Abort();
                }
            });
            next(app);
        };
    }
}
