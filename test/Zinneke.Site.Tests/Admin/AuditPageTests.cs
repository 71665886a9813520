using System.Net;
using System.Text.Json;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Admin;

/// <summary>Who did what over HTTP: for administrators, in words, to take along; and the heads of the log for everybody.</summary>
public sealed class AuditPageTests : IAsyncLifetime
{
    private TestSite site = null!;
    private DeskCity city = null!;

    public async Task InitializeAsync()
    {
        site = await TestSite.NewAsync();
        city = await DeskCity.FoundAsync(site.Services);
    }

    public Task DisposeAsync() => site.DisposeAsync().AsTask();

    [Fact]
    public async Task An_administrator_reads_who_did_what_and_what_was_erased_says_so()
    {
        var number = await city.FileAsync(email: "ada@example.org");
        var officer = await city.CallerAsync("agent", DeskCity.West, name: "Noor");
        await city.ActAsync(number, "accept", officer);
        (await city.Get<Accounts>().ChangeAsync(officer, "Noor D.", "nl")).Ok.ShouldBeTrue();
        await site.SettleAsync();
        var administrator = new Visitor(site.Client, await city.SignInAsync("administrator", null, name: "Ada"));

        var html = (await administrator.GetAsync("/en/admin/audit")).Html;
        html.ShouldContain($"/en/desk/reports/{number}");
        html.ShouldContain("Taken on");
        html.ShouldContain("Name, language or address changed");
        html.ShouldContain("<del>Noor</del>");
        html.ShouldContain("class=\"small soft\">for ");
        var own = (await administrator.GetAsync("/en/admin/audit?actor=Noor+D.")).Html;
        own.ShouldContain("Taken on");
        own.ShouldNotContain("Somebody without an account");
        (await administrator.GetAsync("/fr/admin/audit?actor=zzzz")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await administrator.GetAsync("/fr/admin/audit?from=2031-01-01")).Html.ShouldContain("Rien trouvé");

        (await city.Get<Privacy>().EraseAsync(officer, officer.Account!.Value)).Refusal.ShouldBeNull();
        html = (await administrator.GetAsync("/en/admin/audit?type=kernel.account.changed")).Html;
        html.ShouldContain("erased");
        html.ShouldNotContain("Noor");
    }

    [Fact]
    public async Task Only_administrators_read_it_and_take_it_along()
    {
        var number = await city.FileAsync();
        await city.ActAsync(number, "accept", await city.CallerAsync("agent", DeskCity.West));
        await site.SettleAsync();
        var own = new Visitor(site.Client, await city.SignInAsync("administrator", DeskCity.West));
        foreach (var path in (string[])["/api/v1/audit", "/api/v1/audit.csv", "/api/v1/audit.jsonl"])
        {
            (await site.Client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            (await new Visitor(site.Client, await city.SignInAsync("auditor", null)).GetAsync(path)).Status.ShouldBe(HttpStatusCode.Forbidden);
            (await own.GetAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
        }
        (await own.GetAsync("/api/v1/audit?body=region")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await own.GetAsync("/en/admin/audit")).Html.ShouldContain("Taken on");
        var seen = new HashSet<long>();
        string? next = null;
        do
        {
            var page = JsonDocument.Parse((await own.GetAsync("/api/v1/audit?limit=2" + (next is null ? "" : "&cursor=" + Uri.EscapeDataString(next)))).Html).RootElement;
            page.GetProperty("entries").EnumerateArray().ShouldAllBe(entry => entry.GetProperty("body").GetString() == DeskCity.West && seen.Add(entry.GetProperty("position").GetInt64()));
            next = page.GetProperty("next").GetString();
        }
        while (next is not null);
        seen.Count.ShouldBe((await own.GetAsync("/api/v1/audit.jsonl")).Html.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Everybody_reads_the_published_heads()
    {
        await city.FileAsync();
        await site.SettleAsync();
        site.Clock.Advance(TimeSpan.FromDays(1));
        await site.Get<PublishHeads>().RunAsync(default);
        var heads = JsonDocument.Parse(await site.Client.GetStringAsync("/api/v1/log/heads")).RootElement.GetProperty("heads");
        var head = heads.EnumerateArray().ShouldHaveSingleItem();
        foreach (var wrong in (string[])["yesterday", "2026-13-01", "2026-05-04%00"])
        {
            (await site.GetAsync("/api/v1/log/heads?before=" + wrong)).Status.ShouldBe(System.Net.HttpStatusCode.UnprocessableEntity, wrong);
        }
        var csv = (await site.Client.GetStringAsync("/api/v1/log/heads.csv")).Split('\n');
        csv[0].ShouldBe("day,position,hash,at,events");
        csv[1].ShouldStartWith($"{head.GetProperty("day").GetString()},{head.GetProperty("position").GetInt64()},{head.GetProperty("hash").GetString()},");
        (await site.Client.GetStringAsync("/nl/log")).ShouldContain(head.GetProperty("hash").GetString()!);
    }
}
