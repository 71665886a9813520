using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>The audit trail of a report: who sees it, what it says, and that it cannot be altered unseen (R45).</summary>
public class AuditPageTests(DeskSite desk) : IClassFixture<DeskSite>
{
    [Theory]
    [InlineData("fr", "Pris en charge", "Journal du signalement")]
    [InlineData("nl", "Aanvaard", "Logboek van melding")]
    [InlineData("en", "Taken on", "Audit trail of report")]
    [InlineData("de", "Angenommen", "Protokoll der Meldung")]
    public async Task Heads_and_auditors_see_who_did_what_with_before_and_after(string language, string accepted, string title)
    {
        var number = await LivedAsync();
        var auditor = await desk.SignInAsync("auditor", DeskCity.West);
        (await auditor.GetAsync($"/{language}/desk/reports/{number}")).Html.ShouldContain($"/{language}/desk/reports/{number}/audit");
        var (status, html, _) = await auditor.GetAsync($"/{language}/desk/reports/{number}/audit");
        status.ShouldBe(HttpStatusCode.OK);
        html.ShouldContain(title);
        html.ShouldContain(accepted);
        html.ShouldContain("agent-west");
        html.ShouldNotContain("ada@example.org");
        html.ShouldNotContain("Un trou dans la chaussée", Case.Sensitive, "what people wrote lies in the history");
        (await (await desk.SignInAsync("head", DeskCity.Region)).GetAsync($"/{language}/desk/reports/{number}/audit")).Status.ShouldBe(HttpStatusCode.OK, "a parent's head");
        (await (await desk.SignInAsync("head", DeskCity.East)).GetAsync($"/{language}/desk/reports/{number}/audit")).Status.ShouldBe(HttpStatusCode.OK, "who has it now");
        foreach (var (role, body) in new[] { ("agent", DeskCity.West), ("head", DeskCity.Water) })
        {
            (await (await desk.SignInAsync(role, body)).GetAsync($"/{language}/desk/reports/{number}/audit")).Status.ShouldBe(HttpStatusCode.Forbidden, role);
        }
    }

    [Fact]
    public async Task The_export_has_actor_time_before_and_after_of_every_action_and_says_what_was_altered()
    {
        var number = await LivedAsync();
        var id = (await ReadAsync(number)).Id;
        var entries = await EntriesAsync(number);
        entries.Select(e => e.GetProperty("action").GetString()).ShouldBe(["ruleRan", "submit", "support", "accept", "setPriority", "ruleRan", "move", "contactErased"]);
        entries.Select(e => e.GetProperty("state").GetString()).ShouldBe(["none", "none", "intact", "intact", "intact", "none", "intact", "intact"]);
        Changes(entries[3]).ShouldBe(["state: assigned > accepted"]);
        Changes(entries[4]).ShouldBe(["priority: normal > high"]);
        Changes(entries[6]).Except(["holderDueAt: * > *"]).ShouldBe(["state: accepted > assigned", "lon: * > *", "area: 1 > 2", "holder: west > east", "hops: * > *"]);
        Changes(entries[1]).ShouldContain("holder: null > west", "what came before the log's own standing is nothing");
        entries[3].GetProperty("actor").GetProperty("name").GetString().ShouldBe("agent-west");
        entries[3].GetProperty("before").GetProperty("state").GetString().ShouldBe("assigned");

        await using (var store = desk.Site.Get<Database>().Open())
        {
            var rows = await store.Set<AuditRow>().Where(a => a.SubjectId == id.ToString()).ToDictionaryAsync(a => a.EventId);
            var moved = rows[entries[6].GetProperty("id").GetGuid()];
            moved.After = moved.After!.Replace("east", "west", StringComparison.Ordinal);
            var erased = rows[entries[4].GetProperty("id").GetGuid()];
            (erased.Before, erased.After, erased.Salt) = (null, null, null);
            await store.SaveChangesAsync();
        }
        var after = await EntriesAsync(number);
        after.Select(e => e.GetProperty("state").GetString()).ShouldBe(["none", "none", "intact", "intact", "erased", "none", "altered", "intact"]);
        Changes(after[6]).ShouldContain("holder: west > east", "the log itself knows");
        var (_, html, _) = await (await desk.SignInAsync("auditor", null)).GetAsync($"/en/desk/reports/{number}/audit");
        html.ShouldContain("At least one line no longer fits its fingerprint");
    }

    [Fact]
    public async Task A_key_without_the_right_gets_none()
    {
        var number = await desk.City.FileAsync();
        (await desk.Site.GetAsync($"/api/v1/reports/{number}/audit")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await desk.Site.GetAsync($"/api/v1/reports/{number}/audit", await desk.Site.StaffKeyAsync("west"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await desk.Site.GetAsync($"/api/v1/reports/{number}/audit", await AuditKeyAsync("east"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await desk.Site.GetAsync($"/api/v1/reports/{number}/audit", await AuditKeyAsync("west"))).Status.ShouldBe(HttpStatusCode.OK);
        (await desk.Site.GetAsync("/api/v1/reports/2026-999999/audit", await AuditKeyAsync("west"))).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>A report that was supported, accepted, hurried, moved to the other commune, and whose contact was erased.</summary>
    private async Task<string> LivedAsync()
    {
        var number = await desk.City.FileAsync(email: "ada@example.org");
        var agent = await desk.City.CallerAsync("agent", DeskCity.West);
        (await desk.City.Get<SupportReport>().RunAsync(number, "net:1", Actor.Anonymous, default)).Refusal.ShouldBeNull();
        await desk.City.ActAsync(number, "accept", agent);
        await desk.City.ActAsync(number, "setPriority", agent, new ActionRequest { Priority = Priority.High });
        desk.Site.Clock.Advance(TimeSpan.FromDays(1));
        await desk.City.ActAsync(number, "move", agent, new ActionRequest { Lon = 4.45, Lat = 50.85 });
        (await desk.City.Get<EraseContact>().RunAsync(number, Actor.Anonymous, default)).Refusal.ShouldBeNull();
        await desk.Site.SettleAsync();
        return number;
    }

    private async Task<List<JsonElement>> EntriesAsync(string number) =>
        [.. (await desk.Site.GetAsync($"/api/v1/reports/{number}/audit", await AuditKeyAsync(null))).Json.GetProperty("entries").EnumerateArray()];

    private async Task<string> AuditKeyAsync(string? body)
    {
        var made = await desk.Site.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey($"audit of {body}", [body is null ? "reports:audit" : $"reports:audit:{body}"], null, null, null));
        return made.Value.Secret;
    }

    /// <summary>Words as they are, numbers as a star.</summary>
    private static IEnumerable<string> Changes(JsonElement entry)
    {
        static string Say(JsonElement value) => value.ValueKind == JsonValueKind.Number ? "*" : value.ValueKind == JsonValueKind.Null ? "null" : value.ToString();
        return entry.GetProperty("changes").EnumerateArray().Select(c => $"{c.GetProperty("field").GetString()}: {Say(c.GetProperty("before"))} > {Say(c.GetProperty("after"))}");
    }

    private async Task<Report> ReadAsync(string number)
    {
        await using var store = desk.Site.Get<Database>().Open();
        return (await ReadReport.FindAsync(store, number, false, default))!;
    }
}
