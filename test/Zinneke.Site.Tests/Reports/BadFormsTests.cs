using System.Net;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Reports;

/// <summary>The four screens without JavaScript: what is wrong is said beside the field in the page's language, the form comes back as it was filled, and nothing is stored.</summary>
[Collection(TwoTowns.Collection)]
public class BadFormsTests(TwoTowns towns)
{
    private static readonly (string, string)[] Here = [("lon", "4.32"), ("lat", "50.85")];
    private readonly TestSite site = towns.Site;

    [Theory]
    [InlineData("fr")]
    [InlineData("nl")]
    public async Task Without_a_place_one_stays_at_the_map(string language)
    {
        var where = await PlainForm.OpenAsync(site, $"/{language}/reports/new");
        where.Status.ShouldBe(HttpStatusCode.OK);
        foreach (var (lon, lat, fault, field) in new[]
        {
            ("", "", "placeNeeded", "place"), ("4.32", "91", "latitudeOutside", "lat"), ("NaN", "NaN", "latitudeOutside", "lat"), ("four", "fifty", "longitudeOutside", "lon"),
            ("1e400", "50", "longitudeOutside", "lon"), ("4.32", "", "required", "lat"),
        })
        {
            // An address beside them does not hide what is wrong until the last screen.
            foreach (var address in field == "place" ? new[] { "" } : ["", "Rue Haute 1, 1801 Ouest"])
            {
                var again = await where.GoOnAsync(site, language, ("lon", lon), ("lat", lat), ("address", address));
                again.ShouldBeRefused(site, language, "reports.refusal." + fault);
                again.Hidden("step").ShouldBe("where");
                again.Html.ShouldContain($"id=\"f-{field}\"");
                foreach (var typed in new[] { lon, lat, address }.Where(typed => typed.Length > 0))
                {
                    again.Html.ShouldContain($"value=\"{typed}\"");
                }
            }
        }
    }

    [Fact]
    public async Task The_words_for_a_place_go_when_the_pin_moves_on_without_javascript()
    {
        var where = await PlainForm.OpenAsync(site, "/fr/reports/new");
        (string, string)[] click = [("frame", "4.32,50.85,15,320,320"), ("pick.x", "100"), ("pick.y", "100"), ("address", "Rue Haute 1")];
        var first = await where.GoOnAsync(site, "fr", click);
        first.Html.ShouldContain("value=\"Rue Haute 1\"", Case.Sensitive, "the words led to the first pin");
        string ValueOf(string name) => System.Text.RegularExpressions.Regex.Match(first.Html, $"name=\"{name}\" type=\"text\" value=\"([^\"]+)\"").Groups[1].Value;
        (string, string)[] there = [("lon", ValueOf("lon")), ("lat", ValueOf("lat")), ("address", "Rue Haute 1")];
        (await first.GoOnAsync(site, "fr", [.. there, ("move", "west")])).Html.ShouldContain("value=\"Rue Haute 1\"", Case.Sensitive, "only the map was moved");
        (await first.GoOnAsync(site, "fr", [.. there, ("pick.x", "10"), ("pick.y", "10")])).Html.ShouldNotContain("Rue Haute 1");
        (await first.GoOnAsync(site, "fr", ("address", "Rue Basse 2"), ("pick.x", "10"), ("pick.y", "10"))).Html.ShouldContain("value=\"Rue Basse 2\"", Case.Sensitive, "other words came with it");
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("nl")]
    public async Task An_unknown_category_is_refused_and_a_changed_state_begins_anew(string language)
    {
        var what = await AtWhatAsync(language);
        foreach (var category in new[] { "road-pothole", "road", "road-inspection", "<script>alert(1)</script>" })
        {
            (await what.GoOnAsync(site, language, ("category", category))).ShouldBeRefused(site, language, "reports.refusal.unknownCategory");
        }
        (await what.GoOnAsync(site, language)).ShouldBeRefused(site, language, "reports.refusal.categoryNeeded");

        var state = what.Hidden("state");
        var forged = await what.GoOnAsync(site, language, ("state", state[..^2] + (state[^2] == 'A' ? "BB" : "AA")), ("category", "road-hole"));
        ((int)forged.Status).ShouldBeOneOf(200, 422);
        forged.Words.ShouldNotContain("50,85", Case.Sensitive, "a state that was changed is not believed");
    }

