using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Rounds over HTTP: from the ticks in the inbox to the last stop, without JavaScript, and by the API as the telephone sends it.</summary>
public partial class RoundPageTests(DeskSite desk) : IClassFixture<DeskSite>
{
    [Theory]
    [InlineData("fr", "Tournées", "Nouvelle tournée", "Résolu sur place")]
    [InlineData("nl", "Rondes", "Nieuwe ronde", "Ter plaatse opgelost")]
    [InlineData("en", "Rounds", "New round", "Solved here")]
    [InlineData("de", "Runden", "Neue Runde", "Hier gelöst")]
    public async Task What_is_ticked_in_the_inbox_becomes_a_round_whose_stops_are_solved_on_the_spot(string language, string title, string make, string solve)
    {
        string[] holes = [await desk.City.FileAsync(lon: 4.31), await desk.City.FileAsync(lon: 4.34), await desk.City.FileAsync(lon: 4.32)];
        var crew = await desk.SignInAsync("crew", DeskCity.West);
        var at = $"/{language}/desk/reports";
        (await crew.GetAsync(at)).Html.ShouldContain($"name=\"report\" value=\"{holes[0]}\"");
        var form = await crew.GetAsync($"{at}/rounds/new?{string.Join('&', holes.Select(hole => "report=" + hole))}");
        form.Html.ShouldContain($"<h1>{make}</h1>");
        var made = await MakeAsync(crew, language, holes);
        made.Status.ShouldBe(HttpStatusCode.SeeOther);
        var round = await crew.GetAsync(made.To!);
        round.Html.ShouldContain("<h1>Nord &");
        round.Html.ShouldContain(solve);
        StopsOf(round.Html).ShouldBe([holes[0], holes[2], holes[1]]);
        round.Html.ShouldContain("stops=\"1,4.31,50.85;2,4.32,50.85;3,4.34,50.85\"");

        (await crew.PostAsync(made.To!, ("do", "up " + holes[1]), ("version", "1"))).To.ShouldBe($"{made.To}#s-{holes[1]}");
        var stale = await crew.PostAsync(made.To!, ("do", "up " + holes[1]), ("version", "1"));
        (stale.Status, StopsOf(stale.Html).ToArray()[1]).ShouldBe((HttpStatusCode.Conflict, holes[1]));

        var stop = $"{made.To}/stops/{holes[1]}";
        (await crew.PostFilesAsync(stop, [("text", " ")])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var client = Guid.NewGuid().ToString();
        for (var sent = 0; sent < 2; sent++)
        {
            (await crew.PostFilesAsync(stop, [("client", client)], ("photo", "after.jpg", Pictures.Jpeg(64, 48)))).To.ShouldBe(made.To);
        }
        await using var store = desk.City.Get<Database>().Open();
        var report = (await new ReadReport(store).DetailAsync(holes[1], default))!;
        (report.Report.State, report.Pictures.Count(picture => picture.Photo.After)).ShouldBe((ReportState.Resolved, 1));

        (await crew.PostAsync(made.To!, ("do", "finish"), ("version", "2"))).To.ShouldBe(made.To);
        (await crew.GetAsync($"{at}/rounds")).Html.ShouldContain($"<h1>{title}</h1>");
        (await crew.PostAsync(made.To!, ("do", "remove"), ("version", "3"))).To.ShouldBe($"{at}/rounds");
        (await crew.GetAsync(made.To!)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_round_is_there_for_nobody_else()
    {
        var hole = await desk.City.FileAsync();
        var crew = await desk.SignInAsync("crew", DeskCity.West);
        var round = (await MakeAsync(crew, "fr", [hole])).To!;
        (await new Visitor(desk.Site.Client, null).GetAsync(round)).To!.ShouldStartWith("/fr/sign-in?return=");
        foreach (var (role, body) in ((string, string)[])[("head", DeskCity.Region), ("crew", DeskCity.East), ("reader", DeskCity.West)])
        {
            var other = await desk.SignInAsync(role, body);
            (await other.GetAsync(round)).Status.ShouldBe(HttpStatusCode.NotFound);
            (await other.PostAsync(round, ("do", "remove"), ("version", "1"))).Status.ShouldBe(HttpStatusCode.NotFound);
            (await other.PostFilesAsync($"{round}/stops/{hole}", [("text", "Fait")])).Status.ShouldBe(HttpStatusCode.NotFound);
            (await other.GetAsync("/fr/desk/reports/rounds")).Html.ShouldNotContain(round);
            (await MakeAsync(other, "fr", [hole])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }
        (await (await desk.SignInAsync("reader", DeskCity.West)).GetAsync("/fr/desk/reports")).Html.ShouldNotContain("name=\"report\"");
        var outside = await desk.City.FileAsync();
        (await crew.PostFilesAsync($"{round}/stops/{outside}", [("text", "Fait")])).Status.ShouldBe(HttpStatusCode.NotFound, "it is no stop of this round");
    }

    [Fact]
    public async Task What_cannot_be_a_round_comes_back_with_its_form_filled()
    {
        var hole = await desk.City.FileAsync();
        var crew = await desk.SignInAsync("crew", DeskCity.West);
        var (status, html, _) = await crew.PostAsync("/fr/desk/reports/rounds", ("report", hole), ("name", ""), ("day", "2026-02-30"), ("hour", "8"), ("minutes", "-1"), ("place", "Rue de Nulle Part 7"));
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        foreach (var said in (string[])["Donnez un nom à la tournée.", "Indiquez un jour et une heure de départ.", "Indiquez de 0 à 480 minutes.", "Cette adresse n’est pas connue.", "value=\"Rue de Nulle Part 7\"", $"name=\"report\" value=\"{hole}\""])
        {
            html.ShouldContain(said);
        }
        (await crew.GetAsync("/fr/desk/reports/rounds/new")).Html.ShouldContain("Cochez au moins un signalement.");
        (await crew.PostAsync("/fr/desk/reports/rounds/" + Guid.NewGuid(), ("do", "fly"), ("version", "1"))).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>A stop whose report has gone to another body shows nothing of it.</summary>
    [Fact]
    public async Task What_has_gone_to_another_body_is_not_shown()
    {
        string[] holes = [await desk.City.FileAsync(words: "Trou profond"), await desk.City.FileAsync(lon: 4.36, words: "Autre trou")];
        var crew = await desk.SignInAsync("crew", DeskCity.West);
        var round = (await MakeAsync(crew, "fr", holes)).To!;
        await desk.City.ActAsync(holes[0], "transfer", await desk.City.CallerAsync("agent", DeskCity.West), new ActionRequest { Body = DeskCity.Region, Reason = "notOurRoad" });
        var html = (await crew.GetAsync(round)).Html;
        html.ShouldContain("N’est plus à vous");
        html.ShouldNotContain(holes[0]);
        html.ShouldNotContain("Trou profond");
        html.ShouldContain("Autre trou");
        var elsewhere = Elsewhere().Match(html).Groups[1].Value;
        (await crew.PostAsync(round, ("do", $"out {elsewhere}"), ("version", "1"))).To.ShouldBe(round);
        html = (await crew.GetAsync(round)).Html;
        html.ShouldNotContain("N’est plus à vous");
        StopsOf(html).ShouldBe([holes[1]]);
    }

    [Fact]
    public async Task The_api_takes_a_repair_with_its_photos_in_one_call_from_who_repairs_alone()
    {
        var hole = await desk.City.FileAsync();
        async Task<(HttpStatusCode Status, JsonElement Json)> SendAsync(string? cookie, string action, params byte[][] photos)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/reports/{hole}/actions/resolve");
            var form = new MultipartFormDataContent { { new StringContent(action), "action" } };
            foreach (var photo in photos)
            {
                form.Add(new ByteArrayContent(photo), "photo", "after.jpg");
            }
            request.Content = form;
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            if (cookie is not null)
            {
                request.Headers.Add("Cookie", "zinneke=" + cookie);
            }
            using var answer = await desk.Site.Client.SendAsync(request);
            return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
        }
        var crew = await desk.City.SignInAsync("crew", DeskCity.West);
        var action = $$"""{"clientId":"{{Guid.NewGuid()}}","lang":"fr","text":"Rebouché"}""";
        (await SendAsync(null, action)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(await desk.City.SignInAsync("crew", DeskCity.East), action)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(crew, "{")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var done = await SendAsync(crew, action, Pictures.Jpeg(64, 48));
        (done.Status, done.Json.GetProperty("state").GetString(), done.Json.GetProperty("photos").GetArrayLength()).ShouldBe((HttpStatusCode.OK, "resolved", 1));
        var again = await SendAsync(crew, action, Pictures.Jpeg(64, 48));
        (again.Status, again.Json.GetProperty("photos").GetArrayLength(), again.Json.GetProperty("version").GetInt64()).ShouldBe((HttpStatusCode.OK, 1, done.Json.GetProperty("version").GetInt64()), "the same, sent twice");
        (await SendAsync(crew, action.Replace("clientId", "client", StringComparison.Ordinal))).Status.ShouldBe(HttpStatusCode.Conflict, "another repair of what is solved");
    }

    private static Task<(HttpStatusCode Status, string Html, string? To)> MakeAsync(Visitor by, string language, IReadOnlyList<string> numbers) => by.PostAsync(
        $"/{language}/desk/reports/rounds", [.. numbers.Select(number => ("report", number)), ("name", "Nord & sud"), ("day", "2026-11-27"), ("hour", "08:00"), ("minutes", "15"), ("place", "")]);

    private static IEnumerable<string> StopsOf(string html) => Stop().Matches(html).Select(match => match.Groups[1].Value);

    [GeneratedRegex("value=\"out ([0-9a-f-]{36})\"")]
    private static partial Regex Elsewhere();

    [GeneratedRegex("data-stop=\"([^\"]+)\"")]
    private static partial Regex Stop();
}
