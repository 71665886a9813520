using System.Net;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Changing the language in the middle of a report keeps what was typed (kernel.md K20), without JavaScript.</summary>
[Collection(TwoTowns.Collection)]
public class LanguageSwitchTests(TwoTowns towns)
{
    private readonly TestSite site = towns.Site;

    [Fact]
    public async Task Every_screen_comes_back_in_the_other_language_as_it_was_filled()
    {
        var before = await site.CountsAsync();
        var where = await SwitchAsync(await PlainForm.OpenAsync(site, "/fr/reports/new"), "where", "Où est le problème\u202f?", "Waar is", [], ("lon", "4.32"), ("lat", "50.85"), ("address", "Kerkstraat 3"));
        where.Html.ShouldContain("value=\"Kerkstraat 3\"");
        where.Html.ShouldContain("value=\"50.85\"");
        var what = await SwitchAsync(await where.GoOnAsync(site, "fr", ("lon", "4.32"), ("lat", "50.85"), ("address", "Kerkstraat 3")), "what", "Quel est le problème\u202f?", "Wat is", [], ("q", "trou"));
        what.Html.ShouldContain("value=\"road-hole\"");
        var details = await SwitchAsync(await what.GoOnAsync(site, "fr", ("category", "clean-dump")), "details", "Dépôt clandestin", "Sluikstort", [Pictures.Jpeg(40, 40)], ("description", "Un matelas"), ("answers.pieces", "3"));
        details.Html.ShouldContain("Un matelas");
        details.Html.ShouldContain("value=\"3\"");
        details.Html.ShouldContain("40 × 40");
        details.Html.ShouldNotContain("role=\"alert\"", Case.Sensitive, "a missing answer is no fault yet");
        var send = await SwitchAsync(await details.GoOnAsync(site, "fr", ("description", "Un matelas"), ("answers.volume", "lt1")), "send", "Tout est juste\u202f?", "Klopt alles?", [], ("contact.email", "ada@example.org"));
        send.Html.ShouldContain("value=\"ada@example.org\"");
        (await site.CountsAsync())["reports_reports"].ShouldBe(before["reports_reports"], "nothing was sent");

        var sent = await send.GoOnAsync(site, "nl", ("contact.email", "ada@example.org"));
        sent.Location!.ToString().ShouldStartWith("/nl/reports/");
        (await site.CountsAsync())["reports_reports"].ShouldBe(before["reports_reports"] + 1);
    }

    /// <summary>Presses the button of the other language: it belongs to the form and sends it there.</summary>
    private async Task<PlainForm> SwitchAsync(PlainForm screen, string step, string inFrench, string inDutch, byte[][] photos, params (string, string)[] typed)
    {
        screen.Words.ShouldContain(inFrench);
        screen.Html.ShouldContain("<button form=\"report\" formaction=\"/nl/reports/new\" name=\"stay\" value=\"1\" lang=\"nl\"");
        var other = await screen.GoOnAsync(site, "nl", photos, [.. typed, ("stay", "1")]);
        other.Status.ShouldBe(HttpStatusCode.OK, other.Words);
        other.Html.ShouldContain("<html lang=\"nl\"");
        other.Hidden("step").ShouldBe(step);
        other.Words.ShouldContain(inDutch);
        return other;
    }
}