    [Fact]
    public async Task Missing_and_unknown_answers_come_back_with_what_was_written()
    {
        foreach (var language in new[] { "fr", "nl" })
        {
            var details = await (await AtWhatAsync(language)).GoOnAsync(site, language, ("category", "clean-dump"));
            details.Status.ShouldBe(HttpStatusCode.OK);
            var missing = await details.GoOnAsync(site, language, ("description", "Matelas & sommier <rouge>"), ("answers.pieces", "3"));
            missing.ShouldBeRefused(site, language, "reports.refusal.missingAnswer");
            missing.Html.ShouldContain("Matelas &amp; sommier &lt;rouge&gt;");
            missing.Html.ShouldContain("value=\"3\"");
            missing.Html.ShouldContain("href=\"#f-answers-volume\"");
            missing.Html.ShouldContain("id=\"f-answers-volume\"");
            (await details.GoOnAsync(site, language, ("answers.volume", "huge"))).ShouldBeRefused(site, language, "reports.refusal.unknownAnswer");
            (await details.GoOnAsync(site, language, ("answers.volume", "lt1"), ("answers.weight", "3"))).ShouldBeRefused(site, language, "reports.refusal.unknownQuestion");
        }
    }

    [Fact]
    public async Task A_number_with_a_comma_and_a_time_on_the_clocks_of_the_city_are_read_as_people_write_them()
    {
        var details = await (await AtWhatAsync("fr")).GoOnAsync(site, "fr", ("category", "clean-dump"));
        details.Html.ShouldContain("name=\"answers.since\" type=\"datetime-local\"");
        (string, string)[] written = [("answers.volume", "lt1"), ("answers.pieces", "1,5"), ("answers.since", "2026-05-04T13:20")];
        (await details.GoOnAsync(site, "fr", [.. written, ("answers.pieces", "deux")])).ShouldBeRefused(site, "fr", "reports.refusal.oneAnswerOnly");
        (await details.GoOnAsync(site, "fr", ("answers.volume", "lt1"), ("answers.pieces", "deux"))).ShouldBeRefused(site, "fr", "reports.refusal.answerNotNumber");
        (await details.GoOnAsync(site, "fr", ("answers.volume", "lt1"), ("answers.since", "hier"))).ShouldBeRefused(site, "fr", "reports.refusal.dateWithoutZone");
        var send = await details.GoOnAsync(site, "fr", written);
        send.Hidden("step").ShouldBe("send");
        send.Words.ShouldContain("4 mai");
        send.Words.ShouldContain("1,5");
        var back = await send.GoOnAsync(site, "fr", ("go", "details"));
        back.Html.ShouldContain("value=\"2026-05-04T13:20\"");
        back.Html.ShouldContain("value=\"1,5\"");
        var sent = await send.GoOnAsync(site, "fr");
        sent.Status.ShouldBe(HttpStatusCode.SeeOther);
        using var report = System.Text.Json.JsonDocument.Parse(await site.Client.GetStringAsync("/api/v1/reports/" + sent.Location!.ToString().Split('?')[0].Split('/')[^1]));
        var answers = report.RootElement.GetProperty("answers");
        (answers.GetProperty("pieces").GetString(), answers.GetProperty("since").GetString()).ShouldBe(("1.5", "2026-05-04T13:20:00+02:00"));
    }

