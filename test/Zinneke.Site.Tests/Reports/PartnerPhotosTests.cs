using System.Net;
using System.Text.Json;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>The system of a body has the pictures that its report has, and hears of everything that changes what may be shown of it (reports.md 5.3, R29, R30).</summary>
public class PartnerPhotosTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task The_first_call_names_the_picture_and_a_private_one_opens_to_the_holders_key_alone(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind);
        await using var partner = await PartnerSystem.StartAsync(site.Clock);
        var city = await PartnerTests.CityAsync(site, partner, "");
        var (west, east) = (await PartnerTests.KeyAsync(site, DeskCity.West), await PartnerTests.KeyAsync(site, DeskCity.East));
        var sent = await site.PostPhotosAsync("/api/v1/reports", ReportCalls.Hole(), "fr", Pictures.Jpeg(64, 48));
        var number = sent.Json.GetProperty("number").GetString()!;
        var assigned = (await partner.HeardAsync(1))[0];
        (assigned.Event, assigned.Report.GetProperty("version").GetInt64(), assigned.Report.GetProperty("visibility").GetString()).ShouldBe(("report.assigned", 1, "public"));
        (await StatusAsync(site, PhotosOf(assigned).ShouldHaveSingleItem(), null)).ShouldBe(HttpStatusCode.OK);

        await city.ActAsync(number, "setPrivate", await city.CallerAsync("agent", DeskCity.West));
        var hidden = (await partner.HeardAsync(2))[1];
        (hidden.Event, hidden.Report.GetProperty("visibility").GetString()).ShouldBe(("report.updated", "private"));
        var path = PhotosOf(hidden).ShouldHaveSingleItem();
        path.ShouldStartWith("/api/v1/reports/");
        (await StatusAsync(site, path, west)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(site, path, east)).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(site, path, null)).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(site, path.Replace("large", "original", StringComparison.Ordinal), west)).ShouldBe(HttpStatusCode.NotFound, "the full size is for people");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Whatever_is_taken_out_of_sight_or_put_in_other_words_is_told(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind);
        await using var partner = await PartnerSystem.StartAsync(site.Clock);
        var city = await PartnerTests.CityAsync(site, partner, "");
        var sent = await site.PostPhotosAsync("/api/v1/reports", ReportCalls.Hole(), "fr", Pictures.Jpeg(64, 48));
        var (number, photo) = (sent.Json.GetProperty("number").GetString()!, sent.Json.GetProperty("photos")[0].GetProperty("id").GetGuid());
        var first = PhotosOf((await partner.HeardAsync(1))[0]).Single();
        var officer = await city.CallerAsync("agent", DeskCity.West);
        var agent = new Acting(officer, false);
        async Task<JsonElement> ToldAsync(int count)
        {
            var told = (await partner.HeardAsync(count))[^1];
            told.Event.ShouldBe("report.updated");
            return told.Report;
        }
        for (var person = 1; person <= ReportFlag.HidesAt; person++)
        {
            (await site.Get<FlagReport>().RunAsync(number, new FlagRequest { What = "text", Reason = "privateData" }, $"actor:{person}", default)).Refusal.ShouldBeNull();
        }
        (await ToldAsync(2)).GetProperty("textHidden").GetBoolean().ShouldBeTrue("two flags are no news, the third hides");
        (await site.Get<EditWords>().RunAsync(number, new WordsRequest { Description = "Un trou" }, agent, default)).Refusal.ShouldBeNull();
        (await ToldAsync(3)).GetProperty("description").GetString().ShouldBe("Un trou");
        (await site.Get<ShowPart>().RunAsync(number, new ShowRequest { What = PartRequest.Text, Show = true }, agent, default)).Refusal.ShouldBeNull();
        (await ToldAsync(4)).GetProperty("textHidden").GetBoolean().ShouldBeFalse();
        (await site.Get<ShowPart>().RunAsync(number, new ShowRequest { What = PartRequest.OfPhoto, Photo = photo, Show = false }, agent, default)).Refusal.ShouldBeNull();
        (await ToldAsync(5)).GetProperty("photos").GetArrayLength().ShouldBe(0);
        (await site.Get<ShowPart>().RunAsync(number, new ShowRequest { What = PartRequest.OfPhoto, Photo = photo, Show = true }, agent, default)).Refusal.ShouldBeNull();
        (await ToldAsync(6)).GetProperty("photos").GetArrayLength().ShouldBe(1);
        await city.ActAsync(number, "hide", officer);
        (await ToldAsync(7)).GetProperty("visibility").GetString().ShouldBe("hidden");
        await city.ActAsync(number, "show", officer);
        (await ToldAsync(8)).GetProperty("visibility").GetString().ShouldBe("public");
        (await site.Get<RedactPhoto>().RunAsync(number, photo, new RedactRequest { Rectangles = [new Redaction(0.1, 0.1, 0.5, 0.5)] }, agent, default)).Refusal.ShouldBeNull();
        var (count, black) = (8, (string?)null);
        for (var wait = 0; black is null && wait < 1500; wait++) // Once without the old picture and once with the new one; together when it is drawn at once.
        {
            await Task.Delay(10);
            count = partner.Calls.Count;
            black = PhotosOf(partner.Calls.Last()).FirstOrDefault(path => path != first);
        }
        black.ShouldNotBeNull();
        (await StatusAsync(site, black, null)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(site, first, null)).ShouldBe(HttpStatusCode.NotFound);
        count.ShouldBeInRange(9, 10);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Pictures_alone_are_an_update_and_come_from_the_bodys_own_host(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind);
        await using var partner = await PartnerSystem.StartAsync(site.Clock);
        var city = await PartnerTests.CityAsync(site, partner, "");
        var key = await PartnerTests.KeyAsync(site, DeskCity.West);
        var number = await city.FileAsync();
        await partner.HeardAsync(1);
        var path = $"/api/v1/partner/reports/{number}/update";
        (await site.PostAsync(path, "{}", key)).Fields.ShouldBe(["text"]);
        var foreign = partner.PhotoUrl.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        (await site.PostAsync(path, $$"""{"photos":["{{foreign}}"]}""", key)).Fields.ShouldBe(["photos[0]"]);
        var answer = await site.PostAsync(path, $$"""{"photos":["{{partner.PhotoUrl}}"]}""", key);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.ToString());
        answer.Json.GetProperty("photos").EnumerateArray().ShouldHaveSingleItem().GetProperty("after").GetBoolean().ShouldBeTrue();
        answer.Json.GetProperty("history").EnumerateArray().Last().GetProperty("action").GetString().ShouldBe("photo");
        var told = (await partner.HeardAsync(2))[1];
        (told.Event, PhotosOf(told).Count).ShouldBe(("report.updated", 1));
    }

    private static List<string> PhotosOf(WebhookCall call) => [.. call.Report.GetProperty("photos").EnumerateArray().Select(url => new Uri(url.GetString()!).PathAndQuery)];

    private static async Task<HttpStatusCode> StatusAsync(TestSite site, string path, string? key) => (await site.GetAsync(path, key)).Status;
}
