using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Browser;

namespace Zinneke.Site.Tests.Maps;

/// <summary>A style of elsewhere under the maps (K25): only where a setting names one, and only from its host.</summary>
[Collection(TestBrowser.Collection)]
public class MapStyleTests(TestBrowser browser)
{
    private const string Style = """
        {"version":8,"sources":{"plain":{"type":"geojson","attribution":"© Somebody","data":{"type":"Polygon","coordinates":[[[4,50],[5,50],[5,51],[4,51],[4,50]]]}}},
        "layers":[{"id":"ground","type":"background","paint":{"background-color":"#cfe8cf"}},{"id":"plain","type":"fill","source":"plain","paint":{"fill-color":"#88aa88"}}]}
        """;

    [Fact]
    public async Task Without_the_setting_a_page_may_ask_nobody_else()
    {
        await using var site = await TestSite.NewAsync();
        using var answer = await site.Client.GetAsync("/fr/reports/new");
        answer.Headers.GetValues("Content-Security-Policy").ShouldBe([ContentSecurity.OfPages]);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain(" under=");
    }

    [Fact]
    public async Task With_it_a_page_may_ask_that_host_and_says_so()
    {
        await using var site = await TestSite.NewAsync(settings: (KernelSettings.MapStyle, "https://tiles.example:8443/styles/grey.json?key=1"));
        using var answer = await site.Client.GetAsync("/en/reports/new");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("; connect-src 'self' https://tiles.example:8443;");
        policy.ShouldContain("; img-src 'self' https://tiles.example:8443 data: blob:;");
        policy.Split("tiles.example").Length.ShouldBe(3, "nothing else may come from there");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("under=\"https://tiles.example:8443/styles/grey.json?key=1\"");
        (await site.Client.GetStringAsync("/en/privacy")).ShouldContain("tiles.example");
        using var file = await site.Client.GetAsync("/files/" + new string('0', 64) + "/thumb.jpg");
        file.Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("tiles.example");
    }

    [BrowserFact]
    public async Task The_map_lies_on_it_and_names_whose_it_is()
    {
        await using var elsewhere = await TestSite.NewAsync(doors => doors.Root.MapGet("/style.json", () => Results.Text(Style, "application/json")).Public().OpenToOtherSites());
        await using var site = await TestSite.NewAsync(settings: (KernelSettings.MapStyle, new Uri(elsewhere.Address, "/style.json").ToString()));
        await using var window = await browser.OpenAsync(site.Address);
        await window.Page.GotoAsync("/fr/reports/new");
        await window.Page.Locator("zn-map[ready]").WaitForAsync(new() { Timeout = 60_000 });
        await window.Page.GetByText("© Somebody").WaitForAsync();
        window.Troubles.ShouldBe([$"request to {new Uri(elsewhere.Address, "/style.json")}"], "nothing is refused, and nothing else is asked for");
    }

    [BrowserFact]
    public async Task The_map_does_without_it_when_it_does_not_come()
    {
        await using var site = await TestSite.NewAsync(settings: (KernelSettings.MapStyle, "http://127.0.0.1:9/style.json"));
        await using var window = await browser.OpenAsync(site.Address);
        await window.Page.GotoAsync("/fr/reports/new");
        await window.Page.Locator("zn-map[ready]").WaitForAsync(new() { Timeout = 60_000 });
    }
}
