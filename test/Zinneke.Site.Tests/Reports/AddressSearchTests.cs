using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>From an address to a point, without JavaScript: by search, by the list of streets, and from the words of a report that has no point (R2, reports.md 4.1).</summary>
public sealed class AddressSearchTests : IAsyncLifetime
{
    private const string Csv = """
        street_fr,street_nl,number,postcode,municipality,lon,lat
        Rue du Canal,Kanaalstraat,12,1801,Ouest,4.3411,50.8511
        Rue du Canal,Kanaalstraat,14,1801,Ouest,4.3412,50.8512
        Quai du Canal,Kanaalkaai,12,1802,Est,4.3911,50.8511
        """;

    private TestSite site = null!;
    private DeskCity city = null!;

    public async Task InitializeAsync()
    {
        site = await TestSite.NewAsync(settings: [(KernelSettings.Quota, "off")]);
        city = await DeskCity.FoundAsync(site.Services);
        (await site.Get<ImportAddresses>().RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(Csv)), "a.csv", Actor.System, default)).Added.ShouldBe(3);
        await site.SettleAsync();
    }

    public Task DisposeAsync() => site.DisposeAsync().AsTask();

    [Fact]
    public async Task One_address_sets_the_pin_and_several_are_offered()
    {
        var visitor = new Visitor(site.Client, null);
        var start = (await visitor.GetAsync("/nl/reports/new")).Html;
        var several = await SearchAsync(visitor, start, "canal 12");
        several.ShouldContain("Kies het adres");
        var choices = Regex.Matches(several, "name=\"choose\" value=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();
        choices.Count.ShouldBe(2);
        several.ShouldContain("Kanaalstraat 12, 1801 Ouest");
        var chosen = (await visitor.PostAsync("/nl/reports/new", ("state", StateOf(several)), ("step", "where"), ("choose", choices[0]), ("frame", FrameOf(several)))).Html;
        chosen.ShouldContain("value=\"Kanaal");
        chosen.ShouldContain("name=\"lon\" type=\"text\" value=\"4.3");

        var one = await SearchAsync(visitor, start, "rue du canal 14");
        one.ShouldContain("value=\"4.3412\"");
        one.ShouldContain("value=\"Kanaalstraat 14, 1801 Ouest\"");
        var nothing = await SearchAsync(visitor, start, "zzzz", 422);
        nothing.ShouldContain("We vinden “zzzz” niet.");
        nothing.ShouldContain("value=\"zzzz\"", customMessage: "to be mended");
        (await visitor.GetAsync("/fr/reports/new?q=rue+du+canal+14")).Html.ShouldContain("value=\"4.3412\"");
    }

    [Fact]
    public async Task The_list_of_streets_leads_to_a_report()
    {
        var visitor = new Visitor(site.Client, null);
        var all = (await visitor.GetAsync("/fr/reports/streets")).Html;
        all.ShouldContain("1801 Ouest");
        all.ShouldContain("Rues\u00a0: 1");
        var streets = (await visitor.GetAsync("/fr/reports/streets?code=1801")).Html;
        var link = Regex.Match(streets, "href=\"(/fr/reports/new\\?street=[^\"]+)\"").Groups[1].Value;
        streets.ShouldContain("Kanaalstraat");
        (await visitor.GetAsync(link)).Html.ShouldContain("value=\"Rue du Canal, 1801 Ouest\"");
        (await visitor.GetAsync("/fr/reports/streets?code=9999")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_api_answers_while_one_types()
    {
        using var found = JsonDocument.Parse(await site.Client.GetStringAsync("/api/v1/addresses?q=kanaals%2012&lang=nl"));
        var address = found.RootElement.GetProperty("addresses").EnumerateArray().Single();
        address.GetProperty("label").GetString().ShouldBe("Kanaalstraat 12, 1801 Ouest");
        address.GetProperty("precision").GetString().ShouldBe("house");
        address.GetProperty("lon").GetDouble().ShouldBe(4.3411);
        (await site.Client.GetAsync("/api/v1/addresses")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await site.Client.GetAsync("/api/v1/addresses?q=a&lang=tlh")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        JsonDocument.Parse(await site.Client.GetStringAsync("/api/v1/addresses?q=%27%3B--")).RootElement.GetProperty("addresses").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task The_dry_run_names_the_body_that_filing_names()
    {
        var body = JsonSerializer.Serialize(new { category = "road-hole", address = "Quai du Canal 12", description = "Un trou", lang = "fr" });
        async Task<JsonElement> CallAsync(string path)
        {
            using var answer = await site.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
            return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        }
        (await CallAsync("/api/v1/reports/route")).GetProperty("body").GetString().ShouldBe(DeskCity.West, "by the point of the address; its words alone name no municipality");
        (await CallAsync("/api/v1/reports")).GetProperty("body").GetProperty("id").GetString().ShouldBe(DeskCity.West);
    }

    [Fact]
    public async Task A_report_without_a_point_gets_that_of_its_address_and_is_the_same_report_when_sent_again()
    {
        var body = JsonSerializer.Serialize(new { clientId = city.Get<Ids>().Next(), category = "road-hole", address = "Rue du Canal 12, 1801 Ouest", description = "Un trou", lang = "fr" });
        async Task<(HttpStatusCode Status, JsonElement Json)> SendAsync()
        {
            using var answer = await site.Client.PostAsync("/api/v1/reports", new StringContent(body, Encoding.UTF8, "application/json"));
            return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
        }
        var (status, filed) = await SendAsync();
        status.ShouldBe(HttpStatusCode.Created);
        using var read = JsonDocument.Parse(await site.Client.GetStringAsync($"/api/v1/reports/{filed.GetProperty("number").GetString()}"));
        (read.RootElement.GetProperty("lon").GetDouble(), read.RootElement.GetProperty("lat").GetDouble()).ShouldBe((4.3411, 50.8511));
        (await site.Get<ImportAddresses>().RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(Csv.Replace("4.3411", "4.3499", StringComparison.Ordinal))), "a.csv", Actor.System, default)).Changed.ShouldBe(1);
        (await SendAsync()).Status.ShouldBe(HttpStatusCode.OK, "the file says another place meanwhile");
    }

    private static async Task<string> SearchAsync(Visitor visitor, string page, string words, int status = 200)
    {
        var found = await visitor.PostAsync("/nl/reports/new", ("state", StateOf(page)), ("step", "where"), ("q", words), ("find", "1"), ("frame", FrameOf(page)));
        ((int)found.Status).ShouldBe(status);
        return found.Html;
    }

    private static string StateOf(string page) => Regex.Match(page, "name=\"state\" value=\"([^\"]+)\"").Groups[1].Value;

    private static string FrameOf(string page) => Regex.Match(page, "name=\"frame\" value=\"([^\"]+)\"").Groups[1].Value;
}
