using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>The third screen: what is near, what is asked at a boundary, and what is said before anything is written (R4, R5, R8).</summary>
[Collection(TwoTowns.Collection)]
public partial class DetailsPageTests(TwoTowns towns)
{
    private readonly TestSite site = towns.Site;

    [Fact]
    public async Task At_most_five_that_may_be_the_same_are_shown_and_one_is_followed_instead()
    {
        const double Lon = 4.3312, Lat = 50.8712;
        var numbers = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            numbers.Add((await site.FileAsync(ReportCalls.Hole(Lon + (i * 0.00003), Lat))).GetProperty("number").GetString()!);
        }
        await site.Get<FollowerRunner>().CaughtUpAsync(default);
        var details = await AtAsync("fr", "road-hole", Lon, Lat);
        var near = Near().Matches(details.Html.Split("<form id=")[0]).Select(match => match.Groups[1].Value).Distinct().ToList();
        near.ShouldBe(numbers[..5], "the nearest first");
        details.Words.ShouldContain("Transmis", Case.Sensitive, "their state");
        details.Words.ShouldContain("à 4 m", Case.Sensitive, "how far");

        (string, string)[] follow = [("follow", "1"), ("near", near[1])];
        var refused = await details.GoOnAsync(site, "fr", [.. follow, ("email", "nobody")]);
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Html.ShouldContain("value=\"nobody\"");
        refused.Html.ShouldContain("id=\"f-follow-email\"");
        (await details.GoOnAsync(site, "fr", ("follow", "1"), ("email", "ada@example.org"))).ShouldBeRefused(site, "fr", "reports.refusal.required");
        var followed = await details.GoOnAsync(site, "fr", [.. follow, ("email", "near@example.org")]);
        followed.Status.ShouldBe(HttpStatusCode.OK);
        followed.Words.ShouldContain($"Vous soutenez le signalement {near[1]}");
        followed.Hidden("step").ShouldBe("details", "what was begun is still there");
        await using var store = site.Get<Database>().Open();
        (await store.Set<Report>().SingleAsync(report => report.Number == near[1])).SupportCount.ShouldBe(1);
        (await store.Set<Subscription>().CountAsync(subscription => subscription.Email == "near@example.org")).ShouldBe(1);
    }

    [Fact]
    public async Task What_was_just_solved_can_be_followed_and_supported_too()
    {
        var filed = await site.FileAsync(ReportCalls.Hole(4.3105, 50.8805));
        var (id, number) = (filed.GetProperty("id").GetString(), filed.GetProperty("number").GetString());
        (await site.PostAsync($"/api/v1/reports/{id}/actions/resolve", """{"text":"Fait"}""", await site.StaffKeyAsync("west"))).Status.ShouldBe(HttpStatusCode.OK);
        var page = await PlainForm.OpenAsync(site, $"/fr/reports/{number}");
        page.Html.ShouldContain("value=\"support\"");
        page.Html.ShouldContain("value=\"follow\"");
    }

    [Theory]
    [InlineData("fr", "appelez le 112", "https://example.org/fr")]
    [InlineData("nl", "bel dan 112", "https://example.org/nl")]
    public async Task Danger_and_a_better_place_are_named_before_anything_is_asked_and_block_nothing(string language, string danger, string link)
    {
        var details = await AtAsync(language, "clean-needles", 4.3222, 50.8422);
        details.Words.ShouldContain(danger);
        var (said, offered, asked) = (details.Html.IndexOf("112", StringComparison.Ordinal), details.Html.IndexOf($"href=\"{link}\"", StringComparison.Ordinal), details.Html.IndexOf("name=\"description\"", StringComparison.Ordinal));
        (said < offered && offered < asked && said > 0).ShouldBeTrue();
        (await details.GoOnAsync(site, language, ("answers.where", "ground"))).Hidden("step").ShouldBe("send");
    }

    [Fact]
    public async Task The_question_at_a_boundary_never_blocks_and_only_its_answers_are_taken()
    {
        const double Lon = 4.34997, Lat = 50.8333; // Two metres from the other town.
        var details = await AtAsync("fr", "road-hole", Lon, Lat);
        details.Html.ShouldContain("name=\"side\"");
        foreach (var (side, body, uncertain) in new[] { ("", "west", true), ("unknown", "west", true), ("east", "east", false) })
        {
            var where = await AtAsync("fr", "road-hole", Lon, Lat);
            var sent = await (await where.GoOnAsync(site, "fr", side.Length == 0 ? [] : [("side", side)])).GoOnAsync(site, "fr");
            sent.Status.ShouldBe(HttpStatusCode.SeeOther, $"{side}: {sent.Words}");
            await HoldsAsync(sent.Location!.ToString().Split('?')[0].Split('/')[^1], body, uncertain);
            var filed = await site.FileAsync(side.Length == 0 ? ReportCalls.Hole(Lon, Lat) : ReportCalls.Hole(Lon, Lat).With("sideAnswer", side));
            await HoldsAsync(filed.GetProperty("number").GetString()!, body, uncertain);
        }
        var answered = await site.PostAsync("/api/v1/reports", ReportCalls.Hole(Lon, Lat).With("sideAnswer", "region").ToJsonString());
        (answered.Status, answered.Code).ShouldBe((HttpStatusCode.UnprocessableEntity, "unknownSide"));
        var again = await (await details.GoOnAsync(site, "fr", ("side", "region"))).GoOnAsync(site, "fr");
        again.ShouldBeRefused(site, "fr", "reports.refusal.unknownSide");
        again.Html.ShouldContain("href=\"#f-side\"");
    }

    [Fact]
    public async Task A_note_is_for_colleagues_and_the_times_that_it_was_passed_on_for_everybody()
    {
        var filed = await site.FileAsync(ReportCalls.Hole(4.3166, 50.8166));
        var (id, number) = (filed.GetProperty("id").GetString(), filed.GetProperty("number").GetString());
        var west = await site.StaffKeyAsync("west");
        (await site.PostAsync($"/api/v1/reports/{id}/actions/note", """{"text":"Téléphoner à Madame Dupont"}""", west)).Status.ShouldBe(HttpStatusCode.OK);
        (await site.PostAsync($"/api/v1/reports/{id}/actions/transfer", """{"body":"east","reason":"wrongPlace"}""", west)).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var path in new[] { $"/fr/reports/{number}", $"/api/v1/reports/{id}", $"/fr/reports/{number}/feed.atom", "/fr/reports/feed.atom" })
        {
            var answer = await site.Client.GetStringAsync(path);
            answer.ShouldContain(number!);
            answer.ShouldNotContain("Dupont", Case.Insensitive, path);
        }
        (await site.GetAsync($"/api/v1/reports/{id}", await site.StaffKeyAsync("east"))).Text.ShouldContain("Dupont");
        var page = WebUtility.HtmlDecode(await site.Client.GetStringAsync($"/fr/reports/{number}"));
        Regex.IsMatch(page, "Transferts</dt>\\s*<dd[^>]*>\\s*1\\b").ShouldBeTrue(page);
    }

    private async Task HoldsAsync(string number, string body, bool uncertain)
    {
        await using var store = site.Get<Database>().Open();
        var report = await store.Set<Report>().SingleAsync(one => one.Number == number);
        (report.Holder, report.Uncertain).ShouldBe((body, uncertain));
    }

    private async Task<PlainForm> AtAsync(string language, string category, double lon, double lat)
    {
        static string Text(double degrees) => degrees.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var where = await PlainForm.OpenAsync(site, $"/{language}/reports/new?category={category}");
        var details = await where.GoOnAsync(site, language, ("lon", Text(lon)), ("lat", Text(lat)));
        details.Hidden("step").ShouldBe("details", details.Words);
        return details;
    }

    [GeneratedRegex("href=\"/fr/reports/(\\d{4}-\\d+)\"")]
    private static partial Regex Near();
}
