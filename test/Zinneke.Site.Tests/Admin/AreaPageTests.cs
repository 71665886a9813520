using System.Net;
using System.Text.Json;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Admin;

/// <summary>One area by form over HTTP: found, corrected, renamed from a day on, ended and opened again, and taken along for another boundary.</summary>
public sealed class AreaPageTests : IAsyncLifetime
{
    private const string West = "/fr/admin/areas/area?id=1&from=0001-01-01", Later = "/fr/admin/areas/area?id=1&from=2040-01-01";

    private TestSite site = null!;
    private DeskCity city = null!;
    private Visitor administrator = null!;

    public async Task InitializeAsync()
    {
        site = await TestSite.NewAsync();
        city = await DeskCity.FoundAsync(site.Services);
        administrator = new Visitor(site.Client, await city.SignInAsync("administrator", null, name: "Ada"));
    }

    public Task DisposeAsync() => site.DisposeAsync().AsTask();

    [Fact]
    public async Task An_area_is_found_and_corrected_and_whoever_saw_less_is_told()
    {
        var list = (await administrator.GetAsync("/fr/admin/areas?q=OUEST")).Html;
        list.ShouldContain($"href=\"{West}\"");
        list.ShouldNotContain("id=2&");
        (await administrator.GetAsync("/fr/admin/areas?q=zzzz")).Html.ShouldContain("Territoires trouvés\u00a0: 0");
        (await administrator.GetAsync("/nl/admin/areas/area?id=1")).Html.ShouldContain("value=\"West\"");
        (await administrator.GetAsync("/fr/admin/areas/area?id=%00")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await administrator.GetAsync("/fr/admin/areas/area?id=9")).Status.ShouldBe(HttpStatusCode.NotFound);
        var head = new Visitor(site.Client, await city.SignInAsync("head", DeskCity.West));
        (await head.GetAsync(West)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await head.PostAsync(West, Fields("1"))).Status.ShouldBe(HttpStatusCode.Forbidden);

        var (status, html, _) = await administrator.PostAsync(West, Fields("1", ("names.fr", ""), ("names.nl", ""), ("names.en", ""), ("names.de", ""), ("postcodes", "mille quatre cents")));
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        html.ShouldContain("Laissez un nom dans une langue au moins.");
        html.ShouldContain("value=\"mille quatre cents\"");
        (await administrator.PostAsync(West, Fields("1", ("names.fr", "Ouest-Ville"), ("owner", "water"), ("postcodes", "1801, 1802")))).To.ShouldBe(West + "&done=changed");
        html = (await administrator.GetAsync(West + "&done=changed")).Html;
        html.ShouldContain("value=\"Ouest-Ville\"");
        html.ShouldContain("value=\"1801, 1802\"");
        html.ShouldContain("name=\"seen\" value=\"2\"");

        (status, html, _) = await administrator.PostAsync(West, Fields("1", ("names.fr", "Couchant")));
        status.ShouldBe(HttpStatusCode.Conflict);
        html.ShouldContain("Entre-temps");
        html.ShouldContain("value=\"Couchant\"");
        (await administrator.PostAsync(West, Fields("2", ("names.fr", "Couchant")))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await site.SettleAsync();
        html = (await administrator.GetAsync("/fr/admin/audit?kind=area&subject=1")).Html;
        html.ShouldContain("<del>Ouest-Ville</del>");
        html.ShouldContain("href=\"/fr/admin/areas/area?id=1\"");
        (await administrator.GetAsync("/fr/admin/areas")).Html.ShouldContain("Ada");
    }

    [Fact]
    public async Task A_renaming_begins_a_period_that_can_be_taken_back()
    {
        foreach (var (day, says) in new[] { ("", "une date comme"), ("0001-01-01", "après le premier"), ("2040-01-01", "Rien ne change ce jour-là") })
        {
            var (status, refused, _) = await administrator.PostAsync(West, Fields("1", ("how", "from"), ("from", day)));
            status.ShouldBe(HttpStatusCode.UnprocessableEntity, day);
            refused.ShouldContain(says);
        }
        (await administrator.PostAsync(West, Fields("1", ("names.fr", "Ouest-le-Neuf"), ("from", "2040-01-01")))).Html.ShouldContain("ou effacez le jour");
        (await administrator.PostAsync(West, Fields("1", ("names.fr", "Ouest-le-Neuf"), ("how", "from"), ("from", "2040-01-01")))).To.ShouldBe(Later + "&done=begun");
        await city.FileAsync();
        await site.SettleAsync();
        foreach (var path in (string[])["/fr/reports/statistics", "/open311/v2/requests.json", "/fr/admin/bodies", "/fr/admin/bodies/west", "/fr/admin/rules/waste"])
        {
            var (status, said, _) = await administrator.GetAsync(path);
            status.ShouldBe(HttpStatusCode.OK, path);
            said.ShouldNotContain("Ouest-le-Neuf", customMessage: "nothing is called so yet");
        }
        var html = (await administrator.GetAsync(Later)).Html;
        html.ShouldContain("jusqu’au 31/12/2039");
        html.ShouldContain("à venir");
        html.ShouldContain("&on=2040-01-01\"");
        (await site.Client.GetStringAsync("/map.svg?lang=fr&frame=4.4,50.85,10,320,320&layers=areas&on=2040-01-01")).ShouldContain("Ouest-le-Neuf");
        (await site.Client.GetStringAsync("/map.svg?lang=fr&frame=4.4,50.85,10,320,320&layers=areas")).ShouldNotContain("Ouest-le-Neuf");
        (await administrator.GetAsync(West)).Html.ShouldNotContain("value=\"takeBack\"");
        (await administrator.PostAsync(Later, ("seen", "7"), ("do", "takeBack"))).Status.ShouldBe(HttpStatusCode.Conflict);
        (await administrator.PostAsync(Later, ("seen", "1"), ("do", "takeBack"))).To.ShouldBe(West + "&done=takenBack");
        (await administrator.GetAsync(Later)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_end_needs_a_look_at_what_still_names_the_area_and_is_undone()
    {
        var (status, html, _) = await administrator.PostAsync(West, ("seen", "1"), ("do", "end"), ("until", "2039-12-31"));
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        html.ShouldContain("href=\"/fr/admin/bodies/west\"");
        html.ShouldContain("value=\"2039-12-31\"");
        html.ShouldContain("puis cochez la case");
        (await administrator.PostAsync(West, ("seen", "1"), ("do", "end"), ("until", "un jour"), ("sure", "true"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await administrator.PostAsync(West, ("seen", "1"), ("do", "end"), ("until", "2039-12-31"), ("sure", "true"))).To.ShouldBe(West + "&done=ended");
        var file = JsonDocument.Parse((await administrator.GetAsync("/fr/admin/areas/area/file?id=1")).Html).RootElement.GetProperty("features").EnumerateArray().ShouldHaveSingleItem();
        file.GetProperty("properties").GetProperty("valid_to").GetString().ShouldBe("2039-12-31");
        html = (await administrator.GetAsync(West)).Html;
        html.ShouldContain("jusqu’au 31/12/2039");
        (await administrator.PostAsync(West, ("seen", "2"), ("do", "reopen"))).To.ShouldBe(West + "&done=reopened");
        (await administrator.GetAsync(West)).Html.ShouldNotContain("value=\"reopen\"");
    }

    /// <summary>The form of West as a browser would send it.</summary>
    private static (string Name, string Value)[] Fields(string seen, params (string Name, string Value)[] other) =>
    [
        .. new (string Name, string Value)[] { ("seen", seen), ("names.fr", "Ouest"), ("names.nl", "West"), ("names.en", "West"), ("names.de", "West"), ("parent", ""), ("owner", ""), ("postcodes", ""), ("how", "whole"), ("from", "") }
            .Where(field => !other.Any(one => one.Name == field.Name)), .. other,
    ];
}
