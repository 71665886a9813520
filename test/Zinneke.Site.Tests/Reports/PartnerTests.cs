using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>A report goes to the system of a body and comes back answered, over real connections both ways (reports.md 5.3).</summary>
public class PartnerTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_partner_takes_reports_on_hands_them_back_and_hears_of_every_change_once(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind);
        await using var partner = await PartnerSystem.StartAsync(site.Clock);
        var city = await CityAsync(site, partner, "");
        var key = await KeyAsync(site, DeskCity.West);
        var number = await city.FileAsync(email: "ada@example.org");
        var assigned = (await partner.HeardAsync(1))[0];
        assigned.Event.ShouldBe("report.assigned");
        assigned.Json.GetProperty("deliveryId").GetString().ShouldBe(assigned.Delivery);
        (assigned.Report.GetProperty("number").GetString(), assigned.Report.GetProperty("state").GetString(), assigned.Report.GetProperty("lon").GetDouble(), assigned.Report.GetProperty("description").GetString())
            .ShouldBe((number, "assigned", 4.35, "Un trou dans la chaussée"));
        System.Text.Encoding.UTF8.GetString(assigned.Body).ShouldNotContain("ada@example.org");
        var path = new Uri(assigned.Report.GetProperty("partnerUrl").GetString()!).AbsolutePath;

        (await site.PostAsync($"{path}/accept", "{}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await site.PostAsync($"{path}/accept", "{}", await KeyAsync(site, DeskCity.East))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await site.PostAsync($"{path}/swallow", "{}", key)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await site.PostAsync("/api/v1/partner/reports/2020-000001/accept", "{}", key)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await site.PostAsync($"{path}/register", "{}", key)).ToString().ShouldContain("\"field\":\"reference\"");
        (await site.PostAsync($"{path}/register", """{"reference":"W-17"}""", key)).Json.GetProperty("reference").GetString().ShouldBe("W-17");
        var once = ("Idempotency-Key", "accept-17");
        (await site.PostAsync($"{path}/accept", "{}", key, headers: once)).Json.GetProperty("state").GetString().ShouldBe("accepted");
        (await site.PostAsync($"{path}/accept", "{}", key, headers: once)).Status.ShouldBe(HttpStatusCode.OK, "said once");
        var again = await site.PostAsync($"{path}/accept", "{}", key);
        (again.Status, again.Json.GetProperty("allowed").EnumerateArray().Any(one => one.GetString() == "resolve")).ShouldBe((HttpStatusCode.Conflict, true));
        (await site.PostAsync($"{path}/update", """{"state":"planned","plannedFrom":"2026-05-06T08:00:00+02:00"}""", key)).Json.GetProperty("state").GetString().ShouldBe("planned");
        (await site.PostAsync($"{path}/update", """{"text":{"fr":"Nous venons mercredi."}}""", key)).Status.ShouldBe(HttpStatusCode.OK);
        (await site.PostAsync($"{path}/update", """{"state":"flying"}""", key)).Fields.ShouldBe(["state"]);
        (await site.PostAsync($"{path}/close", """{"outcome":"resolved"}""", key)).Fields.ShouldBe(["text"]);
        (await site.PostAsync($"{path}/close", """{"text":"Fait"}""", key)).Fields.ShouldBe(["outcome"]);
        (await site.GetAsync("/api/v1/partner/reports", key)).Json.GetProperty("reports").EnumerateArray().Select(one => one.GetProperty("number").GetString()).ShouldBe([number]);
        (await site.GetAsync("/api/v1/partner/reports?state=resolved", key)).Json.GetProperty("reports").GetArrayLength().ShouldBe(0);
        (await site.PostAsync($"{path}/close", """{"outcome":"resolved","text":{"fr":"Fait","nl":"Klaar"}}""", key)).Json.GetProperty("state").GetString().ShouldBe("resolved");

        var calls = await partner.HeardAsync(6);
        calls.Select(call => call.Event).ShouldBe(["report.assigned", "report.updated", "report.updated", "report.updated", "report.commented", "report.updated"]);
        calls.Select(call => call.Report.GetProperty("state").GetString()).ShouldBe(["assigned", "assigned", "accepted", "planned", "planned", "resolved"]);
        await MarkedOnceAsync(site, calls);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_a_partner_rejects_goes_to_whom_it_names_and_then_it_is_refused(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind);
        await using var partner = await PartnerSystem.StartAsync(site.Clock);
        var city = await CityAsync(site, partner, "");
        var key = await KeyAsync(site, DeskCity.West);
        var number = await city.FileAsync();
        await partner.HeardAsync(1);
        for (var person = 1; person <= ReportFlag.HidesAt; person++)
        {
            (await site.Get<FlagReport>().RunAsync(number, new FlagRequest { What = "text", Reason = "privateData" }, $"actor:{person}", default)).Refusal.ShouldBeNull();
        }
        (await site.GetAsync("/api/v1/partner/reports", key)).Json.GetProperty("reports")[0].GetProperty("description").GetString().ShouldBe("Un trou dans la chaussée", "who has it may read it");
        (await site.PostAsync($"/api/v1/partner/reports/{number}/reject", "{}", key)).Fields.ShouldBe(["reason"]);
        var answer = await site.PostAsync($"/api/v1/partner/reports/{number}/reject", """{"reason":"notOurRoad","suggestedBody":"east"}""", key);
        (answer.Status, answer.Json.GetProperty("body").GetProperty("id").GetString()).ShouldBe((HttpStatusCode.OK, DeskCity.East));
        (await site.PostAsync($"/api/v1/partner/reports/{number}/accept", "{}", key)).Status.ShouldBe(HttpStatusCode.Forbidden, "East has it");
        var lost = (await partner.HeardAsync(3))[2]; // The second said that the words are hidden.
        lost.Event.ShouldBe("report.transferred");
        new[] { "description", "address", "answers" }.ShouldAllBe(name => lost.Report.GetProperty(name).ValueKind == JsonValueKind.Null, "what readers had hidden is not told to who has lost it");
        await city.ActAsync(number, "reject", await city.CallerAsync("agent", DeskCity.East), new ActionRequest { Reason = "notOurRoad" });
        await using var store = site.Get<Database>().Open();
        (await ReadReport.FindAsync(store, number, false, default))!.Holder.ShouldBe(DeskCity.Region, "both said no: the coordinating body has it");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_partner_hears_what_is_merged_into_what_and_that_it_stands_alone_again(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind);
        await using var partner = await PartnerSystem.StartAsync(site.Clock);
        var city = await CityAsync(site, partner, "");
        var west = await city.CallerAsync("agent", DeskCity.West);
        var (target, twin) = (await city.FileAsync(), await city.FileAsync());
        await partner.HeardAsync(2);
        await city.ActAsync(twin, "merge", west, new ActionRequest { Target = target });
        var merged = (await partner.HeardAsync(4))[2..];
        merged.ToDictionary(call => call.Report.GetProperty("number").GetString()!, call => call.Event).ShouldBe(new Dictionary<string, string> { [target] = "report.updated", [twin] = "report.merged" }, ignoreOrder: true);
        var told = merged.Single(call => call.Event == "report.merged").Report;
        (told.GetProperty("state").GetString(), told.GetProperty("mergedInto").GetProperty("number").GetString()).ShouldBe(("duplicate", target));
        await city.ActAsync(twin, "unmerge", west, new ActionRequest { Reason = "otherPlace" });
        var calls = await partner.HeardAsync(6);
        calls[4..].ShouldAllBe(call => call.Report.GetProperty("mergedInto").ValueKind == JsonValueKind.Null);
        calls[4..].ToDictionary(call => call.Report.GetProperty("number").GetString()!, call => call.Event).ShouldBe(new Dictionary<string, string> { [target] = "report.updated", [twin] = "report.assigned" }, ignoreOrder: true);
        await MarkedOnceAsync(site, calls);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_silent_partner_gets_the_same_bytes_in_order_until_an_alarm_and_one_that_wakes_ends_it(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind);
        await using var partner = await PartnerSystem.StartAsync(site.Clock);
        var city = await CityAsync(site, partner, ",\"retrySeconds\":[30,130]");
        var west = await city.CallerAsync("agent", DeskCity.West);
        partner.Answer = _ => 500;
        var number = await city.FileAsync();
        await partner.HeardAsync(1);
        await city.ActAsync(number, "accept", west);
        await site.SettleAsync();
        await Task.Delay(1200);
        partner.Calls.Count.ShouldBe(1, "what came later waits for what came first");
        foreach (var (seconds, count) in ((int, int)[])[(30, 2), (130, 4)])
        {
            await MarkedAsync(site);
            site.Clock.Advance(TimeSpan.FromSeconds(seconds));
            await partner.HeardAsync(count);
        }
        var tries = partner.Calls.Take(3).ToArray();
        tries.ShouldAllBe(call => call.Delivery == tries[0].Delivery && Convert.ToHexString(call.Body) == Convert.ToHexString(tries[0].Body));
        tries.Select(call => call.Signature).Distinct().Count().ShouldBe(3, "signed at each attempt");

        partner.Calls.Last().Event.ShouldBe("report.updated", "the first was given up");
        (await AlarmsAsync(site, city, west)).ShouldHaveSingleItem().Error.ShouldBe("HTTP 500");
        await using (var store = site.Get<Database>().Open())
        {
            (await ReadReport.FindAsync(store, number, false, default))!.Holder.ShouldBe(DeskCity.West, "it is in the inbox");
        }
        partner.Answer = http =>
        {
            http.Response.Headers.RetryAfter = "300";
            return 429;
        };
        site.Clock.Advance(TimeSpan.FromSeconds(30));
        await partner.HeardAsync(5);
        await Task.Delay(700);
        site.Clock.Advance(TimeSpan.FromSeconds(299));
        await Task.Delay(1200);
        partner.Calls.Count.ShouldBe(5, "it wants to be left alone");
        partner.Answer = _ => 200;
        site.Clock.Advance(TimeSpan.FromSeconds(1));
        (await partner.HeardAsync(6))[5].Answered.ShouldBe(200);
        await DeliveredAsync(site, 1);
        (await AlarmsAsync(site, city, west)).ShouldBeEmpty();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_old_call_is_refused_a_secret_is_changed_without_a_gap_and_gone_is_gone(StoreKind kind)
    {
        await using var site = await TestSite.NewAsync(kind: kind);
        await using var partner = await PartnerSystem.StartAsync(site.Clock);
        var city = await CityAsync(site, partner, "", "\"secrets\":[\"the next secret\",\"a secret of the two\"]");
        await city.FileAsync();
        var first = (await partner.HeardAsync(1))[0];
        (first.Answered, first.Signature.Split(",v1=").Length - 1).ShouldBe((204, 2));
        partner.Secret = "the next secret";
        await city.FileAsync();
        (await partner.HeardAsync(2))[1].Answered.ShouldBe(204, "either secret opens it");

        site.Clock.Advance(TimeSpan.FromSeconds(301));
        using var client = new HttpClient();
        using var kept = new HttpRequestMessage(HttpMethod.Post, partner.Url) { Content = new ByteArrayContent(first.Body) };
        kept.Headers.Add("Zinneke-Signature", first.Signature);
        (await client.SendAsync(kept)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, "somebody kept it and sends it again");

        partner.Answer = _ => 410;
        await city.FileAsync();
        await partner.HeardAsync(4);
        await city.FileAsync();
        await site.SettleAsync();
        await Task.Delay(1200);
        partner.Calls.Count.ShouldBe(4, "it wanted no more");
        partner.Answer = _ => 204;
        site.Clock.Advance(TimeSpan.FromSeconds(1));
        await ImportAsync(city, partner, ",\"contact\":true", "\"secret\":\"the next secret\"");
        await city.FileAsync(email: "ada@example.org");
        (await partner.HeardAsync(5))[4].Report.GetProperty("contact").GetProperty("email").GetString().ShouldBe("ada@example.org", "put in force again, and allowed to know who sent it");
    }

    /// <summary>The small city; the system of West is the partner.</summary>
    internal static async Task<DeskCity> CityAsync(TestSite site, PartnerSystem partner, string more, string secret = "\"secret\":\"a secret of the two\"")
    {
        var city = await DeskCity.FoundAsync(site.Services);
        await ImportAsync(city, partner, more, secret);
        return city;
    }

    private static async Task ImportAsync(DeskCity city, PartnerSystem partner, string more, string secret)
    {
        var hook = $"{{\"type\":\"webhook\",\"url\":\"{partner.Url}\",{secret},\"allowPrivate\":true{more}}}";
        var bodies = DeskCity.Bodies.Replace("\"areas\":[\"1\"],\"parent\":\"region\",\"channels\":[{\"type\":\"inbox\"}]", $"\"areas\":[\"1\"],\"parent\":\"region\",\"channels\":[{{\"type\":\"inbox\"}},{hook}]", StringComparison.Ordinal);
        (await city.Get<ImportBodies>().RunAsync(DeskCity.Stream(bodies), "bodies", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
    }

    internal static async Task<string> KeyAsync(TestSite site, string body) =>
        (await site.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey($"system of {body}", [$"partner:{body}"]))).Value.Secret;

    /// <summary>Every call is of a row that was marked, and every row was called.</summary>
    private static async Task MarkedOnceAsync(TestSite site, WebhookCall[] calls)
    {
        await DeliveredAsync(site, calls.Length);
        await using var store = site.Get<Database>().Open();
        var rows = await store.Set<Delivery>().ToListAsync();
        rows.ShouldAllBe(row => row.State == DeliveryState.Delivered && row.Payload == null);
        rows.Select(row => row.Id.ToString()).Order().ShouldBe(calls.Select(call => call.Delivery).Distinct().Order());
    }

    /// <summary>Waits until no call is under way: a clock that is moved before the last one is marked would move its next attempt too.</summary>
    private static async Task MarkedAsync(TestSite site)
    {
        await using var store = site.Get<Database>().Open();
        var underWay = site.Clock.NowMicros() + TimeSpan.FromMinutes(2).ToMicros();
        for (var wait = 0; await store.Set<Delivery>().AnyAsync(row => row.State == DeliveryState.Waiting && row.DueAt == underWay) && wait < 500; wait++)
        {
            await Task.Delay(10);
        }
    }

    private static async Task DeliveredAsync(TestSite site, int count)
    {
        await using var store = site.Get<Database>().Open();
        for (var wait = 0; await store.Set<Delivery>().CountAsync(row => row.State == DeliveryState.Delivered) < count && wait < 500; wait++)
        {
            await Task.Delay(10);
        }
        (await store.Set<Delivery>().CountAsync(row => row.State == DeliveryState.Delivered)).ShouldBe(count);
    }

    private static async Task<IReadOnlyList<ChannelAlarm>> AlarmsAsync(TestSite site, DeskCity city, Caller caller)
    {
        await using var store = site.Get<Database>().Open();
        return await ChannelAlarm.OfAsync(store, caller, city.Get<BodyMap>(), site.Clock.NowMicros(), default);
    }
}
