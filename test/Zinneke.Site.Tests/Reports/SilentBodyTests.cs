using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>A body that does not answer: what the public, its own desk and the desk above it see.</summary>
public class SilentBodyTests
{
    [Fact]
    public async Task The_page_says_in_four_languages_who_is_waited_for_and_the_desks_show_it()
    {
        await using var site = await TestSite.NewAsync();
        var city = await DeskCity.FoundAsync(site.Services);
        var clock = ActivatorUtilities.CreateInstance<ReportClock>(site.Services);
        var number = await city.FileAsync(); // On Monday 4 May.
        string[] said = ["En attente d’une réponse de Commune d’Ouest depuis le lundi 4 mai", "Wacht op Gemeente West sinds maandag 4 mei", "Waiting for Town of West since Monday 4 May", "Wartet auf Gemeinde West seit Montag, 4. Mai"];
        await SaysAsync(false);
        site.Clock.Advance(TimeSpan.FromDays(3));
        await clock.TickAsync(default);
        await SaysAsync(true);
        (await site.Client.GetStringAsync($"/api/v1/reports/{number}")).ShouldContain("\"waitingSince\":\"2026-05-04T10:00:00");

        var above = new Visitor(site.Client, await city.SignInAsync("agent", DeskCity.Region));
        (await above.GetAsync("/en/desk/reports")).Html.ShouldContain("Not answered<span class=\"count\">1</span>");
        (await above.GetAsync("/en/desk/reports?silent=true")).Html.ShouldContain(number);
        (await above.GetAsync($"/en/desk/reports/{number}")).Html.ShouldContain("Town of West got this report on Monday 4 May and has neither accepted nor rejected it in time. Region was told.");

        await city.ActAsync(number, "accept", await city.CallerAsync("agent", DeskCity.West));
        await SaysAsync(false);
        (await above.GetAsync("/en/desk/reports")).Html.ShouldNotContain("Not answered");

        async Task SaysAsync(bool waits)
        {
            foreach (var (language, words) in Languages.All.Zip(said))
            {
                var html = System.Net.WebUtility.HtmlDecode(await site.Client.GetStringAsync($"/{language}/reports/{number}?x={site.Clock.GetUtcNow().Ticks}{waits}"));
                html.Contains(words, StringComparison.Ordinal).ShouldBe(waits, language);
            }
        }
    }
}