    [Fact]
    public async Task Who_must_be_reached_leaves_an_address_or_a_number()
    {
        var send = await (await (await AtWhatAsync("fr")).GoOnAsync(site, "fr", ("category", "clean-noise"))).GoOnAsync(site, "fr", ("description", "Bruit"));
        (await send.GoOnAsync(site, "fr", ("contact.name", "Ada"))).ShouldBeRefused(site, "fr", "reports.refusal.contactNeeded");
        (await send.GoOnAsync(site, "fr", ("contact.name", "Ada"), ("contact.phone", "+32 2 555 01 23"))).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Too_many_words_come_back_whole_and_4000_pass()
    {
        var words = string.Concat(Enumerable.Repeat("éàüß ", 801));
        var details = await (await AtWhatAsync("nl")).GoOnAsync(site, "nl", ("category", "road-hole"));
        var again = await details.GoOnAsync(site, "nl", ("description", words));
        again.ShouldBeRefused(site, "nl", "reports.refusal.descriptionTooLong");
        again.Words.ShouldContain(words.Trim());

        var send = await details.GoOnAsync(site, "nl", ("description", words[..3999] + "é"));
        send.Hidden("step").ShouldBe("send");
        var sent = await send.GoOnAsync(site, "nl");
        sent.Status.ShouldBe(HttpStatusCode.SeeOther, sent.Words);
        (await PlainForm.OpenAsync(site, sent.Location!.ToString())).Words.ShouldContain(words[..3999] + "é");
    }

    [Fact]
    public async Task Bad_photos_keep_the_good_one_and_say_what_to_do()
    {
        var details = await (await AtWhatAsync("fr")).GoOnAsync(site, "fr", ("category", "road-hole"));
        var before = await site.CountsAsync();
        var fake = await details.GoOnAsync(site, "fr", ["This is no photo, it only says so."u8.ToArray()], ("description", "Avec photo"));
        ((int)fake.Status).ShouldBeOneOf(415, 422);
        fake.Words.ShouldContain(site.Get<Words>().In("fr", "kernel.refusal.photoType"));
        fake.Html.ShouldContain("Avec photo");
        (await site.CountsAsync()).ShouldBe(before);

        var five = await details.GoOnAsync(site, "fr", [.. Enumerable.Range(0, 5).Select(i => Pictures.Jpeg(40 + i, 40))], ("description", "Cinq"));
        five.Words.ShouldContain(site.Get<Words>().In("fr", "kernel.refusal.tooManyPhotos", 4));
        var heavy = await details.GoOnAsync(site, "fr", [[.. Pictures.Jpeg(40, 40)[..^2], .. new byte[20 << 20]]], ("description", "Lourde"));
        heavy.Words.ShouldContain(site.Get<Words>().In("fr", "kernel.refusal.photoTooBig", 20));
        heavy.Html.ShouldContain("Lourde");
    }

    [Fact]
    public async Task A_bad_address_stays_on_the_last_screen()
    {
        foreach (var email in new[] { "nobody", "a@b", "nobody@example.org\r\nBcc: everybody@example.org" })
        {
            var send = await AtSendAsync("nl");
            var before = await site.CountsAsync();
            var again = await send.GoOnAsync(site, "nl", ("contact.email", email));
            again.ShouldBeRefused(site, "nl", "reports.refusal.emailMalformed");
            again.Hidden("step").ShouldBe("send");
            (await site.CountsAsync()).ShouldBe(before);
        }
    }

    [Fact]
    public async Task Pressing_twice_is_one_report()
    {
        var send = await AtSendAsync("fr");
        var before = (await site.CountsAsync())["reports_reports"];
        var sent = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => send.GoOnAsync(site, "fr", ("contact.email", "resident@example.org"))));
        sent.ShouldAllBe(s => s.Status == HttpStatusCode.SeeOther);
        sent.Select(s => s.Location!.ToString().Split('?')[0]).Distinct().Count().ShouldBe(1);
        (await site.CountsAsync())["reports_reports"].ShouldBe(before + 1);
    }

    [Fact]
    public async Task The_same_draft_with_other_words_is_no_second_report()
    {
        var details = await (await AtWhatAsync("fr")).GoOnAsync(site, "fr", ("category", "road-hole"));
        var first = await (await details.GoOnAsync(site, "fr", ("description", "Un"))).GoOnAsync(site, "fr");
        first.Status.ShouldBe(HttpStatusCode.SeeOther);
        var before = await site.CountsAsync();
        var second = await (await details.GoOnAsync(site, "fr", ("description", "Deux"))).GoOnAsync(site, "fr");
        second.Status.ShouldBe(HttpStatusCode.Conflict);
        second.Words.ShouldContain(site.Get<Words>().In("fr", "reports.refusal.clientIdReused"));
        (await site.CountsAsync()).ShouldBe(before);
    }

    private async Task<PlainForm> AtWhatAsync(string language)
    {
        var what = await (await PlainForm.OpenAsync(site, $"/{language}/reports/new")).GoOnAsync(site, language, Here);
        what.Status.ShouldBe(HttpStatusCode.OK, what.Words);
        what.Hidden("step").ShouldBe("what");
        return what;
    }

    private async Task<PlainForm> AtSendAsync(string language)
    {
        var send = await (await (await AtWhatAsync(language)).GoOnAsync(site, language, ("category", "road-hole"))).GoOnAsync(site, language, ("description", "Trou"));
        send.Hidden("step").ShouldBe("send");
        return send;
    }
}

internal static class RefusedForms
{
    /// <summary>422, with the text in the page's language, in the summary on top.</summary>
    public static void ShouldBeRefused(this PlainForm form, TestSite site, string language, string key)
    {
        form.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, form.Words);
        form.Html.ShouldContain("role=\"alert\"");
        form.Html.ShouldContain($"<html lang=\"{language}\"");
        foreach (var part in site.Get<Words>().In(language, key, "\u0001", "\u0001").Split('\u0001'))
        {
            form.Words.ShouldContain(part.Trim());
        }
    }
}
