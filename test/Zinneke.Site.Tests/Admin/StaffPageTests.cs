using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Admin;

/// <summary>People and keys over HTTP: each reader within their own bodies, nobody more than they hold, the last administrator stays, and a key is shown once.</summary>
public sealed partial class StaffPageTests : IAsyncLifetime
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
    public async Task A_role_is_given_by_address_with_limits_and_an_invitation_goes_out()
    {
        var administrator = await VisitorAsync("administrator", null, "Ada");
        var (_, _, to) = await administrator.PostAsync("/fr/admin/people/new", ("email", " New.Person@Example.org "), ("name", "Noor"), ("role", "agent"), ("body", "west"), ("categories", "road"), ("areas", "1"));
        to!.ShouldEndWith("?done=given");
        var html = (await administrator.GetAsync(to!)).Html;
        html.ShouldContain("Noor");
        html.ShouldContain("new.person@example.org");
        html.ShouldContain("road, Ouest");
        html.ShouldContain("Ada");
        html.ShouldContain("jamais");

        var letter = await Letters.WaitAsync(site, "new.person@example.org", _ => true);
        letter.Mail.Text.ShouldContain("Commune d’Ouest");
        var token = Regex.Match(letter.Mail.Text, "sign-in/link\\?t=([A-Za-z0-9_-]+)").Groups[1].Value;
        var caller = (await city.Get<Callers>().OfSessionAsync((await city.Get<SignIn>().UseAsync(token, "", null)).Value.Cookie, "fr"))!;
        caller.Can("reports.report.act", new Where("west", "road-hole", "1")).ShouldBeTrue();
        caller.Can("reports.report.act", new Where("west", "waste-dump", "1")).ShouldBeFalse();
        (await administrator.GetAsync("/fr/admin/people?q=noo")).Html.ShouldContain("Noor");
        (await administrator.GetAsync("/fr/admin/people?q=xyz")).Html.ShouldContain("Personne ici");
        (await administrator.GetAsync("/nl/admin/people?role=agent&body=west")).Html.ShouldContain("Noor");
        (await administrator.GetAsync("/nl/admin/people?role=reader")).Html.ShouldNotContain("Noor");
    }

    [Theory]
    [InlineData("email", "nobody", "email", HttpStatusCode.UnprocessableEntity)]
    [InlineData("role", "king", "role", HttpStatusCode.UnprocessableEntity)]
    [InlineData("role", "", "role", HttpStatusCode.UnprocessableEntity)]
    [InlineData("body", "atlantis", "body", HttpStatusCode.UnprocessableEntity)]
    [InlineData("categories", "ufo", "categories", HttpStatusCode.UnprocessableEntity)]
    [InlineData("areas", "99", "areas", HttpStatusCode.UnprocessableEntity)]
    [InlineData("name", "a\nb", "name", HttpStatusCode.UnprocessableEntity)]
    public async Task What_makes_no_sense_is_refused_at_its_field_and_nothing_is_sent(string field, string value, string at, HttpStatusCode expected)
    {
        var administrator = await VisitorAsync("administrator", null);
        var fields = new Dictionary<string, string> { ["email"] = "x@example.org", ["role"] = "agent", ["body"] = "west", [field] = value };
        var (status, html, _) = await administrator.PostAsync("/fr/admin/people/new", [.. fields.Select(f => (f.Key, f.Value))]);
        status.ShouldBe(expected);
        html.ShouldContain($"id=\"f-{at}-error\"");
        await using var store = city.Get<Database>().Open();
        (await store.Set<MailRow>().CountAsync()).ShouldBe(0);
        (await store.Set<Account>().CountAsync(a => a.Email == "x@example.org")).ShouldBe(0);
    }

    [Fact]
    public async Task A_manager_sees_and_changes_the_own_body_only()
    {
        var manager = await VisitorAsync("manager", DeskCity.West);
        foreach (var (role, body, name) in new[] { ("agent", DeskCity.West, "wanda"), ("agent", DeskCity.East, "edgar"), ("head", DeskCity.Region, "rita") })
        {
            await city.SignInAsync(role, body, name: name);
        }
        await city.SignInAsync("reader", DeskCity.East, name: "wanda");
        var html = (await manager.GetAsync("/fr/admin/people")).Html;
        html.ShouldContain("wanda");
        html.ShouldNotContain("edgar");
        html.ShouldNotContain("rita");
        html.ShouldNotContain("Commune d’Est", customMessage: "the other role of the same person is not theirs to see");
        var (wanda, edgar) = (await IdAsync("wanda"), await IdAsync("edgar"));
        (await manager.GetAsync($"/fr/admin/people/{edgar}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await manager.PostAsync($"/fr/admin/people/{edgar}", ("role", (await RoleAsync("edgar", DeskCity.East)).ToString()))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await manager.PostAsync($"/fr/admin/people/{wanda}", ("role", (await RoleAsync("wanda", DeskCity.East)).ToString()))).Status.ShouldBe(HttpStatusCode.NotFound, "a role elsewhere");
        (await manager.PostAsync($"/fr/admin/people/{wanda}", ("role", (await RoleAsync("edgar", DeskCity.East)).ToString()))).Status.ShouldBe(HttpStatusCode.NotFound, "another person's role");

        foreach (var (role, body) in new[] { ("agent", DeskCity.East), ("agent", ""), ("administrator", DeskCity.West) })
        {
            (await manager.PostAsync("/fr/admin/people/new", ("email", "x@example.org"), ("role", role), ("body", body))).Status.ShouldBe(HttpStatusCode.Forbidden, $"{role} {body}");
        }
        html = (await manager.GetAsync("/fr/admin/people/new")).Html;
        html.ShouldNotContain("toute l’installation");
        html.ShouldNotContain("value=\"administrator\"");
        (await manager.PostAsync("/fr/admin/people/new", ("email", "x@example.org"), ("role", "agent"), ("body", DeskCity.West))).Status.ShouldBe(HttpStatusCode.SeeOther);

        html = (await manager.GetAsync($"/fr/admin/people/{wanda}?withdraw={await RoleAsync("wanda", DeskCity.West)}")).Html;
        html.ShouldContain("Retirer le rôle «\u00a0Agent\u00a0» (Commune d’Ouest)\u202f?");
        (await manager.PostAsync($"/fr/admin/people/{wanda}", ("role", (await RoleAsync("wanda", DeskCity.West)).ToString()))).To.ShouldBe("/fr/admin/people?done=withdrawn");
        (await manager.GetAsync("/fr/admin/keys")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await (await VisitorAsync("auditor", null)).GetAsync("/fr/admin/people/new")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await (await VisitorAsync("auditor", null)).GetAsync("/fr/admin/people")).Html.ShouldNotContain("/fr/admin/people/new");
    }

    [Fact]
    public async Task The_last_administrator_stays()
    {
        var administrator = await VisitorAsync("administrator", null, "ada");
        var own = $"/fr/admin/people/{await IdAsync("ada")}";
        var role = ("role", (await RoleAsync("ada", null)).ToString());
        (await administrator.GetAsync($"{own}?withdraw={role.Item2}")).Html.ShouldContain("C’est votre propre rôle.");
        var (status, html, _) = await administrator.PostAsync(own, role);
        status.ShouldBe(HttpStatusCode.Conflict);
        html.ShouldContain("class=\"errors\"");
        await city.SignInAsync("administrator", null, name: "bea");
        (await administrator.PostAsync(own, role)).To.ShouldBe("/fr/account");
        (await administrator.GetAsync("/fr/admin")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_key_is_shown_once_opens_and_is_revoked()
    {
        var administrator = await VisitorAsync("administrator", null, "ada");
        (await administrator.GetAsync("/fr/admin/keys")).Html.ShouldContain("Aucune clé");
        var (status, html, _) = await administrator.PostAsync("/fr/admin/keys/new", ("name", "Appli de terrain"), ("scopes", "reports:staff"), ("scopes", "reports:write"), ("body", "west"), ("expires", "2031-01-01"), ("quota", "100"));
        status.ShouldBe(HttpStatusCode.OK);
        var secret = Secret().Match(html).Value;
        (await city.Get<Callers>().OfKeyAsync(secret, "fr"))!.Can("reports.report.act", new Where("west", "road-hole", "1")).ShouldBeTrue();
        html = (await administrator.GetAsync("/fr/admin/keys")).Html;
        html.ShouldContain("Appli de terrain");
        html.ShouldContain("reports:staff");
        html.ShouldContain("01/01/2031");
        html.ShouldNotContain(secret);
        var page = "/fr/admin/keys/" + Regex.Match(html, "/fr/admin/keys/([0-9a-f-]{36})").Groups[1].Value;
        html = (await administrator.GetAsync(page)).Html;
        html.ShouldContain("ada");
        html.ShouldNotContain(secret);
        (await administrator.PostAsync(page, ("sure", "1"))).To.ShouldBe("/fr/admin/keys?done=revoked");
        (await city.Get<Callers>().OfKeyAsync(secret, "fr")).ShouldBeNull();
        (await administrator.GetAsync("/fr/admin/keys")).Html.ShouldContain("révoquée");
    }

    [Theory]
    [InlineData("name", "", "name")]
    [InlineData("scopes", "", "scopes")]
    [InlineData("scopes", "reports:fly", "scopes")]
    [InlineData("body", "atlantis", "body")]
    [InlineData("expires", "tomorrow", "expires")]
    [InlineData("expires", "2001-01-01", "expires")]
    [InlineData("quota", "many", "quota")]
    public async Task A_key_that_makes_no_sense_is_refused_at_its_field(string field, string value, string at)
    {
        var administrator = await VisitorAsync("administrator", null);
        var fields = new Dictionary<string, string> { ["name"] = "App", ["scopes"] = "reports:write", [field] = value };
        var (status, html, _) = await administrator.PostAsync("/fr/admin/keys/new", [.. fields.Where(f => f.Value.Length > 0).Select(f => (f.Key, f.Value))]);
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        html.ShouldContain($"id=\"f-{at}-error\"");
    }

    [Fact]
    public async Task The_administrator_of_a_body_has_the_keys_of_that_body()
    {
        var west = await VisitorAsync("administrator", DeskCity.West);
        var all = await VisitorAsync("administrator", null);
        await all.PostAsync("/fr/admin/keys/new", ("name", "Clé d’Est"), ("scopes", "reports:staff"), ("body", "east"));
        await west.PostAsync("/fr/admin/keys/new", ("name", "Clé d’Ouest"), ("scopes", "reports:staff"), ("body", "west"));
        var html = (await west.GetAsync("/fr/admin/keys")).Html;
        html.ShouldContain("Clé d’Ouest");
        html.ShouldNotContain("Clé d’Est");
        await using var store = city.Get<Database>().Open();
        var east = await store.Set<ApiKey>().SingleAsync(k => k.Body == "east");
        (await west.GetAsync($"/fr/admin/keys/{east.Id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await west.PostAsync($"/fr/admin/keys/{east.Id}", ("sure", "1"))).Status.ShouldBe(HttpStatusCode.NotFound);
        foreach (var body in new[] { "east", "" })
        {
            (await west.PostAsync("/fr/admin/keys/new", ("name", "x"), ("scopes", "reports:write"), ("body", body))).Status.ShouldBe(HttpStatusCode.Forbidden);
        }
        (await west.PostAsync("/fr/admin/keys/new", ("name", "x"), ("scopes", "reports:staff:east"), ("body", "west"))).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<Visitor> VisitorAsync(string role, string? body, string? name = null) => new(site.Client, await city.SignInAsync(role, body, name: name));

    private async Task<Guid> IdAsync(string name)
    {
        await using var store = city.Get<Database>().Open();
        return (await store.Set<Account>().SingleAsync(a => a.Name == name)).Id;
    }

    private async Task<Guid> RoleAsync(string name, string? body)
    {
        var id = await IdAsync(name);
        await using var store = city.Get<Database>().Open();
        return (await store.Set<AccountRole>().SingleAsync(r => r.AccountId == id && r.Body == body)).Id;
    }

    [GeneratedRegex("zk_[A-Za-z0-9_-]{20,}")]
    private static partial Regex Secret();
}
