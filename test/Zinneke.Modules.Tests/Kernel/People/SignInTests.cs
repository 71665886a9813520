using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Modules.Tests.Kernel.People;

/// <summary>Links to sign in: one use, fifteen minutes, stored hashed; sessions that end when they must.</summary>
public class SignInTests
{
    private const string Email = "resident@example.org";

    [Theory, OnSqlite, OnPostgres]
    public async Task A_link_signs_in_once_and_makes_the_account(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var token = await AskAsync(store, returnPath: "/fr/reports/new");
        (await store.Get<SignIn>().PeekAsync(token))!.Who.ShouldBe(Email);

        var first = await store.Get<SignIn>().UseAsync(token, "Firefox, Linux", null);
        first.Value.ReturnPath.ShouldBe("/fr/reports/new");
        first.Value.Account.Level.ShouldBe(VerificationLevel.Email);
        var again = await store.Get<SignIn>().UseAsync(token, "", null);
        again.Refusal!.Kind.ShouldBe(RefusalKind.Gone);
        (await store.Get<SignIn>().PeekAsync(token)).ShouldBeNull();

        var caller = await store.Get<Callers>().OfSessionAsync(first.Value.Cookie, "fr");
        caller!.Account.ShouldBe(first.Value.Account.Id);
        caller.Level.ShouldBe(VerificationLevel.Email);

        await store.SettleAsync();
        (await store.Get<Log>().ReadAsync(0, 10)).Select(e => e.Type).ShouldBe(["kernel.account.created", "kernel.account.signed_in"]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_two_clicks_at_once_one_gets_in(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var token = await AskAsync(store);
        var both = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.Get<SignIn>().UseAsync(token, "", null)));
        both.Count(o => o.Ok).ShouldBe(1);
        await using var read = store.Database.Open();
        (await read.Set<Session>().CountAsync()).ShouldBe(1);
        (await read.Set<Account>().CountAsync()).ShouldBe(1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_link_dies_after_fifteen_minutes(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var (early, late) = (await AskAsync(store), await AskAsync(store));
        store.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        (await store.Get<SignIn>().UseAsync(early, "", null)).Ok.ShouldBeTrue();
        store.Clock.Advance(TimeSpan.FromSeconds(1));
        (await store.Get<SignIn>().UseAsync(late, "", null)).Refusal!.Code.ShouldBe("kernel.linkSpent");
    }

    [Theory]
    [OnSqlite(new object?[] { null })]
    [OnSqlite("")]
    [OnSqlite("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [OnSqlite("' OR 1=1 --                     ")]
    [OnPostgres("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    public async Task A_forged_link_or_session_opens_nothing(StoreKind kind, string? token)
    {
        await using var store = await TestStore.NewAsync(kind);
        await AskAsync(store);
        (await store.Get<SignIn>().PeekAsync(token)).ShouldBeNull();
        (await store.Get<SignIn>().UseAsync(token, "", null)).Refusal!.Kind.ShouldBe(RefusalKind.Gone);
        (await store.Get<Callers>().OfSessionAsync(token ?? "", "fr")).ShouldBeNull();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_stored_opens_nothing(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var token = await AskAsync(store);
        var cookie = (await store.Get<SignIn>().UseAsync(token, "", null)).Value.Cookie;
        await using var read = store.Database.Open();
        var link = await read.Set<SignInLink>().SingleAsync();
        var session = await read.Set<Session>().SingleAsync();
        link.Hash.Length.ShouldBe(32);
        session.Hash.ShouldNotBe(System.Text.Encoding.UTF8.GetBytes(cookie));
        (await store.Get<Callers>().OfSessionAsync(Convert.ToHexString(session.Hash), "fr")).ShouldBeNull();
        (await store.Get<Callers>().OfSessionAsync(Convert.ToBase64String(session.Hash), "fr")).ShouldBeNull();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_address_gets_twenty_links_an_hour_whoever_asks(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        for (var i = 0; i < SignIn.LinksPerHourMax; i++)
        {
            (await AskAsync(store)).ShouldNotBeNull();
        }
        (await AskAsync(store)).ShouldBeNull();
        (await AskAsync(store, email: "other@example.org")).ShouldNotBeNull();
        store.Clock.Advance(TimeSpan.FromHours(1));
        (await AskAsync(store)).ShouldNotBeNull();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Signing_in_again_changes_the_session_of_the_browser(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var old = (await store.Get<SignIn>().UseAsync(await AskAsync(store), "", null)).Value.Cookie;
        var before = (await store.Get<Callers>().OfSessionAsync(old, "fr"))!.Session;
        var fresh = (await store.Get<SignIn>().UseAsync(await AskAsync(store), "", before)).Value.Cookie;
        fresh.ShouldNotBe(old);
        (await store.Get<Callers>().OfSessionAsync(old, "fr")).ShouldBeNull();
        (await store.Get<Callers>().OfSessionAsync(fresh, "fr")).ShouldNotBeNull();
        await store.SettleAsync();
        (await store.Get<Log>().ReadAsync(0, 10)).Select(e => e.Type).ShouldBe(
            ["kernel.account.created", "kernel.account.signed_in", "kernel.account.session_ended", "kernel.account.signed_in"]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Who_signs_in_over_anothers_session_ends_it_in_that_ones_name(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var other = await CallerAsync(store, "other@example.org");
        (await store.Get<SignIn>().UseAsync(await AskAsync(store), "", other.Session)).Ok.ShouldBeTrue();
        await store.SettleAsync();
        var ended = (await store.Get<Log>().ReadAsync(0, 10)).Single(e => e.Type == "kernel.account.session_ended");
        ended.Subject.Id.ShouldBe(other.Account!.Value.ToString());
        ended.Read<SessionEnded>().Session.ShouldBe(other.Session!.Value);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_session_lasts_thirty_days_and_twelve_hours_for_who_holds_a_role(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var resident = (await store.Get<SignIn>().UseAsync(await AskAsync(store), "", null)).Value.Cookie;
        var token = "";
        (await store.Get<Accounts>().GiveRoleAsync(Caller.Program(), "boss@example.org", "Boss", new WantedRole("manager"), (unit, account) =>
        {
            token = SignIn.NewLinkFor(unit, account);
            return Task.CompletedTask;
        })).Ok.ShouldBeTrue();
        var boss = (await store.Get<SignIn>().UseAsync(token, "", null)).Value.Cookie;
        store.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        (await store.Get<Callers>().OfSessionAsync(boss, "fr"))!.CanSomewhere(PeoplePermissions.ManageAccounts).ShouldBeTrue();
        store.Clock.Advance(TimeSpan.FromSeconds(1));
        (await store.Get<Callers>().OfSessionAsync(boss, "fr")).ShouldBeNull();
        (await store.Get<Callers>().OfSessionAsync(resident, "fr")).ShouldNotBeNull();
        store.Clock.Advance(TimeSpan.FromDays(30));
        (await store.Get<Callers>().OfSessionAsync(resident, "fr")).ShouldBeNull();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task One_ends_ones_own_sessions_and_nobody_elses(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var mine = await CallerAsync(store, Email);
        var other = await CallerAsync(store, "other@example.org");
        (await store.Get<Accounts>().EndSessionAsync(other, mine.Session!.Value)).Refusal!.Kind.ShouldBe(RefusalKind.NotFound);
        (await store.Get<Accounts>().EndSessionAsync(mine, mine.Session!.Value)).Ok.ShouldBeTrue();
        await using var read = store.Database.Open();
        (await read.Set<Session>().SingleAsync()).AccountId.ShouldBe(other.Account!.Value);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/..//evil.example")]
    [InlineData("/.//evil.example")]
    [InlineData("/fr/../..//evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("fr/account")]
    [InlineData("/fr\r\nSet-Cookie: a=b")]
    [InlineData("")]
    [InlineData(null)]
    public void Nobody_is_led_to_another_site(string? path) => ReturnPath.Of(path, "/fr/account").ShouldBe("/fr/account");

    [Theory]
    [InlineData("/")]
    [InlineData("/fr/reports/2026-000001?t=abc&x=//y")]
    [InlineData("/nl/zoek?q=http://example.org")]
    public void Paths_of_this_site_are_kept(string path) => ReturnPath.Of(path, "/fr/account").ShouldBe(path);

    [Theory]
    [InlineData(" Jan.Peeters@Example.ORG ", "jan.peeters@example.org")]
    [InlineData("a+b@bücher.example", "a+b@xn--bcher-kva.example")]
    [InlineData("o'neil@example.org", "o'neil@example.org")]
    public void Addresses_are_stored_in_one_form(string typed, string stored) => EmailAddress.Read(typed).Value.ShouldBe(stored);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("@example.org")]
    [InlineData("a@")]
    [InlineData("a@localhost")]
    [InlineData("a@b@example.org")]
    [InlineData("a@example.org, b@example.org")]
    [InlineData("\"a\" <a@example.org>")]
    [InlineData("a@example.org\r\nBcc: b@example.org")]
    [InlineData("a@exa\u2028mple.org")]
    [InlineData("a b@example.org")]
    [InlineData("a@-example.org")]
    [InlineData(".a@example.org")]
    [InlineData("a\ud800@example.org")]
    public void Other_things_are_no_address(string? typed) => EmailAddress.Read(typed).Refusal!.Code.ShouldBe("kernel.emailMalformed");

    [Fact]
    public void An_address_longer_than_a_path_takes_is_none() =>
        EmailAddress.Read($"a@{string.Join('.', Enumerable.Repeat(new string('b', 60), 5))}.org").Ok.ShouldBeFalse();

    [Theory]
    [InlineData("https", "__Host-zinneke", true)]
    [InlineData("http", "zinneke", false)]
    public void The_cookie_is_out_of_reach_of_scripts_and_other_sites(string scheme, string name, bool secure)
    {
        var http = new DefaultHttpContext();
        http.Request.Scheme = scheme;
        SessionCookie.Set(http, "0123456789012345678901234567890123456789");
        var cookie = http.Response.Headers.SetCookie.ToString();
        cookie.ShouldStartWith(name + "=");
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        cookie.ShouldContain("path=/");
        cookie.ShouldNotContain("domain");
        cookie.Contains("secure", StringComparison.Ordinal).ShouldBe(secure);
    }

    [Fact]
    public async Task A_signed_link_opens_its_own_door_until_its_time()
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        var links = store.Get<Signer>();
        var token = links.SignLink("reports.track", "2026-000001", TimeSpan.FromHours(72));
        links.Opens("reports.track", "2026-000001", token).ShouldBeTrue();
        links.Opens("reports.track", "2026-000002", token).ShouldBeFalse();
        links.Opens("reports.erase", "2026-000001", token).ShouldBeFalse();
        links.Opens("reports.track", "2026-000001", token[..^1] + (token[^1] == 'A' ? 'B' : 'A')).ShouldBeFalse();
        links.Opens("reports.track", "2026-000001", null).ShouldBeFalse();
        store.Clock.Advance(TimeSpan.FromHours(72) + TimeSpan.FromSeconds(1));
        links.Opens("reports.track", "2026-000001", token).ShouldBeFalse();
    }

    internal static async Task<Caller> CallerAsync(TestStore store, string email) =>
        (await store.Get<Callers>().OfSessionAsync((await store.Get<SignIn>().UseAsync(await AskAsync(store, email), "", null)).Value.Cookie, "fr"))!;

    private static async Task<string?> AskAsync(TestStore store, string email = Email, string? returnPath = null)
    {
        string? token = null;
        await store.Writer.DoAsync(Actor.Anonymous, async unit => token = await SignIn.NewLinkAsync(unit, email, "fr", returnPath));
        return token;
    }
}
