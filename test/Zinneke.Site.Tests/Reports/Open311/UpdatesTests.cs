using System.Net;
using System.Text;
using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports.Open311;

/// <summary>What clients of Open311 say later; and requests whose place is an address of the index.</summary>
public class UpdatesTests(GeoSite geo) : IClassFixture<GeoSite>
{
    [Fact]
    public async Task An_address_of_the_index_is_a_place_by_its_id()
    {
        const string csv = "street_fr,street_nl,number,postcode,municipality,lon,lat\nRue du Puits,Putstraat,7,1801,Ouest,4.3411,50.8511\n";
        (await geo.Site.Get<ImportAddresses>().RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(csv)), "a.csv", Actor.System, default)).Added.ShouldBe(1);
        await geo.Site.SettleAsync();
        await using var store = geo.Site.Get<Database>().Open();
        var id = (await geo.Site.Get<AddressIndex>().UniqueAsync(store, "rue du puits 7"))!.Id;
        var number = await geo.TakenAsync(("lat", ""), ("long", ""), ("address_id", id));
        var one = (await geo.GetAsync($"v2/requests/{number}.json")).Json[0];
        (one.GetProperty("lat").GetDouble(), one.GetProperty("long").GetDouble(), one.GetProperty("address").GetString()).ShouldBe((50.8511, 4.3411, "Rue du Puits 7, 1801 Ouest"));
        var refused = await geo.PostAsync("v2/requests.json", ("lat", ""), ("long", ""), ("address_id", "nowhere|1"));
        (refused.Status, refused.Errors.Contains("address_id", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.BadRequest, true), refused.ToString());
    }

    [Fact]
    public async Task A_picture_comes_with_the_words_of_any_key_and_its_own_is_of_the_problem()
    {
        await using var site = await TestSite.NewAsync(settings: [(KernelSettings.AllowPrivateTargets, "true")]);
        await using var elsewhere = await PartnerSystem.StartAsync(site.Clock);
        var number = await (await DeskCity.FoundAsync(site.Services)).FileAsync();
        var key = (await site.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey("city app", ["open311"]))).Value.Secret;
        for (var update = 1; update <= 5; update++)
        {
            using var form = new FormUrlEncodedContent(
                new Dictionary<string, string> { ["api_key"] = key, ["service_request_id"] = number, ["update_id"] = $"{update}", ["status"] = "OPEN", ["description"] = "Le trou grandit", ["media_url"] = elsewhere.PhotoUrl });
            using var answer = await site.Client.PostAsync("/open311/v2/servicerequestupdates.json", form);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        }
        var report = (await site.GetAsync($"/api/v1/reports/{number}")).Json;
        report.GetProperty("photos").EnumerateArray().Select(photo => photo.GetProperty("after").GetBoolean()).ShouldBe([false, false, false, false], "as many as may be of a problem; the words of the fifth are there all the same");
        report.GetProperty("history").EnumerateArray().Count(line => line.GetProperty("action").GetString() == "comment").ShouldBe(5);
    }
}
