using System.Net;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Of a private report the public learns that it exists and what becomes of it, never where it is or what it says (reports.md 4.4).</summary>
[Collection(TwoTowns.Collection)]
public class PrivateReportsTests(TwoTowns towns)
{
    private readonly TestSite site = towns.Site;

    [Fact]
    public async Task Neither_filters_nor_the_routing_tell_its_place_or_words()
    {
        const double lon = 4.35001, lat = 50.86321; // A metre from the boundary: a question would be asked.
        var sent = ReportCalls.Hole(lon, lat).With("category", "clean-home").With("description", "Moisissure au troisième étage");
        var number = (await site.FileAsync(sent)).GetProperty("number").GetString()!;
        var box = "bbox=4.350,50.863,4.3501,50.8633";

        (await site.GetAsync($"/api/v1/reports/{number}")).Json.GetProperty("lon").GetDouble().ShouldBe(4.35);
        (await site.GetAsync($"/api/v1/reports/{number}")).Text.ShouldNotContain("4.35001");
        (await site.GetAsync($"/api/v1/reports/{number}")).Json.GetProperty("dispatch").GetProperty("alternatives").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await site.GetAsync("/api/v1/reports?category=clean-home")).Text.ShouldContain(number);
        (await site.GetAsync($"/api/v1/reports?{box}")).Text.ShouldNotContain(number);
        (await site.GetAsync("/api/v1/reports?text=moisissure")).Text.ShouldNotContain(number);
        (await site.GetAsync("/fr/reports?text=moisissure")).Text.ShouldNotContain(number);
    }

    [Fact]
    public async Task Its_photos_open_to_the_reporter_and_to_the_holder_alone()
    {
        var answered = await site.PostPhotosAsync("/api/v1/reports", ReportCalls.Hole().With("category", "clean-home"), "fr", Pictures.Jpeg(64, 48));
        var (number, token) = (answered.Json.GetProperty("number").GetString()!, answered.Json.GetProperty("trackToken").GetString()!);
        await site.CountsAsync(); // Waits until the photo is drawn.
        var page = await site.GetAsync($"/fr/reports/{number}?t={token}");
        var address = System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(page.Text, "<img src=\"([^\"]+/medium[^\"]*)\"").Groups[1].Value);

        (await site.GetAsync(address)).Status.ShouldBe(HttpStatusCode.OK);
        (await site.GetAsync(address[..address.IndexOf('?', StringComparison.Ordinal)])).Status.ShouldBe(HttpStatusCode.NotFound);
        var original = address[..address.IndexOf('?', StringComparison.Ordinal)].Replace("medium", "original", StringComparison.Ordinal);
        (await site.GetAsync(original, await site.StaffKeyAsync("west"))).Status.ShouldBe(HttpStatusCode.OK);
        (await site.GetAsync(original, await site.StaffKeyAsync("east"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await site.GetAsync(original + "?t=" + token)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Words_are_found_without_accents_and_case()
    {
        var number = (await site.FileAsync(ReportCalls.Hole().With("description", "Bordure cassée près de l’École"))).GetProperty("number").GetString()!;
        foreach (var words in (string[])["école", "ECOLE", "pres de l'ecole", number])
        {
            (await site.GetAsync("/api/v1/reports?text=" + Uri.EscapeDataString(words))).Text.ShouldContain(number, Case.Sensitive, words);
        }
    }

    [Fact]
    public async Task The_dry_run_says_which_body_and_names_the_sides()
    {
        var answered = await site.PostAsync("/api/v1/reports/route", ReportCalls.Hole(4.35001).ToJsonString());
        answered.Json.GetProperty("body").GetString().ShouldBe("east");
        answered.Json.GetProperty("question").GetProperty("options")[0].GetProperty("label").GetProperty("nl").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_place_that_is_none_in_the_address_of_the_form_is_left_out() =>
        (await site.GetAsync("/fr/reports/new?lon=NaN&lat=1")).Status.ShouldBe(HttpStatusCode.OK);
}
