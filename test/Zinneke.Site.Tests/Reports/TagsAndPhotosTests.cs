using System.Net;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Reports;

/// <summary>What a client may keep of a report, and what may be added to it.</summary>
[Collection(TwoTowns.Collection)]
public class TagsAndPhotosTests(TwoTowns towns)
{
    private readonly TestSite site = towns.Site;

    [Fact]
    public async Task The_tag_is_the_version_and_what_else_the_answer_depends_on_is_said()
    {
        var (number, west) = ((await site.FileAsync(ReportCalls.Hole())).GetProperty("number").GetString()!, await site.StaffKeyAsync("west"));
        var answered = await site.GetAsync($"/api/v1/reports/{number}");
        (answered.Headers.ETag!.Tag, answered.Headers.ETag.IsWeak).ShouldBe(("\"1\"", false));
        foreach (var name in (string[])["Accept-Language", "Authorization", "X-API-Key", "Cookie"])
        {
            answered.Headers.Vary.ShouldContain(name);
        }
        (await CallAsync(HttpMethod.Get, $"/api/v1/reports/{number}", null, ("If-None-Match", "\"1\""))).Status.ShouldBe(HttpStatusCode.NotModified);

        (await CallAsync(HttpMethod.Post, $"/api/v1/reports/{number}/actions/accept", west, ("If-Match", "\"1\""))).Status.ShouldBe(HttpStatusCode.OK);
        (await CallAsync(HttpMethod.Post, $"/api/v1/reports/{number}/actions/start", west, ("If-Match", "\"1\""))).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await CallAsync(HttpMethod.Post, $"/api/v1/reports/{number}/support", null, ("If-Match", "\"1\""))).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await CallAsync(HttpMethod.Post, $"/api/v1/reports/{number}/support", null, ("If-Match", "\"2\""))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_a_photo_is_to_be_drawn_nothing_is_called_unchanged()
    {
        var answered = await site.PostPhotosAsync("/api/v1/reports", ReportCalls.Hole(), "fr", Pictures.Jpeg(66, 44));
        var path = $"/api/v1/reports/{answered.Json.GetProperty("number").GetString()}";
        answered.Json.GetProperty("photos")[0].GetProperty("status").GetString().ShouldBe("pending");
        for (var (look, status) = (0, "pending"); status == "pending"; look++)
        {
            look.ShouldBeLessThan(400);
            await Task.Delay(20);
            var seen = await CallAsync(HttpMethod.Get, path, null, ("If-None-Match", "\"0\""));
            status = seen.Json.GetProperty("photos")[0].GetProperty("status").GetString();
            (seen.Headers.ETag is null).ShouldBe(status == "pending");
        }
        (await CallAsync(HttpMethod.Get, path, null, ("If-None-Match", "\"1\""))).Status.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Four_photos_are_of_the_problem_and_eight_of_the_repair()
    {
        var filed = await site.FileAsync(ReportCalls.Hole());
        var (path, token, west) = ($"/api/v1/reports/{filed.GetProperty("id").GetString()}/photos", filed.GetProperty("trackToken").GetString()!, await site.StaffKeyAsync("west"));
        (await AddAsync(path, 3, null, token)).Status.ShouldBe(HttpStatusCode.OK);
        (await AddAsync(path, 2, null, token)).Code.ShouldBe("tooManyPhotos");
        (await AddAsync(path, 1, null, token)).Status.ShouldBe(HttpStatusCode.OK);
        (await AddAsync(path, 4, west)).Status.ShouldBe(HttpStatusCode.OK);
        (await AddAsync(path, 4, west)).Status.ShouldBe(HttpStatusCode.OK);
        (await AddAsync(path, 1, west)).Code.ShouldBe("tooManyPhotos");
    }

    [Fact]
    public async Task The_receipt_of_a_private_report_shows_its_sender_all_and_others_not_how_sure_the_routing_is()
    {
        var sent = ReportCalls.Hole(4.35001).With("category", "clean-home").With("description", "Moisissure");
        var answered = await site.PostPhotosAsync("/api/v1/reports", sent, "fr", Pictures.Jpeg(67, 45));
        var receipt = answered.Json;
        (receipt.GetProperty("description").GetString(), receipt.GetProperty("lon").GetDouble(), receipt.GetProperty("photos").GetArrayLength()).ShouldBe(("Moisissure", 4.35001, 1));
        receipt.GetProperty("dispatch").GetProperty("alternatives").GetArrayLength().ShouldBe(1);
        var dispatch = (await site.GetAsync($"/api/v1/reports/{receipt.GetProperty("number").GetString()}")).Json.GetProperty("dispatch");
        dispatch.GetProperty("confidence").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task The_place_of_a_photo_takes_the_words_for_the_other_place_away()
    {
        var where = await PlainForm.OpenAsync(site, "/fr/reports/new");
        var what = await where.GoOnAsync(site, "fr", ("lon", "4.32"), ("lat", "50.85"), ("address", "Rue du Canal 12"));
        var details = await what.GoOnAsync(site, "fr", ("category", "road-hole"));
        (await details.GoOnAsync(site, "fr", ("description", "Trou"))).Words.ShouldContain("Rue du Canal 12");
        var moved = await details.GoOnAsync(site, "fr", ("description", "Trou"), ("photoPlace", "4.38,50.85"), ("side", "west"));
        moved.Hidden("step").ShouldBe("send");
        moved.Words.ShouldNotContain("Rue du Canal 12");
        moved.Words.ShouldNotContain("50,85", Case.Sensitive, "a municipality says more than a number");
        moved.Words.ShouldContain("Commune d’Est");
    }

    [Fact]
    public async Task An_address_that_is_too_long_leads_back_to_the_map()
    {
        var where = await PlainForm.OpenAsync(site, "/nl/reports/new");
        var details = await (await where.GoOnAsync(site, "nl", ("lon", "4.32"), ("lat", "50.85"), ("address", new string('x', 301)))).GoOnAsync(site, "nl", ("category", "road-hole"));
        var send = await details.GoOnAsync(site, "nl", ("description", "Put"));
        var refused = await send.GoOnAsync(site, "nl");
        refused.ShouldBeRefused(site, "nl", "reports.refusal.addressTooLong");
        refused.Hidden("step").ShouldBe("where");
    }

    private Task<Answered> CallAsync(HttpMethod method, string path, string? key, params (string Name, string Value)[] headers) => site.CallAsync(method, path, null, key, "fr", headers);

    private Task<Answered> AddAsync(string path, int photos, string? key, string? token = null)
    {
        var parts = new MultipartFormDataContent();
        for (var i = 0; i < photos; i++)
        {
            parts.Add(new ByteArrayContent(Pictures.Jpeg(50 + i, 40)), "photo", "photo.jpg");
        }
        return site.CallAsync(HttpMethod.Post, path, parts, key, "fr", token is null ? [] : [("Zinneke-Track", token)]);
    }
}

/// <summary>A form that stays open longer than its photos are kept.</summary>
public class OldDraftTests
{
    [Fact]
    public async Task A_photo_that_was_deleted_meanwhile_is_missed_in_words_and_never_silently()
    {
        await using var site = await TestSite.NewAsync(settings: [(KernelSettings.Quota, "off")]);
        await TwoTowns.FoundAsync(site);
        var where = await PlainForm.OpenAsync(site, "/nl/reports/new");
        var details = await (await where.GoOnAsync(site, "nl", ("lon", "4.32"), ("lat", "50.85"))).GoOnAsync(site, "nl", ("category", "road-hole"));
        var send = await details.GoOnAsync(site, "nl", [Pictures.Jpeg(64, 48)], ("description", "Put"));
        site.Clock.Advance(TimeSpan.FromHours(20));
        details = await send.GoOnAsync(site, "nl", ("go", "details"));
        send = await details.GoOnAsync(site, "nl", ("description", "Put"));
        site.Clock.Advance(TimeSpan.FromHours(5));
        await site.Get<SweepFiles>().ForgetUnclaimedAsync();
        var refused = await send.GoOnAsync(site, "nl");
        refused.ShouldBeRefused(site, "nl", "reports.refusal.photoGone");
        refused.Hidden("step").ShouldBe("details");
        refused.Html.ShouldContain("Put");
        send = await refused.GoOnAsync(site, "nl", ("description", "Put"));
        (await send.GoOnAsync(site, "nl")).Status.ShouldBe(HttpStatusCode.SeeOther, "without it, as was said");
    }
}
